"""Two editors' changes put together, and two versions compared."""

from hypothesis import given
from hypothesis import strategies as st

from bot.drafting.comparing import changed, compare
from bot.drafting.merging import BETWEEN, MINE, THEIRS, merge

BASE = {"a.yml": "one\ntwo\nthree\nfour\nfive\n", "b.yml": "b\n", "c.yml": "c\n"}
LINES = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=7)
TEXTS = LINES.map(lambda lines: "".join(f"{line}\n" for line in lines))


def test_what_one_alone_changed_is_taken() -> None:
    """Files and lines of either, also those that are new or gone."""
    mine = {"a.yml": BASE["a.yml"].replace("one", "1"), "b.yml": "b\n", "mine.yml": "m\n"}
    theirs = BASE | {"a.yml": BASE["a.yml"].replace("five", "5"), "b.yml": "their b\n"}
    merged = merge(BASE, mine, theirs)
    assert merged.files == {
        "a.yml": "1\ntwo\nthree\nfour\n5\n",
        "b.yml": "their b\n",
        "mine.yml": "m\n",
    }
    assert (merged.both, merged.clashes) == (("a.yml",), ())


def test_what_both_changed_is_marked() -> None:
    """Both ways of the same line are kept, one below the other, and the file is named."""
    mine = BASE | {"a.yml": BASE["a.yml"].replace("two", "mine")}
    theirs = BASE | {"a.yml": BASE["a.yml"].replace("two", "theirs")}
    merged = merge(BASE, mine, theirs)
    assert merged.clashes == ("a.yml",)
    lines = merged.files["a.yml"].splitlines()
    assert lines == ["one", MINE, "mine", BETWEEN, "theirs", THEIRS, "three", "four", "five"]


def test_a_file_one_deleted_and_the_other_changed() -> None:
    """It stays as it was changed, whoever did, and is named: nothing is lost unseen."""
    other = BASE | {"b.yml": "changed\n"}
    gone = {name: text for name, text in BASE.items() if name != "b.yml"}
    for merged in (merge(BASE, gone, other), merge(BASE, other, gone)):
        assert merged.files["b.yml"] == "changed\n"
        assert merged.clashes == ("b.yml",)
    assert merge(BASE, gone, BASE).files == gone
    assert merge(BASE, BASE, gone).files == gone


@given(TEXTS, TEXTS, TEXTS)
def test_nothing_is_lost_in_a_merge(old: str, own: str, other: str) -> None:
    """Every line somebody added is there; who changed nothing gets the other's; order is kept."""
    names = {"x.yml": old}, {"x.yml": own}, {"x.yml": other}
    merged = merge(*names)
    lines = merged.files["x.yml"].splitlines()
    for text in (own, other):
        for line in set(text.splitlines()) - set(old.splitlines()):
            assert line in lines
    assert merge({"x.yml": old}, {"x.yml": own}, {"x.yml": old}).files == {"x.yml": own}
    assert merge({"x.yml": old}, {"x.yml": old}, {"x.yml": other}).files == {"x.yml": other}
    assert merge({"x.yml": old}, {"x.yml": own}, {"x.yml": own}).files == {"x.yml": own}
    if merged.clashes:
        assert lines.count(MINE) == lines.count(THEIRS) > 0


@given(TEXTS, TEXTS)
def test_a_comparison_tells_every_line(before: str, after: str) -> None:
    """Lines that are gone or new, with their numbers, are just those that make the difference."""
    names = {"x.yml": before}, {"x.yml": after}
    found = compare(*names)
    assert {each.name for each in found} == changed(*names)
    old, new = before.splitlines(), after.splitlines()
    lines = [line for each in found for part in each.parts for line in part]
    for line in lines:
        assert not line.before or old[line.before - 1] == line.text
        assert not line.after or new[line.after - 1] == line.text
    gone = {line.before for line in lines if line.what == "gone"}
    came = {line.after for line in lines if line.what == "added"}
    assert [text for n, text in enumerate(old, 1) if n not in gone] == [
        text for n, text in enumerate(new, 1) if n not in came
    ]


def test_files_that_are_new_or_gone() -> None:
    """Are told as such, with all their lines."""
    (gone, came) = compare({"a.yml": "x\n"}, {"b.yml": "y\nz\n"})
    assert (gone.name, gone.what, gone.gone, gone.added) == ("a.yml", "gone", 1, 0)
    assert (came.name, came.what, came.gone, came.added) == ("b.yml", "added", 0, 2)
