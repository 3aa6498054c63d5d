"""The actions of the passport flow: how each ends, and what it gives."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.booking.card import card
from bot.booking.office import Offices
from bot.booking.people import StrikeKind
from bot.booking.queue import Queue
from bot.booking.seats import Seat, SeatState
from bot.dialogue.events import Outcome
from bot.dialogue.store import Contact, Left
from storage.memory import MemorySeats
from tests.support.acting import IDENTITY, Applicant
from tests.support.talk import NOW


@pytest.fixture
def seats() -> MemorySeats:
    """Empty seats."""
    return MemorySeats()


@pytest.fixture
def queue(make_office: Any, seats: MemorySeats) -> Queue:
    """Two offices' queue; the second lets nobody cancel."""
    fixed = make_office(id="kota_tetap", short_name="Kota Tetap", prefix="KTP", cancel="never")
    return Queue(Offices([make_office(), fixed]), seats)


@pytest.fixture
def rina(queue: Queue) -> Applicant:
    """An applicant."""
    return Applicant(queue)


class TestFindDates:
    async def test_found(self, rina: Applicant) -> None:
        """Dates come as ISO text."""
        outcome = await rina.do("find_dates")
        assert (outcome.name, outcome.values["dates"][0]) == ("found", "2026-11-24")
        assert len(outcome.values["dates"]) == 5

    async def test_full(self, make_office: Any) -> None:
        """Where no day is open there are none."""
        closed = make_office(closed_weekdays=["monday", "tuesday", "wednesday", "thursday",
                                              "friday", "saturday", "sunday"])  # fmt: skip
        outcome = await Applicant(Queue(Offices([closed]), MemorySeats())).do("find_dates")
        assert (outcome.name, outcome.values["dates"]) == ("full", [])

    async def test_already_booked(self, rina: Applicant) -> None:
        """Who may have no more bookings is told at once, with theirs."""
        await rina.book()
        outcome = await rina.do("find_dates")
        assert (outcome.name, outcome.values["booking"]["number"]) == ("already_booked", 1)

    async def test_holding(self, rina: Applicant) -> None:
        """A hold is no booking: they may look further."""
        await rina.do("hold_seat", **IDENTITY)
        assert (await rina.do("find_dates")).name == "found"


class TestCheckDate:
    @pytest.mark.parametrize(
        ("day", "name", "reason"),
        [
            ("2026-11-24", "free", None),
            ("2026-11-22", "past", ""),
            ("2026-11-23", "too_soon", ""),
            ("2027-11-24", "too_far", ""),
            ("2026-11-28", "closed", ""),
            (None, "no_date", None),
            ("soon", "no_date", None),
        ],
    )
    async def test_each(self, rina: Applicant, day: str, name: str, reason: str | None) -> None:
        """Each way a date may be is an outcome."""
        outcome = await rina.do("check_date", service_date=day)
        assert (outcome.name, outcome.values.get("closed_reason")) == (name, reason)

    async def test_holiday(self, rina: Applicant) -> None:
        """A holiday is called by its name."""
        rina.now += timedelta(days=20)
        outcome = await rina.do("check_date", service_date="2026-12-25")
        assert (outcome.name, "Natal" in outcome.values["closed_reason"]) == ("closed", True)

    async def test_full(self, make_office: Any) -> None:
        """A day without a seat is full."""
        session = {"id": "a", "name": {"id": "A"}, "from": "08:00", "until": "09:00", "seats": 1}
        queue = Queue(Offices([make_office(sessions=[session])]), MemorySeats())
        await Applicant(queue).book()
        other = Applicant(queue, "6281200000002")
        assert (await other.do("check_date", service_date="2026-11-24")).name == "full"
        identity = IDENTITY | {"name": "Lain Fiktif"}
        assert await other.do("hold_seat", **identity) == Outcome("full", {"may_wait": True})


