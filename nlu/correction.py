"""Saying that something told before is wrong: ``eh salah, tgl lahir sy 14 maret 1988``.

What is right may stand beside it (``bukan Hendri tapi Hendrik``); without it, the part that is
wrong (``namanya salah``). It is heard as ``correct`` where the open state listens for it or nothing
is known of the state; elsewhere the same words tell what they say.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.dialogue.events import Entity, Understood
from nlu.identity import CONFIDENCE, find_identity
from nlu.names import titled_name
from nlu.options import option_among
from nlu.phrases import BIRTH_LABELS, FILLERS, SELF, VOCATIVES
from nlu.reading import Reading
from nlu.spelling import folded
from nlu.words import WORD_CONFIDENCE
from nlu.wrongness import CHANGING, WRONG_ITSELF, says_wrong

CORRECT: Final = "correct"
WRONG_PART: Final = "wrong_part"

_NAME = folded("nama name")
_DATE = folded("tanggal hari jadwal layanan date day")
_LACKING = folded("kurang kelebihan")
_ADDRESS = folded("alamat address")
_PHOTO = folded("foto photo gambar picture ktp ektp")
_ASIDE = (
    FILLERS
    | VOCATIVES
    | WRONG_ITSELF
    | SELF
    | CHANGING
    | folded(
        "ada is are the my a kayaknya sepertinya kurang tulis ketik nulis ngetik ejaan tuh bisa "
        "bulan tahun spelled wrongly spelling huruf hurufnya ternyata"
    )
)


def read_correction(reading: Reading) -> Understood | None:
    """That something is wrong, with what is right or which part it is."""
    if not hears_corrections(reading) or not says_wrong(reading.tokens):
        return None
    if find_identity(reading).problems():
        return None
    told = correction_entities(reading)
    right = any(entity.type != WRONG_PART for entity in told)
    if not right and not set(reading.words) & (WRONG_ITSELF | CHANGING):
        return None
    return Understood(CORRECT, CONFIDENCE if right else WORD_CONFIDENCE, told) if told else None


def hears_corrections(reading: Reading) -> bool:
    """Whether a correction is heard as one in the open state."""
    expectation = reading.expectation
    return CORRECT in expectation.intents or not expectation.state


def correction_entities(reading: Reading) -> tuple[Entity, ...]:
    """What is right, or else the part that is wrong."""
    if told := find_identity(reading).entities():
        return told
    words = set(reading.words)
    if words & _NAME and words & _LACKING:  # "namanya kurang Bin"
        return (Entity(WRONG_PART, "name", reading.text),)
    if name := titled_name(reading.tokens, reading.text, reading.find_places):
        return (Entity("person_name", name, name),)
    number = option_among(reading.words, reading.expectation.options)
    if number:
        return (Entity("option_number", number, reading.text),)
    part = wrong_part(reading.words) or ("birth_date" if words & BIRTH_LABELS else "")
    return (Entity(WRONG_PART, part, reading.text),) if part else ()


def wrong_part(words: Sequence[str]) -> str:
    """Which part a message says is wrong, and nothing else; empty for others."""
    telling = set(words) - _ASIDE
    if not telling:
        return ""
    if telling <= _NAME:
        return "name"
    if telling & BIRTH_LABELS and telling <= BIRTH_LABELS | _DATE:
        return "birth_date"
    for part, table in (("service_date", _DATE), ("address", _ADDRESS), ("photo", _PHOTO)):
        if telling <= table:
            return part
    return ""
