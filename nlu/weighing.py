"""What a message means when the grammar, a classifier and the open question each have a say.

The grammar's finding and the classifier's ranking are mixed. The grammar weighs more the surer it
is, and more again where the open state waits for what it found; what that state listens for counts
a little more than the rest. It is a prior and no filter: a question is answered anywhere. What
comes out too unlikely is not acted upon; its likeliest meanings are told instead.

The shares were chosen on the training data, each example ranked by what was learnt from others, and
on ``nlu/data/test/development.jsonl``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from bot.dialogue.events import NOTHING_UNDERSTOOD, Understood
from nlu.classifier import Guess
from nlu.keeping import KEEPS
from nlu.keywords import worded
from nlu.reading import Reading
from nlu.vocabulary import LEARNT_AS

EXACT: Final = 1.0
"""Confidence of what needs no second opinion."""

TRUST: Final[Mapping[float, float]] = {0.9: 0.3, 0.8: 0.2, 0.6: 0.1}
"""The grammar's share by its confidence: names and dates, phrases, words mended from misspelt."""

AWAITED: Final[Mapping[float, float]] = {0.9: 0.65, 0.8: 0.55, 0.6: 0.2}
"""The same where the open state waits for what was found."""

EXPECTED: Final = 1.5
"""How much likelier what the open state listens for is than what it does not."""

SURE: Final = 0.5
"""What is less likely is asked back."""

CAREFUL: Final[Mapping[str, float]] = {
    **dict.fromkeys(("approve", "cancel", "erase_data", "reject", "restart"), 0.55),
    "out_of_scope": 0.6,
}
"""How likely has to be what books, undoes, or turns away."""

TOLD_WHOLE: Final = frozenset({"choose_date", "correct", "reschedule", "submit_identity"})
"""Intents with which whatever the grammar found in the message is told."""

ANYWHERE: Final = frozenset({"booking_code", "nik", "office", "phone"})
"""What is meant wherever it stands; a name or a date in a question is none to be filled in."""

GUESSES: Final = 4
"""Meanings that are told of an unclear message; the flow offers those it listens for."""

UNLIKELY: Final = 0.4
"""A guess that is less likely than this share of the likeliest is not worth a button."""

CANDIDATES: Final = 3
"""Meanings that are told with what was chosen, for who asks afterwards."""

GRAMMAR: Final = "grammar"
"""The source of what the rules found."""

POLITE: Final = frozenset({"goodbye", "greet", "thanks"})
POLITE_BESIDE: Final = 0.25
"""How much less a greeting counts where the grammar found what it leads up to; ``terima kasih atas
bantuannya`` asks for no help.
"""

TELLING_WORDS: Final = 3
"""Fewer words nobody knows are more likely a slip than a wish that is not ours to fulfil."""


def weighed(reading: Reading, read: Understood, ranked: Sequence[Guess]) -> Understood:
    """The likeliest meaning, with the entities the grammar found for it.

    Args:
        read: by the grammar's rules.
        ranked: by a classifier, all intents it knows; empty when it knows nothing.
    """
    scores = {guess.intent: guess.confidence for guess in ranked}
    own = _learnt(read.intent)
    unknown = own not in scores and read != NOTHING_UNDERSTOOD
    says = any(word.isalpha() for word in reading.words)
    if unknown or _is_certain(read) or not (says and any(scores.values())):
        return read
    share, expected = _share(reading, read), set(map(_learnt, reading.expectation.intents))
    aside = POLITE if share and own not in POLITE | {"help"} else frozenset()
    scores = {
        intent: (1 - share) * score * (POLITE_BESIDE if intent in aside else 1.0)
        for intent, score in scores.items()
    }
    if KEEPS in read.values():  # "jangan dibatalkan, …" cancels nothing
        scores.pop("cancel", None)
    if share:
        scores[own] = scores.get(own, 0.0) + share
    for intent in expected & scores.keys():
        scores[intent] *= EXPECTED
    total = sum(scores.values())
    likeliest = sorted(scores, key=scores.__getitem__, reverse=True)[:GUESSES]
    shares = [(intent, scores[intent] / total) for intent in likeliest]
    chosen = _chosen(reading, read, shares, agreed=likeliest[0] == own)
    source = GRAMMAR if chosen.intent == read.intent else ranked[0].by
    return replace(chosen, source=source, candidates=tuple(shares[:CANDIDATES]))


def _chosen(
    reading: Reading, read: Understood, shares: Sequence[tuple[str, float]], *, agreed: bool
) -> Understood:
    """What is made of the likeliest intents.

    Args:
        agreed: the likeliest is what the grammar found.
    """
    best, share = shares[0]
    confidence = min(share, 0.99)
    if agreed or _is_nowhere_to_go(best, reading, read):
        return Understood(read.intent, confidence, read.entities, read.problems, read.example)
    vague = best == "out_of_scope" and len(reading.words) < TELLING_WORDS
    if confidence >= CAREFUL.get(best, SURE) and not vague:
        return _meant(reading, read, best, confidence)
    if read.entities:
        return read
    guesses = tuple(intent for intent, each in shares if each >= UNLIKELY * share)
    return Understood("none", confidence, guesses=guesses)


def _learnt(intent: str) -> str:
    return LEARNT_AS.get(intent, intent)


def _is_certain(read: Understood) -> bool:
    """Whether the grammar read more than words can tell: mistakes in a form, people in a list."""
    return bool(read.problems) or "members" in read.values()


def _is_nowhere_to_go(intent: str, reading: Reading, read: Understood) -> bool:
    """Whether what a classifier told is of no use here, and the grammar's finding may be.

    A number is picked from a list; a correction is heard as what it tells where states do not
    listen for corrections as such.
    """
    expectation = reading.expectation
    if intent == "choose_option":
        return not expectation.options
    if read.intent == "family":  # "besok saya dan istri": the day is theirs
        several = int(str(read.values().get("people_count", 0))) > 1
        return several and intent in {"choose_date", "register"}
    if intent == "erase_data":  # "hapus si Ali" of a list of people
        return "drop_member" in expectation.intents
    return intent == "correct" and intent not in expectation.intents and bool(read.entities)


def _share(reading: Reading, read: Understood) -> float:
    """The grammar's."""
    expectation = reading.expectation
    awaited = read.intent in expectation.intents or read.values().keys() & {*expectation.missing}
    return (AWAITED if awaited else TRUST).get(read.confidence, 0.0)


def _meant(reading: Reading, read: Understood, intent: str, confidence: float) -> Understood:
    """What only the classifier told, under the name that the open state listens to."""
    told = worded(reading, intent, confidence)
    found = tuple(
        entity
        for entity in read.entities
        if (intent in TOLD_WHOLE or entity.type in ANYWHERE) and entity not in told.entities
    )
    if intent == "submit_identity" and intent not in reading.expectation.intents:
        intent = "inform"
    return replace(told, intent=intent, entities=told.entities + found)
