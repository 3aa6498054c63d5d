"""The days an office serves: weekdays, Indonesian holidays, and what staff closed or opened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from bot.booking.office import Office
from bot.booking.opening import WEEKDAYS

WEEKDAYS_INDONESIAN = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")


class ClosedKind(StrEnum):
    """What closes a day."""

    STAFF = "staff"
    HOLIDAY = "holiday"
    WEEKDAY = "weekday"


@dataclass(frozen=True, slots=True)
class Closed:
    """Why a day has no service.

    Args:
        reason: what staff wrote, or the Indonesian name of the holiday or weekday.
    """

    kind: ClosedKind
    reason: str


class WorkingCalendar:
    """The days ``office`` serves.

    Staff have the last word, because Islamic dates of later years are estimates and joint days
    are moved by decree: what they opened is open, what they closed is closed.
    """

    def __init__(self, office: Office) -> None:
        self._office = office

    def is_open(self, day: date) -> bool:
        """Whether there is service on ``day``."""
        return self.why_closed(day) is None

    def why_closed(self, day: date) -> Closed | None:
        """What closes ``day``; ``None`` when it is open."""
        office = self._office
        if day in office.opened:
            return None
        if reason := office.closed.get(day):
            return Closed(ClosedKind.STAFF, reason)
        if name := holidays_of(day.year).get(day):
            return Closed(ClosedKind.HOLIDAY, name)
        if WEEKDAYS[day.weekday()] in office.closed_weekdays:
            return Closed(ClosedKind.WEEKDAY, WEEKDAYS_INDONESIAN[day.weekday()])
        return None

    def open_days(self, first: date, last: date) -> Iterator[date]:
        """Days with service from ``first`` to ``last``, both included, in order."""
        for ahead in range((last - first).days + 1):
            day = first + timedelta(days=ahead)
            if self.is_open(day):
                yield day


@lru_cache(maxsize=32)
def holidays_of(year: int) -> Mapping[date, str]:
    """Public holidays and joint days (*cuti bersama*) of a year, with their Indonesian names."""
    import holidays  # noqa: PLC0415 - a quarter of a second, and only where dates are offered

    return dict(
        holidays.country_holidays(
            "ID", years=year, expand=False, categories=("public", "government"), language="id"
        )
    )