class TestHoldSeat:
    async def test_held(self, rina: Applicant) -> None:
        """The card, the approval code and the end of the hold come along; the name in capitals."""
        outcome = await rina.do("hold_seat", **IDENTITY)
        assert outcome.name == "held"
        hold = outcome.values["hold"]
        assert (hold["name"], hold["birth_date"], hold["date"], hold["hour"], hold["arrive"]) == (
            "RINA FIKTIF", "1990-01-31", "2026-11-24", "08.00", "07.30")  # fmt: skip
        until = datetime.fromisoformat(outcome.values["hold_until"])
        assert until == NOW + timedelta(minutes=15)
        assert until.utcoffset() == timedelta(hours=7)  # told in the office's time
        assert len(outcome.values["approval_code"]) == 8
        assert outcome.values["wrong_codes"] == 0

    async def test_again(self, rina: Applicant) -> None:
        """The same key gives the same seat and code, whatever chance says."""
        first = await rina.do("hold_seat", key="k", **IDENTITY)
        assert await rina.do("hold_seat", key="k") == first

    @pytest.mark.parametrize(
        ("day", "name"), [("2026-11-22", "past"), ("2026-11-28", "closed"), (None, "no_date")]
    )
    async def test_no_day(self, rina: Applicant, day: str | None, name: str) -> None:
        """A date that cannot be booked is refused here too."""
        identity = IDENTITY | {"service_date": day}
        assert (await rina.do("hold_seat", **identity)).name == name

    async def test_already_booked(self, rina: Applicant) -> None:
        """Who has a booking is shown it, and holds nothing."""
        await rina.book()
        outcome = await rina.do("hold_seat", name="Lain Fiktif")
        assert outcome.name == "already_booked"
        assert outcome.values["booking"]["code"].startswith("KCN-")
        assert outcome.values["hold"] is None

    async def test_person_booked(self, rina: Applicant, queue: Queue) -> None:
        """A person booked from another number is refused, and nothing is said of that booking."""
        await rina.book()
        other = Applicant(queue, "6281200000002")
        await other.do("hold_seat", **(IDENTITY | {"name": "Lain Fiktif"}))
        outcome = await other.do("hold_seat", **IDENTITY)
        assert outcome == Outcome(
            "person_booked",
            {"hold": None, "holds": None, "hold_until": None, "approval_code": None},
        )


