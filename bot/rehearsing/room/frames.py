"""How the serving process and one beside it talk: JSON, each piece after its length.

JSON rather than pickles: what a draft makes the other process say can only ever be data.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any, BinaryIO, Final

LONGEST: Final = 64 * 2**20
"""Bytes of one piece; a draft may have 8 MiB."""

_LENGTH: Final = struct.Struct(">I")
HEAD: Final = _LENGTH.size


class CutError(Exception):
    """The line ended, or what came on it is no piece of ours."""


def framed(piece: Mapping[str, Any]) -> bytes:
    """A piece as it is sent."""
    body = json.dumps(piece, ensure_ascii=False, separators=(",", ":")).encode()
    return _LENGTH.pack(len(body)) + body


def length_of(head: bytes) -> int:
    """How long the piece after this head is.

    Raises:
        CutError: no piece is so long.
    """
    (length,) = _LENGTH.unpack(head)
    if length > LONGEST:
        raise CutError
    return int(length)


def read_from(stream: BinaryIO) -> Mapping[str, Any]:
    """The next piece; waits for it.

    Raises:
        CutError: none comes any more.
    """
    head = stream.read(HEAD)
    if len(head) < HEAD:
        raise CutError
    length = length_of(head)
    body = stream.read(length)
    if len(body) < length:
        raise CutError
    return piece_of(body)


def piece_of(body: bytes) -> Mapping[str, Any]:
    """A piece as it was before it was sent.

    Raises:
        CutError: it is none.
    """
    try:
        piece = json.loads(body)
    except ValueError:
        raise CutError from None
    if not isinstance(piece, dict):
        raise CutError
    return piece
