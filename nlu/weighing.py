"""What a message means when the grammar, a classifier and the open question each have a say.

The grammar's finding and the classifier's ranking are mixed, the grammar weighing more the surer it
is; what the open state waits for counts a little more than the rest. It is a prior and no filter:
a question is answered anywhere. What comes out too unlikely is not acted upon; its two likeliest
meanings are offered instead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from bot.dialogue.events import NOTHING_UNDERSTOOD, Understood
from nlu.classifier import Guess
from nlu.correction import CORRECT
from nlu.keywords import worded
from nlu.reading import Reading
from nlu.vocabulary import LEARNT_AS

EXACT: Final = 1.0
"""Confidence of what needs no second opinion."""

TRUST: Final[Mapping[float, float]] = {0.9: 0.6, 0.8: 0.35, 0.6: 0.1}
"""The grammar's share by its confidence: names and dates, phrases, words mended from misspelt."""

EXPECTED: Final = 1.5
"""How much likelier what the open state waits for is than what it does not."""

SURE: Final = 0.4
"""What is less likely is asked back."""

GUESSES: Final = 4
"""Meanings that are told of an unclear message; the flow offers those it listens for."""

UNLIKELY: Final = 0.08
"""A guess below this is not worth a button."""


def weighed(reading: Reading, read: Understood, ranked: Sequence[Guess]) -> Understood:
    """The likeliest meaning, with the entities the grammar found for it.

    Args:
        read: by the grammar's rules.
        ranked: by a classifier, all intents it knows; empty when it knows nothing.
    """
    scores = {guess.intent: guess.confidence for guess in ranked}
    own = LEARNT_AS.get(read.intent, read.intent)
    if not scores or (own not in scores and read != NOTHING_UNDERSTOOD):
        return read
    share = TRUST.get(read.confidence, 0.0)
    expected = {LEARNT_AS.get(intent, intent) for intent in reading.expectation.intents}
    for intent in scores:
        scores[intent] *= (1 - share) * (EXPECTED if intent in expected else 1.0)
    if share:
        scores[own] += share
    total = sum(scores.values())
    if not total:
        return read
    best = sorted(scores, key=scores.__getitem__, reverse=True)[:GUESSES]
    confidence = min(scores[best[0]] / total, 0.99)
    if best[0] == own or _is_what_was_read(reading, best[0], read):
        return Understood(read.intent, confidence, read.entities, read.problems, read.example)
    if confidence >= SURE:
        return _meant(reading, best[0], confidence)
    guesses = tuple(intent for intent in best if scores[intent] >= UNLIKELY * total)
    return Understood("none", confidence, guesses=guesses)


def _is_what_was_read(reading: Reading, intent: str, read: Understood) -> bool:
    """Whether a correction is heard by what it tells, where the open state listens for no other."""
    unheard = bool(reading.expectation.state) and intent not in reading.expectation.intents
    return intent == CORRECT and unheard and bool(read.entities)


def _meant(reading: Reading, intent: str, confidence: float) -> Understood:
    """What only the classifier told, under the name that the open state listens to."""
    told = worded(reading, intent, confidence)
    if intent == "submit_identity" and intent not in reading.expectation.intents:
        return Understood("inform", confidence, told.entities)
    return told
