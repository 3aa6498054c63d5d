"""Days kept as sums give the figures that reading everything gives."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.store import Contact
from bot.reports.columns import BYS, COUNTED, By
from bot.reports.report import Report, report_on
from bot.reports.sums import SETTLED, Sums, days_of, gaps, sum_up, sums_of
from bot.reports.tally import Tallies
from bot.stores import Stores
from storage.driver import open_database
from storage.stores import stores_in, stores_in_memory
from storage.sums import sums_document, sums_from
from tests.reports.test_attendance import OFFICE
from tests.support.month import Month

FIRST, LAST = date(2026, 11, 2), date(2026, 11, 27)
NOW = datetime(2026, 12, 30, tzinfo=UTC)
ENDS = ("passport_guided.booked",)


@pytest.fixture(params=["memory", "embedded"])
async def stores(request: pytest.FixtureRequest, database_name: str) -> AsyncIterator[Stores]:
    """A month of bookings and of turns, some late, some redacted."""
    if request.param == "memory":
        made = stores_in_memory()
        database = None
    else:
        database = open_database(request.getfixturevalue("embedded_mongo"), database_name)
        made = await stores_in(database)
    await Month(OFFICE, made, Random(7)).play(FIRST, LAST)
    await made.conversations.copy_journal(turns(Random(8)))
    yield made
    if database:
        await database.close()


def turns(random: Random) -> list[dict[str, object]]:
    """Records of the journal: dialogues of every day and hour, nights included."""
    records = []
    for number in range(200):
        at = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(minutes=random.randrange(28 * 24 * 60))
        contact = Contact("rest", f"p{number % 60}", OFFICE.id)
        for turn in range(1, random.randrange(2, 6)):
            state = random.choice(("welcome", "choosing_date", "booked"))
            records.append(
                {
                    "_id": f"{number}|{turn}",
                    "conversation": contact.conversation_id,
                    "office": OFFICE.id,
                    "turn": number * 10 + turn,
                    "at": at + timedelta(minutes=turn * random.randrange(40)),
                    "before": [] if turn == 1 else ["passport_guided.welcome"],
                    "after": [f"passport_guided.{state}"],
                    "message": {"kind": "text"},
                    "understood": {"intent": random.choice(("greet", "")), "entities": []},
                    "actions": [{"action": "x", "outcome": random.choice(("approved", "held"))}],
                }
            )
    return records


async def reported(stores: Stores, by: By, first: date = FIRST, last: date = LAST) -> Report:
    """A report on the days."""
    return await report_on(OFFICE, stores, first, last, by, ends=ENDS, now=NOW)


async def test_the_same_figures(stores: Stores) -> None:
    """With no day kept, some, and all of them; by every grouping, over any range."""
    spans = [(FIRST, LAST), (FIRST + timedelta(days=5), FIRST + timedelta(days=5)), (LAST, LAST)]
    plain = {(by, span): await reported(stores, by, *span) for by in BYS for span in spans}
    assert plain["day", spans[0]].total.figures["bookings"] > 20
    assert plain["state", spans[0]].total.figures["given_up"] > 20
    middle = datetime(2026, 11, 13, 12, tzinfo=UTC) + SETTLED
    for now in (middle, NOW):
        while await sum_up(OFFICE, stores, ends=ENDS, now=now):
            pass
        for (by, span), before in plain.items():
            assert await reported(stores, by, *span) == before, (by, span, now)
    kept = await stores.sums.kept(OFFICE.id, "day", FIRST, LAST)
    assert list(kept) == list(days_of(FIRST, LAST))


async def test_kept_days_are_not_read_again(stores: Stores) -> None:
    """All that a report of settled days needs are their sums."""
    plain = {by: await reported(stores, by) for by in BYS}
    while await sum_up(OFFICE, stores, ends=ENDS, now=NOW):
        pass
    alone = replace(stores_in_memory(), sums=stores.sums)
    for by, before in plain.items():
        assert await reported(alone, by) == before


async def test_only_what_is_settled(stores: Stores) -> None:
    """A day is kept once, nine days later and not before; then the figures of then stay."""
    first = await stores.seats.first_day(OFFICE.id)
    assert first
    morning = datetime(first.year, first.month, first.day, 3, tzinfo=UTC)
    just_before = morning + SETTLED - timedelta(days=1)
    assert await sum_up(OFFICE, stores, ends=ENDS, now=just_before) == 0
    assert await sum_up(OFFICE, stores, ends=ENDS, now=morning + SETTLED) == 1
    assert await stores.sums.newest(OFFICE.id) == first
    assert await sum_up(OFFICE, stores, ends=ENDS, now=morning + SETTLED) == 0
    await stores.sums.keep(OFFICE.id, first, "day", Sums())
    kept = await stores.sums.kept(OFFICE.id, "day", first, first)
    assert kept[first].tallies.total.counts["quota"] > 0
    assert await stores.sums.kept("elsewhere", "day", FIRST, LAST) == {}
    assert await stores.sums.newest("elsewhere") is None
    assert await stores.seats.first_day("elsewhere") is None


async def test_a_day_half_kept_is_done_again() -> None:
    """A process that dies in the middle of a day leaves nothing undone."""
    stores = stores_in_memory()
    await Month(OFFICE, stores, Random(7)).play(FIRST, FIRST + timedelta(days=1))
    made = await sums_of(OFFICE, stores, FIRST, FIRST, COUNTED, ends=ENDS, now=NOW)
    await stores.sums.keep(OFFICE.id, FIRST, "day", made["day", FIRST])
    assert await stores.sums.newest(OFFICE.id) is None
    assert await sum_up(OFFICE, stores, ends=ENDS, now=NOW) == 31
    assert set(await stores.sums.kept(OFFICE.id, "state", FIRST, FIRST)) == {FIRST}


names = st.text(min_size=1, max_size=8)
steps = st.lists(
    st.tuples(names, st.sampled_from(["wait", "served"]), st.integers(-5, 2**40)), max_size=20
)


@given(steps)
def test_there_and_back(steps: list[tuple[str, str, int]]) -> None:
    """Any group, dots and dollars in its name, any count and length come back."""
    tallies = Tallies()
    for group, what, length in steps:
        for tally in tallies.of(group):
            tally.add(what)
            tally.measure(what, length)
    again = sums_from(sums_document(Sums(tallies, planned=True)))
    assert again.planned
    assert again.tallies.groups == tallies.groups
    assert again.tallies.total == tallies.total


@given(st.sets(st.integers(0, 12)))
def test_gaps_and_kept_days_make_all(kept: set[int]) -> None:
    """Every day is kept or in one gap, in order."""
    days = {FIRST + timedelta(days=ahead) for ahead in kept}
    last = FIRST + timedelta(days=9)
    found = [day for begin, end in gaps(FIRST, last, days) for day in days_of(begin, end)]
    assert found == [day for day in days_of(FIRST, last) if day not in days]
