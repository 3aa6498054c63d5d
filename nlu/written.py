"""Dates written out: ``05-01-2027``, ``17 ags 90``, ``05012027``, ``tgl 5``.

Each matcher looks a few tokens ahead of where it starts and no further.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from rapidfuzz import fuzz, process

from nlu.days import (
    SHORT_YEAR_DIGITS,
    DateProblem,
    Day,
    exact,
    full_year,
    next_day_of_month,
    read_birth,
    read_service,
)
from nlu.spelling import LONGEST_WORD, Token, fold, folded, word_at

_MONTH_NAMES = (
    "januari jan january",
    "februari feb peb pebruari februari february",
    "maret mar mrt march",
    "april apr",
    "mei may",
    "juni jun june",
    "juli jul july",
    "agustus agt agu ags agust agus aug august",
    "september sep sept",
    "oktober okt oct october",
    "november nov nop nopember",
    "desember des dec december",
)
_MONTHS = {fold(name): n for n, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}
ALSO_NAMES = folded(
    "mei may april apr jun juni june juli july agu ags agus agustus august jan mar march"
)
"""Months that people are called, or that are words."""

_ORDINAL_ENDINGS = frozenset({"st", "nd", "rd", "th"})
_LAST_DAY = 31
_UNITS = folded("orang pagi siang sore malam wib wita wit anak hari menit jam seat kursi")
"""After these a number was not a year: ``5 januari 10 orang``."""

_SEPARATORS = frozenset("-/.,_\\")
_SOLID_DIGITS = (6, 8)
_SOLID_YEARS = range(1850, 2151)
"""Years that make eight digits in a row a date rather than a code."""

_FUZZY_LETTERS = 5
"""Shorter words are near to everything."""

STARTS = frozenset({"tanggal", "the", *_MONTHS})
"""Words a written date may begin with; else it begins with a number."""

_LONG_MONTHS = [name for name in _MONTHS if len(name) >= _FUZZY_LETTERS]


@dataclass(frozen=True, slots=True)
class Hit:
    """A match up to token ``end``; ``day`` is the date a written year makes it, however far off."""

    end: int
    service: Day
    birth: Day = DateProblem.NOT_A_DATE
    year: int = 0
    day: date | None = None


def match_written(
    tokens: Sequence[Token], at: int, today: date, *, after_date: bool = False
) -> Hit | None:
    """The written date at token ``at``, a leading ``tanggal`` included.

    Args:
        after_date: a date ends before the sign before ``at``: ``25-01-1987/5 Januari``.
    """
    after_tanggal = word_at(tokens, at) == "tanggal"
    if word_at(tokens, at) == "the" and word_at(tokens, at + 2) in _ORDINAL_ENDINGS:
        return _day_month(tokens, at + 1, today) or _day_only(tokens, at + 1, today, ending=1)
    start = at + after_tanggal
    start += after_tanggal and word_at(tokens, start) in {".", ":"}
    if start >= len(tokens) or (_continues_number(tokens, start) and not after_date):
        return None
    if not tokens[start].is_number:
        return _month_day(tokens, start, today)
    if len(tokens[start].text) in _SOLID_DIGITS:
        return _solid(tokens, start, today)
    return (
        _numeric(tokens, start, today, loose=after_tanggal or len(tokens) == len("5-1"))
        or _day_month(tokens, start, today)
        or (_day_only(tokens, start, today) if after_tanggal else None)
    )


def _numeric(tokens: Sequence[Token], at: int, today: date, *, loose: bool) -> Hit | None:
    """``5-1-2027``, ``5/1/27``, ``5 1 2027``, ``2027-01-05``, ``5/1``; ``5-1`` where ``loose``."""
    first_sign, next_at = _separator(tokens, at + 1)
    second_sign, last_at = _separator(tokens, next_at + 1)
    first, second = _number(tokens, at, 1, 2), _number(tokens, next_at, 1, 2)
    iso_year, iso_day = _number(tokens, at, 4), _number(tokens, last_at, 1, 2)
    if iso_year and second and iso_day and first_sign and second_sign:
        return _written(last_at + 1, int(iso_day), int(second), iso_year, today)
    if not (first and second):
        return None
    day, month = int(first), int(second)
    signs = bool(first_sign and second_sign)
    year = _number(tokens, last_at, 2, 4) if signs else _number(tokens, last_at, 4)
    if not first_sign and not second_sign and _are_three(tokens, at):
        year = year or _number(tokens, last_at, 2)
    if year and (second_sign or not first_sign) and not _is_longer(tokens, last_at, second_sign):
        return _written(last_at + 1, day, month, year, today)
    joined = first_sign == "/" or (first_sign == "-" and loose)
    if joined and _plausible(day, month) and not _goes_on(tokens, next_at):
        return _written(next_at + 1, day, month, "", today)
    return None


def _are_three(tokens: Sequence[Token], at: int) -> bool:
    """Whether three pairs of digits stand alone, ``17 08 90``, and may be a day and a month."""
    day, month = _number(tokens, at, 2), _number(tokens, at + 1, 2)
    alone = not (at and tokens[at - 1].is_number) and not _number(tokens, at + 3, *range(1, 17))
    return bool(day and month) and alone and _plausible(int(day), int(month))


def _day_month(tokens: Sequence[Token], at: int, today: date) -> Hit | None:
    """``17 Agustus 1990``, ``17-ags-90``, ``5 bulan 1 2027``, ``5th january``."""
    day = _number(tokens, at, 1, 2)
    if not day:
        return None
    next_at = at + 1 + (word_at(tokens, at + 1) in _ORDINAL_ENDINGS)
    next_at += word_at(tokens, next_at) == "of"
    _, next_at = _separator(tokens, next_at)
    if word_at(tokens, next_at) == "bulan":
        next_at += 1
        number = _number(tokens, next_at, 1, 2)
        month = int(number) if number else month_number(word_at(tokens, next_at))
    else:
        month = month_number(word_at(tokens, next_at))
    if not _plausible(1, month):
        return None
    year, end = _year(tokens, next_at + 1)
    return _written(end, int(day), month, year, today)


def _month_day(tokens: Sequence[Token], at: int, today: date) -> Hit | None:
    """``January 5, 2027``, ``December 8``: a month that is a name too only with a full year."""
    month, day = _MONTHS.get(word_at(tokens, at)), _number(tokens, at + 1, 1, 2)
    if not month or not day:
        return None
    next_at = at + 2 + (word_at(tokens, at + 2) in _ORDINAL_ENDINGS)
    end = next_at
    next_at += word_at(tokens, next_at) == ","
    year = _number(tokens, next_at, 4)
    if year:
        return _written(next_at + 1, int(day), month, year, today)
    only = word_at(tokens, at) not in ALSO_NAMES and word_at(tokens, end) not in _UNITS
    return (
        _written(end, int(day), month, "", today)
        if only and not _goes_on(tokens, end - 1)
        else None
    )


def _solid(tokens: Sequence[Token], at: int, today: date) -> Hit | None:
    """``05012027``, ``050127`` and ``20270105``; numbers that look like none are no dates."""
    short, long = _number(tokens, at, 6), _number(tokens, at, 8)
    if short:
        day, month, year = int(short[:2]), int(short[2:4]), short[4:]
        real = exact(2000 + int(year), month, day)
        return _written(at + 1, day, month, year, today) if real else None
    if not long:
        return None
    if int(long[4:]) in _SOLID_YEARS and _plausible(int(long[:2]), int(long[2:4])):
        return _written(at + 1, int(long[:2]), int(long[2:4]), long[4:], today)
    if int(long[:4]) in _SOLID_YEARS and exact(int(long[:4]), int(long[4:6]), int(long[6:])):
        return _written(at + 1, int(long[6:]), int(long[4:6]), long[:4], today)
    return None


def _day_only(tokens: Sequence[Token], at: int, today: date, *, ending: int = 0) -> Hit | None:
    """The number after ``tanggal``; ``tgl 5 bulan depan`` and ``the 5th`` too.

    Args:
        ending: tokens of the ordinal's ending.
    """
    day = _number(tokens, at, 1, 2)
    if not day or _goes_on(tokens, at):
        return None
    led = [token.word for token in tokens[max(0, at - 3) : at - 1]]
    if led == ["bulan", "depan"]:
        return Hit(at + 1, next_day_of_month(int(day), today, months_ahead=1))
    if word_at(tokens, at + 1) == "bulan" and word_at(tokens, at + 2) in {"depan", "ini"}:
        ahead = int(word_at(tokens, at + 2) == "depan")
        return Hit(at + 3, next_day_of_month(int(day), today, months_ahead=ahead))
    return Hit(at + 1 + ending, next_day_of_month(int(day), today))


def _year(tokens: Sequence[Token], at: int) -> tuple[str, int]:
    """The year after a month, and where the date ends; empty when there is none."""
    next_at = at
    if word_at(tokens, next_at) in {"-", "/", ".", ","}:
        next_at += 1
    if word_at(tokens, next_at) in {"tahun", "'"}:
        next_at += 1
    year = _number(tokens, next_at, 4)
    if not year and not _goes_on(tokens, next_at):
        year = _number(tokens, next_at, 2) if word_at(tokens, next_at + 1) not in _UNITS else ""
        if year and tokens[next_at - 1].text == "," and int(year) <= _LAST_DAY:
            year = ""  # "28 desember, 29 aja" is another day
    return (year, next_at + 1) if year else ("", at)


def _written(end: int, day: int, month: int, year: str, today: date) -> Hit:
    return Hit(
        end,
        read_service(day, month, year, today),
        read_birth(day, month, year, today),
        int(year) if len(year) > SHORT_YEAR_DIGITS else 0,
        exact(full_year(year), month, day) if year else None,
    )


def month_number(word: str) -> int:
    """The month a folded word names, 1 for January; 0 when it names none."""
    if word in _MONTHS:
        return _MONTHS[word]
    return _near_month(word) if _FUZZY_LETTERS <= len(word) <= LONGEST_WORD else 0


@lru_cache(maxsize=1024)
def _near_month(word: str) -> int:
    """The month a longer word beside a day misspells: ``agutus``, ``januri``; 0 for others."""
    best = process.extractOne(word, _LONG_MONTHS, scorer=fuzz.ratio, score_cutoff=85)
    return _MONTHS[best[0]] if best else 0


def _number(tokens: Sequence[Token], at: int, *lengths: int) -> str:
    """The digits at ``at`` if there are that many of them; empty otherwise."""
    if at < len(tokens) and tokens[at].is_number and len(tokens[at].text) in lengths:
        return tokens[at].text
    return ""


def _plausible(day: int, month: int) -> bool:
    """Whether the numbers can be meant as a day and a month; 31 February can."""
    return day in range(1, 32) and month in range(1, 13)


def _separator(tokens: Sequence[Token], at: int) -> tuple[str, int]:
    """A separator at ``at`` and what follows it; without one, both parts are apart by a space."""
    sign = word_at(tokens, at)
    return (sign, at + 1) if sign in _SEPARATORS else ("", at)


def _goes_on(tokens: Sequence[Token], at: int) -> bool:
    """Whether a sign and a digit are glued to token ``at``: then it is part of a longer number."""
    return (
        at + 2 < len(tokens)
        and tokens[at + 1].text in "-/.:"
        and tokens[at + 2].is_number
        and tokens[at].end == tokens[at + 1].start
        and tokens[at + 1].end == tokens[at + 2].start
    )


def _is_longer(tokens: Sequence[Token], at: int, sign: str) -> bool:
    """Whether a date that ends at ``at`` is part of a longer number; a list parts by ``/`` or by
    another sign than the date.
    """
    if not _goes_on(tokens, at):
        return False
    after = tokens[at + 1].text
    parted = after == "/" and int(tokens[at].text) in _SOLID_YEARS
    return after == ":" or not (parted or (sign and sign != after == "/"))


def _continues_number(tokens: Sequence[Token], at: int) -> bool:
    """Whether token ``at`` is itself glued to a number before it."""
    return at > 1 and tokens[at - 2].is_number and _goes_on(tokens, at - 2)
