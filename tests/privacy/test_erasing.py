"""Everything about a number can be given out and erased, over every store."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.booking.conduct import Conduct
from bot.booking.life import SeatState, Step
from bot.booking.people import StrikeKind
from bot.dialogue.deliveries import Report
from bot.dialogue.events import Media
from bot.dialogue.proving import Proof
from bot.dialogue.store import Proven
from bot.privacy.exporting import exported
from bot.stores import Stores
from tests.privacy.conftest import NUMBER, Place

ADDRESS = f"rest:{NUMBER}"
DAY = date(2026, 11, 24)
SAID = ("rina", "fiktif", "31-01-1990", "1990-01-31", NUMBER)


async def everything(place: Place) -> str:
    """All that the stores know about the number, and about its seat, as text."""
    stores: Stores = place.stores
    seats = await stores.seats.of_day("jakarta_pusat", DAY)
    parts: list[object] = [seat for seat in seats if seat.trail]
    parts += [seat.trail for seat in seats]
    for office in place.bot.offices:
        conversation = f"rest:{office.id}:{NUMBER}"
        parts.append(await stores.conversations.load(conversation))
        parts.append(await stores.conversations.transcript(conversation))
        parts.append(await stores.notices.of_conversation(conversation))
    parts += [*await stores.waitlist.of_sender(ADDRESS), *await stores.waitlist.open()]
    parts.append((await stores.people.load(ADDRESS)).taken)
    return f"{parts}".lower()


async def test_all_is_given_out(place: Place) -> None:
    """Bookings with their trail, conversations, messages, conduct, notices: as JSON."""
    seat = await place.books(DAY)
    document = exported(await place.eraser.subject(ADDRESS), place.now)
    again = json.loads(json.dumps(document))
    (booking,) = again["bookings"]
    assert booking["person"]["name"] == "RINA FIKTIF"
    assert booking["person"]["birth_date"] == "1990-01-31"
    assert booking["booking_code"] == seat.booking_code
    assert [event["step"] for event in booking["history"]] == ["held", "approved"]
    assert [each["you_wrote"] for each in again["messages"]] == [
        "#Rina Fiktif#31011990#24112026",
        "setuju",
    ]
    assert any(seat.booking_code in text for text in again["messages"][1]["we_answered"])
    assert again["conversations"][0]["remembered"]["name"] == "Rina Fiktif"
    assert again["conduct"]["taken"]
    assert {each["name"] for each in again["notices_to_come"]} == {"notice_reminder"}


async def test_nothing_is_known_of_a_stranger(place: Place) -> None:
    """Who never wrote is not known, and erasing them does nothing."""
    assert not (await place.eraser.subject("rest:628999")).is_known
    assert (await place.eraser.erase("rest:628999", place.now)).nothing


async def test_a_booking_to_come_is_in_the_way(place: Place) -> None:
    """Nothing goes until it is cancelled, for the counter needs the name."""
    seat = await place.books(DAY)
    before = await everything(place)
    refused = await place.eraser.erase(ADDRESS, place.now)
    assert refused.in_the_way == (seat,)
    assert await everything(place) == before


async def test_cancelled_first_where_staff_say_so(place: Place) -> None:
    """The seat is free, its trail says who cancelled, and nothing names the person."""
    seat = await place.books(DAY)
    other = await place.books(DAY, "Sari Contoh", "6281200000002")
    assert "rina" in await everything(place)
    done = await place.eraser.erase(ADDRESS, place.now, cancel=True, by="staff:ani")
    assert (done.cancelled, done.in_the_way) == (1, ())
    left = await everything(place)
    assert [word for word in SAID if word in left.replace(f"{other}".lower(), "")] == []
    free = await place.stores.seats.seat(seat.id)
    assert free.state is SeatState.FREE
    assert (free.trail[-1].step, free.trail[-1].by) == (Step.CANCELLED, "staff:ani")
    assert (await place.eraser.erase(ADDRESS, place.now)).nothing
    place.passes(days=1, minutes=1)
    await place.keeper().sweep()  # a day long the holds taken count
    assert not (await place.eraser.subject(ADDRESS)).is_known
    assert (await place.eraser.subject("rest:6281200000002")).seats == [other]


async def test_a_past_booking_keeps_only_what_it_became(place: Place) -> None:
    """After its day the seat stays for the reports, without who."""
    seat = await place.books(DAY)
    place.passes(days=3)
    assert not (await place.eraser.erase(ADDRESS, place.now)).in_the_way
    kept = await place.stores.seats.seat(seat.id)
    assert (kept.state, kept.claim, kept.booking_code) == (SeatState.BOOKED, None, "")
    assert [event.step for event in kept.trail] == [Step.HELD, Step.APPROVED]
    left = await everything(place)
    assert [word for word in SAID if word in left] == []
    await place.books(date(2026, 11, 30))  # and may come again


async def test_who_waits(place: Place) -> None:
    """A place in the waitlist is given out; erased, nothing of it is left, nor the seat kept."""
    await place.waits(DAY)
    await place.waits(None)
    await place.bot.sweeper.sweep()
    document = exported(await place.eraser.subject(ADDRESS), place.now)
    told = json.loads(json.dumps(document))["waitlists"]
    assert [(each["day"], each["state"]) for each in told] == [
        ("2026-11-24", "offered"),
        (None, "waiting"),
    ]
    assert NUMBER in await everything(place)
    done = await place.eraser.erase(ADDRESS, place.now)
    assert (done.waits, done.seats) == (2, 1)
    assert [word for word in SAID if word in await everything(place)] == []
    assert not (await place.eraser.subject(ADDRESS)).is_known
    place.passes(minutes=1)
    await place.bot.sweeper.sweep()
    free = await place.stores.seats.free_numbers("jakarta_pusat", DAY, place.now)
    assert free[0] == 1
    assert "Ada tempat" not in " ".join(await place.says("Pagi, Pak"))


async def test_statistics_stay(place: Place) -> None:
    """Records keep states and outcomes under a pseudonym."""
    await place.books(DAY)
    conversation = f"rest:jakarta_pusat:{NUMBER}"
    await place.eraser.erase(ADDRESS, place.now, cancel=True)
    pseudonym = await place.stores.seats.pseudonym(conversation)
    records = await place.stores.conversations.transcript(pseudonym)
    assert records[0]["understood"]["intent"] == "submit_identity"
    assert records[0]["understood"]["entities"][0].keys() == {"type"}
    assert records[1]["actions"] == [{"action": "approve_hold", "outcome": "approved"}]
    assert records[1]["after"] == ["passport_guided.booked"]
    assert [word for word in SAID if word in f"{records}".lower()] == []


async def test_a_block_stays_without_words(place: Place) -> None:
    """The blacklist is a legitimate interest: the block, and it still holds; no mark, no trail."""
    conduct = Conduct(place.stores.people)
    await conduct.mark(ADDRESS, "calo", "staff:ani", place.now)
    await conduct.block(ADDRESS, "data orang lain", "staff:ani", place.now, 5)
    await place.says("#Rina Fiktif#31011990#24112026")
    done = await place.eraser.erase(ADDRESS, place.now)
    assert done.kept
    assert done.kept.block
    assert done.kept.block.reason == "data orang lain"
    person = await place.stores.people.load(ADDRESS)
    assert (person.mark, person.trail, person.block) == ("", (), done.kept.block)
    assert person.blocked(place.now)
    assert (await place.eraser.erase(ADDRESS, place.now)).nothing
    place.passes(days=6)
    await place.keeper().tend()
    assert not (await place.stores.people.load(ADDRESS)).revision


async def test_nobody_erases_themselves_free(place: Place) -> None:
    """Strikes and holds count on after an erasure, as long as they would have; no longer."""
    office = place.bot.offices.get("jakarta_pusat")
    assert office
    conduct = Conduct(place.stores.people)
    for number in range(office.no_show_strikes - 1):
        await conduct.strike(office, ADDRESS, StrikeKind.NO_SHOW, f"k{number}", place.now)
    await place.says("#Rina Fiktif#31011990#24112026")
    kept = (await place.eraser.erase(ADDRESS, place.now)).kept
    assert kept
    assert (len(kept.strikes), len(kept.taken)) == (office.no_show_strikes - 1, 1)
    longest = max(each.strike_days for each in place.bot.offices)
    assert kept.ends == kept.strikes[0].at + timedelta(days=longest)
    struck = await conduct.strike(office, ADDRESS, StrikeKind.NO_SHOW, "last", place.now)
    assert struck.blocked(place.now)
    await place.eraser.erase(ADDRESS, place.now)
    refused = await place.says("#Rina Fiktif#31011990#25112026")
    assert "tidak dapat" in " ".join(refused)
    place.passes(days=max(longest, office.block_days) + 1)
    await place.keeper().tend()
    assert not (await place.stores.people.load(ADDRESS)).revision


async def test_cleared_strikes_do_not_come_back(place: Place) -> None:
    """What staff cleared before counts no more afterwards, though the trail is gone."""
    office = place.bot.offices.get("jakarta_pusat")
    assert office
    conduct = Conduct(place.stores.people)
    await conduct.strike(office, ADDRESS, StrikeKind.NO_SHOW, "k", place.now)
    place.passes(minutes=1)
    await conduct.clear(ADDRESS, "staff:ani", place.now)
    assert (await place.eraser.erase(ADDRESS, place.now)).kept is None
    assert not (await place.stores.people.load(ADDRESS)).revision


async def test_a_photo_goes_with_its_seat(place: Place) -> None:
    """It is given out by its hash, and gone after erasure; what another sent too stays."""
    place.now = place.now.replace(hour=1)  # within Batam's hours
    form = "#Rina Fiktif#31011990#Jl. Contoh 5, Batam"
    await place.says(form, office="batam", media=Media("m-photo", "image/jpeg"))
    (photo,) = (await place.eraser.subject(ADDRESS)).photos
    assert await place.stores.photos.has(photo)
    done = await place.eraser.erase(ADDRESS, place.now)
    assert done.photos == 1
    assert not await place.stores.photos.has(photo)


async def test_asked_for_in_chat(place: Place) -> None:
    """The answer comes, then all goes, the turn that asked for it and later ones included."""
    await place.says("Pagi, Pak")
    await place.says("#Rina Fiktif#31011990#24112026")
    assert "Hapus semua data Anda" in (await place.says("hapus data saya"))[0]
    answer = await place.says("ya")
    assert "dihapus dalam beberapa menit" in answer[0]
    keeper = place.keeper()
    await keeper.tend()
    assert (await place.eraser.subject(ADDRESS)).is_known  # not before its time
    place.passes(minutes=3)
    await keeper.tend()
    left = await everything(place)
    assert [word for word in SAID if word in left] == []
    found = await place.eraser.subject(ADDRESS)
    assert (found.seats, found.conversations, found.records, found.notices) == ([], [], [], [])
    place.passes(minutes=3)
    await keeper.tend()
    assert await place.stores.privacy.requested(place.now + timedelta(days=9), 9) == []


async def test_who_books_again_meanwhile_is_kept(place: Place) -> None:
    """A booking made after asking is a consent anew: the request is dropped."""
    await place.says("hapus data saya")
    await place.says("ya")
    seat = await place.books(DAY)
    place.passes(minutes=3)
    await place.keeper().tend()
    assert await place.stores.seats.active_of(ADDRESS) == seat
    assert await place.stores.privacy.requested(place.now + timedelta(days=9), 9) == []


@pytest.mark.parametrize(
    ("office", "says"), [("jakarta_pusat", "#batal* dulu"), ("bogor", "setelah hari itu")]
)
async def test_with_a_booking_the_chat_says_why_not(place: Place, office: str, says: str) -> None:
    """Where it may be cancelled, first that; where not, after the day."""
    await place.says("#Rina Fiktif#31011990#25112026", office=office)
    code = (await place.stores.seats.active_of(ADDRESS)).claim.approval_code
    await place.says(code, office=office)
    answer = " ".join(await place.says("hapus data saya", office=office))
    assert says in answer
    assert await place.stores.privacy.requested(place.now + timedelta(days=9), 9) == []


async def test_deliveries_go(place: Place) -> None:
    """How far messages got goes with the person, and they are shown it before."""
    await place.says("halo")
    conversation = f"rest:jakarta_pusat:{NUMBER}"
    report = Report("wamid.1", "read", place.now, conversation, "m1/0")
    other = replace(report, id="wamid.2", conversation="rest:jakarta_pusat:6281200000009")
    await place.stores.deliveries.add([report, other])
    found = await place.eraser.subject(ADDRESS)
    (shown,) = exported(found, place.now)["deliveries"]
    assert (shown["id"], shown["state"]) == ("wamid.1", "read")
    assert (await place.eraser.erase(ADDRESS, place.now)).deliveries == 1
    assert await place.stores.deliveries.of_conversation(conversation) == []
    assert len(await place.stores.deliveries.of_conversation(other.conversation)) == 1


async def test_the_proof_of_a_number_is_shown(place: Place) -> None:
    """Which browser a number was proven in, and when; also to whom asks about the browser."""
    number = Proven("whatsapp:6281200000001", "6281200000001")
    await place.stores.proofs.save(Proof("v1", number, None, place.now, place.now))
    for address in (number.address, "web:v1"):
        found = await place.eraser.subject(address)
        assert found.is_known
        (shown,) = exported(found, place.now)["proofs_of_number"]
        assert (shown["browser"], shown["number"]) == ("web:v1", number.phone)
        assert shown["proven_at"] == place.now.isoformat()
