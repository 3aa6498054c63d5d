"""Cutting text to WhatsApp's sizes, counted in characters (code points)."""

from __future__ import annotations

import unicodedata

_JOINER = "\u200d"
_BREAKS = ("\n\n", "\n", " ")
_LONGEST_CLUSTER = 32


def split(text: str, limit: int) -> list[str]:
    """Cut into pieces of at most ``limit``, at paragraphs, else lines, else spaces.

    Pieces have no space at their ends. A word longer than half a piece may be cut, an emoji not.
    """
    pieces = []
    rest = text.strip()
    while len(rest) > limit:
        at = next(
            (
                found
                for mark in _BREAKS
                if (found := rest.rfind(mark, limit // 2, limit + len(mark))) > 0
            ),
            0,
        ) or _whole(rest, limit)
        pieces.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return [*pieces, rest] if rest else pieces


def shorten(text: str, limit: int) -> str:
    """The text, or its beginning and ``…``, on one line and within ``limit``."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    return line[: _whole(line, limit - 1)].rstrip() + "…"


def _whole(text: str, limit: int) -> int:
    """The last place up to ``limit`` that does not cut a flag, a family or an accent in two."""
    for at in range(limit, max(limit - _LONGEST_CLUSTER, 0), -1):
        if not _inside_cluster(text, at):
            return at
    return limit


def _inside_cluster(text: str, at: int) -> bool:
    before, after = text[at - 1], text[at]
    if _JOINER in {before, after} or _modifies(after):
        return True
    if _is_flag_half(before) and _is_flag_half(after):
        start = at
        while start and _is_flag_half(text[start - 1]):
            start -= 1
        return (at - start) % 2 == 1
    return False


def _modifies(char: str) -> bool:
    """Accents, variation selectors and keycaps (marks), skin tones, the letters of a flag tag."""
    return (
        unicodedata.category(char).startswith("M")
        or "\U0001f3fb" <= char <= "\U0001f3ff"
        or "\U000e0020" <= char <= "\U000e007f"
    )


def _is_flag_half(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"
