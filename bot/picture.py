"""What counts as a picture: WhatsApp's kinds, told by a file's first bytes, and its limit."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

LARGEST_BYTES: Final = 5 * 2**20
"""What WhatsApp takes for a picture."""

_BEGINNINGS: Final = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}

PictureOf: TypeAlias = Callable[[str], Awaitable[bytes | None]]
"""Gives out a picture by the SHA-256 of its content, hex; ``None`` when there is none."""


def kind_of(content: bytes) -> str:
    """``image/jpeg`` or ``image/png``, whatever the file is called; empty when it is neither."""
    for beginning, kind in _BEGINNINGS.items():
        if content.startswith(beginning):
            return kind
    return ""
