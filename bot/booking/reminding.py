"""Reminders: the day before a booking and on its morning.

They are notices, added when a seat is booked and withdrawn when it is given up. What they say is
looked up when they are told, so one that was left behind says nothing.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from bot.booking.notices import Notice, NoticeName, NoticeStore
from bot.booking.office import Office
from bot.booking.seats import Seat

TOO_FRESH = timedelta(hours=2)
"""Who booked so short a time before needs no reminder."""


APART = timedelta(seconds=2)
"""Between the reminders of one number and the next: a day's hundreds do not all come at once."""


class Reminders:
    """Adds and withdraws them."""

    def __init__(self, notices: NoticeStore) -> None:
        self._notices = notices

    async def promise(self, seat: Seat, office: Office, now: datetime) -> None:
        """Remind of a seat that was just booked; safe to repeat."""
        if wanted := reminders_of(seat, office, now):
            await self._notices.add(wanted)

    async def withdraw(self, key: str) -> None:
        """Forget the reminders of a seat claimed with ``key``, and whatever else would be told
        of it.
        """
        await self._notices.withdraw(key)


def reminders_of(seat: Seat, office: Office, now: datetime) -> list[Notice]:
    """The reminders of a booking that are still to come at ``now`` (aware)."""
    if seat.claim is None:
        raise ValueError(f"{seat.id} is nobody's")
    times, key, reminders = office.reminders, seat.claim.key, []
    until = _local(office, seat.day, seat.hour)
    planned = {
        "day_before": (seat.day - timedelta(days=1), times.day_before),
        "morning": (seat.day, times.morning),
    }
    for when, (day, hour) in planned.items():
        if hour is None:
            continue
        due_at = _local(office, day, hour) + (seat.number - 1) * APART
        if not now + TOO_FRESH < due_at < until:
            continue
        reminder = Notice(
            id=f"{key}/reminder/{when}",
            conversation=seat.claim.applicant.conversation,
            name=NoticeName.REMINDER.value,
            values={"booking_code": seat.booking_code},
            due_at=due_at,
            until=until,
            about=key,
        )
        reminders.append(reminder)
    return reminders


def _local(office: Office, day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, office.zone)
