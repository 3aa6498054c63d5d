"""What is past its time goes: of each kind on its day, once, whichever process looks."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest

from bot.booking.life import Act, SeatState, Step
from bot.booking.queue import Queue
from bot.booking.seats import Applicant
from bot.desk.audit import AuditEntry
from bot.dialogue.deliveries import Report
from bot.errors import StorageUnavailable
from bot.privacy.retiring import Retired, Retiring
from storage.audit import MemoryAudit, MongoAudit
from tests.privacy.conftest import NUMBER, Place, with_days

ADDRESS = f"rest:{NUMBER}"
CONVERSATION = f"rest:jakarta_pusat:{NUMBER}"
DAY = date(2026, 11, 24)


@pytest.mark.parametrize("days", [10, 20])
async def test_records_lose_who_and_words(place: Place, days: int) -> None:
    """On the day the setting says, not before; the conversation goes on."""
    await place.says("Pagi, Pak")
    keeper = place.keeper(with_days(journal_days=days))
    place.passes(days=days - 1)
    await place.says("Siang")
    assert (await keeper.sweep()).journal == 0
    place.passes(days=2)
    await place.says("Sore")
    assert (await keeper.sweep()).journal == 1
    left = await place.stores.conversations.transcript(CONVERSATION)
    assert [record["message"]["text"] for record in left] == ["Siang", "Sore"]
    assert await place.stores.conversations.load(CONVERSATION)
    assert await keeper.sweep() == Retired()


async def test_a_message_given_up_loses_who_it_was_for(place: Place) -> None:
    """The record of what nobody got holds the number in its ids; it goes as records of turns do."""
    record = {
        "_id": f"{CONVERSATION}|m1/0|undelivered",
        "conversation": CONVERSATION,
        "at": place.now,
        "office": "jakarta_pusat",
        "undelivered": {"item": f"wamid.{NUMBER}/0", "code": 131026},
        "replies": [],
    }
    await place.stores.conversations.copy_journal([record])
    keeper = place.keeper(with_days(journal_days=10))
    place.passes(days=9)
    assert (await keeper.sweep()).journal == 0
    place.passes(days=2)
    assert (await keeper.sweep()).journal == 1
    assert await place.stores.conversations.transcript(CONVERSATION) == []
    who = await place.stores.seats.pseudonym(CONVERSATION)
    (left,) = await place.stores.conversations.transcript(who)
    assert left["office"] == "jakarta_pusat"
    assert NUMBER not in f"{left}"


@pytest.mark.parametrize("days", [10, 20])
async def test_silent_conversations_go(place: Place, days: int) -> None:
    """Their records stay as long as records do."""
    await place.says("Pagi, Pak")
    keeper = place.keeper(with_days(conversations_days=days))
    place.passes(days=days - 1)
    assert (await keeper.sweep()).conversations == 0
    place.passes(days=2)
    assert (await keeper.sweep()).conversations == 1
    assert await place.stores.conversations.load(CONVERSATION) is None
    assert len(await place.stores.conversations.transcript(CONVERSATION)) == 1


async def test_a_booking_to_come_keeps_its_conversation(place: Place) -> None:
    """Its reminders are told there."""
    place.passes(days=0)
    await place.says("#Rina Fiktif#31011990#22122026")
    await place.says("setuju")
    keeper = place.keeper(with_days(conversations_days=8))
    place.passes(days=20)
    assert (await keeper.sweep()).conversations == 0
    assert await place.stores.conversations.load(CONVERSATION)
    place.passes(days=20)
    assert (await place.keeper(with_days(conversations_days=8)).sweep()).conversations == 1


@pytest.mark.parametrize("days", [5, 50])
async def test_seats_lose_who(place: Place, days: int) -> None:
    """So long after their day; what they became stays."""
    seat = await place.books(DAY)
    await place.says("#Sari Contoh#31011990#24112026", sender="6281200000002")  # never approved
    keeper = place.keeper(with_days(bookings_days=days))
    place.passes(days=days)
    assert (await keeper.sweep()).bookings == 0
    place.passes(days=3)
    assert (await keeper.sweep()).bookings == 2
    seats = await place.stores.seats.of_day("jakarta_pusat", DAY)
    assert [each for each in seats if each.claim] == []
    kept = await place.stores.seats.seat(seat.id)
    assert kept.state is SeatState.BOOKED
    assert {each.state for each in seats} == {SeatState.BOOKED, SeatState.FREE}
    assert (await keeper.sweep()).days == 0


class TestPhotos:
    """Photos go when nobody needs them any more."""

    async def seat_with_photo(self, place: Place) -> tuple[str, str, str]:
        """A booked seat with a photo: hash, seat id, key."""
        photo = await place.bot.photos.keep("rest", "m-photo", place.now)
        assert isinstance(photo, str)
        queue = Queue(place.bot.offices, place.stores.seats)
        who = Applicant("RINA", date(1990, 1, 1), ADDRESS, CONVERSATION, {"photo": photo})
        office = queue.office("batam")
        seat = await queue.hold(office, DAY, who, "k", Random(1), place.now)
        assert await queue.approve(office, seat.id, "k", "a", Random(1), place.now)
        return photo, seat.id, seat.key

    @pytest.mark.parametrize("days", [1, 6])
    async def test_after_service(self, place: Place, days: int) -> None:
        """So many days after the day of the booking."""
        photo, _, _ = await self.seat_with_photo(place)
        for passed in range(days + 1):
            await place.keeper(with_days(photos_days=days)).sweep()
            assert await place.stores.photos.has(photo), passed
            place.passes(days=1)
        place.passes(days=1)
        await place.keeper(with_days(photos_days=days)).sweep()
        assert not await place.stores.photos.has(photo)

    async def test_cancelled_by_the_next_day(self, place: Place) -> None:
        """No seat carries it any more."""
        photo, seat, key = await self.seat_with_photo(place)
        await place.keeper().sweep()
        await place.stores.seats.release(seat, key, place.now, Step.CANCELLED, Act("c"))
        place.passes(days=1)
        await place.keeper().sweep()
        assert not await place.stores.photos.has(photo)

    async def test_void_by_the_next_day(self, place: Place) -> None:
        """Who did not come needs none."""
        photo, seat, key = await self.seat_with_photo(place)
        place.passes(days=1)
        await place.stores.seats.step(seat, key, Step.VOIDED, Act("v"), place.now)
        place.passes(days=1)
        await place.keeper(with_days(photos_days=100)).sweep()
        assert not await place.stores.photos.has(photo)


async def test_conduct_is_forgotten(place: Place) -> None:
    """So long after the last of it."""
    await place.says("#Rina Fiktif#31011990#24112026")
    assert (await place.stores.people.load(ADDRESS)).taken
    keeper = place.keeper(with_days(people_days=10))
    place.passes(days=9)
    assert (await keeper.sweep()).people == 0
    place.passes(days=2)
    assert (await keeper.sweep()).people == 2  # the number, and the person it was for
    assert not (await place.stores.people.load(ADDRESS)).revision


async def test_a_dry_run_changes_nothing(place: Place) -> None:
    """It counts what a sweep would do."""
    await place.books(DAY)
    place.passes(days=1000)
    settings = with_days()
    dry = Retiring(place.stores, place.keeper(settings).retiring.retention, dry=True)
    counted = await dry.step(place.now, 1000)
    assert await dry.step(place.now, 1000) == counted
    swept = await place.keeper(settings).sweep()
    assert swept == replace(counted, journal=2)  # those of the conversation itself follow it
    assert (counted.conversations, counted.bookings, counted.people) == (1, 1, 2)


async def test_once_a_day_in_one_process(place: Place) -> None:
    """Several keepers at once: one sweeps, and the next day one again."""
    for day in range(3):
        for number in range(5):
            await place.says("Pagi", sender=f"62812000001{day}{number}")
        place.passes(days=100)
        keepers = [place.keeper() for _ in range(4)]
        await asyncio.gather(*(keeper.tend() for keeper in keepers))
        await asyncio.gather(*(keeper.tend() for keeper in keepers))
        left = await place.stores.conversations.idle(place.now - timedelta(days=90), 9)
        assert left == []


async def test_another_goes_on_where_one_died(place: Place) -> None:
    """The turn is free again after ten minutes, and what was done stays done."""
    for number in range(5):
        await place.says("Pagi", sender=f"62812000001{number:02}")
    place.passes(days=100)
    dying = place.keeper()

    async def dies(*_: object) -> Retired:
        await Retiring.step(dying.retiring, place.now, 2)
        raise StorageUnavailable("the process died")

    dying.retiring.step = dies
    with pytest.raises(StorageUnavailable):
        await dying.tend()
    left = await place.stores.conversations.idle(place.now, 99)
    assert len(left) == 3
    await place.keeper().tend()
    assert len(await place.stores.conversations.idle(place.now, 99)) == 3
    place.passes(minutes=11)
    await place.keeper().tend()
    assert await place.stores.conversations.idle(place.now, 99) == []


@pytest.mark.parametrize("days", [10, 20])
async def test_waits_go(place: Place, days: int) -> None:
    """A place in a waitlist, open or not, goes so long after its last step."""
    await place.waits(None)
    keeper = place.keeper(with_days(conversations_days=days))
    place.passes(days=days - 1)
    assert (await keeper.sweep()).waits == 0
    place.passes(days=2)
    assert (await keeper.sweep()).waits == 1
    assert await place.stores.waitlist.of_sender(ADDRESS) == []
    assert await keeper.sweep() == Retired()


async def test_deliveries_go(place: Place) -> None:
    """How far messages got is forgotten with the words of the journal."""
    report = Report("wamid.1", "read", place.now, CONVERSATION, "m1/0")
    await place.stores.deliveries.add([report])
    keeper = place.keeper(with_days(journal_days=10))
    place.passes(days=9)
    assert (await keeper.sweep()).deliveries == 0
    place.passes(days=2)
    assert (await keeper.sweep()).deliveries == 1
    assert await place.stores.deliveries.of_conversation(CONVERSATION) == []


async def test_the_audit_goes(place: Place) -> None:
    """What staff did is kept as long as the settings say."""
    audit = place.stores.audit
    assert isinstance(audit, MemoryAudit | MongoAudit)
    await audit.add(AuditEntry(place.now, "sari", "jakarta_pusat", "signed_in"))
    keeper = place.keeper(with_days(audit_days=40))
    place.passes(days=39)
    assert (await keeper.sweep()).audit == 0
    place.passes(days=2)
    assert (await keeper.sweep()).audit == 1
    assert await keeper.sweep() == Retired()
