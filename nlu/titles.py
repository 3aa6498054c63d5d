"""Titles typed instead of tapped: ``ada yang salah`` under a button that says so."""

from __future__ import annotations

from typing import Final

from bot.dialogue.events import NOTHING_UNDERSTOOD, Understood
from nlu.reading import Reading
from nlu.spelling import clean, tokenise
from nlu.taps import read_tap

LONGEST: Final = 40
"""Titles are shorter: WhatsApp allows 24 characters, and people add a full stop."""


def read_title(reading: Reading) -> Understood | None:
    """What a tap on the open question's button of this title would mean."""
    typed = _folded(reading.text) if len(reading.text) <= LONGEST else ()
    if not any(word.isalpha() for word in typed) or "#" in reading.text:
        return None
    for title, payload in reading.expectation.tappable().items():
        if _folded(clean(title)) == typed:
            understood = read_tap(payload)
            return None if understood == NOTHING_UNDERSTOOD else understood
    return None


def _folded(text: str) -> tuple[str, ...]:
    """The words and numbers of a text, without signs."""
    return tuple(token.word for token in tokenise(text) if token.is_word or token.is_number)
