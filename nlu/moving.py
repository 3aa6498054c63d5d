"""Moving a booking to another day: ``pindah tanggal``, ``ganti jadwal ke kamis``, ``reschedule``.

The day it should go to may be told at once, and the code of the booking meant. Of two days the
last is the new one (``dari tanggal 24 ke tanggal 26``). A date of birth is corrected, not moved.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from bot.dialogue.events import Entity, Understood
from nlu.bygone import YESTERDAY
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

_DAY: Final = folded("tanggal hari date day the") | {":"}
_TO: Final = folded("ke ka menyang jadi to for")
_CHANGE: Final = _MOVE | folded("ganti ubah change")
"""Before the day it should go to, and its label."""

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
        Entity("service_date", str(day), found.text)
        for found in reading.dates
        if not _is_old(reading, found) and (day := _day(reading, found))
    ]
    return (*([code] if code else ()), *(days[-1:] or _yesterday(reading)))


def _day(reading: Reading, found: Found) -> date | None:
    """The day it should go to; also one that is over or years ahead, if it is said where a new day
    is said, so that the answer can tell. Elsewhere that may be anything: a birth date, or the day
    missed.
    """
    if not isinstance(found.service, DateProblem):
        return found.service
    if found.service not in {DateProblem.IN_THE_PAST, DateProblem.TOO_FAR}:
        return None
    return found.day if _before(reading, found.first) in _TO | _CHANGE else None


def _yesterday(reading: Reading) -> tuple[Entity, ...]:
    """Yesterday, said where a new day is said: ``pindah ke kemarin``."""
    day = str(reading.today - timedelta(days=1))
    return tuple(
        Entity("service_date", day, reading.text[token.start : token.end])
        for at, token in enumerate(reading.tokens)
        if token.word in YESTERDAY and _before(reading, at) in _TO
    )[-1:]


def _before(reading: Reading, at: int) -> str:
    """The word before a day that begins at token ``at``, and before what only says it is one."""
    before = [token.word for token in reading.tokens[:at] if token.word not in _DAY]
    return before[-1] if before else ""


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
    if _MOVE.isdisjoint(words):
        return False
    dates = {token.word for found in reading.dates for token in tokenise(found.text)}
    rest = set(core(words)) - dates - _AROUND
    dated = bool(reading.dates or _yesterday(reading))
    if dated and rest & _MOVE and not rest & _OTHERS:
        return True
    return bool(rest & _MOVE) and rest <= _MOVE
