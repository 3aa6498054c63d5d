"""Days that somebody turns down: ``bukan tanggal 5``, ``ga bisa datang besok``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from nlu.dates import Found
from nlu.reading import Reading
from nlu.spelling import Token, folded

_NEGATIONS = folded("bukan jangan tidak")
_NEGATION_REACH: Final = 2
_REACH: Final = 4
_FULL = folded("penuh full libur tutup bentrok habis pinuh kebak")
_MANAGING = folded("bisa jadi sempat sempet iso saged tiasa sanggup mungkin")
_UNABLE = folded("can't cannot couldn't")
_COMING = folded("datang hadir ikut kesana kantor dugi rawuh sumping mrono come make attend")
PREVENTED = folded("berhalangan")
_BESIDE: Final = 2
"""Words between not being able to come and the day that is meant."""

_SUITING = folded("bisa jadi sempat boleh ada iso saged tiasa can")


def is_refused(reading: Reading, found: Found, before: Sequence[Token]) -> bool:
    """Whether a day is not wanted.

    Args:
        before: the tokens between it and the date before.
    """
    return _is_turned_down(before) or _is_no_good(reading, found)


def _is_turned_down(before: Sequence[Token]) -> bool:
    """``bukan tanggal 5``; in ``tidak, tanggal 5`` the comma parts them."""
    near = before[-_NEGATION_REACH:]
    return all(token.is_word for token in near[-1:]) and any(t.word in _NEGATIONS for t in near)


def _is_no_good(reading: Reading, found: Found) -> bool:
    """``besok ga bisa, lusa aja``: a day that does not suit, where another one is told."""
    if found is reading.dates[-1]:
        return False
    after = [token.word for token in reading.tokens[found.until : found.until + _REACH]]
    return bool(set(after[:2]) & _FULL) or any(
        pair[0] in _NEGATIONS and pair[1:] and pair[1] in _SUITING
        for pair in (after[at : at + 2] for at in range(len(after)))
    )


def missed_days(reading: Reading) -> set[int]:
    """Days that somebody says they cannot come on, by the token they begin at: ``besok saya ga bisa
    datang``.
    """
    words = [token.word for token in reading.tokens]
    if not reading.dates or "?" in words:
        return set()
    ends = {found.until: found.first for found in reading.dates}
    starts = {found.first for found in reading.dates}
    missed: set[int] = set()
    for at, word in enumerate(words):
        if word in PREVENTED and reading.dates:
            missed.update(starts)
        suits = at + (word in _NEGATIONS and bool({*words[at + 1 : at + 2]} & _MANAGING))
        if suits == at and word not in _UNABLE:
            continue
        comes = next((n for n in (suits + 1, suits + 2) if {*words[n : n + 1]} & _COMING), 0)
        if not comes:
            continue
        before = [ends[end] for end in range(at, at - _BESIDE, -1) if end in ends]
        after = [first for first in range(comes + 1, comes + 1 + _BESIDE) if first in starts]
        missed.update(before[:1] or after[:1])
    return missed
