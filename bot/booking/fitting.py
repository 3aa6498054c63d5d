"""A laid-out day made to fit its quotas: new seats appear, free surplus ones go.

Seats that somebody has are never touched. Seats added to a day that is laid out take the numbers
after its last one, whatever their hour: a number once told stays what it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from bot.booking.office import Office
from bot.booking.remaining import is_free
from bot.booking.seats import Seat, SeatState, SeatStore
from bot.booking.session import Session


@dataclass(frozen=True, slots=True)
class Fitted:
    """What became of a day.

    Args:
        added: seats that appeared.
        withdrawn: free seats that went.
        beyond: seats beyond the quota that stay because somebody has them.
    """

    added: int = 0
    withdrawn: int = 0
    beyond: int = 0


async def fit_day(seats: SeatStore, office: Office, day: date, now: datetime) -> Fitted:
    """Make a laid-out day fit ``office.sessions_on(day)``; safe to repeat.

    A day that is not laid out yet will fit when it is.
    """
    if not await seats.is_laid_out(office.id, day):
        return Fitted()
    there = list(await seats.of_day(office.id, day))
    gone = list(await seats.withdrawn(office.id, day))
    wanted = {session.id: session for session in office.sessions_on(day)}
    added = withdrawn = beyond = 0
    last = max((seat.number for seat in (*there, *gone)), default=0)
    for name in dict.fromkeys([*wanted, *(seat.session for seat in there)]):
        of_session = [seat for seat in there if seat.session == name]
        quota = wanted[name].seats if name in wanted else 0
        if len(of_session) > quota:
            surplus = len(of_session) - quota
            taken_out = await _withdraw(seats, of_session, surplus, now)
            withdrawn, beyond = withdrawn + taken_out, beyond + surplus - taken_out
        elif len(of_session) < quota:
            back = await _restore(seats, gone, name, quota - len(of_session))
            new = _more(office, day, wanted[name], [*of_session, *back], last)
            await seats.lay_out(office.id, day, new)
            last, added = last + len(new), added + len(back) + len(new)
    return Fitted(added, withdrawn, beyond)


def foreseen(there: Sequence[Seat], sessions: Sequence[Session], now: datetime) -> Fitted:
    """What :func:`fit_day` would make of a laid-out day with these seats."""
    wanted = {session.id: session.seats for session in sessions}
    added = withdrawn = beyond = 0
    for name in {*wanted, *(seat.session for seat in there)}:
        free = [is_free(seat, now) for seat in there if seat.session == name]
        surplus = len(free) - wanted.get(name, 0)
        added += max(-surplus, 0)
        goes = min(max(surplus, 0), sum(free))
        withdrawn, beyond = withdrawn + goes, beyond + max(surplus, 0) - goes
    return Fitted(added, withdrawn, beyond)


def without_place(
    there: Sequence[Seat], sessions: Sequence[Session], now: datetime
) -> Sequence[Seat]:
    """The seats somebody has that the day has no place for: of each session those beyond its quota,
    the last numbers.
    """
    wanted = {session.id: session.seats for session in sessions}
    taken = [seat for seat in there if not is_free(seat, now)]
    beyond: list[Seat] = []
    for name in dict.fromkeys(seat.session for seat in taken):
        of_session = [seat for seat in taken if seat.session == name]
        beyond += of_session[wanted.get(name, 0) :]
    return beyond


async def _withdraw(seats: SeatStore, of_session: Sequence[Seat], n: int, now: datetime) -> int:
    """Take up to ``n`` free seats out of the day, the last ones first; how many went."""
    done = 0
    for seat in sorted(of_session, key=lambda seat: seat.number, reverse=True):
        if done == n:
            break
        if seat.state is SeatState.HELD and seat.claim and is_free(seat, now):
            await seats.release(seat.id, seat.claim.key, now)  # a hold that has run out
        if is_free(seat, now) and await seats.withdraw(seat.id, now):
            done += 1
    return done


async def _restore(seats: SeatStore, gone: Sequence[Seat], session: str, n: int) -> list[Seat]:
    """Bring up to ``n`` withdrawn seats of a session back, the first ones first."""
    back: list[Seat] = []
    for seat in gone:
        if len(back) < n and seat.session == session and await seats.restore(seat.id):
            back.append(seat)
    return back


def _more(
    office: Office, day: date, session: Session, there: Sequence[Seat], last: int
) -> list[Seat]:
    """The seats a session lacks, at the hours that have the fewest."""
    hours = session.hours(office.slot_minutes)
    crowds = Counter(dict.fromkeys(hours, 0))
    crowds.update(seat.hour for seat in there if seat.hour in crowds)
    new: list[time] = []
    for _ in range(session.seats - len(there)):
        hour = min(hours, key=lambda hour: crowds[hour])
        crowds[hour] += 1
        new.append(hour)
    return [
        Seat(office=office.id, day=day, session=session.id, number=number, hour=hour)
        for number, hour in enumerate(sorted(new), start=last + 1)
    ]
