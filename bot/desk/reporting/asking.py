"""What a reader of reports asks for, from the query of a page's address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal, TypeAlias, get_args
from urllib.parse import urlencode

from bot.reports.columns import By
from bot.reports.ranges import NAMES, Name, Range, named

USUAL: Final[Name] = "month"

Grouping: TypeAlias = Literal["hour", "day", "week", "month"]
"""What a point in time is, in plots."""

GROUPINGS: Final[Sequence[Grouping]] = get_args(Grouping)

LONGEST: Final = 366
"""Days of a range at most."""

MOST_DAYS: Final = 62
"""Up to so many days are shown day by day, unless asked otherwise."""

MOST_WEEKS: Final = 26 * 7

REACH: Final = timedelta(days=10 * 366)
"""So far from today a range may lie."""


class CannotAskError(Exception):
    """A range that cannot be: ``key`` is the sentence that says why."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for.

    Args:
        name: of the range; empty for one of the reader's own.
        grouping: points in time of the plots.
    """

    days: Range
    name: Name | Literal[""]
    grouping: Grouping

    def query(self, **more: str) -> str:
        """The same, as the query of an address; ``more`` first."""
        span = (
            {"range": self.name}
            if self.name
            else {"from": self.days.first.isoformat(), "to": self.days.last.isoformat()}
        )
        return urlencode({**more, **span})


def asked(query: Mapping[str, str], today: date) -> Asked:
    """Read a query: ``range``, or ``from`` and ``to``, and ``group``.

    Raises:
        CannotAskError: there is no such range.
    """
    name: Name | Literal[""] = ""
    if "from" in query or "to" in query:
        days = Range(_date(query.get("from", "")), _date(query.get("to", "")))
        if days.last < days.first:
            raise CannotAskError("reports.wrong_way")
        if days.days > LONGEST:
            raise CannotAskError("reports.too_long")
        if max(abs(days.first - today), abs(days.last - today)) > REACH:
            raise CannotAskError("reports.too_far")
    else:
        known = next((each for each in NAMES if each == query.get("range")), USUAL)
        name, days = known, named(known, today)
    wanted = query.get("group", "")
    grouping = next((each for each in GROUPINGS if each == wanted), _usual_grouping(days))
    return Asked(days, name, grouping)


def of_by(query: Mapping[str, str], known: Sequence[By]) -> By | None:
    """What has a row each, in a table that is downloaded; ``None`` where there is no such thing."""
    return next((by for by in known if by == query.get("by", "day")), None)


def _usual_grouping(days: Range) -> Grouping:
    if days.days == 1:
        return "hour"
    if days.days <= MOST_DAYS:
        return "day"
    return "week" if days.days <= MOST_WEEKS else "month"


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CannotAskError("reports.no_date") from None
