"""The actions behind reminders and calls: what one is told of one's own booking."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from bot.booking.claim import Applicant as Person
from bot.booking.life import APPLICANT, Step
from bot.booking.office import Offices
from bot.booking.queue import Queue
from bot.booking.seats import Seat
from storage.memory import MemorySeats
from tests.support.acting import Applicant

DAY = date(2026, 11, 24)


@pytest.fixture
def queue(make_office: Any) -> Queue:
    """A queue of one office."""
    return Queue(Offices([make_office()]), MemorySeats())


@pytest.fixture
async def rina(queue: Queue) -> Applicant:
    """Somebody with a booking for tomorrow."""
    applicant = Applicant(queue)
    await applicant.book()
    return applicant


async def seat_of(applicant: Applicant) -> Seat:
    """The seat booked."""
    seat = await applicant.queue.seats.by_code(applicant.slots["booking"]["code"])
    assert seat
    return seat


def code_of(applicant: Applicant) -> dict[str, str]:
    """What a reminder's notice carries."""
    return {"booking_code": applicant.slots["booking"]["code"]}


async def waiting(applicant: Applicant) -> list[str]:
    """Names of the notices that wait, with the day they are due."""
    due = await applicant.notices.due(applicant.now + timedelta(days=9), 10)
    return [f"{notice.name} {notice.due_at:%d %H:%M}" for notice in due]


class TestPromise:
    async def test_with_the_approval(self, rina: Applicant) -> None:
        """A booking brings its reminders, once, however often it is approved."""
        expected = ["notice_reminder 23 09:00", "notice_reminder 23 23:30"]
        assert await waiting(rina) == expected
        key = f"{rina.contact.conversation_id}|m{rina.turns}|0"
        await rina.do("approve_hold", key=key)
        assert await waiting(rina) == expected

    async def test_with_the_cancellation(self, rina: Applicant) -> None:
        """Cancelled, it is not reminded of; refused, it still is."""
        rina.now += timedelta(days=1)
        assert (await rina.do("cancel_booking")).name == "not_allowed"
        assert len(await waiting(rina)) == 2
        rina.now -= timedelta(days=1)
        await rina.do("cancel_booking")
        assert await waiting(rina) == []


class TestRecall:
    async def test_the_day(self, rina: Applicant) -> None:
        """It says whether the booking is for tomorrow or today."""
        outcome = await rina.do("recall_booking", code_of(rina))
        assert outcome.name == "tomorrow"
        assert outcome.values["reminded"]["code"] == code_of(rina)["booking_code"]
        rina.now += timedelta(hours=21)  # six in the morning
        assert (await rina.do("recall_booking", code_of(rina))).name == "today"
        rina.now += timedelta(hours=3)  # the hour was eight: late
        assert (await rina.do("recall_booking", code_of(rina))).name == "gone"

    async def test_gone(self, rina: Applicant) -> None:
        """A booking cancelled, past, unknown or of somebody else is not spoken of."""
        code = code_of(rina)
        assert (await rina.do("recall_booking", {"booking_code": "KCN-00000-00000"})).name == "gone"
        stranger = Applicant(rina.queue, "6281200000099")
        assert (await stranger.do("recall_booking", code)).name == "gone"
        rina.now += timedelta(days=2)
        assert (await rina.do("recall_booking", code)).name == "gone"
        rina.now -= timedelta(days=2)
        await rina.do("cancel_booking")
        assert (await rina.do("recall_booking", code)).name == "gone"


class TestConfirm:
    async def test_by_tap_or_in_words(self, rina: Applicant) -> None:
        """The tap carries the code; in words it is the booking reminded of last."""
        code = code_of(rina)
        for _ in range(2):
            assert (await rina.do("confirm_coming", code, key="yes")).name == "confirmed"
        last = (await seat_of(rina)).trail[-2:]
        assert [event.step for event in last] == [Step.APPROVED, Step.CONFIRMED]
        assert last[1].by == APPLICANT
        again = await rina.do("confirm_coming")  # said once more
        assert (again.name, again.values["confirmed"]["code"]) == (
            "confirmed",
            code["booking_code"],
        )
        await rina.do("recall_booking", code)
        outcome = await rina.do("confirm_coming")
        assert outcome.name == "confirmed"
        assert outcome.values["confirmed"]["code"] == code["booking_code"]
        assert rina.slots["reminded"] is None

    async def test_not_for_others(self, rina: Applicant) -> None:
        """A code overheard confirms nothing and shows nothing."""
        stranger = Applicant(rina.queue, "6281200000099")
        outcome = await stranger.do("confirm_coming", code_of(rina))
        assert outcome.name == "gone"
        assert set(outcome.values.values()) == {None}

    async def test_once_more_when_it_is_over(self, rina: Applicant) -> None:
        """A booking confirmed and given up since is none any more."""
        await rina.do("confirm_coming", code_of(rina))
        await rina.queue.release((await seat_of(rina)).id, rina.slots["booking"]["key"], rina.now)
        assert (await rina.do("confirm_coming")).name == "gone"
        assert rina.slots["confirmed"] is None


