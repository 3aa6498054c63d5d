"""A month at an office, played through the real queue by a moving clock, and what it came to.

What is expected is counted here while playing, from what was asked of the queue, not read back.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from bot.booking.calendar import WorkingCalendar
from bot.booking.calling import Calls
from bot.booking.life import Act, staff
from bot.booking.office import Office, Offices
from bot.booking.queue import Queue
from bot.booking.seats import Applicant, Seat
from bot.stores import Stores

FATES = (
    *("served", "served", "served", "rejected", "no_show", "late", "cancelled", "released"),
    *("left", "waiting", "undone"),
)
STAFF = ("rina", "agus")


@dataclass
class Month:
    """Plays days; ``expected`` holds counts and seconds by grouping and group.

    Args:
        a_day: how many may be booked on one.
        fates: what becomes of a booking, each as likely.
    """

    office: Office
    stores: Stores
    random: Random
    a_day: Sequence[int] = (1, 2, 3, 11)
    fates: Sequence[str] = FATES
    keys: int = 0
    people: int = 0
    expected: dict[str, dict[str, Counter[str]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(Counter))
    )
    spans: dict[str, dict[str, list[int]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )

    def __post_init__(self) -> None:
        self.queue = Queue(Offices([self.office]), self.stores.seats)
        self.calls = Calls(self.stores.seats, self.stores.calls, self.stores.notices)

    async def play(self, first: date, last: date) -> None:
        """Every open day from ``first`` to ``last``, some bookings each."""
        day = first
        while day <= last:
            if WorkingCalendar(self.office).is_open(day):
                await self.day(day)
            day += timedelta(days=1)

    async def day(self, day: date) -> None:
        """One day: booked the day before, then at the counter."""
        before = datetime.combine(day - timedelta(days=1), time(10), self.office.zone)
        booked = [await self.book(day, before) for _ in range(self.random.choice(self.a_day))]
        fates = [(seat, self.random.choice(self.fates)) for seat in booked]
        for seat, fate in fates:
            self.count(seat, "bookings")
            if fate == "cancelled":
                assert await self.queue.cancel(seat.id, seat.key, Act(self.key()), before)
                self.count(seat, "cancelled")
            elif fate == "released":
                by_staff = Act(self.key(), staff("rina"))
                await self.queue.release(seat.id, seat.key, before, by_staff)
                self.count(seat, "released")
        here = [(seat, fate) for seat, fate in fates if fate not in {"cancelled", "released"}]
        for seat, fate in sorted(here, key=lambda pair: pair[0].number):
            await self.at_counter(seat, fate)
        await self.walk_in(day)

    async def book(self, day: date, now: datetime) -> Seat:
        """Hold and approve, for a new person."""
        self.people += 1
        sender = f"62812{self.people:08d}"
        who = Applicant(
            f"BUDI FIKTIF {self.people}",
            date(1990, 1, 1),
            f"whatsapp:{sender}",
            f"whatsapp:{self.office.id}:{sender}",
        )
        held = await self.queue.hold(self.office, day, who, self.key(), self.random, now)
        assert isinstance(held, Seat)
        booked = await self.queue.approve(
            self.office, held.id, held.key, self.key(), self.random, now
        )
        assert booked
        return booked

    async def at_counter(self, seat: Seat, fate: str) -> None:
        """What becomes of somebody on the day."""
        hour = datetime.combine(seat.day, seat.hour, self.office.zone)
        came, who = hour - timedelta(minutes=10), staff(self.random.choice(STAFF))
        if fate in {"late", "no_show"}:
            act = Act(self.key(), who, reason=fate)
            assert await self.queue.void(seat, act, hour + timedelta(hours=1))
            self.count(seat, fate)
            self.did(who, "voids")
            self.gave(fate, "voids")
            return
        code = seat.booking_code
        checked = await self.queue.check_in(self.office, code, Act(self.key(), who), came)
        assert isinstance(checked, Seat)
        self.count(seat, "came")
        self.did(who, "checked_in")
        if fate == "waiting":
            self.count(seat, "waiting")
            return
        if fate == "left":
            gone = Act(self.key(), who, reason="pulang")
            assert await self.queue.void(seat, gone, hour)
            self.count(seat, "left")
            self.did(who, "voids")
            self.gave("pulang", "voids")
            return
        wait, work = self.random.randint(1, 3000), self.random.randint(30, 1500)
        began = came + timedelta(seconds=wait)
        if self.random.random() < 0.7:
            await self.calls.call(self.office, seat.number, began, who)
            self.did(who, "called")
            self.measure(seat, who, wait, work)
        else:
            self.measure(seat, who, wait + work, None)
        done = began + timedelta(seconds=work)
        if fate == "rejected":
            reason = "KTP  budi 3271012501870001 tidak cocok"
            assert await self.queue.reject(seat, Act(self.key(), who, reason=reason), done)
            self.gave("ktp … … tidak cocok", "rejected")
            self.count(seat, "rejected")
            self.did(who, "rejected")
            return
        if fate == "undone":
            mistake = done - timedelta(seconds=20)
            wrong = Act(self.key(), staff("agus"), reason="salah pencet")
            assert await self.queue.reject(seat, wrong, mistake)
            back = Act(self.key(), staff("agus"))
            assert await self.queue.undo(seat, back, mistake + timedelta(seconds=5))
            self.did(staff("agus"), "undone")
        assert await self.queue.serve(seat, Act(self.key(), who), done)
        self.count(seat, "served")
        self.did(who, "served")

    async def walk_in(self, day: date) -> None:
        """Somebody without a booking, served."""
        now, who = datetime.combine(day, time(9, 40), self.office.zone), staff("agus")
        kind = min(self.office.walk_in_for)
        seat = await self.queue.walk_in(self.office, day, kind, Act(self.key(), who), now)
        assert isinstance(seat, Seat)
        assert await self.queue.serve(seat, Act(self.key(), who), now + timedelta(seconds=400))
        for by, group in (("day", day.isoformat()), ("session", "walk_in"), ("hour", "09:00")):
            for key in (group, "total"):
                self.expected[by][key].update(["walk_ins", "served"])
                self.spans[by][key + " wait"].append(400)
        self.did(who, "walk_ins")
        self.did(who, "served")
        self.spans["staff"][who + " wait"].append(400)
        self.spans["staff"]["total wait"].append(400)

    def key(self) -> str:
        """A new key."""
        self.keys += 1
        return f"k{self.keys}"

    def count(self, seat: Seat, what: str) -> None:
        """Expect it wherever the seat counts."""
        for by, group in self.groups(seat):
            self.expected[by][group][what] += 1
            self.expected[by]["total"][what] += 1

    def measure(self, seat: Seat, who: str, wait: int, work: int | None) -> None:
        """Expect times."""
        for by, group in (*self.groups(seat), ("staff", who)):
            for key in (group, "total"):
                self.spans[by][f"{key} wait"].append(wait)
                self.spans[by][f"{key} service"] += [work] if work is not None else []

    def did(self, who: str, what: str) -> None:
        """Expect it of a member of staff."""
        for key in (who, "total"):
            self.expected["staff"][key][what] += 1

    def gave(self, reason: str, what: str) -> None:
        """Expect a reason."""
        for key in (reason, "total"):
            self.expected["reason"][key][what] += 1

    def groups(self, seat: Seat) -> Any:
        """Where a seat counts."""
        return (
            ("day", seat.day.isoformat()),
            ("session", seat.session),
            ("hour", f"{seat.hour:%H}:00"),
        )
