"""Files people edit: what is read, and where each mistake is said to be."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import Field

from bot.document import Document, Part, meant
from bot.errors import Finding

A_TEXT = "a text, in quotes if it looks like a number or a date"


class Topping(Part):
    name: str
    grams: int = Field(ge=1)


class Pizza(Part):
    size: int
    toppings: tuple[Topping, ...] = ()
    prices: Mapping[str, bool] = {}
    extra_cheese: bool = Field(default=False, alias="with")


def complaint(text: str) -> str:
    """The one complaint about a text."""
    with pytest.raises(Finding) as error:
        Document.parse(text, "menu.yml")
    return str(error.value)


def complaints(text: str) -> list[str]:
    """All complaints about a text that shall be a pizza."""
    with pytest.raises(ExceptionGroup) as error:
        Document.parse(text, "menu.yml").validate(Pizza)
    return [str(finding) for finding in error.value.exceptions]


class TestReading:
    def test_plain_values(self) -> None:
        """Content comes as plain dicts, lists and scalars, YAML 1.2: ``yes`` is a word."""
        data = Document.parse("a: {b: [1, 2.5, yes, true, null]}\nc: 'x'", "f").data
        assert data == {"a": {"b": [1, 2.5, "yes", True, None]}, "c": "x"}
        assert {type(v) for v in data["a"]["b"]} == {int, float, str, bool, type(None)}
        assert type(data["c"]) is str

    def test_file(self, tmp_path: Path) -> None:
        """A file may begin with a byte order mark."""
        path = tmp_path / "f.yml"
        path.write_bytes(b"\xef\xbb\xbfa: 1")
        assert Document.read(path).data == {"a": 1}

    def test_no_file(self, tmp_path: Path) -> None:
        """A missing file is named."""
        with pytest.raises(Finding, match=r"^here\.yml:1:1: the file does not exist$"):
            Document.read(tmp_path / "none.yml", "here.yml")

    def test_not_text(self, tmp_path: Path) -> None:
        """So is one that is not UTF-8, and a folder."""
        path = tmp_path / "f.yml"
        path.write_bytes(b"\xff\xfe\x00")
        with pytest.raises(Finding, match=r"f\.yml:1:1: this is no UTF-8 text; save the file"):
            Document.read(path)
        path.write_bytes("a: 1\nb: é\n".encode("latin-1"))
        with pytest.raises(Finding, match=r"f\.yml:2:4: this is no UTF-8 text"):
            Document.read(path)
        with pytest.raises(Finding, match="cannot be read"):
            Document.read(tmp_path)

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("a: 1\nb: [1", "menu.yml:2:6: not readable as YAML: "),
            ("a: b: c", "menu.yml:1:5: not readable as YAML: mapping values"),
            ("a: 1\nword\nb: 2", "menu.yml:2:1: not readable as YAML: could not find expected ':'"),
            ("a:\n\tb: 1", "menu.yml:2:1: a tab stands here; YAML is indented with spaces only"),
            ("a: 1\nb: {c: 'd}\n", "menu.yml:2:8: a quote is opened here and never closed"),
            ("a: 1\nb: 2\n a: 3", "menu.yml:3:3: not readable as YAML"),
            ("x:\n  a: 1\n  a: 2", "menu.yml:3:3: this key stands here twice; keep one"),
            ("- a\n- b", 'menu.yml:1:1: expected lines of the form "key: value"'),
            ("", 'menu.yml:1:1: expected lines of the form "key: value"'),
            ("a: 1\n---\nb: 1", "menu.yml:2:1: a second document begins here; a file holds one"),
            ("a: *b", "menu.yml:1:4: nothing before this is called '&b'"),
            ("a: !!bool x", "menu.yml:1:4: 'x' cannot be read; put it in quotes"),
            ("a: !!omap 1", "menu.yml:1:4: the tag '!!omap' cannot stand here"),
            ("a: !!python/name:os.system x", "menu.yml:1:4: the tag '!!python/name:os.system'"),
            ("a: !!set {b}", "menu.yml:1:4: the tag '!!set' cannot stand here"),
            ("a: 2026-02-30", "menu.yml:1:4: '2026-02-30' cannot be read; put it in quotes"),
            ("a: 0x" + "f" * 5000, "menu.yml:1:4: a number is too large here"),
            ("a: " + "9" * 5000, "menu.yml:1:4: '99999"),
            ("a: " + "[" * 3000, "menu.yml:1:54: this is nested more than 50 deep"),
            ("a: 1\n? [a]\n: 2", "menu.yml:2:3: a key is a word"),
            ("a: {{ b }}", "menu.yml:1:5: a key is a word, not a list or a mapping; text in {{ }}"),
            ("a: &b 1\n*b : {*b : 1}\n<<: *b", "menu.yml:3:"),
            ("a: 1\nb: \x07x", "menu.yml:2:4: the character U+0007 cannot stand here; delete it"),
            ("a: 1e999", "menu.yml:1:4: a number is too large here"),
            ("a: .nan", "menu.yml:1:4: a number is too large here"),
            ("a: 'x", "menu.yml:1:4: a quote is opened here"),
            ("a: `x", "menu.yml:1:4: not readable as YAML"),
            ("a: " + "x" * 500_000, "menu.yml:1:1: the file has 500,003 characters"),
        ],
    )
    def test_what_cannot_be_read(self, text: str, said: str) -> None:
        """Each mistake of the YAML itself has its place and is said in a line."""
        assert complaint(text).startswith(said)
        assert "\n" not in complaint(text)

    def test_aliases(self) -> None:
        """What is marked once may stand in several places; a mapping's own keys go first."""
        text = "a: &x {b: 1, c: 2}\nd: *x\ne: {<<: *x, c: 3}\nf: {<<: [*x]}"
        document = Document.parse(text, "f")
        both = {"b": 1, "c": 2}
        assert document.data == {"a": both, "d": both, "e": {"b": 1, "c": 3}, "f": both}
        assert str(document.place(("d", "c"))) == "f:1:14"

    def test_alias_bomb(self) -> None:
        """Aliases of aliases are refused at once, where they become too much."""
        bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
            f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30)
        )
        assert complaint(bomb).startswith("menu.yml:5:15: ")
        assert "comes to more than 20,000 parts" in complaint(bomb)

    def test_every_key_that_stands_twice(self) -> None:
        """They do not keep the rest from being read; the first of each counts."""
        document = Document.leniently("a: 1\nb: {c: 1, c: 2}\na: 2\nd: 3", "f")
        assert document.data == {"a": 1, "b": {"c": 1}, "d": 3}
        assert [str(mistake) for mistake in document.mistakes] == [
            "f:2:11: this key stands here twice; keep one",
            "f:3:1: this key stands here twice; keep one",
        ]

    @settings(max_examples=50, deadline=None)
    @given(st.text(alphabet="ab:[]{}-&*!|>#'\"%?,. \n\t01", max_size=40))
    def test_never_a_traceback(self, text: str) -> None:
        """Whatever is written, it is a document or a finding."""
        try:
            Document.parse(text, "menu.yml")
        except Finding as finding:
            assert str(finding).startswith("menu.yml:")  # noqa: PT017 - both ends are right


