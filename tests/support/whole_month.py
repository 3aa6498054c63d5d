"""A month of everything at an office, done by the domain's own calls on a clock that moves on:
families, moves, cancellations, holds that run out, a closed date whose bookings are moved, two
counters, who is late or does not come, walk-ins, and steps taken back. And dialogues at all hours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from random import Random
from typing import Any, Final

from bot.booking.calendar import WorkingCalendar
from bot.booking.calling import Busy, Calls
from bot.booking.hall import Hall
from bot.booking.life import Act, staff
from bot.booking.office import Office, Offices
from bot.booking.queue import Queue
from bot.booking.seats import Applicant, Seat
from bot.day_desk import DayDesk, Staff
from bot.reports.sums import days_of
from bot.stores import Stores

COUNTERS: Final = {1: staff("rina"), 2: staff("agus")}
DESK: Final = staff("siti")
"""Who checks people in."""

REASONS: Final = ("KTP asli tidak ada", "KK tidak terbaca")


@dataclass
class WholeMonth:
    """Plays days one after the other.

    Args:
        office: has sessions in which a dozen can be booked, and walk-in numbers.
        closing: a date that staff close on its eve; its bookings go elsewhere.
    """

    office: Office
    stores: Stores
    random: Random
    closing: date
    keys: int = 0

    def __post_init__(self) -> None:
        self.queue = Queue(Offices([self.office]), self.stores.seats)
        calls = Calls(self.stores.seats, self.stores.calls, self.stores.notices)
        self.hall = Hall(self.queue, calls, self.stores.calls, self.office)

    async def play(self, first: date, last: date) -> None:
        """Every open day."""
        days = [day for day in days_of(first, last) if WorkingCalendar(self.office).is_open(day)]
        for day, after in pairwise([*days, days[-1]]):
            eve = self.at(day - timedelta(days=1), 10)
            await self.eve(day, after, eve)
            if day == self.closing:
                desk = DayDesk(Offices([self.office]), self.office.id, self.stores, self.random)
                moment = Staff("siti", eve + timedelta(hours=2))
                await desk.close(day, "Pemadaman listrik", moment, move=True)
                continue
            await self.counters(day)

    async def eve(self, day: date, after: date, now: datetime) -> None:
        """Singles, a family of three, and some who change their mind before the day."""
        booked = [await self.book(day, now) for _ in range(self.random.randint(3, 6))]
        booked += await self.family(day, now)
        never = await self.queue.hold(self.office, day, self.person(), self.key(), self.random, now)
        assert isinstance(never, Seat)  # and no word from them: it runs out
        chosen = self.random.sample(booked, k=min(3, len(booked)))
        for seat, way in zip(chosen, ("cancelled", "moved", "released"), strict=False):
            act = Act(self.key(), sender=seat.claim.applicant.sender if seat.claim else "")
            if way == "cancelled":
                assert await self.queue.cancel(seat.id, seat.key, act, now)
            elif way == "moved" and after != day:
                moved = await self.queue.move(seat.id, seat.key, after, act, self.random, now)
                assert isinstance(moved, Seat)
            else:
                await self.queue.release(seat.id, seat.key, now, Act(self.key(), DESK))

    async def counters(self, day: date) -> None:
        """The day itself: who comes, in which order they are called, and what becomes of them."""
        seats = [seat for seat in await self.stores.seats.of_day(self.office.id, day) if seat.claim]
        booked = [seat for seat in seats if seat.booking_code]
        coming = [seat for seat in booked if self.random.random() < 0.8]
        arrivals = [
            (self.hour(seat) - timedelta(minutes=self.random.randint(1, 50)), seat)
            for seat in coming
        ]
        late = next((seat for seat in booked if seat not in coming), None)
        if late:
            arrivals.append((self.hour(late) + timedelta(minutes=70), late))
        now = self.at(day, 7)
        for at, seat in sorted(arrivals, key=lambda pair: (pair[0], pair[1].number)):
            await self.call_some(now, at)
            now = max(now, at)
            await self.hall.check_in(seat.booking_code, Act(self.key(), DESK), now)
            if self.random.random() < 0.15:
                await self.take_back_and_again(seat, now)
            if self.random.random() < 0.2:
                kind = min(self.office.walk_in_for)
                await self.hall.walk_in(kind, Act(self.key(), DESK), now)
            if self.random.random() < 0.3:
                await self.queue.void_late(self.office, now)
        await self.call_some(self.at(day, 23, 50), self.at(day, 23, 59))
        await self.queue.void_late(self.office, self.at(day, 23, 59))

    async def take_back_and_again(self, seat: Seat, now: datetime) -> None:
        """Checked in by mistake, and then in earnest."""
        found = await self.stores.seats.seat(seat.id)
        if found and await self.hall.undo(found, Act(self.key(), DESK), now):
            back = now + timedelta(seconds=40)
            await self.hall.check_in(seat.booking_code, Act(self.key(), DESK), back)

    async def call_some(self, since: datetime, until: datetime) -> None:
        """Both counters work between two moments; what was begun is ended, past midnight too."""
        for counter, by in COUNTERS.items():
            now = since + timedelta(minutes=counter)
            while now < until:
                called = await self.hall.next(counter, Act(self.key(), by), now)
                if not isinstance(called, Seat):
                    assert not isinstance(called, Busy)
                    break
                now = await self.attend(called, by, now)

    async def attend(self, seat: Seat, by: str, now: datetime) -> datetime:
        """What happens at the counter; when it is over."""
        chance = self.random.random()
        if chance < 0.1:  # by mistake: they wait again
            await self.hall.undo(seat, Act(self.key(), by), now + timedelta(seconds=20))
            return now + timedelta(minutes=1)
        done = now + timedelta(seconds=self.random.randint(60, 1500))
        if chance < 0.2:
            reason = self.random.choice(REASONS)
            assert await self.hall.reject(seat, Act(self.key(), by, reason=reason), done)
        elif chance < 0.3:
            assert await self.hall.void(seat, Act(self.key(), by, reason="pulang"), done)
        else:
            assert await self.hall.serve(seat, Act(self.key(), by), done)
            if chance < 0.4:  # done by mistake, and then in earnest
                mended = done + timedelta(seconds=30)
                found = await self.stores.seats.seat(seat.id)
                assert found
                assert await self.hall.undo(found, Act(self.key(), by), mended)
                assert await self.hall.serve(found, Act(self.key(), by), mended)
        return done + timedelta(minutes=1)

    async def book(self, day: date, now: datetime) -> Seat:
        """Hold and approve, for somebody new."""
        key = self.key()
        held = await self.queue.hold(self.office, day, self.person(), key, self.random, now)
        assert isinstance(held, Seat)
        done = await self.queue.approve(
            self.office, held.id, held.key, self.key(), self.random, now
        )
        assert done
        return done

    async def family(self, day: date, now: datetime) -> Sequence[Seat]:
        """Three of one number."""
        first = self.person()
        people = [
            Applicant(f"{first.name} {part}", first.birth_date, first.sender, first.conversation)
            for part in ("SATU", "DUA", "TIGA")
        ]
        held = await self.queue.hold_group(self.office, day, people, self.key(), self.random, now)
        assert isinstance(held, list)
        pairs = [(seat.id, seat.key) for seat in held]
        booked = await self.queue.approve_group(self.office, pairs, self.key(), self.random, now)
        assert booked
        return booked

    def person(self) -> Applicant:
        """Somebody new."""
        self.keys += 1
        sender = f"62812{self.keys:08d}"
        name = f"UMPAMA FIKTIF {self.keys}"
        conversation = f"whatsapp:{self.office.id}:{sender}"
        return Applicant(name, date(1990, 1, 1), f"whatsapp:{sender}", conversation)

    def key(self) -> str:
        """A new one."""
        self.keys += 1
        return f"k{self.keys}"

    def hour(self, seat: Seat) -> datetime:
        """When they are served, if all goes well."""
        return datetime.combine(seat.day, seat.hour, self.office.zone).astimezone(UTC)

    def at(self, day: date, hour: int, minute: int = 0) -> datetime:
        """A moment on the office's clock."""
        return datetime.combine(day, time(hour, minute), self.office.zone).astimezone(UTC)


