"""Ranges of days that people ask for, and the one each is compared with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal, TypeAlias, get_args

Name: TypeAlias = Literal["today", "week", "month", "last_month"]
"""Ranges that have a name; weeks begin on Monday, and all but the last end today."""

NAMES: Final[tuple[Name, ...]] = get_args(Name)

ONE_DAY: Final = timedelta(days=1)
WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Range:
    """Days from ``first`` to ``last``, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1

    def before(self) -> Range:
        """What it is compared with: of up to a week the same weekdays a week earlier; of what
        begins with a month the same days of as many months earlier, whole months with whole
        months; else as many days, those just before.
        """
        if self.days <= WEEK.days:
            return Range(self.first - WEEK, self.last - WEEK)
        if self.first.day != 1:
            return Range(self.first - timedelta(days=self.days), self.first - ONE_DAY)
        months = _months(self.last) - _months(self.first) + 1
        begun = _first_of(_months(self.last) - months)
        end = month_end(begun)
        if self.last != month_end(self.last):
            end = min(end, begun.replace(day=min(self.last.day, end.day)))
        return Range(_first_of(_months(self.first) - months), end)


def named(name: Name, today: date) -> Range:
    """The range of a name."""
    first = today.replace(day=1)
    match name:
        case "today":
            return Range(today, today)
        case "week":
            return Range(today - timedelta(days=today.weekday()), today)
        case "month":
            return Range(first, today)
        case "last_month":
            last = first - ONE_DAY
            return Range(last.replace(day=1), last)


def month_end(day: date) -> date:
    """The last day of its month."""
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1) - ONE_DAY


def _months(day: date) -> int:
    return day.year * 12 + day.month - 1


def _first_of(months: int) -> date:
    return date(months // 12, months % 12 + 1, 1)
