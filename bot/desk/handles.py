"""What stands for a conversation in addresses of pages: its id, sealed.

An id holds a telephone number, and addresses are kept in logs, histories and bookmarks. A handle is
the id under a key that is kept beside the data: always the same for the same conversation, found
again without asking a database, and of no use to who has not the key. One that was changed, or made
under another key, opens nothing.

The seal is a synthetic one (the hash of the id is what its words are mixed with, as in SIV), of
keyed BLAKE2 alone: no library here ciphers, and nothing that is secret for long rests on it.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from hashlib import blake2b
from hmac import compare_digest
from itertools import count
from typing import Final

LONGEST: Final = 512
"""Characters of a handle that are looked at."""

_SEAL: Final = 12
_BLOCK: Final = 64


class Handles:
    """Seals and opens.

    Args:
        key: 32 bytes; drawn anew without one.
    """

    def __init__(self, key: bytes = b"") -> None:
        self._key = key or secrets.token_bytes(32)

    def of(self, conversation_id: str) -> str:
        """The handle of a conversation: letters, digits, ``-`` and ``_``."""
        words = conversation_id.encode()
        seal = self._seal(words)
        return base64.urlsafe_b64encode(seal + self._mixed(words, seal)).decode().rstrip("=")

    def opened(self, handle: str) -> str | None:
        """The conversation's id; ``None`` for what is no handle of ours."""
        if len(handle) > LONGEST:
            return None
        try:
            sealed = base64.b64decode(handle + "=" * (-len(handle) % 4), b"-_", validate=True)
            words = self._mixed(sealed[_SEAL:], sealed[:_SEAL])
            known = compare_digest(self._seal(words), sealed[:_SEAL])
            return words.decode() if known and self.of(words.decode()) == handle else None
        except (binascii.Error, ValueError):
            return None

    def _seal(self, words: bytes) -> bytes:
        return blake2b(words, key=self._key, digest_size=_SEAL, person=b"seal").digest()

    def _mixed(self, words: bytes, seal: bytes) -> bytes:
        """The words, mixed with what nobody can tell without the key; twice gives them again."""
        stream = b""
        for number in count():
            if len(stream) >= len(words):
                break
            block = seal + number.to_bytes(4, "big")
            stream += blake2b(block, key=self._key, digest_size=_BLOCK, person=b"mix").digest()
        return bytes(one ^ other for one, other in zip(words, stream, strict=False))
