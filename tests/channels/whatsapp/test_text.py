from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.whatsapp.text import shorten, split

FAMILY = "👨‍👩‍👧"
FLAG = "🇮🇩"


@given(st.text(max_size=400), st.integers(1, 60))
def test_split_keeps_everything(text: str, limit: int) -> None:
    """Pieces are within the limit, never blank, and together hold all but space."""
    pieces = split(text, limit)
    assert all(0 < len(piece) <= limit and piece == piece.strip() for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


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
    pieces = split(text, 11)
    assert "".join(pieces) == text
    assert all(piece.removeprefix("x" * lead).replace(cluster, "") == "" for piece in pieces)


def test_endless_cluster() -> None:
    """A heap of accents is cut all the same."""
    assert [len(piece) for piece in split("e" + "\u0301" * 99, 40)] == [40, 40, 20]


@given(st.text(max_size=60), st.integers(2, 30))
def test_shorten(text: str, limit: int) -> None:
    """One line within the limit, empty only for nothing."""
    short = shorten(text, limit)
    assert len(short) <= limit
    assert "\n" not in short
    assert bool(short) == bool(text.strip())


def test_shorten_shows_the_cut() -> None:
    """A cut is marked, a fitting text is not touched."""
    assert shorten("Jakarta Selatan", 15) == "Jakarta Selatan"
    assert shorten("Jakarta Selatan", 14) == "Jakarta Selat…"
    assert shorten("Jakarta Selatan", 9) == "Jakarta…"
