"""Bookings that a change to a day hits, and where they go instead.

Each step may be made again: the keys are made of the old booking, so a change that died half-way is
ended by making it once more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from random import Random

from bot.booking.life import Act
from bot.booking.moving import NotMoved
from bot.booking.notices import Notice, NoticeName, NoticeStore
from bot.booking.office import Office
from bot.booking.plan import bookable_days
from bot.booking.queue import Queue
from bot.booking.remaining import is_free
from bot.booking.reminding import Reminders
from bot.booking.seats import Seat, SeatState, SeatStore


@dataclass(frozen=True, slots=True)
class Relocated:
    """A booking and where it went; ``to`` is ``None`` where no day had a free seat."""

    seat: Seat
    to: Seat | None


async def taken_on(seats: SeatStore, office: str, day: date, now: datetime) -> Sequence[Seat]:
    """The seats of a day somebody has, held or booked, by number."""
    return [seat for seat in await seats.of_day(office, day) if not is_free(seat, now)]


class Relocation:
    """Moves the bookings that a change hits, and tells whose they are.

    Args:
        office: as it is after the change, so that the day itself is not among those to go to.
        by: who changes the day, as in :class:`~bot.booking.life.Act`.
        reason: why; applicants are told.
    """

    def __init__(
        self,
        queue: Queue,
        notices: NoticeStore,
        office: Office,
        random: Random,
        *,
        by: str,
        reason: str,
    ) -> None:
        self._queue = queue
        self._notices = notices
        self._reminders = Reminders(notices)
        self._office = office
        self._random = random
        self._by = by
        self._reason = reason

    async def relocate(self, hit: Iterable[Seat], now: datetime) -> Sequence[Relocated]:
        """Move bookings to the nearest days that can be booked; what is only held is let go.

        Each one's reminders move along, and each is told, before the next is moved.
        """
        done = []
        for seat in hit:
            if seat.claim is None:
                continue
            if seat.state is SeatState.HELD:
                await self._queue.release(seat.id, seat.key, now)
            elif seat.state is SeatState.BOOKED:
                moved = await self._moved(seat, now)
                if moved is not None:
                    await self._notices.add(
                        [moved_notice(seat, moved, self._office, self._reason, now)]
                    )
                    await self._reminders.withdraw(seat.key)
                    await self._reminders.promise(moved, self._office, now)
                done.append(Relocated(seat, moved))
        return done

    async def _tell(self, seat: Seat, moved: Seat, now: datetime) -> None:
        notice = moved_notice(seat, moved, self._office, self._reason, now)
        await self._notices.add([notice])
        await self._reminders.withdraw(seat.key)
        await self._reminders.promise(moved, self._office, now)

    async def _moved(self, seat: Seat, now: datetime) -> Seat | None:
        """The new booking, nearest to the old day; the old seat is free then."""
        act = Act(f"moved|{seat.id}|{seat.key}", self._by, _sender(seat), self._reason)
        days = bookable_days(self._office, now)
        for day in sorted(days, key=lambda day: (abs(day - seat.day), day)):
            moved = await self._queue.move(seat.id, seat.key, day, act, self._random, now)
            if isinstance(moved, Seat):
                return moved
            if moved is NotMoved.GONE:  # cancelled meanwhile
                break
        return None


def moved_notice(old: Seat, new: Seat, office: Office, reason: str, now: datetime) -> Notice:
    """What to tell whose booking staff moved; of no use once the new hour has come."""
    if new.claim is None:
        raise ValueError(f"{new.id} is nobody's")
    return Notice(
        id=f"{new.key}/moved",
        conversation=new.claim.applicant.conversation,
        name=NoticeName.MOVED.value,
        values={
            "day_before": old.day.isoformat(),
            "date": new.day.isoformat(),
            "hour": f"{new.hour:%H.%M}",
            "number": new.number,
            "booking_code": new.booking_code,
            "reason": reason,
        },
        due_at=now,
        until=datetime.combine(new.day, new.hour, office.zone),
        about=new.key,
    )


def _sender(seat: Seat) -> str:
    return seat.claim.applicant.sender if seat.claim else ""
