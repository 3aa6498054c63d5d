"""When things open: the quota of a week, and the number itself for the day."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final, Literal, get_args
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationInfo, field_validator

from bot.booking.session import Hour
from bot.document import Part
from bot.told import tell

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

WEEKDAYS: Final = get_args(Weekday)
"""Monday first, as :meth:`date.weekday` counts."""


def moment(at: datetime) -> dict[str, str]:
    """A moment on the office's clock for replies: ``date`` (ISO) and ``hour`` (``14.00``)."""
    return {"date": at.date().isoformat(), "hour": f"{at:%H.%M}"}


MOMENT: Final = {"date": "2026-11-25", "hour": "14.00"}
"""A moment as :func:`moment` tells it, as long as it gets."""


_WEEKS_AHEAD: Final = {"next_week": 1, "week_after_next": 2}


class Opens(Part):
    """A quota that opens week by week, at a set moment: on Friday at 14.00 for the next week.

    Args:
        weekday: on which it opens.
        at: local time.
        days: which week, Monday to Sunday, opens then.
    """

    weekday: Weekday
    at: Hour
    days: Literal["next_week", "week_after_next"] = "next_week"

    def moment_of(self, day: date, zone: ZoneInfo) -> datetime:
        """When ``day`` opens, aware local time."""
        monday = day - timedelta(days=day.weekday())
        ahead = timedelta(weeks=_WEEKS_AHEAD[self.days], days=-WEEKDAYS.index(self.weekday))
        return datetime.combine(monday - ahead, self.at, zone)

    def last_day(self, now: datetime) -> date:
        """The last day open at ``now`` (aware, on the office's clock): always a Sunday."""
        monday = now.date() - timedelta(days=now.weekday())
        opens = datetime.combine(
            monday + timedelta(days=WEEKDAYS.index(self.weekday)), self.at, now.tzinfo
        )
        weeks = _WEEKS_AHEAD[self.days] - (now < opens)
        return monday + timedelta(weeks=weeks, days=6)


class ServiceHours(Part):
    """The hours of a day in which a number takes new registrations; Batam's were 07.30 to 10.00
    (Source: 002_…, DOMAIN.md).

    Args:
        start: local time; ``from`` in the file.
        until: local time at which it is over.
    """

    start: Hour = Field(alias="from")
    until: Hour

    @field_validator("until")
    @classmethod
    def _ends_after_start(cls, until: time, info: ValidationInfo) -> time:
        if "start" in info.data and until <= info.data["start"]:
            raise ValueError(
                tell(
                    "the hours must end after they begin ({start:%H:%M})", start=info.data["start"]
                )
            )
        return until

    def opens_at(self, now: datetime) -> datetime | None:
        """When to write, for who writes at ``now`` (aware, on the office's clock).

        Returns:
            ``None`` while it is open.
        """
        if self.start <= now.time() < self.until:
            return None
        day = now.date() + timedelta(days=now.time() >= self.until)
        return datetime.combine(day, self.start, now.tzinfo)
