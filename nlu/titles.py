"""Titles typed instead of tapped: ``ada yang salah`` under a button that says so."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from bot.dialogue.events import NOTHING_UNDERSTOOD, Understood
from nlu.reading import Reading
from nlu.spelling import Token, clean, tokenise
from nlu.taps import read_tap

LONGEST: Final = 40
"""Titles are shorter: WhatsApp allows 24 characters, and people add a full stop."""


def read_title(reading: Reading) -> Understood | None:
    """What a tap on the open question's button of this title would mean."""
    if len(reading.text) > LONGEST or "#" in reading.text:
        return None
    typed = _folded(reading.tokens)
    if not any(word.isalpha() for word in typed):
        return None
    for title, payload in reading.expectation.tappable().items():
        if _shown(title) == typed:
            understood = read_tap(payload)
            return None if understood == NOTHING_UNDERSTOOD else understood
    return None


@lru_cache(maxsize=1024)
def _shown(title: str) -> tuple[str, ...]:
    return _folded(tokenise(clean(title)))


def _folded(tokens: Sequence[Token]) -> tuple[str, ...]:
    """The words and numbers of a text, without signs."""
    return tuple(token.word for token in tokens if token.is_word or token.is_number)
