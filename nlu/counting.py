"""How many days the list has, told or complained of: ``kok cuma 5``, ``ada 3 ya yg kosong``.

None of them is chosen by that: ``5 aja`` and ``cuma bisa yang 5`` choose.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.dialogue.events import Understood
from nlu.options import numbered
from nlu.phrases import FILLERS, SELF, VOCATIVES
from nlu.reading import Reading
from nlu.spelling import Token, folded

_ONLY: Final = folded("cuma cuman cumak cm hanya mung ngan namung only tinggal sisa")
_THERE: Final = folded("ada kosong tersedia ono wonten aya")
_BARELY: Final = folded("masih baru saja")
"""Between them and the number: ``ada baru 5``."""

_BEFORE: Final = (FILLERS | VOCATIVES | folded("lho loh lah oh wah kenapa naha why")) - {"yang"}

_DOANG: Final = "doang"
_LISTED: Final = folded(
    "slot slots pilihan opsi tanggal hari jadwal kuota biji buah macam tempat kursi seats dates "
    "days options"
)
_CHOOSING: Final = folded(
    "bisa mau cocok pas sempat pilih ambil minta kalau kalo klo nek iso saged tiasa can could "
    "works suits fits take buat yakin jadi"
)
"""Who says one of these has a day in mind, not how many there are."""

_AFTER: Final = FILLERS | VOCATIVES | _THERE | _LISTED | folded("to ta left thok tok")


def read_count(reading: Reading) -> Understood | None:
    """A look at the days, where they are listed."""
    expectation = reading.expectation
    if not expectation.options or "ask_dates" not in expectation.intents or reading.dates:
        return None
    if not _CHOOSING.isdisjoint(reading.words):
        return None
    tokens = reading.tokens
    counts = any(
        0 < (numbered(token) or 0) <= expectation.options and _is_count(tokens, at)
        for at, token in enumerate(tokens)
    )
    return Understood("ask_dates") if counts else None


def _is_count(tokens: Sequence[Token], at: int) -> bool:
    """Whether the number at a token says how many there are."""
    after = next((token for token in tokens[at + 1 :] if token.is_word), None)
    if after and after.word not in _AFTER:
        return False
    lead = at - 1
    while lead >= 0 and tokens[lead].word in _BARELY - _ONLY:
        lead -= 1
    if lead >= 0 and tokens[lead].word in _ONLY | _THERE:
        return True
    if after is None or {token.word for token in tokens[:at]} - _BEFORE:
        return False
    own = {token.word for token in tokens[at + 2 : at + 3]} & SELF  # "5 pilihan saya"
    return after.text.lower() == _DOANG or (after.word in _LISTED and not own)
