"""Having forgotten, and nothing else: ``lupa``. What was forgotten is what was asked for."""

from __future__ import annotations

from typing import Final

from bot.dialogue.events import Understood
from nlu.reading import Reading
from nlu.spelling import folded
from nlu.words import core

_FORGOTTEN: Final = folded(
    "lupa lupaa forgot forgotten kesupen kesupean lali kelalen hilap poho kalupaan"
)
_AROUND: Final = folded("i aku aduh waduh wah lagi jadi tadi lho loh euy je it")


def read_forgotten(reading: Reading) -> Understood | None:
    """Help where something is asked for, which is then asked again; elsewhere, and where a code is
    awaited, how things stand.
    """
    telling = set(core(reading.words))
    if not telling & _FORGOTTEN or not telling <= _FORGOTTEN | _AROUND:
        return None
    asks = reading.expectation.missing or reading.expectation.options
    return Understood("help" if asks and not reading.confirms else "ask_status")
