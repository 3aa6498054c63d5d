"""Moving a booking to another day: ``pindah tanggal``, ``ganti jadwal ke kamis``, ``reschedule``.

The day it should go to may be told at once, and the code of the booking meant. Of two days the
last is the new one (``dari tanggal 24 ke tanggal 26``). A date of birth is corrected, not moved.
"""

from __future__ import annotations

from typing import Final

from bot.dialogue.events import Entity, Understood
from nlu.codes import booking_code
from nlu.dates import Found
from nlu.days import DateProblem
from nlu.phrases import BIRTH_LABELS
from nlu.reading import Reading
from nlu.spelling import folded, tokenise
from nlu.words import WORD_CONFIDENCE, core, phrase_intent

TOLD: Final = 0.9
"""Confidence where the booking or the new day is told too."""

_MOVE: Final = folded("pindah reschedule geser undur majukan tunda postpone move")
"""Words that say it without naming what is moved, where they are all that is said."""

_NOT: Final = folded("tidak can't cannot")
_BOOKED: Final = folded("dari dapat dapet from kadung")
"""Before the day booked until now."""

_OTHERS: Final = folded("kantor kanim imigrasi rumah alamat kota paspor jangan")
"""What else is moved, or that it is not to be."""

_AROUND: Final = folded("bisa boleh ke jadi tanggal hari jadwal")


def read_move(reading: Reading) -> Understood | None:
    """The wish to move a booking."""
    code = booking_code(reading.text)
    if BIRTH_LABELS & set(reading.words) or not _is_meant(reading, code.text if code else ""):
        return None
    entities = move_entities(reading)
    return Understood("reschedule", TOLD if entities else WORD_CONFIDENCE, entities)


def move_entities(reading: Reading) -> tuple[Entity, ...]:
    """The code of the booking that is moved, and the day it should go to."""
    code = booking_code(reading.text)
    days = [
        found
        for found in reading.dates
        if not isinstance(found.service, DateProblem) and not _is_old(reading, found)
    ]
    moved = [Entity("service_date", str(found.service), found.text) for found in days[-1:]]
    return (*([code] if code else ()), *moved)


def _is_old(reading: Reading, found: Found) -> bool:
    """Whether a day is the one booked before, or one that does not suit: ``besok saya ga bisa``."""
    before = [token.word for token in reading.tokens[max(0, found.first - 3) : found.first]]
    after = [token.word for token in reading.tokens[found.until : found.until + 4]]
    # "besok ga bisa" does not suit; "besok bisa ga" asks.
    refused = after.index("bisa") if "bisa" in after else 0
    unfit = any(each in _NOT for each in after[:refused])
    return bool(_BOOKED & set(before)) or (unfit and "?" not in reading.text)


def _is_meant(reading: Reading, code: str) -> bool:
    code_words = {token.word for token in tokenise(code)}
    words = [word for word in reading.words if word not in code_words]
    if phrase_intent(words) == "reschedule":
        return True
    dates = {token.word for found in reading.dates for token in tokenise(found.text)}
    rest = set(core(words)) - dates - _AROUND
    if reading.dates and rest & _MOVE and not rest & _OTHERS:
        return True
    return bool(rest & _MOVE) and rest <= _MOVE
