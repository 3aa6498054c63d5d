"""The plan of a day and of the days ahead: which seats there are, and which days may be booked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.booking.calendar import Closed, WorkingCalendar
from bot.booking.office import Office
from bot.booking.seats import Seat


class DayProblemKind(StrEnum):
    """What keeps a day from being booked."""

    PAST = "past"
    TOO_SOON = "too_soon"
    TOO_FAR = "too_far"
    NOT_OPEN_YET = "not_open_yet"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class DayProblem:
    """Why a day cannot be booked.

    Args:
        closed: what closes it, for ``CLOSED`` only.
        opens_at: when it can be booked from, for ``NOT_OPEN_YET`` only, on the office's clock.
    """

    kind: DayProblemKind
    closed: Closed | None = None
    opens_at: datetime | None = None


def seats_of(office: Office, day: date) -> list[Seat]:
    """The day's seats, number 1 first; ``len`` is the quota.

    A session's seats are spread evenly over its hours and numbers run on through the day, so a
    later number is never called earlier.
    """
    called = [
        (session.id, hours[seat * len(hours) // session.seats])
        for session in office.sessions_on(day)
        for hours in [session.hours(office.slot_minutes)]
        for seat in range(session.seats)
    ]
    return [
        Seat(office=office.id, day=day, session=session, number=number, hour=hour)
        for number, (session, hour) in enumerate(called, start=1)
    ]


def bookable_days(office: Office, now: datetime) -> Iterator[date]:
    """Open days that may be booked at ``now`` (aware), nearest first; free seats or not."""
    first, last = _bounds(office, now)
    if office.opens:
        last = min(last, office.opens.last_day(office.local(now)))
    return WorkingCalendar(office).open_days(first, last)


def opens_next(office: Office, now: datetime) -> datetime | None:
    """The moment after ``now`` (aware) at which further days open, on the office's clock.

    Returns:
        ``None`` where days open one by one.
    """
    if office.opens is None:
        return None
    local = office.local(now)
    return office.opens.moment_of(office.opens.last_day(local) + timedelta(days=1), office.zone)


def check_day(office: Office, day: date, now: datetime) -> DayProblem | None:
    """What keeps ``day`` from being booked at ``now`` (aware); ``None`` when nothing does."""
    first, last = _bounds(office, now)
    if day < office.today(now):
        return DayProblem(DayProblemKind.PAST)
    if day < first:
        return DayProblem(DayProblemKind.TOO_SOON)
    if day > last:
        return DayProblem(DayProblemKind.TOO_FAR)
    if closed := WorkingCalendar(office).why_closed(day):
        return DayProblem(DayProblemKind.CLOSED, closed)
    if office.opens and (opens_at := office.opens.moment_of(day, office.zone)) > now:
        return DayProblem(DayProblemKind.NOT_OPEN_YET, opens_at=opens_at)
    return None


def _bounds(office: Office, now: datetime) -> tuple[date, date]:
    """First and last day within ``lead_days`` and ``horizon_days``.

    Today itself can be booked (``lead_days: 0``) only while its very first hour can still be
    reached: seats are given out lowest number first, so a later booking would get an hour gone by.
    """
    today = office.today(now)
    first = today + timedelta(days=office.lead_days)
    last = today + timedelta(days=office.horizon_days)
    sessions = office.sessions_on(today)
    if first == today and sessions:
        opening = datetime.combine(today, sessions[0].start, office.zone)
        if now + timedelta(minutes=office.arrive_minutes) > opening:
            first += timedelta(days=1)
    return first, last