class TestPlace:
    async def test_another_day(self, rina: Applicant) -> None:
        """Before the day there is nobody to count."""
        assert (await rina.do("find_place")).name == "not_today"

    async def test_on_the_day(self, rina: Applicant) -> None:
        """On the day it says how many are ahead, how late it runs, and when one was called."""
        budi = Applicant(rina.queue, "6281200000002")
        assert (
            await budi.do(
                "hold_seat", name="Budi", birth_date="1980-01-01", service_date=DAY.isoformat()
            )
        ).name == "held"
        await budi.do("approve_hold")
        budi.now += timedelta(days=1)
        outcome = await budi.do("find_place")
        assert outcome.name == "waiting"
        assert outcome.values["place"] == {"ahead": 1, "late": 0, "number": 0}
        office = budi.queue.office("kota_contoh")
        await budi.calls.call(office, 1, budi.now + timedelta(minutes=20))
        outcome = await budi.do("find_place")
        # NOW is 09.00 in Jakarta; number 1 was planned for 08.00 and is called at 09.20.
        assert outcome.values["place"] == {"ahead": 0, "late": 80, "number": 1}
        await budi.calls.call(office, 2, budi.now)
        assert (await budi.do("find_place")).name == "called"

    async def test_given_up(self, rina: Applicant) -> None:
        """A booking given up meanwhile has no place."""
        await rina.queue.release((await seat_of(rina)).id, rina.slots["booking"]["key"], rina.now)
        rina.now += timedelta(days=1)
        assert (await rina.do("find_place")).name == "not_today"


class TestMove:
    """The actions of the flow ``reschedule``."""

    async def test_moved(self, rina: Applicant) -> None:
        """The new day has a code of its own and is reminded of; the same key does it once."""
        assert (await rina.do("find_movable")).name == "movable"
        old = rina.slots["moving"]
        found = await rina.do("find_new_dates")
        assert found.name == "found"
        assert old["date"] not in found.values["new_dates"]
        assert (await rina.do("check_new_date", service_date=old["date"])).name == "same_day"
        assert (await rina.do("check_new_date", service_date="2026-11-26")).name == "free"
        for _ in range(2):
            assert (await rina.do("move_booking", key="k")).name == "moved"
        moved = rina.slots["booking"]
        assert (moved["date"], rina.slots["moved_from"]) == ("2026-11-26", old)
        assert moved["code"] != old["code"]
        assert await waiting(rina) == ["notice_reminder 25 09:00", "notice_reminder 25 23:30"]
        assert (await rina.do("find_movable")).name == "too_often"
        assert (await rina.do("move_booking", moving=old)).name == "gone"

    async def test_one_member_of_a_family(self, rina: Applicant) -> None:
        """Asked which, by number or by code, one moves; the others stay."""
        await rina.do("cancel_booking")
        office, contact = rina.queue.office("kota_contoh"), rina.contact
        people = [
            Person(name, date(1990, 1, 1), contact.address, contact.conversation_id)
            for name in ("ANI", "BUDI", "CICI")
        ]
        held = await rina.queue.hold_group(office, DAY, people, "f", Random(1), rina.now)
        assert isinstance(held, list)
        keys = [(seat.id, seat.key) for seat in held]
        assert await rina.queue.approve_group(office, keys, "a", Random(1), rina.now)
        assert (await rina.do("find_movable")).name == "several"
        assert [each["name"] for each in rina.slots["movable"]] == ["ANI", "BUDI", "CICI"]
        code = rina.slots["movable_codes"][1]
        assert (await rina.do("find_movable", moved_code=code)).name == "movable"
        assert (await rina.do("move_booking", service_date="2026-11-26")).name == "moved"
        assert (await rina.do("find_movable", moved_code=None)).name == "several"
        days = {each["name"]: each["date"] for each in rina.slots["movable"]}
        assert days == {"ANI": "2026-11-24", "BUDI": "2026-11-26", "CICI": "2026-11-24"}

    async def test_a_code_of_somebody_else(self, rina: Applicant) -> None:
        """It moves nothing and shows nothing."""
        stranger = Applicant(rina.queue, "6281200000099")
        outcome = await stranger.do("find_movable", code_of(rina))
        assert (outcome.name, outcome.values) == ("none", {})

    async def test_refused(self, make_office: Any) -> None:
        """On the day itself; where the office does not offer it; of another office's booking."""
        never = make_office(id="kota_tetap", short_name="Kota Tetap", prefix="KTP", reschedules=0)
        queue = Queue(Offices([make_office(), never]), MemorySeats())
        rina = Applicant(queue)
        await rina.book()
        rina.contact = replace(rina.contact, office="kota_tetap")
        assert (await rina.do("find_movable")).name == "elsewhere"
        rina.contact = replace(rina.contact, office="kota_contoh")
        rina.now += timedelta(days=1)
        assert (await rina.do("find_movable")).name == "too_late"
        assert (await rina.do("move_booking", service_date="2026-11-26")).name == "too_late"
        fixed = Applicant(queue, "6281200000002")
        fixed.contact = replace(fixed.contact, office="kota_tetap")
        await fixed.do("hold_seat", name="Ani", birth_date="1990-01-31", service_date="2026-11-24")
        await fixed.do("approve_hold")
        assert (await fixed.do("find_movable")).name == "not_offered"
