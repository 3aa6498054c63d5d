"""Passwords: checked, hashed with Argon2, and drawn for who wants none of their own."""

from __future__ import annotations

import asyncio
import secrets
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST: Final = 10
LONGEST: Final = 200

LOGIN_TOLD: Final = 4
"""A shorter login stands in many words by chance."""

LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""None that is taken for another when read out."""

AT_ONCE: Final = 2
"""Hashes under way in a process; each takes 64 MiB and a core for a moment."""


class Passwords:
    """Hashes and verifies beside the event loop, a few at a time.

    Args:
        hasher: with weaker parameters in tests.
    """

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._nobodys = self._hasher.hash(secrets.token_urlsafe())
        self._free = asyncio.Semaphore(AT_ONCE)

    async def hash(self, password: str) -> str:
        """What is kept of a password."""
        async with self._free:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """Whether it is the password; as slow for an account that is not there, ``None``."""
        async with self._free:
            right = await asyncio.to_thread(
                self._is_right, password_hash or self._nobodys, password
            )
        return right and password_hash is not None

    def is_outdated(self, password_hash: str) -> bool:
        """Whether it was made with weaker parameters than those of today."""
        return self._hasher.check_needs_rehash(password_hash)

    def _is_right(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False


def drawn_password() -> str:
    """``k7wmq-x3p9d-t2hvn-r8cyb``: 98 bits, easy to type once."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(4))


def why_weak(password: str, login: str) -> str | None:
    """The sentence that says why a password will not do; ``None`` if it will."""
    if len(password) < SHORTEST:
        return "password.too_short"
    if len(password) > LONGEST:
        return "password.too_long"
    names_login = len(login) >= LOGIN_TOLD and login in password.lower()
    if names_login or len(set(password)) < SHORTEST // 2:
        return "password.too_easy"
    return None
