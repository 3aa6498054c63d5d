"""New or renewal, for a child or an elderly person; and which part of what was shown is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.dialogue.events import Entity, Understood
from nlu.phrases import BIRTH_LABELS, FILLERS, KINDS, VOCATIVES, WRONG
from nlu.reading import Reading
from nlu.spelling import folded
from nlu.words import WORD_CONFIDENCE

ASKED: Final = ("renewal", "new")
"""The kinds an office asks for; the others are asked about."""

_NAME = folded("nama name")
_DATE = folded("tanggal hari jadwal layanan date day")
_ADDRESS = folded("alamat address")
_PHOTO = folded("foto photo gambar picture ktp ektp")
_ASIDE = FILLERS | VOCATIVES | folded("ada is the my") | WRONG


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


def read_wrong_part(reading: Reading) -> Understood | None:
    """``nama salah`` where something was shown: which part, and nothing of what is right."""
    telling = set(reading.words) - _ASIDE
    if not (telling and WRONG & set(reading.words) and "reject" in reading.expectation.intents):
        return None
    if telling <= _NAME:
        part = "name"
    elif telling & BIRTH_LABELS and telling <= BIRTH_LABELS | _DATE:
        part = "birth_date"
    elif telling <= _DATE:
        part = "service_date"
    elif telling <= _ADDRESS:
        part = "address"
    elif telling <= _PHOTO:
        part = "photo"
    else:
        return None
    return Understood("reject", WORD_CONFIDENCE, (Entity("wrong_part", part, reading.text),))
