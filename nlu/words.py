"""Intents by words and phrases, when nothing more exact was found in a message."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, TypeAlias

from rapidfuzz import fuzz, process

from nlu.phrases import (
    AFFIRM,
    ALONE,
    DENY,
    FILLERS,
    GREET,
    NOT_NAMES,
    PHRASES,
    STRONG,
    THANKS,
    THANKS_CORE,
    VOCATIVES,
)
from nlu.spelling import LONGEST_WORD, VARIANTS, Token, fold

WORD_CONFIDENCE: Final = 0.8
FUZZY_CONFIDENCE: Final = 0.6
_MAX_WORDS_BETWEEN: Final = 2
_MAX_MENDED_WORDS: Final = 40
_FUZZY_LETTERS: Final = 5
_FUZZY_SCORE: Final = 85
"""Lets one slip pass in a word of seven letters, one letter too many or too few in five."""

_LAUGHTER = re.compile(r"(?:wk)+w?|(?:h[aeio]){2,}h?")
_SIGNS = {sign for table in (AFFIRM, DENY, THANKS, GREET) for sign in table if not sign.isalnum()}

_Phrase: TypeAlias = tuple[int, str, tuple[str, ...]]


def _phrases_by_first_word() -> dict[str, list[_Phrase]]:
    index: dict[str, list[_Phrase]] = {}
    for rank, (intent, phrases) in enumerate(PHRASES):
        for phrase in phrases:
            first, *rest = (fold(word) for word in phrase.split())
            index.setdefault(first, []).append((rank, intent, tuple(rest)))
    return index


_BY_FIRST_WORD = _phrases_by_first_word()
_COMMANDS = {fold(word) for _, phrases in PHRASES for phrase in phrases for word in phrase.split()}
KNOWN = frozenset().union(
    _COMMANDS, AFFIRM, DENY, THANKS, GREET, VOCATIVES, FILLERS, NOT_NAMES, *ALONE.values()
)
"""Every word the tables know; none of them is a name by itself."""

PERIPHERAL = (AFFIRM | THANKS | GREET | VOCATIVES | FILLERS) - NOT_NAMES
"""Words around a name that say nothing about it: ``pagi min, Rina Wulandari ya``."""

_LONG_WORDS = sorted(word for word in KNOWN | VARIANTS if len(word) >= _FUZZY_LETTERS)


def words_of(tokens: Sequence[Token]) -> tuple[str, ...]:
    """The folded words, numbers and telling signs (👍) of a message; laughter is left out."""
    return tuple([
        token.word
        for token in tokens
        if (token.is_word and not (token.word[0] in "wh" and _LAUGHTER.fullmatch(token.word)))
        or token.is_number
        or token.word in _SIGNS
    ])  # fmt: skip


def strong_intent(words: Sequence[str]) -> str:
    """The intent whose phrase outweighs dates and numbers beside it; empty when there is none."""
    intent = phrase_intent(words)
    return intent if intent in STRONG else ""


def asks_to_register(words: Sequence[str]) -> bool:
    """Whether a phrase of ``register`` is in the message."""
    return phrase_intent(words) == "register"


def word_intent(words: Sequence[str], *, approve_expected: bool) -> tuple[str, float]:
    """The intent the words tell and how sure that is; ``("", 0)`` when they tell none.

    Args:
        approve_expected: somebody was asked yes or no: ``oke makasih`` and a thumb up are a yes.
    """
    intent = _intent(words, approve_expected=approve_expected)
    if intent:
        return intent, WORD_CONFIDENCE
    mended = tuple(
        _mended(word) if _may_be_misspelt(word) else word for word in words[:_MAX_MENDED_WORDS]
    )
    intent = _intent(mended, approve_expected=approve_expected)
    return (intent, FUZZY_CONFIDENCE) if intent else ("", 0.0)


def core(words: Sequence[str]) -> tuple[str, ...]:
    """The words that carry the message: fillers and forms of address go, unless nothing is left."""
    telling = tuple(word for word in words if word not in FILLERS)
    named = tuple(word for word in telling if word not in VOCATIVES)
    return named or telling or tuple(words)


def is_chatter(words: Sequence[str]) -> bool:
    """Whether the words only greet, thank or fill."""
    return all(word in PERIPHERAL for word in words)


def _intent(words: Sequence[str], *, approve_expected: bool) -> str:
    if not words:
        return ""
    return (
        phrase_intent(words)
        or _alone_intent(set(core(words)), approve_expected=approve_expected)
        or ("thanks" if THANKS_CORE & set(words) else "")
        or ("greet" if words[0] in GREET else "")
    )


def phrase_intent(words: Sequence[str]) -> str:
    """The first entry of ``PHRASES`` that has a phrase in the message."""
    return _phrase_intent(tuple(words))


@lru_cache(maxsize=64)  # several rules ask the same of a message
def _phrase_intent(words: tuple[str, ...]) -> str:
    found = min(
        (
            (rank, intent)
            for at, word in enumerate(words)
            for rank, intent, rest in _BY_FIRST_WORD.get(word, ())
            if _follow(words, at + 1, rest)
        ),
        default=(0, ""),
    )
    return found[1]


def _follow(words: Sequence[str], at: int, rest: Sequence[str]) -> bool:
    """Whether ``rest`` comes in order from ``at`` on; a number in between parts a phrase."""
    for wanted in rest:
        window = words[at : at + _MAX_WORDS_BETWEEN + 1]
        if wanted not in window:
            return False
        skipped = window.index(wanted)
        if any(word.isdigit() for word in window[:skipped]):
            return False
        at += skipped + 1
    return True


def _alone_intent(words: set[str], *, approve_expected: bool) -> str:
    """The intent of a message that consists of such words alone."""
    for intent, table in ALONE.items():
        if words <= table:
            return intent
    if words <= THANKS:
        return "thanks"
    if words & DENY and words <= DENY | AFFIRM | THANKS:
        return "reject"
    if words & AFFIRM and words <= AFFIRM | THANKS:
        if approve_expected or not (words & THANKS or words <= _SIGNS):
            return "approve"
        return "thanks" if words & THANKS else ""
    return "greet" if words <= GREET else ""


def _may_be_misspelt(word: str) -> bool:
    return _FUZZY_LETTERS <= len(word) <= LONGEST_WORD and word.isalpha() and word not in KNOWN


@lru_cache(maxsize=8192)
def _mended(word: str) -> str:
    """The known word that an unknown one misspells, or the word itself."""
    best = process.extractOne(word, _LONG_WORDS, scorer=fuzz.ratio, score_cutoff=_FUZZY_SCORE)
    return fold(best[0]) if best else word
