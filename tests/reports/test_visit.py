"""Visits read from trails."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.booking.life import Event, SeatState, Step, target
from bot.booking.seats import Seat
from bot.booking.visit import End, impersonal, visits_of
from bot.reports.attendance import count_visits
from bot.reports.columns import COLUMNS, By
from bot.reports.tally import Tallies, figures
from tests.reports.test_attendance import OFFICE

NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)


def a_seat(*steps: Step, reason: str = "", day: int = 24, number: int = 1) -> Seat:
    """A seat with a trail, a minute a step."""
    trail = tuple(
        Event(step, NOON + timedelta(minutes=at), "staff:rina", f"k{at}", reason=reason)
        for at, step in enumerate(steps)
    )
    session, hour = ("pagi", time(8)) if number < 9 else ("siang", time(13))
    return Seat("timur", date(2026, 11, day), session, number, hour, trail=trail)


def ends(*steps: Step, reason: str = "") -> list[str]:
    """What became of the visits."""
    return [visit.end.value for visit in visits_of(a_seat(*steps, reason=reason))]


BOOKED = (Step.HELD, Step.APPROVED)


def test_each_booking_is_a_visit() -> None:
    """A seat booked, moved away from, booked, cancelled and booked has had three."""
    again = (*BOOKED, Step.RESCHEDULED, *BOOKED, Step.CANCELLED, *BOOKED)
    assert ends(*again) == ["rescheduled", "cancelled", "to_come"]


def test_holds_are_none() -> None:
    """What was only held, whatever became of it, is no booking."""
    assert ends(Step.HELD, Step.EXPIRED, Step.HELD, Step.CANCELLED, Step.HELD, Step.AMENDED) == []


@pytest.mark.parametrize(
    ("reason", "end"), [("late", End.LATE), ("no_show", End.NO_SHOW), ("lain", End.VOIDED)]
)
def test_voids(reason: str, end: End) -> None:
    """A void tells why; after checking in it is one who left."""
    assert ends(*BOOKED, Step.VOIDED, reason=reason) == [end]
    assert ends(*BOOKED, Step.CHECKED_IN, Step.VOIDED, reason=reason) == ["left"]


def test_what_was_taken_back_does_not_count() -> None:
    """Undone: served, then checking in as well; and who is served after all was."""
    came = (*BOOKED, Step.CHECKED_IN)
    assert ends(*came, Step.CALLED, Step.SERVED, Step.UNDONE) == ["waiting"]
    assert ends(*came, Step.UNDONE) == ["to_come"]
    assert ends(*came, Step.REJECTED, Step.UNDONE, Step.SERVED) == ["served"]
    assert ends(*BOOKED, Step.VOIDED, Step.UNDONE, reason="late") == ["to_come"]


def test_times() -> None:
    """Waiting ends with the first call, service with being done; without a call waiting is all."""
    (called,) = visits_of(a_seat(*BOOKED, Step.CHECKED_IN, Step.CALLED, Step.CALLED, Step.SERVED))
    assert (called.waited, called.service) == (60, 120)
    (silent,) = visits_of(a_seat(*BOOKED, Step.CHECKED_IN, Step.SERVED))
    assert (silent.waited, silent.service) == (60, None)
    (here,) = visits_of(a_seat(Step.WALKED_IN, Step.SERVED))
    assert (here.walk_in, here.waited) == (True, 60)


def test_a_trail_that_begins_in_the_middle() -> None:
    """The oldest steps of a full trail are dropped: what they began is passed over."""
    assert ends(Step.CANCELLED, *BOOKED) == ["to_come"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("KTP  hilang", "ktp hilang"),
        ("Nama BUDI bukan Budiman", "nama … bukan budiman"),
        ("telepon 0812 3456 7890 ya", "telepon … ya"),
        ("lahir 25-01-1987, KK 2 lembar", "lahir …, kk 2 lembar"),
        ('=HYPERLINK("x")', 'hyperlink("x")'),
    ],
)
def test_reasons_say_nobody(typed: str, kept: str) -> None:
    """Name and numbers go, and what a spreadsheet would run."""
    assert impersonal(typed, "BUDI FIKTIF") == kept


@st.composite
def seats(draw: st.DrawFn) -> Seat:
    """A seat that lived by the machine of lives."""
    state, steps = SeatState.FREE, []
    for step in draw(st.lists(st.sampled_from(Step), max_size=30)):
        after = target(state, step)
        if after is SeatState.BOOKED and step is Step.UNDONE and Step.WALKED_IN in steps:
            continue  # the stores refuse that: nobody who walked in has a booking to go back to
        if after is not None:
            steps.append(step)
            state = after
    reason = draw(st.sampled_from(["", "late", "no_show", "ktp"]))
    day = draw(st.integers(23, 26))
    return a_seat(*steps, reason=reason, day=day, number=draw(st.integers(1, 11)))


@given(st.lists(seats(), max_size=6))
def test_sums_agree(drawn: list[Seat]) -> None:
    """Groups sum to the whole, the same whole however grouped, and each booking has one end."""
    wholes = []
    bys: tuple[By, ...] = ("day", "session", "hour")
    for by in bys:
        tallies = Tallies()
        count_visits(tallies, by, OFFICE, drawn)
        whole = figures(COLUMNS["session"], tallies.total)
        for name, value in tallies.total.counts.items():
            assert sum(each.counts[name] for each in tallies.groups.values()) == value
        wholes.append(whole)
    assert wholes[0] == wholes[1] == wholes[2]
    told = wholes[0]
    freed = told["cancelled"] + told["rescheduled"] + told["released"]
    void = told["no_show"] + told["late"] + told["voided"]
    assert told["bookings"] == freed + void + told["came"] + told["to_come"]
    ended = told["served"] + told["rejected"] + told["left"] + told["waiting"]
    assert ended == told["came"] + told["walk_ins"]
