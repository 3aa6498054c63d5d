"""Whatever people, staff and jobs do at once, in whatever order, and twice: the queue holds."""

import asyncio
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from bot.booking.office import Office
from bot.stores import Stores
from storage.driver import Database, open_database
from storage.stores import stores_in, stores_in_memory
from tests.support.crowd import PEOPLE, STEPS, Crowd
from tests.support.waiting_crowd import WAITING_STEPS, WaitingCrowd

OFFICES = count()
people, days = st.integers(0, PEOPLE - 1), st.integers(0, 2)
waiting_steps = st.tuples(st.sampled_from(WAITING_STEPS), people, people, days)
steps = st.tuples(st.sampled_from(STEPS), people, people, days)
WAITS = [timedelta(seconds=20), timedelta(minutes=9), timedelta(minutes=16), timedelta(hours=22)]
SESSION = {"id": "pagi", "name": {"id": "Pagi"}, "from": "08:00", "until": "12:00", "seats": 5}


class AnyOrder(RuleBasedStateMachine):
    """Five people with five numbers, five seats on each of three days."""

    make_office: Any
    open_database: Any = None
    seats = 5

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.database: Database | None = None
        self.crowd: Crowd

    @initialize(seed=st.integers(0, 2**16), failing=st.sampled_from([0.0, 0.1]), moves=days)
    def open(self, seed: int, failing: float, moves: int) -> None:
        """An office nobody was at yet."""
        office = type(self).make_office(
            id=f"kota{next(OFFICES)}",
            sessions=[SESSION | {"seats": self.seats}],
            reschedules=moves,
            walk_in_seats=2,
            late_grace_minutes=60,
        )

        async def stores() -> Stores:
            if type(self).open_database is None:
                return stores_in_memory()
            self.database = type(self).open_database()
            return await stores_in(self.database)

        self.crowd = self.crowd_of(self.runner.run(stores()), office, seed, failing)

    def crowd_of(self, stores: Stores, office: Office, seed: int, failing: float) -> Crowd:
        """Who comes."""
        return Crowd(stores.seats, office, seed, failing)

    @rule(steps=st.lists(steps, min_size=1, max_size=6))
    def all_at_once(self, steps: list[tuple[str, int, int, int]]) -> None:
        """Several steps at the same moment."""

        async def live() -> None:
            await asyncio.gather(*(self.crowd.do(*step) for step in steps))
            await self.crowd.check()

        self.runner.run(live())

    @rule(who=people, day=days, with_family=st.booleans())
    def book(self, who: int, day: int, *, with_family: bool) -> None:
        """Somebody books, so that there is something to change."""
        held, approved = ("family", "approve_family") if with_family else ("hold", "approve")
        self.all_at_once([(held, who, 1, day)])
        self.all_at_once([(approved, who, 1, day)])

    @rule(wait=st.sampled_from(WAITS))
    def wait(self, wait: timedelta) -> None:
        """Time goes by."""
        self.crowd.now += wait

    def teardown(self) -> None:
        """Everybody goes home."""

        async def end() -> None:
            if hasattr(self, "crowd"):
                await self.crowd.check_at_rest()
            if self.database:
                await self.database.close()

        try:
            self.runner.run(end())
        finally:
            self.runner.close()


def run(machine: type[AnyOrder], examples: int, steps: int, start: int = 1) -> None:
    """Let hypothesis drive: the same orders every time, and no shrinking, which takes minutes.

    To hunt for more orders give other ``start`` values; to shrink one that fails, add the phase.
    """
    run_state_machine_as_test(
        seed(start)(machine),
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            phases=[Phase.generate],
        ),
    )


class WithWaiting(AnyOrder):
    """One seat on each of three days, all booked, for the same five."""

    seats = 1

    def crowd_of(self, stores: Stores, office: Office, seed: int, failing: float) -> Crowd:
        """Who comes, and waits."""
        rules = {"waitlist_minutes": 15, "waitlist_size": 3, "horizon_days": 3}
        crowd = WaitingCrowd(stores, office.model_copy(update=rules), seed, failing)
        for day in range(3):
            for step in ("hold", "approve"):
                self.runner.run(crowd.do(step, day, 1, day))
        return crowd

    @rule(steps=st.lists(waiting_steps, min_size=1, max_size=6))
    def some_wait(self, steps: list[tuple[str, int, int, int]]) -> None:
        """Several steps at the same moment, of those who wait too."""
        self.all_at_once(steps)

    @rule(day=days, joining=st.lists(people, min_size=1, max_size=3), whose=people)
    def free(self, day: int, joining: list[int], whose: int) -> None:
        """Some join, in turn; somebody cancels, and both processes look."""
        for who in joining:
            self.crowd.now += timedelta(seconds=1)
            self.all_at_once([("join", who, 1, day)])
        self.all_at_once([("cancel", whose, 0, day)])
        self.all_at_once([("tend", 0, 0, 0)] * 3)

    @rule(who=people, answer=st.sampled_from(["take", "pass_on", "leave", "cancel"]))
    def answer(self, who: int, answer: str) -> None:
        """Somebody answers while the service looks; who took a seat says whose it is, and books."""
        self.all_at_once([(answer, who, 0, 0), ("tend", 0, 0, 0), (answer, who, 0, 0)])
        if answer == "take":
            self.all_at_once([("name", who, 0, 0)])
            self.all_at_once([("approve", who, 0, 0), ("tend", 0, 0, 0)])


def in_memory(office: Any, order: type[AnyOrder] = AnyOrder) -> type[AnyOrder]:
    """On memory."""
    return type("InMemory", (order,), {"make_office": staticmethod(office)})


def embedded(office: Any, uri: str, name: str, order: type[AnyOrder] = AnyOrder) -> type[AnyOrder]:
    """On the embedded database."""
    members = {
        "make_office": staticmethod(office),
        "open_database": staticmethod(lambda: open_database(uri, name, "pymongo")),
    }
    return type("Embedded", (order,), members)


def test_in_memory(make_office: Any) -> None:
    """Seats, persons, bookings, holds and trails stay right."""
    run(in_memory(make_office), examples=30, steps=20)


def test_embedded(make_office: Any, embedded_mongo: str, database_name: str) -> None:
    """The same where the writes really race."""
    run(embedded(make_office, embedded_mongo, database_name), examples=3, steps=6)


def test_waiting_in_memory(make_office: Any) -> None:
    """Those who wait are offered what is freed in turn, one seat to one at a time."""
    run(in_memory(make_office, WithWaiting), examples=30, steps=20)


def test_waiting_embedded(make_office: Any, embedded_mongo: str, database_name: str) -> None:
    """The same where the writes really race."""
    run(embedded(make_office, embedded_mongo, database_name, WithWaiting), examples=3, steps=6)


@pytest.mark.long
@pytest.mark.parametrize("order", [AnyOrder, WithWaiting])
@pytest.mark.parametrize("start", range(2, 9))
def test_in_memory_for_long(make_office: Any, start: int, order: type[AnyOrder]) -> None:
    """Many more orders."""
    run(in_memory(make_office, order), examples=150, steps=30, start=start)


@pytest.mark.long
@pytest.mark.parametrize("start", [2, 3, 4, 5])
def test_embedded_for_long(
    make_office: Any, embedded_mongo: str, database_name: str, start: int
) -> None:
    """Many more races."""
    run(embedded(make_office, embedded_mongo, database_name), examples=10, steps=10, start=start)
