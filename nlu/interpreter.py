"""The interpreter the dialogue calls: the grammar for what is exact, a classifier for the rest."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.dialogue.events import Expectation, Message, Understood
from nlu.classifier import Classifier
from nlu.grammar import by_rules, without_words
from nlu.languages import in_language
from nlu.pictures import pictured
from nlu.places import redirected
from nlu.reading import Places, Reading, nowhere
from nlu.spelling import clean
from nlu.weighing import EXACT, GRAMMAR, weighed

RULED: Final = "exact"
"""The source of what leaves no doubt: a tap, a form, a code, a number of a list."""


class Interpreter:
    """Understands by the grammar, and by a classifier what is said in other words.

    What the grammar reads for certain (forms, codes, commands, numbers of a list) is not asked
    about, nor are the captions of pictures; all else is weighed, see
    :func:`nlu.weighing.weighed`.

    Args:
        classifier: without one the grammar decides alone.
        find_places: ids of the places a text speaks of.
    """

    def __init__(self, classifier: Classifier | None = None, find_places: Places = nowhere) -> None:
        self._classifier = classifier
        self._find_places = find_places

    async def understand(
        self, message: Message, expectation: Expectation, now: datetime
    ) -> Understood:
        """Understand one message; never raises, whatever the text."""
        text = clean(message.text)
        exact = without_words(message, text)
        if exact is not None:
            return replace(exact, source=RULED)
        reading = Reading(text, expectation, now.date(), self._find_places)
        read = by_rules(reading)
        if self._classifier and message.kind == "text" and read.confidence < EXACT:
            read = weighed(reading, read, await self._classifier.rank(reading.text))
        source = read.source or (RULED if read.confidence >= EXACT else GRAMMAR)
        if read.confidence < EXACT:
            read = in_language(reading, read)
        meant = pictured(redirected(reading, read), message)
        return Understood(  # in full: `replace` takes twice as long
            meant.intent,
            meant.confidence,
            meant.entities,
            meant.problems,
            meant.example,
            meant.guesses,
            source,
            read.candidates,
        )
