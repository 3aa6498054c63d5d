"""Moving a booking to another day: ``pindah tanggal``, ``ganti jadwal ke kamis``, ``reschedule``.

The day it should go to may be told at once, and the code of the booking meant. Of two days the
last is the new one (``dari tanggal 24 ke tanggal 26``). A date of birth is corrected, not moved.
"""

from __future__ import annotations

from typing import Final

from bot.dialogue.events import Entity, Understood
from nlu.codes import booking_code
from nlu.days import DateProblem
from nlu.phrases import BIRTH_LABELS
from nlu.reading import Reading
from nlu.spelling import folded, tokenise
from nlu.words import WORD_CONFIDENCE, core, phrase_intent

_MOVE: Final = folded("pindah reschedule geser undur")
"""Words that say it without naming what is moved, where they are all that is said."""

_AROUND: Final = folded("bisa boleh ke jadi tanggal hari jadwal")


def read_move(reading: Reading) -> Understood | None:
    """The wish to move a booking."""
    code = booking_code(reading.text)
    if BIRTH_LABELS & set(reading.words) or not _is_meant(reading, code.text if code else ""):
        return None
    days = [found for found in reading.dates if not isinstance(found.service, DateProblem)]
    entities = [code] if code else []
    if days:
        entities.append(Entity("service_date", str(days[-1].service), days[-1].text))
    return Understood("reschedule", WORD_CONFIDENCE, tuple(entities))


def _is_meant(reading: Reading, code: str) -> bool:
    code_words = {token.word for token in tokenise(code)}
    words = [word for word in reading.words if word not in code_words]
    if phrase_intent(words) == "reschedule":
        return True
    dates = {token.word for found in reading.dates for token in tokenise(found.text)}
    rest = set(core(words)) - dates - _AROUND
    return bool(rest & _MOVE) and rest <= _MOVE
