"""New or renewal, for a child or an elderly person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.dialogue.events import Entity, Understood
from nlu.phrases import KINDS
from nlu.reading import Reading
from nlu.words import WORD_CONFIDENCE

ASKED: Final = ("renewal", "new")
"""The kinds an office asks for; the others are asked about."""


def kind_in(words: Sequence[str], kinds: Sequence[str] = tuple(KINDS)) -> tuple[Entity, ...]:
    """The kind that words name, if any."""
    named = (kind for kind in KINDS if kind in kinds and KINDS[kind] & set(words))
    return tuple(Entity("kind", kind, kind) for kind in list(named)[:1])


def read_kind(reading: Reading) -> Understood | None:
    """The answer to "new or renewal?"."""
    if "kind" not in reading.expectation.missing or reading.dates:
        return None
    found = kind_in(reading.words, ASKED)
    return Understood("inform", WORD_CONFIDENCE, found) if found else None
