"""Whatever people, staff and jobs do at once, in whatever order, and twice: the queue holds."""

import asyncio
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from storage.driver import Database, open_database
from storage.memory import MemorySeats
from storage.mongo import MongoSeats
from tests.support.crowd import PEOPLE, STEPS, Crowd

OFFICES = count()
people, days = st.integers(0, PEOPLE - 1), st.integers(0, 2)
steps = st.tuples(st.sampled_from(STEPS), people, people, days)
WAITS = [timedelta(seconds=20), timedelta(minutes=9), timedelta(minutes=16), timedelta(hours=22)]
SESSION = {"id": "pagi", "name": {"id": "Pagi"}, "from": "08:00", "until": "12:00", "seats": 5}


class AnyOrder(RuleBasedStateMachine):
    """Five people with five numbers, five seats on each of three days."""

    make_office: Any
    open_database: Any = None

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
            sessions=[SESSION],
            reschedules=moves,
            walk_in_seats=2,
            late_grace_minutes=60,
        )

        async def store() -> Any:
            if type(self).open_database is None:
                return MemorySeats()
            self.database = type(self).open_database()
            seats = MongoSeats(self.database)
            await seats.prepare()
            return seats

        self.crowd = Crowd(self.runner.run(store()), office, seed, failing)

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


def in_memory(office: Any) -> type[AnyOrder]:
    """On memory."""
    return type("InMemory", (AnyOrder,), {"make_office": staticmethod(office)})


def embedded(office: Any, uri: str, name: str) -> type[AnyOrder]:
    """On the embedded database."""
    members = {
        "make_office": staticmethod(office),
        "open_database": staticmethod(lambda: open_database(uri, name, "pymongo")),
    }
    return type("Embedded", (AnyOrder,), members)


def test_in_memory(make_office: Any) -> None:
    """Seats, persons, bookings, holds and trails stay right."""
    run(in_memory(make_office), examples=30, steps=20)


def test_embedded(make_office: Any, embedded_mongo: str, database_name: str) -> None:
    """The same where the writes really race."""
    run(embedded(make_office, embedded_mongo, database_name), examples=3, steps=6)


@pytest.mark.long
@pytest.mark.parametrize("start", range(2, 9))
def test_in_memory_for_long(make_office: Any, start: int) -> None:
    """Many more orders."""
    run(in_memory(make_office), examples=150, steps=30, start=start)


@pytest.mark.long
@pytest.mark.parametrize("start", [2, 3, 4, 5])
def test_embedded_for_long(
    make_office: Any, embedded_mongo: str, database_name: str, start: int
) -> None:
    """Many more races."""
    run(embedded(make_office, embedded_mongo, database_name), examples=10, steps=10, start=start)