class TestApproveHold:
    async def test_code(self, rina: Applicant) -> None:
        """The right code makes a booking."""
        await rina.do("hold_seat", **IDENTITY)
        heard = {"approval_code": rina.slots["approval_code"]}
        outcome = await rina.do("approve_hold", heard)
        assert outcome.name == "approved"
        assert outcome.values["booking"]["code"].startswith("KCN-")
        assert rina.slots["hold"] is None

    async def test_words(self, rina: Applicant) -> None:
        """So does agreeing in words, without a code."""
        await rina.do("hold_seat", **IDENTITY)
        assert (await rina.do("approve_hold")).name == "approved"

    async def test_words_where_the_code_is_wanted(self, make_office: Any) -> None:
        """Where the office wants the code itself, words never stand for it, and cost no try."""
        office = make_office(approve_by="code", wrong_code_tries=1)
        ani = Applicant(Queue(Offices([office]), MemorySeats()))
        await ani.do("hold_seat", **IDENTITY)
        for _ in range(3):
            assert await ani.do("approve_hold") == Outcome("code_needed")
        heard = {"approval_code": ani.slots["approval_code"]}
        assert (await ani.do("approve_hold", heard)).name == "approved"

    async def test_again(self, rina: Applicant) -> None:
        """Done again after a crash it is the same booking."""
        await rina.do("hold_seat", **IDENTITY)
        held = dict(rina.slots)
        first = await rina.do("approve_hold", key="k")
        rina.slots = held
        assert await rina.do("approve_hold", key="k") == first

    async def test_wrong_codes(self, rina: Applicant, seats: MemorySeats) -> None:
        """Two wrong codes are forgiven, the third frees the seat."""
        await rina.do("hold_seat", **IDENTITY)
        wrong = {"approval_code": "99999999"}
        first = await rina.do("approve_hold", wrong)
        assert first == Outcome("wrong_code", {"wrong_codes": 1, "tries_left": 2})
        await rina.do("approve_hold", wrong)
        assert (await rina.do("approve_hold", wrong)).name == "too_many_wrong_codes"
        day = await seats.of_day("kota_contoh", first_day())
        assert {seat.state for seat in day} == {SeatState.FREE}

    async def test_forgiven_by_a_new_hold(self, rina: Applicant) -> None:
        """A new hold is a new start."""
        await rina.do("hold_seat", **IDENTITY)
        await rina.do("approve_hold", {"approval_code": "99999999"})
        await rina.do("hold_seat", name="Rina Lain")
        outcome = await rina.do("approve_hold", {"approval_code": "99999999"})
        assert outcome.values["tries_left"] == 2

    async def test_expired(self, rina: Applicant) -> None:
        """Too late is too late; so is a code when nothing is held."""
        await rina.do("hold_seat", **IDENTITY)
        rina.now += timedelta(minutes=15)
        assert (await rina.do("approve_hold")).name == "expired"
        assert (await rina.do("approve_hold")).name == "expired"

    async def test_too_many(self, make_office: Any, seats: MemorySeats) -> None:
        """A number gets as many holds a day as its office allows; the seat it has stays."""
        rina = Applicant(Queue(Offices([make_office(holds_per_day=2)]), seats))
        for day in ("2026-11-24", "2026-11-25"):
            assert (await rina.do("hold_seat", **IDENTITY | {"service_date": day})).name == "held"
        other = IDENTITY | {"service_date": "2026-11-26"}
        assert await rina.do("hold_seat", **other) == Outcome("too_many_holds")
        assert rina.slots["hold"]["date"] == "2026-11-25"

    async def test_blocked(self, rina: Applicant, seats: MemorySeats) -> None:
        """A number on the blacklist learns why and until when, on the office's calendar."""
        until = NOW + timedelta(days=3)
        await rina.conduct.block(rina.contact.address, "calo", "staff:ani", NOW, days=3)
        outcome = await rina.do("hold_seat", **IDENTITY)
        assert outcome.name == "blocked"
        assert outcome.values["block"] == {"reason": "calo", "until": until.date().isoformat()}
        assert await seats.of_day("kota_contoh", first_day()) == []


class TestReleaseHold:
    async def test_abandoned(self, rina: Applicant) -> None:
        """A hold that ran out counts against the number, once; one given back in time does not."""
        await rina.do("hold_seat", **IDENTITY)
        await rina.do("release_hold")
        assert (await rina.conduct.of(rina.contact.address)).strikes == ()
        held = dict((await rina.do("hold_seat", **IDENTITY)).values)
        rina.now += timedelta(minutes=15)
        for _ in range(2):
            await rina.do("release_hold", **held)
        (strike,) = (await rina.conduct.of(rina.contact.address)).strikes
        assert strike.kind is StrikeKind.ABANDONED

    async def test_released(self, rina: Applicant, seats: MemorySeats) -> None:
        """The seat is free at once, and releasing nothing is no mistake."""
        await rina.do("hold_seat", **IDENTITY)
        for _ in range(2):
            assert (await rina.do("release_hold")).name == "released"
        assert (await seats.of_day("kota_contoh", first_day()))[0].state is SeatState.FREE
        assert rina.slots["approval_code"] is None


