"""Signs nobody sees: WhatsApp puts direction marks and odd spaces around names, dates and notes."""

from __future__ import annotations

from typing import Final

MARKS: Final = (
    "\ufeff\u200b\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
"""Byte order mark, zero-width space and everything that only turns the direction of writing."""

SPACES: Final = "\u00a0\u2007\u2009\u202f"
"""Spaces at which a line is not broken, and thin ones."""

_UNSEEN = dict.fromkeys(map(ord, MARKS))
_PLAIN = {**_UNSEEN, **dict.fromkeys(map(ord, SPACES), " ")}


def plain(text: str) -> str:
    """``text`` without marks, every space an ordinary one."""
    return text.translate(_PLAIN)


def trimmed(text: str) -> str:
    """``text`` without marks and spaces around it; what is within stays."""
    return text.strip(MARKS + SPACES + " \t\r\n")


def after(text: str, seen: int) -> str:
    """What follows the first ``seen`` visible signs of ``text``."""
    if text[:seen].isascii():
        return text[seen:]
    for at, sign in enumerate(text):
        if ord(sign) not in _UNSEEN:
            seen -= 1
            if not seen:
                return text[at + 1 :]
    return ""
