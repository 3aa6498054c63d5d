"""Cutting text to WhatsApp's sizes; see :mod:`bot.channels.whatsapp.limits` for how they count."""

from __future__ import annotations

import re
import unicodedata

_JOINER = "\u200d"
_BREAKS = ("\n\n", "\n", " ")
_LONGEST_CLUSTER = 32

_SPACE = re.compile(r"[\t\v\f\x1c-\x1f\x85]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
_HALF = re.compile(r"[\ud800-\udfff]")
"""Halves of a character: no JSON can carry one alone."""

_BLANK = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})
"""Categories of what nobody sees."""


def clean(text: str) -> str:
    """The text without what no message can carry or show: control characters but line ends, halves
    of characters, space at its ends. Empty when nothing of it can be seen.
    """
    if text.isprintable():  # as most are
        return text.strip()
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _HALF.sub("\ufffd", _CONTROL.sub("", _SPACE.sub(" ", text))).strip()
    return text if visible(text) else ""


def visible(text: str) -> bool:
    """Whether anything of it can be seen."""
    return any(unicodedata.category(char) not in _BLANK for char in text)


def size(text: str) -> int:
    """Its length as limits count it, see :mod:`bot.channels.whatsapp.limits`."""
    if text.isascii():
        return len(text)
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split(text: str, limit: int) -> list[str]:
    """Cut into pieces of at most ``limit``, at paragraphs, else lines, else spaces.

    Pieces have no space at their ends, and each has something to see. A word longer than half a
    piece may be cut, an emoji not.

    Args:
        limit: at least 2.
    """
    pieces = []
    rest = text.strip()
    while size(rest) > limit:
        most = _fitting(rest, limit)
        at = next(
            (
                found
                for mark in _BREAKS
                if (found := rest.rfind(mark, most // 2, most + len(mark))) > 0
            ),
            0,
        ) or _whole(rest, most)
        pieces.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return [piece for piece in (*pieces, rest) if visible(piece)]


def shorten(text: str, limit: int) -> str:
    """The text, or its beginning and ``…``, on one line and within ``limit``."""
    line = one_line(text)
    if size(line) <= limit:
        return line
    return line[: _whole(line, _fitting(line, limit - 1))].rstrip() + "…"


def one_line(text: str) -> str:
    """The text as a title shows it; empty when nothing of it can be seen."""
    return " ".join(clean(text).split())


def _fitting(text: str, limit: int) -> int:
    """How many characters from its beginning are within ``limit``."""
    most = min(limit, len(text))
    while size(text[:most]) > limit:
        most -= max((size(text[:most]) - limit) // 2, 1)
    return most


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