class TestPlaces:
    DOCUMENT = Document.parse("a: 1\nb:\n  - c: 2\n  - {d: 3, e: 4}", "f")

    @pytest.mark.parametrize(
        ("loc", "place"),
        [
            ((), "f:1:1"),
            (("a",), "f:1:1"),
            (("b",), "f:2:1"),
            (("b", 0, "c"), "f:3:5"),
            (("b", 1, "e"), "f:4:12"),
            (("b", 1, "missing"), "f:4:5"),
            (("b", 9), "f:2:1"),
            (("a", "deeper", 3), "f:1:1"),
        ],
    )
    def test_place(self, loc: tuple[str | int, ...], place: str) -> None:
        """A part stands at its key; one that is missing at the nearest that is there."""
        assert str(self.DOCUMENT.place(loc)) == place


class TestValidation:
    def test_right(self) -> None:
        """What is right comes out as the model."""
        text = "size: 30\ntoppings: [{name: tomato, grams: 20}]\nwith: true"
        pizza = Document.parse(text, "f").validate(Pizza)
        assert pizza == Pizza(size=30, toppings=(Topping(name="tomato", grams=20),), **{"with": 1})

    def test_everything_at_once(self) -> None:
        """All mistakes are told together, each at its place, with what was meant."""
        text = """\
toppins: []
toppings:
  - {name: tomato}
  - {name: 3, grams: 0, gram: 1}
prices: {a: x}
wiht: true
"""
        assert complaints(text) == [
            "menu.yml:1:1: 'size' is missing here",
            "menu.yml:3:5: 'grams' is missing here",
            f"menu.yml:4:6: name: write {A_TEXT}, not 3",
            "menu.yml:4:15: grams: input should be greater than or equal to 1, not 0",
            "menu.yml:4:25: unknown key 'gram'; did you mean 'grams'?",
            "menu.yml:5:10: a: write true or false, not 'x'",
            "menu.yml:1:1: unknown key 'toppins'; did you mean 'toppings'?",
            "menu.yml:6:1: unknown key 'wiht'; did you mean 'with'?",
        ]

    def test_a_key_that_is_no_word(self) -> None:
        """Numbers as keys are complaints like any other."""
        assert complaints("size: 1\n1: 2") == [
            "menu.yml:2:1: 1: a key is a word; put it in quotes or write a name"
        ]

    def test_salvaged(self) -> None:
        """What is right is read although other things are wrong; what is missing may be given."""
        text = "toppings: [{name: a, grams: 1, gram: 2}, {name: b}]\nprices: {a: x, b: true}\nz: 1"
        document = Document.parse(text, "f")
        pizza, found = document.salvage(Pizza, {"size": 1})
        assert pizza == Pizza(size=1, prices={"b": True})
        assert [finding.loc for finding in found] == [
            ("size",),
            ("toppings", 0, "gram"),
            ("toppings", 1, "grams"),
            ("prices", "a"),
            ("z",),
        ]
        assert document.salvage(Pizza, {})[0] is None

    @settings(max_examples=50)
    @given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5),
                        lambda inner: st.lists(inner, max_size=3)
                        | st.dictionaries(st.sampled_from(["size", "toppings", "name", "x"]),
                                          inner, max_size=4), max_leaves=10))  # fmt: skip
    def test_any_content(self, content: object) -> None:
        """Any content is a pizza or a list of findings with places in the file."""
        document = Document.parse("size: 1", "menu.yml")
        try:
            document.validate(Pizza, content)
        except ExceptionGroup as group:
            assert all(isinstance(e, Finding) for e in group.exceptions)  # noqa: PT017


def test_meant() -> None:
    """The nearest known name is offered, else all of them, twelve at most."""
    assert meant("tomatoe", ["cheese", "tomato"]) == "; did you mean 'tomato'?"
    assert meant("x", ["cheese", "tomato"]) == "; known are: cheese, tomato"
    assert meant("x", []) == ""
    assert meant("x", [f"name{n:02d}" for n in range(20)]).endswith("name11 …")
