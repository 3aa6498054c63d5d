from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.whatsapp.text import clean, one_line, shorten, size, split, visible

FAMILY = "👨‍👩‍👧"
FLAG = "🇮🇩"

anything = st.text(st.characters(), max_size=400)
"""Halves of characters among it."""


def units(text: str) -> int:
    """What a text counts: two for what Java writes as two."""
    return sum(2 if char > "\uffff" else 1 for char in text)


@given(anything.map(clean), st.integers(2, 60))
def test_split_keeps_everything(text: str, limit: int) -> None:
    """Pieces are within the limit, can be seen, and together hold all that can."""
    pieces = split(text, limit)
    assert all(0 < units(piece) <= limit and piece == piece.strip() for piece in pieces)
    assert all(map(visible, pieces))
    kept = iter("".join(pieces))
    assert all(char in kept for char in text if visible(char))


@given(anything)
def test_clean(text: str) -> None:
    """What is left can be sent: no control characters but line ends, no halves, no blank text."""
    left = clean(text)
    left.encode()
    assert left == left.strip() == clean(left)
    assert all(char == "\n" or not (char < " " or "\x7f" <= char <= "\x9f") for char in left)
    assert bool(left) == any(visible(char) for char in text)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\tb\x85c\x00d\x1b[0m", "a b cd[0m"),
        ("\x00\u200b \u2060\n", ""),
        ("👨‍👩‍👧 \ud83d", "👨‍👩‍👧 \ufffd"),
        ("  Pagi,\n\n Pak ", "Pagi,\n\n Pak"),
    ],
)
def test_clean_by_example(text: str, left: str) -> None:
    """Line ends stay, what joins an emoji stays, the rest of it goes."""
    assert clean(text) == left


@given(anything)
def test_size(text: str) -> None:
    """An emoji counts two, whatever else stands there."""
    assert size(text) == units(text)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", []),
        ("  ", []),
        ("short", ["short"]),
        ("one two.\n\nthree four", ["one two.", "three four"]),
        ("one two.\nthree four", ["one two.", "three four"]),
        ("one two three four", ["one two", "three four"]),
        ("abcdefghijklmnop", ["abcdefghijkl", "mnop"]),
        ("a bcdefghijklmnop", ["a bcdefghijk", "lmnop"]),
        ("exactly 12 c", ["exactly 12 c"]),
        ("exactly 12 c\n\nmore", ["exactly 12 c", "more"]),
        ("👍👍👍👍👍👍👍", ["👍👍👍👍👍👍", "👍"]),
        ("one 👍👍👍👍 two", ["one 👍👍👍👍", "two"]),
        ("x" * 12 + "\u200b" * 12, ["x" * 12]),
    ],
)
def test_split_where_it_reads_best(text: str, pieces: list[str]) -> None:
    """Paragraphs first, then lines, then spaces; a long word only when there is no other way."""
    assert split(text, 12) == pieces


@pytest.mark.parametrize("cluster", [FAMILY, FLAG, "👍🏽", "e\u0301", "1\ufe0f\u20e3"])
@pytest.mark.parametrize("lead", range(6))
def test_clusters_stay_whole(cluster: str, lead: int) -> None:
    """A family, a flag, a skin tone, an accent or a keycap is not cut in two."""
    text = "x" * lead + cluster * 9
    pieces = split(text, 14)
    assert "".join(pieces) == text
    assert all(piece.removeprefix("x" * lead).replace(cluster, "") == "" for piece in pieces)


def test_endless_cluster() -> None:
    """A heap of accents is cut all the same."""
    assert [len(piece) for piece in split("e" + "\u0301" * 99, 40)] == [40, 40, 20]


@given(st.text(st.characters(), max_size=60), st.integers(2, 30))
def test_shorten(text: str, limit: int) -> None:
    """One line within the limit, empty only for what cannot be seen."""
    short = shorten(text, limit)
    assert units(short) <= limit
    assert "\n" not in short
    assert bool(short) == bool(one_line(text)) == any(map(visible, text))


def test_shorten_shows_the_cut() -> None:
    """A cut is marked, a fitting text is not touched."""
    assert shorten("Jakarta Selatan", 15) == "Jakarta Selatan"
    assert shorten("Jakarta Selatan", 14) == "Jakarta Selat…"
    assert shorten("Jakarta Selatan", 9) == "Jakarta…"
    assert shorten("👍👍👍", 5) == "👍👍…"
