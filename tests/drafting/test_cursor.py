"""Where somebody is typing, in YAML that is right and in YAML that is not yet."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.document import Document
from bot.drafting.cursor import cursor_in
from bot.drafting.scanning import scan

FLOWS = Path(__file__).parents[2] / "flows"


def at(text: str) -> tuple[object, ...] | None:
    """Path, kind and what is typed at the ``|`` in a text."""
    offset = text.index("|")
    before = text[:offset]
    line, column = before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1
    found = cursor_in(text.replace("|", "", 1), line, column)
    return found and (found.path, found.where, found.typed)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("|", ((), "key", "")),
        ("fl|", ((), "key", "fl")),
        ("flow: a\n|\nstates:\n  b: {}\n", ((), "key", "")),
        ("flow: |", (("flow",), "value", "")),
        ("flow:|", (("flow",), "value", "")),
        ("states:\n  a:\n    |", (("states", "a"), "either", "")),
        ("states:\n  a:\n    say: x\n    |", (("states", "a"), "key", "")),
        ("states:\n  a:\n    say: x\n  |", (("states",), "key", "")),
        ("states:\n  a:\n    say: x\n|", ((), "key", "")),
        ("states:\n  a:\n    say: x\n    go|\n    ask: y\n", (("states", "a"), "key", "go")),
        ("states:\n  a:\n    go: we|", (("states", "a", "go"), "value", "we")),
        ("states:\n  a:\n    go: 'we|", (("states", "a", "go"), "value", "we")),
        ("states:\n  a:\n    say: [x, y|", (("states", "a", "say", 1), "either", "y")),
        ("states:\n  a:\n    say: [|", (("states", "a", "say", 0), "either", "")),
        (
            "states:\n  a:\n    say:\n      - x\n      - y|",
            (("states", "a", "say", 1), "either", "y"),
        ),
        ("states:\n  a:\n    say:\n    - x\n    - |", (("states", "a", "say", 1), "either", "")),
        ("states:\n  a:\n    say:\n    - x\n    as|", (("states", "a"), "key", "as")),
        ("states:\n  a:\n    on: {ok: {go|", (("states", "a", "on", "ok"), "key", "go")),
        ("states:\n  a:\n    on: {ok: {go: |", (("states", "a", "on", "ok", "go"), "value", "")),
        ("states:\n  a:\n    on: {ok: {go: b}, |", (("states", "a", "on"), "key", "")),
        ("states:\n  a:\n    on: {ok: {go: b}, |}\n", (("states", "a", "on"), "key", "")),
        (
            "states:\n  a:\n    on:\n      ok:\n        - {when: x, go: |",
            (("states", "a", "on", "ok", 0, "go"), "value", ""),
        ),
        (
            "states:\n  a:\n    on:\n      ok:\n        - {go: b}\n        - {|",
            (("states", "a", "on", "ok", 1), "key", ""),
        ),
        (
            "states:\n  a:\n    on:\n      ok:\n        - go: b\n          sa|",
            (("states", "a", "on", "ok", 0), "key", "sa"),
        ),
        # what stands open above does not hide where one is
        ("states:\n  a:\n    on: {ok: {go: b\n  c:\n    |", (("states", "c"), "either", "")),
        (
            "states:\n  a:\n    say: 'open\n    on: {ok: {g|",
            (("states", "a", "on", "ok"), "key", "g"),
        ),
        ("states:\n  a:\n    on: {ok: {go: b\n    |", (("states", "a"), "key", "")),
        ("states: ]}\n  a:\n    as|", (("states", "a"), "either", "as")),
        # brackets over several lines
        (
            "states:\n  a:\n    on: {\n      ok: {go: b},\n      no: {g|",
            (("states", "a", "on", "no"), "key", "g"),
        ),
        # texts
        ("halo: |\n", (("halo",), "value", "")),
        ("a: >-\n  text {{ na|", (("a",), "value", "text {{ na")),
        ('a: "x {{ na|', (("a",), "value", "x {{ na")),
        ("a: >-\n  text\n|", ((), "key", "")),
        ("a: it's {{ b|", (("a",), "value", "it's {{ b")),
        ("'quoted key': va|", (("quoted key",), "value", "va")),
        # comments
        ("flow: a # no|", None),
        ("# a|", None),
        ("states:\n  a: {go: b} # |", None),
        ("flow: a#b|", (("flow",), "value", "a#b")),
    ],
)
def test_the_place_is_found(text: str, found: tuple[object, ...] | None) -> None:
    """At every depth and in both styles, whatever is still open."""
    assert at(text) == found


@pytest.mark.parametrize("path", sorted([*FLOWS.glob("*.yml"), *FLOWS.glob("replies/*.yml")]))
def test_shipped_files_are_read_as_yaml_reads_them(path: Path) -> None:
    """Every key and list item of the files that are delivered, at the line where it stands."""
    text = path.read_text(encoding="utf-8")
    document = Document.parse(text, path.name)
    wanted = set()

    def walk(data: object, at: tuple[str | int, ...]) -> None:
        parts = (
            data.items()
            if isinstance(data, dict)
            else enumerate(data)
            if isinstance(data, list)
            else ()
        )
        for step, inner in parts:
            wanted.add((*at, str(step) if isinstance(data, dict) else step))
            walk(inner, (*at, step))

    walk(document.data, ())
    entries = scan(text).entries
    assert {entry.path for entry in entries if entry.path} == wanted
    for entry in entries:
        if isinstance(entry.path[-1], str):
            place = document.place(entry.path)
            assert (entry.line, entry.column) == (place.line, place.column), entry.path


@given(st.text(alphabet="ab:-,{}[]\"'#|> \n", max_size=60), st.integers(1, 8), st.integers(1, 40))
def test_nothing_breaks_it(text: str, line: int, column: int) -> None:
    """Whatever is typed, there is an answer, and what is typed ends at the cursor."""
    found = cursor_in(text, line, column)
    if found:
        lines = text.split("\n")
        partial = lines[found.line - 1][: column - 1]
        assert partial.endswith(found.typed) or found.typed.strip() in partial
        assert found.start >= 1
