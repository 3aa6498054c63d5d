"""Numbers in words, as people say them and telephones write them down: ``tanggal dua puluh lima``.

Only where they stand for digits: in a date, beside ``tanggal`` or a month, and in a code.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from nlu.spelling import Token, fold, word_at
from nlu.written import ALSO_NAMES, month_number

_UNITS: Final = {
    fold(word): n
    for n, words in enumerate(
        (
            "nol kosong zero", "satu one", "dua two", "tiga three", "empat four", "lima five",
            "enam six", "tujuh seven", "delapan eight", "sembilan nine",
        )
    )
    for word in words.split()
}  # fmt: skip
_TEN: Final = {"sepuluh": 10, "sebelas": 11}
_TEENS, _TENS, _HUNDREDS, _THOUSANDS = "belas", "puluh", "ratus", "ribu"
_CENTURIES = range(1800, 2200)
_DIGITS_OF_YEARS = (2, 4)
_MAX_DAY: Final = 31
_SPOKEN = _UNITS.keys() | _TEN.keys() | {"seribu"}


def as_digits(tokens: Sequence[Token]) -> tuple[Sequence[Token], Sequence[int]]:
    """The tokens with the days and years of dates in digits.

    Returns:
        Them, and where each stood before; one position more than tokens, for the end.
    """
    found: dict[int, tuple[int, int]] = {}
    until = 0
    for at, token in enumerate(tokens):
        if at < until or not _is_spoken(token.word):
            continue
        if spoken := _day(tokens, at) or _year(tokens, at):
            found[at], until = spoken, spoken[1]
    if not found:
        return tokens, range(len(tokens) + 1)
    written: list[Token] = []
    origin: list[int] = []
    at = 0
    while at < len(tokens):
        number, end = found.get(at, (0, at + 1))
        token, last = tokens[at], tokens[end - 1]
        digits = str(number)
        number_token = Token(digits, digits, token.start, last.end, is_word=False, is_number=True)
        written.append(number_token if number else token)
        origin.append(at)
        at = end
    return written, (*origin, len(tokens))


def spoken_digits(words: Sequence[str], count: int) -> str:
    """A run of exactly so many digits in words: ``nol nol dua enam``; empty without one."""
    run = ""
    for word in (*words, ""):
        if word in _UNITS:
            run += str(_UNITS[word])
            continue
        if len(run) == count:
            return run
        run = ""
    return ""


def _is_spoken(word: str) -> bool:
    return word in _SPOKEN or word.endswith((_TENS, _TEENS))


def _day(tokens: Sequence[Token], at: int) -> tuple[int, int] | None:
    """The day of a month at ``at`` and where it ends; a month that is a name needs more beside."""
    day, end = _below_hundred(tokens, at)
    if not 1 <= day <= _MAX_DAY:
        return None
    led = at > 0 and tokens[at - 1].word == "tanggal"
    month_at = end + (word_at(tokens, end) == "bulan")
    month = word_at(tokens, month_at)
    if not month_number(month):
        return (day, end) if led else None
    sure = led or month_at > end or month not in ALSO_NAMES
    return (day, end) if sure or _year(tokens, month_at + 1) else None


def _year(tokens: Sequence[Token], at: int) -> tuple[int, int] | None:
    """The year at ``at`` after a month, and where it ends."""
    before = at - 1 - (at > 0 and tokens[at - 1].word == "tahun")
    if before < 0 or not month_number(tokens[before].word):
        return None
    year, end = _century(tokens, at)
    if year in _CENTURIES:
        return year, end
    digits = "".join(str(unit) for unit in _units(tokens, at))
    if len(digits) in _DIGITS_OF_YEARS:
        return int(digits), at + len(digits)
    rest, end = _below_hundred(tokens, at)
    return (rest, end) if rest >= _TEN["sepuluh"] else None


def _century(tokens: Sequence[Token], at: int) -> tuple[int, int]:
    """``seribu sembilan ratus sepuluh``, ``dua ribu dua``, ``sembilan belas delapan puluh``."""
    word, second = word_at(tokens, at), word_at(tokens, at + 1)
    year = 1000 if word == "seribu" else 1000 * _UNITS.get(word, 0) if second == _THOUSANDS else 0
    at += (1 if word == "seribu" else 2) if year else 0
    hundreds = _UNITS.get(word_at(tokens, at), 0)
    if year and word_at(tokens, at + 1) == _HUNDREDS:
        year, at = year + 100 * hundreds, at + 2
    elif not year:
        first, end = _below_hundred(tokens, at)
        year, at = (100 * first, end) if end > at + 1 and 100 * first in _CENTURIES else (0, at)
    rest, end = _below_hundred(tokens, at)
    return (year + rest, end) if year and rest >= 0 else (year, at)


def _below_hundred(tokens: Sequence[Token], at: int) -> tuple[int, int]:
    """The number below a hundred at ``at`` and where it ends; -1 without one."""
    word, second = word_at(tokens, at), word_at(tokens, at + 1)
    if word in _TEN:
        return _TEN[word], at + 1
    for joined in (_TENS, _TEENS):
        if word.endswith(joined) and word[: -len(joined)] in _UNITS:
            word, second, at = word[: -len(joined)], joined, at - 1
    unit = _UNITS.get(word, -1)
    if unit < 1 or second not in {_TENS, _TEENS}:
        return unit, at + 1 if unit >= 0 else at
    if second == _TEENS:
        return 10 + unit, at + 2
    more = _UNITS.get(word_at(tokens, at + 2), 0)
    return 10 * unit + more, at + 2 + bool(more)


def _units(tokens: Sequence[Token], at: int) -> list[int]:
    """The digits said one by one from ``at`` on."""
    units: list[int] = []
    while (word := word_at(tokens, at)) in _UNITS:
        units.append(_UNITS[word])
        at += 1
    return units
