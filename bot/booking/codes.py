"""Codes applicants send back and show: unguessable, and easy to read aloud.

A booking code is the office's prefix and ten characters of Crockford's base 32 (no I, L, O, U),
the last of them a check character. With characters as elements of GF(32) and ``a`` a generator of
its 31 units, the ten must satisfy ``c0 + a*c1 + a^2*c2 + … + a^9*c9 = 0``. One wrong character
changes the sum by a non-zero product, and two exchanged ones by ``(a^i - a^j) * (ci - cj)``,
which is not zero either: every such slip is noticed, wherever it happens.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from random import Random

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32; a character's position is its value."""

LENGTH = 10
"""Characters after the prefix, the check character included: 45 bits of chance."""

_MISREAD = str.maketrans("OIL", "011")
_BETWEEN = re.compile(r"[\s\-_.\u2010-\u2015\u2212]+")
"""What people, and telephones that correct dashes, put between the characters."""

_MODULUS = 0b111011
"""x^5 + x^4 + x^3 + x + 1, irreducible: polynomials modulo it are GF(32)."""

_GENERATOR = 0b00100


def approval_code(random: Random) -> str:
    """Eight digits, each of the 10^8 equally likely; leading zeros stay: ``00002681``."""
    return f"{random.randrange(10**8):08d}"


def booking_code(prefix: str, random: Random) -> str:
    """A new code of the office with ``prefix``: ``JKP-7F4Q2-M8XCK``."""
    free = "".join(random.choices(ALPHABET, k=LENGTH - 1))
    return _written(prefix, free + _CHECKS[_sum(free)])


def read_booking_code(text: str, prefixes: Collection[str]) -> str | None:
    """The code a person typed, as :func:`booking_code` wrote it.

    Case, dashes and spaces do not matter; after the prefix O is read as 0, I and L as 1.

    Args:
        prefixes: of the offices there are.

    Returns:
        ``None`` when it is no booking code, or one with a slip in it.
    """
    bare = _BETWEEN.sub("", text.upper())
    prefix, ten = bare[:-LENGTH], bare[-LENGTH:].translate(_MISREAD)
    if prefix not in prefixes or len(ten) != LENGTH or not set(ten) <= set(ALPHABET):
        return None
    return _written(prefix, ten) if _sum(ten) == 0 else None


def _written(prefix: str, ten: str) -> str:
    return f"{prefix}-{ten[:5]}-{ten[5:]}"


def _sum(characters: str) -> int:
    """The weighted sum, which is zero for all ten; Horner's rule, from the last character."""
    total = 0
    for char in reversed(characters):
        total = _TIMES_GENERATOR[total] ^ ALPHABET.index(char)
    return total


def _product(left: int, right: int) -> int:
    """Multiply in GF(32)."""
    total = 0
    while right:
        if right & 1:
            total ^= left
        left <<= 1
        if left >= len(ALPHABET):
            left ^= _MODULUS
        right >>= 1
    return total


_TIMES_GENERATOR = tuple(_product(number, _GENERATOR) for number in range(len(ALPHABET)))
"""Every number times the generator."""

_CHECKS = {_sum("0" * (LENGTH - 1) + char): char for char in ALPHABET}
"""The last character by what it adds to the sum; in GF(32) a number and itself come to zero."""
