"""Dates in Indonesian chat: ``05-01-2027``, ``17 ags 90``, ``tgl 5``, ``kamis minggu depan``.

A small grammar of our own over tokens; every matcher looks a few tokens ahead, so the whole is
linear in the length of the text. A month's name counts only beside a day's number: Mei, Juni and
Agus are also people. A date that does not exist is found too, so that the answer can name it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from rapidfuzz import fuzz, process

from nlu.days import Day, DateProblem, Kind, exact, next_day_of_month, read_birth, read_service
from nlu.spelling import Token, clean, fold, folded, tokenise
from nlu.weekdays import match_relative, skip_weekday

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
_LONG_MONTHS = [name for name in _MONTHS if len(name) >= 5]  # noqa: PLR2004 - see _near_month
_ORDINAL_ENDINGS = frozenset({"st", "nd", "rd", "th"})
_UNITS = folded("orang pagi siang sore malam wib wita wit anak hari menit jam seat kursi")
"""After these a number was not a year: ``5 januari 10 orang``."""

_ASIDE = folded("tanggal lahir hari pada tempat ttl kelahiran ya bulan tahun untuk layanan datang")
_ASIDE_SIGNS = frozenset(".,:;()[]\"'-*_=\n")

_SEPARATORS = frozenset("-/.")
_EARLIEST_SOLID_YEAR, _LATEST_SOLID_YEAR = 1850, 2150


@dataclass(frozen=True, slots=True)
class Found:
    """A date in a text, read both ways.

    Args:
        text: as written; ``start`` and ``end`` say where.
        service: the date as a service date, or why it cannot be one.
        birth: the date as a birth date, or why it cannot be one.
        year: as written, of four digits; 0 when it was not.
    """

    text: str
    start: int
    end: int
    service: Day
    birth: Day
    year: int = 0

    def read(self, kind: Kind) -> Day:
        """The reading as ``kind``."""
        return self.service if kind == "service" else self.birth


def find_dates(text: str, today: date) -> list[Found]:
    """Every date in a text, in order.

    Args:
        text: as :func:`nlu.spelling.clean` leaves it.
        today: at the office.
    """
    return dates_in(tokenise(text), text, today)


def parse_date(text: str, today: date, *, kind: Kind) -> Day:
    """A text that should be one date and nothing else."""
    text = clean(text)
    tokens = tokenise(text)
    found = dates_in(tokens, text, today)
    if not found:
        digits = text.strip(" *_\"'.")
        if digits.isascii() and digits.isdigit() and len(digits) in {6, 8}:
            return DateProblem.NO_SUCH_DATE
        return DateProblem.NOT_A_DATE
    rest = [t for t in tokens if t.end <= found[0].start or t.start >= found[0].end]
    # "Bandung, 17-08-1990" is how forms ask for place and date of birth.
    aside = kind == "birth" and all(t.is_word or t.word in _ASIDE_SIGNS for t in rest)
    if len(found) > 1 or not (
        aside or all(t.word in _ASIDE or t.word in _ASIDE_SIGNS for t in rest)
    ):
        return DateProblem.NOT_A_DATE
    return found[0].read(kind)


def dates_in(tokens: Sequence[Token], text: str, today: date) -> list[Found]:
    """As :func:`find_dates`, for a text already cut up."""
    found: list[Found] = []
    at = 0
    while at < len(tokens):
        hit = _match(tokens, at, today)
        if hit is None:
            at += 1
            continue
        start, end = tokens[at].start, tokens[hit.end - 1].end
        found.append(Found(text[start:end], start, end, hit.service, hit.birth, hit.year))
        at = hit.end
    return found


@dataclass(frozen=True, slots=True)
class _Hit:
    """A match up to token ``end``."""

    end: int
    service: Day
    birth: Day = DateProblem.NOT_A_DATE
    year: int = 0


def _match(tokens: Sequence[Token], at: int, today: date) -> _Hit | None:
    """The date that starts at token ``at``; ``Senin, tgl 4 Januari`` starts at its weekday."""
    start = skip_weekday(tokens, at)
    after_tanggal = _word(tokens, start) == "tanggal"
    start += after_tanggal
    if start < len(tokens) and not _continues_number(tokens, start):
        hit = (
            _numeric(tokens, start, today, loose=after_tanggal or len(tokens) <= 3)  # noqa: PLR2004 - "5-1"
            or _day_month(tokens, start, today)
            or _month_day(tokens, start, today)
            or _solid(tokens, start, today)
            or (_day_only(tokens, start, today) if after_tanggal else None)
        )
        if hit:
            return hit
    relative = match_relative(tokens, at, today)
    return _Hit(*relative) if relative else None


def _numeric(tokens: Sequence[Token], at: int, today: date, *, loose: bool) -> _Hit | None:
    """``5-1-2027``, ``5/1/27``, ``5 1 2027``, ``5/1``; ``5-1`` only where ``loose``."""
    first = _number(tokens, at)
    first_sign, next_at = _separator(tokens, at + 1)
    second = _number(tokens, next_at)
    second_sign, last_at = _separator(tokens, next_at + 1)
    third = _number(tokens, last_at)
    if not (first and second and len(second) <= 2):  # noqa: PLR2004 - a day or a month
        return None
    if len(first) == 4 and first_sign and second_sign and 0 < len(third) <= 2:  # noqa: PLR2004 - ISO
        return _written(last_at + 1, int(third), int(second), first, today)
    if len(first) > 2:  # noqa: PLR2004 - a day
        return None
    has_year = len(third) == 4 or (len(third) == 2 and first_sign and second_sign)  # noqa: PLR2004
    if has_year and (second_sign or not first_sign) and not _goes_on(tokens, last_at):
        return _written(last_at + 1, int(first), int(second), third, today)
    joins = first_sign == "/" or (first_sign == "-" and loose)
    real = 1 <= int(first) <= 31 and 1 <= int(second) <= 12  # noqa: PLR2004 - days and months
    if joins and real and not _goes_on(tokens, next_at):
        return _written(next_at + 1, int(first), int(second), "", today)
    return None


def _day_month(tokens: Sequence[Token], at: int, today: date) -> _Hit | None:
    """``17 Agustus 1990``, ``17-ags-90``, ``5 bulan 1 2027``, ``5th january``."""
    day = _number(tokens, at)
    if not day or len(day) > 2:  # noqa: PLR2004 - a day
        return None
    next_at = at + 1
    if _word(tokens, next_at) in _ORDINAL_ENDINGS:
        next_at += 1
    _, next_at = _separator(tokens, next_at)
    month = _MONTHS.get(_word(tokens, next_at), 0)
    if _word(tokens, next_at) == "bulan":
        next_at += 1
        number = _number(tokens, next_at)
        month = int(number) if number and len(number) <= 2 else _month(_word(tokens, next_at))  # noqa: PLR2004
        if month > 12:  # noqa: PLR2004 - months
            return None
    elif not month:
        month = _month(_word(tokens, next_at))
    if not month:
        return None
    year, end = _year(tokens, next_at + 1)
    return _written(end, int(day), month, year, today)


def _month_day(tokens: Sequence[Token], at: int, today: date) -> _Hit | None:
    """``January 5, 2027``: only with a full year, or Mei and Juni would be months everywhere."""
    month = _MONTHS.get(_word(tokens, at), 0)
    day = _number(tokens, at + 1)
    if not month or not day or len(day) > 2:  # noqa: PLR2004 - a day
        return None
    next_at = at + 2 + (_word(tokens, at + 2) in _ORDINAL_ENDINGS)
    next_at += _word(tokens, next_at) == ","
    year = _number(tokens, next_at)
    return _written(next_at + 1, int(day), month, year, today) if len(year) == 4 else None  # noqa: PLR2004


def _solid(tokens: Sequence[Token], at: int, today: date) -> _Hit | None:
    """``05012027`` and ``050127``; numbers that look like neither are no dates."""
    digits = _number(tokens, at)
    if len(digits) not in {6, 8}:
        return None
    day, month, year = int(digits[:2]), int(digits[2:4]), digits[4:]
    likely = _EARLIEST_SOLID_YEAR <= int(year) <= _LATEST_SOLID_YEAR
    if len(digits) == 6:  # noqa: PLR2004 - DDMMYY, only if it exists
        likely = exact(2000 + int(year), month, day) is not None
    if likely and 1 <= day <= 31 and 1 <= month <= 12:  # noqa: PLR2004 - days and months
        return _written(at + 1, day, month, year, today)
    if len(digits) == 8 and _EARLIEST_SOLID_YEAR <= int(digits[:4]) <= _LATEST_SOLID_YEAR:  # noqa: PLR2004
        month, day = int(digits[4:6]), int(digits[6:])
        if exact(int(digits[:4]), month, day):
            return _written(at + 1, day, month, digits[:4], today)
    return None


def _day_only(tokens: Sequence[Token], at: int, today: date) -> _Hit | None:
    """The number after ``tanggal``; ``tgl 5 bulan depan`` too."""
    day = _number(tokens, at)
    if not day or len(day) > 2 or _goes_on(tokens, at):  # noqa: PLR2004 - a day
        return None
    if _word(tokens, at + 1) == "bulan" and _word(tokens, at + 2) in {"depan", "ini"}:
        ahead = int(_word(tokens, at + 2) == "depan")
        return _Hit(at + 3, next_day_of_month(int(day), today, months_ahead=ahead))
    return _Hit(at + 1, next_day_of_month(int(day), today))


def _year(tokens: Sequence[Token], at: int) -> tuple[str, int]:
    """The year after a month, and where the date ends; empty when there is none."""
    next_at = at
    if _word(tokens, next_at) in {"-", "/", ".", ","}:
        next_at += 1
    if _word(tokens, next_at) in {"tahun", "'"}:
        next_at += 1
    year = _number(tokens, next_at)
    if len(year) == 4:  # noqa: PLR2004 - a full year
        return year, next_at + 1
    if len(year) == 2 and not _goes_on(tokens, next_at, ".:"):  # noqa: PLR2004 - '27
        unit = _word(tokens, next_at + 1)
        return (year, next_at + 1) if unit not in _UNITS else ("", at)
    return "", at


def _written(end: int, day: int, month: int, year: str, today: date) -> _Hit:
    return _Hit(
        end,
        read_service(day, month, year, today),
        read_birth(day, month, year, today),
        int(year) if len(year) == 4 else 0,  # noqa: PLR2004 - a full year
    )


def _month(word: str) -> int:
    return _MONTHS.get(word, 0) or _near_month(word)


@lru_cache(maxsize=1024)
def _near_month(word: str) -> int:
    """The month a longer word beside a day misspells: ``agutus``, ``januri``; 0 for others."""
    if len(word) < 5:  # noqa: PLR2004 - short words are near to everything
        return 0
    best = process.extractOne(word, _LONG_MONTHS, scorer=fuzz.ratio, score_cutoff=85)
    return _MONTHS[best[0]] if best else 0


def _word(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].word if at < len(tokens) else ""


def _number(tokens: Sequence[Token], at: int) -> str:
    """The digits at ``at``, empty when there are none."""
    return tokens[at].text if at < len(tokens) and tokens[at].is_number else ""


def _separator(tokens: Sequence[Token], at: int) -> tuple[str, int]:
    """A separator at ``at`` and what follows it; without one, both parts are apart by a space."""
    sign = _word(tokens, at)
    return (sign, at + 1) if sign in _SEPARATORS else ("", at)


def _goes_on(tokens: Sequence[Token], at: int, signs: str = "-/.:") -> bool:
    """Whether a sign and a digit are glued to token ``at``: then it is part of a longer number."""
    return (
        at + 2 < len(tokens)
        and tokens[at + 1].text in signs
        and tokens[at + 2].is_number
        and tokens[at].end == tokens[at + 1].start
        and tokens[at + 1].end == tokens[at + 2].start
    )


def _continues_number(tokens: Sequence[Token], at: int) -> bool:
    """Whether token ``at`` is itself glued to a number before it."""
    return at > 1 and tokens[at - 2].is_number and _goes_on(tokens, at - 2)