STATES: Final = (
    *("passport_guided.welcome", "passport_guided.choosing_date"),
    *("cancel.asking", "cancel.cancelled"),
)


def dialogues(office: Office, first: date, last: date, random: Random) -> list[dict[str, Any]]:
    """Records of the journal: people who write at any hour, some across midnight."""
    begin = datetime.combine(first, time(), office.zone).astimezone(UTC)
    minutes = ((last - first).days + 1) * 24 * 60
    records = []
    for number in range(150):
        at, before = begin + timedelta(minutes=random.randrange(-90, minutes)), ""
        books = random.random() < 0.4
        turns = random.randrange(1, 6)
        for turn in range(1, turns + 1):
            after = random.choice(STATES)
            intent = random.choice(("greet", "greet", "none"))
            outcome = "approved" if books and turn == turns else "found"
            if outcome == "approved":
                after = "passport_guided.booked"
            records.append(
                {
                    "_id": f"d{number}|{turn}",
                    "conversation": f"rest:{office.id}:p{number % 50}",
                    "office": office.id,
                    "turn": number * 10 + turn,
                    "at": at,
                    "before": [before] if before else [],
                    "after": [after],
                    "message": {"kind": "text"},
                    "understood": {"intent": intent, "entities": []},
                    "actions": [{"action": "x", "outcome": outcome}],
                }
            )
            at, before = at + timedelta(minutes=random.randrange(1, 60)), after
    return records
