"""What counts as a picture or a document: WhatsApp's kinds, told by a file's first bytes, and their
limit.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

LARGEST_BYTES: Final = 5 * 2**20
"""What WhatsApp takes for a picture; documents, where it takes more, are kept to it as well."""

_BEGINNINGS: Final = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}

PDF: Final = "application/pdf"
"""The one kind of document that replies bring."""

PictureOf: TypeAlias = Callable[[str], Awaitable[bytes | None]]
"""Gives out a picture or document by the SHA-256 of its content, hex; ``None`` without one."""


def kind_of(content: bytes) -> str:
    """``image/jpeg`` or ``image/png``, whatever the file is called; empty when it is neither."""
    for beginning, kind in _BEGINNINGS.items():
        if content.startswith(beginning):
            return kind
    return ""


def is_pdf(content: bytes) -> bool:
    """Whether it is a PDF, whatever the file is called."""
    return content.startswith(b"%PDF-")
