"""What of a text a classifier goes by: words, their stems, pairs of words, and parts of words.

Each kind was kept because it made the training data better understood by what was learnt from the
rest of it: stems and the first and last word by half of one in a hundred messages.

Training and ranking both call :func:`features_of`, so they cannot differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import Final

from nlu.dates import dates_in
from nlu.days import DateProblem
from nlu.spelling import LONGEST_WORD, Token, clean, tokenise

SIZES: Final = (1, 2, 3, 4)
"""Lengths of the parts of words."""

_LONGEST_NUMBER: Final = 9
_SOME_DAY: Final = date(2026, 11, 23)
"""Dates count as long ago or not, seen from any day of these years."""

_DAY, _LONG_AGO = "<day>", "<long ago>"

_SUFFIXES = ("kan", "lah", "kah", "in", "an", "i")
_PREFIXES = ("memper", "mem", "men", "me", "di", "ber", "ter", "pe", "ke", "se", "nge", "ng")
_SHORTEST_STEM: Final = 4


def features_of(text: str) -> tuple[set[str], set[str]]:
    """The words, stems and pairs of a text, and the parts of its words.

    Dates count as such, whichever day they name, and numbers by how many digits they have.

    Args:
        text: any; at most ``spelling.LIMIT`` characters are looked at.
    """
    words = levelled(text)
    whole = {*words, *(f"{first} {second}" for first, second in pairwise(words))}
    if words:
        whole |= {f"^ {words[0]}", f"{words[-1]} $"}
    parts: set[str] = set()
    for word in set(words):
        short = len(word) <= LONGEST_WORD
        parts |= _parts(word) if short else _parts_of(word)
        whole.add(f"~{_stem(word) if short else word}")
    return whole, parts


def levelled(text: str) -> list[str]:
    """The words of a text, folded, with dates and numbers in place of each date and number."""
    text = clean(text)
    tokens = tokenise(text)
    words: list[str] = []
    until = 0
    for found in dates_in(tokens, text, _SOME_DAY):
        words += _plain(tokens[until : found.first])
        birth_only = isinstance(found.service, DateProblem) and isinstance(found.birth, date)
        words.append(_LONG_AGO if birth_only else _DAY)
        until = found.until
    return words + _plain(tokens[until:])


def _plain(tokens: Sequence[Token]) -> list[str]:
    """Folded words; a number is as many noughts as it has digits."""
    return [
        "0" * min(len(token.text), _LONGEST_NUMBER) if token.is_number else token.word
        for token in tokens
        if token.text != "\n"
    ]


@lru_cache(maxsize=8192)
def _stem(word: str) -> str:
    """Without one suffix and one prefix of Indonesian, as far as a stem is left."""
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _SHORTEST_STEM:
            word = word.removesuffix(suffix)
            break
    for prefix in _PREFIXES:
        if word.startswith(prefix) and len(word) - len(prefix) >= _SHORTEST_STEM:
            return word.removeprefix(prefix)
    return word


def _parts_of(word: str) -> frozenset[str]:
    """Parts of one to four characters, the word's ends marked by spaces."""
    framed = f" {word} "
    return frozenset(
        framed[at : at + size] for size in SIZES for at in range(len(framed) - size + 1)
    )


_parts = lru_cache(maxsize=8192)(_parts_of)
