"""When an office's staff are there to answer in the chat: its service hours, on days of service."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.booking.calendar import WorkingCalendar
from bot.booking.office import Office

LOOKED_AHEAD = 31
"""Days; an office closed for longer says nothing of when it is back."""


class OfficeHours:
    """:class:`bot.dialogue.care.Hours` of an office."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._calendar = WorkingCalendar(office)

    def opens_at(self, now: datetime) -> datetime | None:
        """See the Protocol."""
        ahead = next(((start, until) for start, until in self._days(now) if until > now), None)
        return ahead[0] if ahead and ahead[0] > now else None

    def closes_at(self, now: datetime) -> datetime | None:
        """See the Protocol."""
        return next((until for _, until in self._days(now) if until > now), None)

    def _days(self, now: datetime) -> list[tuple[datetime, datetime]]:
        """From when until when staff are there, day by day from today on."""
        today = self._office.today(now)
        last = today + timedelta(days=LOOKED_AHEAD)
        days = self._calendar.open_days(today, last)
        return [hours for day in days if (hours := self._hours(day)) is not None]

    def _hours(self, day: date) -> tuple[datetime, datetime] | None:
        sessions, zone = self._office.sessions_on(day), self._office.zone
        if not sessions:
            return None
        return (
            datetime.combine(day, sessions[0].start, zone),
            datetime.combine(day, sessions[-1].until, zone),
        )
