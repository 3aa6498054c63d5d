"""What a change of a day would do to the bookings of it, said before it is done."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.booking.calendar import WorkingCalendar
from bot.booking.fitting import Fitted, foreseen, without_place
from bot.booking.office import Office
from bot.booking.plan import bookable_days
from bot.booking.remaining import occupancy_of
from bot.booking.seats import Seat, SeatState, SeatStore


@dataclass(frozen=True, slots=True)
class Hit:
    """A booking that has no place on the day any more.

    Args:
        to: the day it would go to; ``None`` where it stays as it is and somebody has to call.
    """

    seat: Seat
    to: date | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """What would become of a day.

    Args:
        hit: bookings without a place, by number.
        held: holds without a place, which are let go if bookings move.
        here: people without a place who are at the counter already; they stay.
        fitted: what becomes of the seats nobody has; of a day that stays open.
        before, after: seats by session.
    """

    hit: tuple[Hit, ...]
    held: int
    here: int
    fitted: Fitted
    before: tuple[tuple[str, int], ...]
    after: tuple[tuple[str, int], ...]

    @property
    def moved_to(self) -> Mapping[date, int]:
        """How many bookings go to which day, by date."""
        return dict(sorted(Counter(hit.to for hit in self.hit if hit.to).items()))

    @property
    def staying(self) -> Sequence[Hit]:
        """Bookings nobody moves."""
        return [hit for hit in self.hit if hit.to is None]

    @property
    def digest(self) -> str:
        """The same for the same effect, whoever looks: to see that it is still what was shown."""
        hit = [(each.seat.id, each.seat.key, each.to) for each in self.hit]
        shown = (hit, self.held, self.here, self.fitted, self.before, self.after)
        return hashlib.sha256(repr(shown).encode()).hexdigest()[:32]


async def effect_of(
    seats: SeatStore, before: Office, after: Office, day: date, now: datetime, *, move: bool
) -> Effect:
    """What changing ``before`` into ``after`` would do to ``day``; nothing is written.

    Reads the day, and the months that can be booked.

    Args:
        move: whether bookings go to the nearest free days.
    """
    there = await seats.of_day(before.id, day)
    is_open = WorkingCalendar(after).is_open(day)
    sessions = after.sessions_on(day) if is_open else ()
    beyond = without_place(there, sessions, now)
    booked = [seat for seat in beyond if seat.claim and seat.state is SeatState.BOOKED]
    held = sum(seat.state is SeatState.HELD for seat in beyond)
    found = await _places(seats, after, booked, now) if move else [None] * len(booked)
    return Effect(
        tuple(Hit(seat, to) for seat, to in zip(booked, found, strict=True)),
        held,
        len(beyond) - len(booked) - held,
        foreseen(there, sessions, now) if there and is_open else Fitted(),
        _quotas(before, day),
        _quotas(after, day),
    )


async def _places(
    seats: SeatStore, office: Office, booked: Sequence[Seat], now: datetime
) -> list[date | None]:
    """The day on which each of these bookings of one day would find a seat; the days are tried as
    :class:`~bot.booking.relocating.Relocation` tries them, and nobody gets two seats on one.
    """
    places: list[date | None] = [None] * len(booked)
    waiting = list(range(len(booked)))
    if not booked:
        return places
    day = booked[0].day
    days = [other for other in bookable_days(office, now) if other != day]
    days.sort(key=lambda other: (abs(other - day), other))
    months = await occupancy_of(seats, office, [day, *days])
    who = months[day.replace(day=1)].persons(day, now)
    for other in days:
        if not waiting:
            break
        month = months[other.replace(day=1)]
        there = set(month.persons(other, now).values())
        left = sum(month.free(other, now).values())
        left = left if month.is_laid_out(other) else office.quota_on(other)
        for at in [at for at in waiting if who.get(booked[at].number) not in there][:left]:
            places[at] = other
        waiting = [at for at in waiting if places[at] is None]
    return places


def _quotas(office: Office, day: date) -> tuple[tuple[str, int], ...]:
    if not WorkingCalendar(office).is_open(day):
        return ()
    return tuple((session.id, session.seats) for session in office.sessions_on(day))