class TestFindBooking:
    async def test_none(self, rina: Applicant) -> None:
        """Who has nothing is told so."""
        assert await rina.do("find_booking") == Outcome("none")

    async def test_held(self, rina: Applicant) -> None:
        """A seat held in this conversation, also when the conversation has forgotten it."""
        await rina.do("hold_seat", **IDENTITY)
        rina.slots.clear()
        outcome = await rina.do("find_booking")
        assert (outcome.name, rina.slots["hold"]["number"]) == ("held", 1)
        assert (await rina.do("release_hold")).name == "released"
        assert (await rina.do("find_booking")).name == "none"

    async def test_expired_hold(self, rina: Applicant) -> None:
        """A hold that has run out is none, whatever the conversation remembers."""
        await rina.do("hold_seat", **IDENTITY)
        rina.now += timedelta(minutes=15)
        assert (await rina.do("find_booking")).name == "none"

    async def test_booked_and_fixed(self, rina: Applicant) -> None:
        """A booking that may be cancelled, and on its day one that may not."""
        await rina.book()
        assert (await rina.do("find_booking")).name == "booked"
        rina.now += timedelta(hours=22)
        outcome = await rina.do("find_booking")
        assert (outcome.name, outcome.values["booking"]["number"]) == ("fixed", 1)
        assert outcome.values["bookings"] == [outcome.values["booking"]]
        rina.now += timedelta(days=1)
        assert (await rina.do("find_booking")).name == "none"

    async def test_late(self, rina: Applicant) -> None:
        """A booking nobody came to in time is void, also before that is in the books."""
        await rina.book()
        rina.now += timedelta(hours=23, minutes=20)  # 08.20; the hour was 08.00, the grace 15
        outcome = await rina.do("find_booking")
        assert (outcome.name, outcome.values["booking"]["number"]) == ("late", 1)

    async def test_rule_of_its_own_office(self, rina: Applicant, queue: Queue) -> None:
        """A booking elsewhere follows the rules there."""
        there = Applicant(queue)
        there.contact = Contact("whatsapp", "6281200000001", "kota_tetap")
        await there.book()
        assert (await rina.do("find_booking")).name == "fixed"


class TestCancelBooking:
    async def test_cancelled(self, rina: Applicant, seats: MemorySeats) -> None:
        """The seat is free again, and cancelling again changes nothing."""
        await rina.book()
        booking = rina.slots["booking"]
        assert await rina.do("cancel_booking") == Outcome(
            "cancelled", {"booking": None, "bookings": None}
        )
        assert (await rina.do("cancel_booking", booking=booking)).name == "cancelled"
        assert (await seats.of_day("kota_contoh", first_day()))[0].state is SeatState.FREE
        assert (await rina.do("find_booking")).name == "none"

    async def test_too_late(self, rina: Applicant) -> None:
        """Asked in time and answered on the day: too late."""
        await rina.book()
        rina.now += timedelta(days=1)
        assert await rina.do("cancel_booking") == Outcome("not_allowed")


def test_card_of_nobodys_seat(make_office: Any) -> None:
    """A seat nobody claimed has no card."""
    office = make_office()
    seat = Seat("kota_contoh", first_day(), "pagi", 1, office.sessions[0].start)
    with pytest.raises(ValueError, match="kota_contoh:2026-11-24:001 is nobody's"):
        card(seat, office)


def first_day() -> Any:
    """The day of IDENTITY."""
    return (NOW + timedelta(days=1)).date()


class TestTheSamePerson:
    """What is kept by another sender that turned out to be the same person is theirs."""

    @pytest.fixture
    async def changed(self, queue: Queue, rina: Applicant) -> Applicant:
        """Rina at her new number; she booked from the old one."""
        await rina.book()
        known = Applicant(queue, "6281200000002")
        also = (Left(rina.contact.sender, NOW),)
        known.contact = replace(known.contact, also=also)
        return known

    async def test_the_booking_is_found_and_cancelled(self, changed: Applicant) -> None:
        """As if she had made it here."""
        assert (await changed.do("find_booking")).name == "booked"
        assert (await changed.do("cancel_booking")).name == "cancelled"
        assert (await changed.do("find_booking")).name == "none"

    async def test_it_counts(self, changed: Applicant) -> None:
        """She has her booking already, wherever she asks for another."""
        assert (await changed.do("find_dates")).name == "already_booked"
        assert (await changed.do("hold_seat", **IDENTITY)).name == "already_booked"

    async def test_a_stranger_sees_nothing(self, changed: Applicant, queue: Queue) -> None:
        """Who has the number and is not her has no booking."""
        stranger = Applicant(queue, f"{changed.contact.also[0].address}~1764")
        assert (await stranger.do("find_booking")).name == "none"
        assert (await stranger.do("find_dates")).name == "found"
