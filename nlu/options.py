"""Choosing from a numbered list: ``3``, ``no. 2``, ``yang ketiga``, ``yg paling cepet``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from nlu.phrases import FILLERS, VOCATIVES
from nlu.spelling import fold, folded

_CARDINALS = (
    "satu siji hiji one first pertama kesatu",
    "dua loro two second kedua",
    "tiga telu tilu three third ketiga",
    "empat papat opat four fourth keempat",
    "lima five fifth kelima",
    "enam genep six sixth keenam",
    "tujuh pitu seven seventh ketujuh",
    "delapan wolu eight eighth kedelapan",
    "sembilan sanga nine ninth kesembilan",
    "sepuluh ten tenth kesepuluh",
)
_NUMBERS = {fold(word): n for n, words in enumerate(_CARDINALS, 1) for word in words.split()}
_SOONEST = folded("tercepat terdekat terawal secepatnya earliest soonest")
_LAST = folded("terakhir last latest")
_MOST = frozenset({"paling"})
_MOST_SOON = folded("cepat cepet awal dekat deket duluan pertama")
_MOST_LATE = folded("akhir lambat terakhir")
_AROUND = FILLERS | VOCATIVES | folded(
    "nomor no pilihan opsi ke pilih ambil option number the one choose choice ok oke okay iya "
    "saya minta boleh nomer urutan coba date"
)  # fmt: skip
_DATE_WORDS = folded("tanggal hari jadwal")
"""They make a number a date (``tanggal 3``), but not an ordinal (``tanggal yang ketiga``)."""

_MAX_DIGITS: Final = 3


def read_option(words: Sequence[str], options: int) -> int | None:
    """The number chosen, if choosing is all the message does; it may be out of range.

    Args:
        words: as :func:`nlu.words.words_of` gives them.
        options: how many are on the table.
    """
    rest = [word for word in words if word not in _AROUND]
    if any(word.isdigit() for word in rest):
        return int(rest[0]) if len(rest) == 1 and len(rest[0]) <= _MAX_DIGITS else None
    telling = [word for word in rest if word not in _DATE_WORDS]
    most = len(telling) > 1 and telling[0] in _MOST
    match telling[1:] if most else telling:
        case [word] if word in (_MOST_SOON if most else _SOONEST):
            return 1
        case [word] if word in (_MOST_LATE if most else _LAST):
            return options
        case [word] if not most:
            return _NUMBERS.get(word)
    return None
