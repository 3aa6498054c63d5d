"""Files people edit: what is read, and where each mistake is said to be."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import Field

from bot.document import Document, Part, meant
from bot.errors import Finding


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
        with pytest.raises(Finding, match=r"^here\.yml: the file does not exist$"):
            Document.read(tmp_path / "none.yml", "here.yml")

    def test_not_text(self, tmp_path: Path) -> None:
        """So is one that is not UTF-8, and a folder."""
        path = tmp_path / "f.yml"
        path.write_bytes(b"\xff\xfe\x00")
        with pytest.raises(Finding, match="cannot be read as UTF-8 text"):
            Document.read(path)
        with pytest.raises(Finding, match="cannot be read"):
            Document.read(tmp_path)

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("a: 1\nb: [1", "menu.yml:2:6: not readable as YAML: "),
            ("a: b: c", "menu.yml:1:5: not readable as YAML: mapping values"),
            ("a:\n\tb: 1", "menu.yml:2:1: a tab stands here; YAML is indented with spaces only"),
            ("a: 1\nb: {c: 'd}\n", "menu.yml:2:8: a quote is opened here and never closed"),
            ("a: 1\nb: c\0d", "menu.yml:2: a character nobody can see stands here: 0x0000"),
            ("a: 1\nb: 2\n a: 3", "menu.yml:3:3: not readable as YAML"),
            ("x:\n  a: 1\n  a: 2", "menu.yml:3:3: this key stands here twice; keep one"),
            ("- a\n- b", 'menu.yml:1:1: expected lines of the form "key: value"'),
            ("", 'menu.yml:1:1: expected lines of the form "key: value"'),
            ("a: 1\n---\nb: 1", "menu.yml:2:1: not readable as YAML"),
            ("a: *b", "menu.yml:1:4: not readable as YAML: found undefined alias"),
            ("a: !!bool x", "menu.yml: not readable as YAML"),
            ("a: !!omap 1", "menu.yml: not readable as YAML"),
            ("a: 0x" + "f" * 5000, "menu.yml: not readable as YAML: a number is too large"),
            ("a: " + "[" * 3000, "menu.yml: not readable as YAML: maximum recursion depth"),
        ],
    )
    def test_what_cannot_be_read(self, text: str, said: str) -> None:
        """Each mistake of the YAML itself has its place and is said in a line."""
        assert complaint(text).startswith(said)
        assert "\n" not in complaint(text)

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
            "menu.yml:4:6: name: input should be a valid string, not 3",
            "menu.yml:4:15: grams: input should be greater than or equal to 1, not 0",
            "menu.yml:4:25: unknown key 'gram'; did you mean 'grams'?",
            "menu.yml:5:10: a: input should be a valid boolean, unable to interpret input, not 'x'",
            "menu.yml:1:1: unknown key 'toppins'; did you mean 'toppings'?",
            "menu.yml:6:1: unknown key 'wiht'; did you mean 'with'?",
        ]

    def test_a_key_that_is_no_word(self) -> None:
        """Numbers and lists as keys are complaints like any other."""
        assert "should be strings" in complaints("size: 1\n1: 2")[0]
        assert complaints("size: 1\n? [a]\n: 2")

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
