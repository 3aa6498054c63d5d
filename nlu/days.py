"""Days as written: which day is meant, and whether it can be a service or a birth date.

Day always comes before month. What is missing is filled in by what the date is for: a service
date lies ahead (a year of two digits is 20xx, no year means the next time), a birth date behind.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import Final, Literal, TypeAlias

MAX_DAYS_AHEAD: Final = 366
MAX_AGE_YEARS: Final = 120
SHORT_YEAR_DIGITS: Final = 2
_LEAP_CYCLE_YEARS: Final = 9
_MONTHS: Final = 12
_MAX_DAY: Final = 31

Kind: TypeAlias = Literal["service", "birth"]


class DateProblem(StrEnum):
    """Why a text is not the date it should be; the values are reasons of a ``Problem``."""

    NO_SUCH_DATE = "no_such_date"
    NOT_A_DATE = "not_a_date"
    NO_YEAR = "no_year"
    IN_THE_FUTURE = "in_the_future"
    TOO_LONG_AGO = "too_long_ago"
    IN_THE_PAST = "in_the_past"
    TOO_FAR = "too_far"
    OTHER_WEEKDAY = "other_weekday"


Day: TypeAlias = date | DateProblem


def exact(year: int, month: int, day: int) -> date | None:
    """The date, if it exists."""
    try:
        return date(year, month, day)
    except (ValueError, OverflowError):
        return None


def as_service(day: date, today: date) -> Day:
    """``day`` if somebody could ask to be served on it; today counts."""
    if day < today:
        return DateProblem.IN_THE_PAST
    return DateProblem.TOO_FAR if (day - today).days > MAX_DAYS_AHEAD else day


def as_birth(day: date, today: date) -> Day:
    """``day`` if somebody alive could be born on it; today counts."""
    if day > today:
        return DateProblem.IN_THE_FUTURE
    age = today.year - day.year - ((today.month, today.day) < (day.month, day.day))
    return DateProblem.TOO_LONG_AGO if age > MAX_AGE_YEARS else day


def full_year(year: str) -> int:
    """The year that digits of a service date name: ``27`` is 2027."""
    return int(year) + (2000 if len(year) == SHORT_YEAR_DIGITS else 0)


def read_service(day: int, month: int, year: str, today: date) -> Day:
    """A written service date; ``year`` is its digits, or empty."""
    if year:
        full = exact(full_year(year), month, day)
        return as_service(full, today) if full else DateProblem.NO_SUCH_DATE
    for ahead in range(_LEAP_CYCLE_YEARS):
        full = exact(today.year + ahead, month, day)
        if full and full >= today:
            return as_service(full, today)
    return DateProblem.NO_SUCH_DATE


def read_birth(day: int, month: int, year: str, today: date) -> Day:
    """A written birth date; it needs its year."""
    if not year:
        return DateProblem.NO_YEAR
    if len(year) == SHORT_YEAR_DIGITS:  # the latest century that is not ahead
        full = exact(2000 + int(year), month, day)
        if full is None or full > today:
            full = exact(1900 + int(year), month, day) or full
    else:
        full = exact(int(year), month, day)
    return as_birth(full, today) if full else DateProblem.NO_SUCH_DATE


def next_day_of_month(day: int, today: date, *, months_ahead: int = 0) -> Day:
    """The next ``day``-th from today on, today included; ``tgl 31`` waits for a long month.

    Args:
        months_ahead: 1 looks in the coming month only (``tgl 5 bulan depan``).
    """
    if not 1 <= day <= _MAX_DAY:
        return DateProblem.NO_SUCH_DATE
    span = range(months_ahead, months_ahead + 1) if months_ahead else range(_MONTHS)
    for ahead in span:
        years, month = divmod(today.month - 1 + ahead, _MONTHS)
        full = exact(today.year + years, month + 1, day)
        if full and full >= today:
            return as_service(full, today)
    return DateProblem.NO_SUCH_DATE


def days_from(today: date, days: int) -> Day:
    """``3 hari lagi`` as a service date."""
    if days > MAX_DAYS_AHEAD:
        return DateProblem.TOO_FAR
    return today + timedelta(days=days)


def next_weekday(weekday: int, today: date) -> date:
    """The nearest such day from today on, today included; Monday is 0."""
    return today + timedelta(days=(weekday - today.weekday()) % 7)


def weekday_after(weekday: int, today: date) -> date:
    """The nearest such day after today: ``senin depan`` said on a Monday is in 7 days."""
    return next_weekday(weekday, today + timedelta(days=1))


def weekday_of_week(weekday: int, today: date, *, weeks_ahead: int) -> Day:
    """That day of the Monday-to-Sunday week ``weeks_ahead`` of the current one."""
    monday = today - timedelta(days=today.weekday())
    return as_service(monday + timedelta(days=weekday, weeks=weeks_ahead), today)
