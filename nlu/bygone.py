"""A day that is over, where one to come is asked for: ``kemarin``.

Only as the whole message: ``kemarin saya sudah daftar`` tells a story and chooses nothing.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from bot.dialogue.events import Entity, Understood
from nlu.reading import Reading
from nlu.spelling import folded
from nlu.words import core

YESTERDAY: Final = folded("kemarin wingi kamari yesterday")
_AROUND: Final = folded("bisa boleh tanggal hari datang apa can i come the")


def read_bygone(reading: Reading) -> Understood | None:
    """Yesterday as the day chosen, so that the answer can say that it is over; also in the middle
    of a form, where a day may be told although none is asked for.
    """
    expectation = reading.expectation
    awaited = "choose_date" in expectation.intents or bool(expectation.missing)
    if not awaited or reading.confirms or reading.dates:
        return None
    telling = set(core(reading.words))
    if not telling & YESTERDAY or not telling <= YESTERDAY | _AROUND:
        return None
    day = (reading.today - timedelta(days=1)).isoformat()
    return Understood("choose_date", entities=(Entity("service_date", day, reading.text),))
