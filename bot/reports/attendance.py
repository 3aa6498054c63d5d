"""What became of bookings, by day, session, hour, member of staff or reason."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from bot.booking.calendar import WorkingCalendar
from bot.booking.life import SeatState, Step
from bot.booking.office import Office
from bot.booking.seats import Seat
from bot.booking.visit import End, Visit, visits_of
from bot.reports.columns import Counted
from bot.reports.tally import Tallies

WALK_IN: Final = "walk_in"
"""The session of walk-in numbers, which have none."""

_NOBODYS: Final = frozenset({SeatState.FREE, SeatState.HELD})

_DEEDS: Final = {
    Step.CHECKED_IN: "checked_in",
    Step.CALLED: "called",
    Step.WALKED_IN: "walk_ins",
    Step.SERVED: "served",
    Step.REJECTED: "rejected",
    Step.VOIDED: "voids",
}


def count_quota(
    tallies: Tallies, by: Counted, office: Office, day: date, seats: Iterable[Seat]
) -> None:
    """Count the places of a day; of a day that is closed those that somebody has all the same."""
    if by in {"staff", "reason", "state"}:
        return
    is_open = WorkingCalendar(office).is_open(day)
    for seat in seats:
        if not is_open and seat.state in _NOBODYS:
            continue
        for tally in tallies.of(_group(by, day, seat.session, seat.hour.hour)):
            tally.add("quota")


def count_visits(tallies: Tallies, by: Counted, office: Office, seats: Iterable[Seat]) -> None:
    """Count what the seats' trails tell."""
    for seat in seats:
        for visit in visits_of(seat):
            if by == "staff":
                _count_deeds(tallies, visit)
            elif by == "reason":
                _count_reason(tallies, visit)
            else:
                _count_end(tallies, by, office, visit)
        if by == "staff":
            for event in seat.trail:
                if event.step is Step.UNDONE:
                    for tally in tallies.of(event.by):
                        tally.add("undone")


def _count_end(tallies: Tallies, by: Counted, office: Office, visit: Visit) -> None:
    hour = office.local(visit.begun.at).hour if visit.walk_in else visit.hour.hour
    session = WALK_IN if visit.walk_in else visit.session
    for tally in tallies.of(_group(by, visit.day, session, hour)):
        tally.add("walk_ins" if visit.walk_in else "bookings")
        if visit.came and not visit.walk_in:
            tally.add("came")
        tally.add(visit.end.value)
        tally.measure("wait", visit.waited)
        tally.measure("service", visit.service)
    if visit.came:
        hour = office.local(visit.came.at).hour
        for tally in tallies.of(_group(by, visit.day, session, hour)):
            tally.add("arrived")


def _count_deeds(tallies: Tallies, visit: Visit) -> None:
    """Count who did what; times belong to who ended the visit."""
    seen = [event for event in (visit.came, visit.called, visit.done) if event]
    for event in seen:
        for tally in tallies.of(event.by):
            tally.add(_DEEDS[event.step])
    if visit.done:
        for tally in tallies.of(visit.done.by):
            tally.measure("wait", visit.waited)
            tally.measure("service", visit.service)


def _count_reason(tallies: Tallies, visit: Visit) -> None:
    if visit.done is None or visit.end is End.SERVED:
        return
    for tally in tallies.of(visit.reason or "-"):
        tally.add("rejected" if visit.end is End.REJECTED else "voids")


def _group(by: Counted, day: date, session: str, hour: int) -> str:
    if by == "day":
        return day.isoformat()
    return session if by == "session" else f"{hour:02d}:00"
