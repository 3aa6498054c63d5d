"""How far dialogues come."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.app import rehearsal
from bot.channels.inbound import Inbound
from bot.definitions import load_definitions
from bot.dialogue.events import Message
from bot.dialogue.store import Contact
from bot.dialogue.traffic import Heard
from bot.reports.columns import By
from bot.reports.funnel import Funnel, ends_of
from bot.reports.report import report_on
from bot.reports.tally import Tallies
from bot.settings import Flows, Settings
from tests.reports.test_attendance import OFFICE

FLOWS = Path(__file__).parents[2] / "flows"
ENDS = {"flow.booked", "flow.stopped"}
MORNING = datetime(2026, 11, 24, 9, tzinfo=ZoneInfo("Asia/Jayapura"))


def heard(
    who: str, turn: int, way: str, *, hours: float = 0, outcomes: str = "", understood: bool = True
) -> Heard:
    """A turn; ``way`` is ``before>after``."""
    before, after = (f"flow.{state}" if state else "" for state in way.split(">"))
    at = (MORNING + timedelta(hours=hours)).astimezone(UTC)
    return Heard(who, turn, at, before, after, understood, tuple(outcomes.split()))


def counted(turns: list[Heard], by: By = "state") -> Tallies:
    """What a funnel makes of turns."""
    tallies = Tallies()
    funnel = Funnel(tallies, by, OFFICE, ENDS)
    for turn in turns:
        funnel.hear(turn)
    funnel.finish()
    return tallies


TURNS = [
    heard("ani", 1, ">hello"),
    heard("ani", 2, "hello>hello", understood=False),
    heard("ani", 3, "hello>dates", outcomes="found"),
    heard("ani", 4, "dates>booked", outcomes="held approved"),
    heard("ani", 5, "booked>booked"),
    heard("budi", 1, ">hello"),
    heard("budi", 2, "hello>dates"),
    heard("budi", 3, "dates>dates", understood=False),
    heard("cici", 1, ">hello"),
    heard("cici", 2, "hello>stopped"),
]


def test_the_funnel() -> None:
    """How many reached a state, were booked in the end, gave up there, and were not understood;
    what ended as the flow has it was not given up.
    """
    for turns in (TURNS, TURNS[::-1]):
        groups = counted(turns).groups
        told = {
            state.removeprefix("flow."): tuple(
                tally.counts[what]
                for what in ("dialogues", "booked", "given_up", "messages", "misunderstood")
            )
            for state, tally in groups.items()
        }
        assert told == {
            "start": (0, 0, 0, 3, 0),
            "hello": (3, 1, 0, 4, 1),
            "dates": (2, 1, 1, 2, 1),
            "booked": (1, 1, 0, 1, 0),
            "stopped": (1, 0, 0, 0, 0),
        }


def test_messages_to_a_booking() -> None:
    """Counted up to the one that booked, that one included; not those after it."""
    total = counted(TURNS).total
    assert list(total.spans["turns"]) == [4]
    assert (total.counts["dialogues"], total.counts["given_up"]) == (3, 1)


def test_days_and_hours_are_the_offices() -> None:
    """A dialogue belongs to the day and the hour of its first message on the office's clock; the
    next day is another.
    """
    turns = [heard("ani", 1, ">hello", hours=14.9), heard("ani", 2, "hello>dates", hours=15.1)]
    days = counted(turns, "day").groups
    assert {day: tally.counts["dialogues"] for day, tally in days.items()} == {
        "2026-11-24": 1,
        "2026-11-25": 1,
    }
    hours = counted([*turns, heard("ani", 3, "dates>dates", hours=17)], "hour").groups
    assert {
        hour: (tally.counts["dialogues"], tally.counts["messages"]) for hour, tally in hours.items()
    } == {
        "23:00": (1, 1),
        "00:00": (1, 1),
        "02:00": (0, 1),
    }


STATES = st.sampled_from(["hello", "dates", "booked", "stopped"])


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), STATES, st.floats(0, 100), st.booleans()), max_size=30
    )
)
def test_sums_agree(drawn: list[tuple[str, str, float, bool]]) -> None:
    """Days and hours sum to the same whole; every message counts in one state."""
    ordered = sorted(drawn, key=lambda each: each[2])
    turns = [
        heard(who, turn, f"{state}>{state}", hours=hours, understood=understood)
        for turn, (who, state, hours, understood) in enumerate(ordered, start=1)
    ]
    by_day, by_hour, by_state = (counted(turns, by) for by in ("day", "hour", "state"))
    for what in ("messages", "misunderstood", "dialogues", "given_up", "booked"):
        whole = by_day.total.counts[what]
        assert whole == by_hour.total.counts[what] == by_state.total.counts[what]
        for tallies in (by_day, by_hour):
            assert sum(each.counts[what] for each in tallies.groups.values()) == whole
    for what in ("messages", "misunderstood", "given_up"):
        groups = by_state.groups.values()
        assert sum(each.counts[what] for each in groups) == by_state.total.counts[what]


async def test_through_the_bot() -> None:
    """A booking in four messages and somebody who writes nonsense, as the shipped flow has them."""
    now = [datetime(2026, 11, 23, 2, tzinfo=UTC)]
    settings = Settings(flows=Flows(folder=FLOWS))
    bot = rehearsal(load_definitions(settings.flows), settings, lambda: now[0], Random(3))
    office = bot.offices.get("jakarta_pusat")
    assert office

    async def say(sender: str, text: str) -> None:
        now[0] += timedelta(seconds=10)
        message = Message(f"{sender}{now[0]}", "text", text, now[0])
        contact = Contact("rest", sender, office.id, heard_at=now[0])
        await bot.turns.hear(Inbound(contact, message))

    for text in ("halo", "#tgllayanan", "#RINA FIKTIF#17081990#1", "oke setuju"):
        await say("62811", text)
    for text in ("halo", "xqzt wvbn"):
        await say("62812", text)
    day = office.today(now[0])
    ends = ends_of(bot.library.current.flows)
    report = await report_on(office, bot.stores, day, day, "state", ends=ends, now=now[0])
    rows = {row.key: row.figures for row in report.rows}
    assert rows["passport_guided.welcome"]["dialogues"] == 2
    assert rows["passport_guided.welcome"]["given_up"] == 1
    assert rows["passport_guided.welcome"]["misunderstood"] == 1
    assert rows["passport_guided.booked"]["booked"] == 1
    assert (report.total.figures["booked"], report.total.figures["turns_mean"]) == (1, 4.0)
    assert report.total.figures["messages"] == 6
