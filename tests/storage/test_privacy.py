"""What privacy needs of every store, the same in memory and in MongoDB."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.booking.life import Act, SeatState, Step
from bot.booking.notices import Notice
from bot.booking.people import Block, Entry, PeopleStore, Person, Strike, StrikeKind
from bot.booking.seats import SeatStore
from bot.dialogue.store import ConversationStore
from bot.stores import Stores
from storage.driver import open_database
from storage.stores import stores_in, stores_in_memory
from tests.storage.conftest import STORES
from tests.storage.test_conversations import CONTACT, FRESH, ID, NOW, saved, turn
from tests.storage.test_seats import DAY, NEXT_DAY, OFFICE, claim_of, claimed, seats_of

DAYS = timedelta(days=1)


@pytest.fixture(params=STORES)
async def all_stores(request: pytest.FixtureRequest, database_name: str) -> AsyncIterator[Stores]:
    """Empty stores of each kind, all together."""
    if request.param == "memory":
        yield stores_in_memory()
        return
    uri = request.getfixturevalue("embedded_mongo")
    database = open_database(uri, database_name, request.param)
    yield await stores_in(database)
    await database.close()


async def test_conversations_of_an_address(conversations: ConversationStore) -> None:
    """Those with any office, of this channel alone."""
    await saved(conversations, "m1")
    for channel, office in (("whatsapp", "bogor"), ("rest", "bogor")):
        contact = replace(CONTACT, channel=channel, office=office)
        state = replace(FRESH.conversation, id=contact.conversation_id)
        await conversations.save(
            replace(
                turn(replace(FRESH, conversation=state, contact=contact), "m1"),
                conversation=state,
                contact=contact,
            )
        )
    found = await conversations.of_sender("whatsapp", CONTACT.sender)
    assert sorted(found) == [f"whatsapp:bogor:{CONTACT.sender}", ID]
    assert await conversations.of_sender("whatsapp", "6281299999999") == []


async def test_silent_conversations(conversations: ConversationStore) -> None:
    """One is idle once its last message lies before then."""
    await saved(conversations, "m1")
    assert await conversations.idle(NOW - DAYS, 9) == []
    assert await conversations.idle(NOW + DAYS, 9) == [ID]
    assert await conversations.idle(NOW + DAYS, 0 + 1) == [ID]


async def test_a_conversation_goes_unless_it_went_on(conversations: ConversationStore) -> None:
    """Deleted only as it was seen; a turn under way then begins anew."""
    seen = await saved(conversations, "m1")
    await saved(conversations, "m2")
    assert not await conversations.forget(ID, seen.revision)
    assert await conversations.forget(ID, seen.revision + 1)
    assert await conversations.load(ID) is None
    assert not await conversations.save(turn(seen, "m3"))
    assert not await conversations.forget(ID, seen.revision + 1)


async def test_records_are_redacted_once(conversations: ConversationStore) -> None:
    """A redacted record stands in the other's place, and is never aged again."""
    records = [
        {"_id": f"{ID}|m{n}", "conversation": ID, "at": NOW + n * DAYS, "turn": n} for n in range(3)
    ]
    await conversations.copy_journal(records)
    aged = await conversations.aged(NOW + 2 * DAYS, 9)
    assert [record["turn"] for record in aged] == [0, 1]
    assert len(await conversations.aged(NOW + 9 * DAYS, 1)) == 1
    bare = [(each["_id"], {"_id": f"p|{each['turn']}", "conversation": "p", "at": each["at"]})
            for each in aged]  # fmt: skip
    for _ in range(2):
        await conversations.redact(bare)
    assert await conversations.aged(NOW + 2 * DAYS, 9) == []
    assert [record["turn"] for record in await conversations.transcript(ID)] == [2]
    assert [record["_id"] for record in await conversations.transcript("p")] == ["p|0", "p|1"]
    assert not await conversations.journalled(f"{ID}|m0")


async def test_the_transcript_is_as_it_was_copied(conversations: ConversationStore) -> None:
    """What the stores need to find old records shows nowhere."""
    record = {"_id": f"{ID}|m1", "conversation": ID, "at": NOW.replace(microsecond=0)}
    await conversations.copy_journal([record])
    assert await conversations.transcript(ID) == [record]


async def test_seats_of_an_address(seats: SeatStore) -> None:
    """All it has and had, on any day, until a seat is given back."""
    claim = claim_of(1)
    for day in (DAY, NEXT_DAY):
        await seats.lay_out(OFFICE, day, seats_of(2, day))
    first = await claimed(seats, 1)
    await claimed(seats, 2)
    assert await seats.of_sender(claim.applicant.sender) == [first]
    await seats.release(first.id, first.key, NOW)
    assert await seats.of_sender(claim.applicant.sender) == []


async def test_photos_of_seats(seats: SeatStore) -> None:
    """A seat is found by its photo, until it is another's."""
    await seats.lay_out(OFFICE, DAY, seats_of(1))
    claim = claim_of(1)
    who = replace(claim.applicant, details={"photo": "abc"})
    held = await seats.claim(OFFICE, DAY, replace(claim, applicant=who), NOW)
    assert await seats.with_photo("abc") == [held]
    assert await seats.with_photo("abcd") == []
    await seats.release(held.id, held.key, NOW)
    assert await seats.with_photo("abc") == []


async def test_an_identity_goes(seats: SeatStore) -> None:
    """State, place and trail stay; who it was, marks and codes are gone; nobody else's are."""
    await seats.lay_out(OFFICE, DAY, seats_of(2))
    held, other = await claimed(seats, 1), await claimed(seats, 2)
    sender = held.claim.applicant.sender
    await seats.approve(held.id, held.key, "a", "JKP-1", NOW, sender)
    before = await seats.seat(held.id)
    assert not await seats.forget(held.id, other.key)
    assert await seats.forget(held.id, held.key)
    after = await seats.seat(held.id)
    assert (after.state, after.claim, after.booking_code) == (SeatState.BOOKED, None, "")
    assert after.trail == before.trail
    assert "62812" not in f"{after.trail}"
    assert await seats.by_key(held.key) is None
    assert await seats.by_code("JKP-1") is None
    assert await seats.active_of(sender) is None
    assert await seats.of_sender(sender) == []
    assert await seats.seat(other.id) == other
    assert not await seats.forget(held.id, held.key)
    assert await seats.free_numbers(OFFICE, DAY, NOW) == []


async def test_a_step_done_again_is_known_by_its_pseudonym(seats: SeatStore) -> None:
    """The trail names no key in clear, and still tells a step that was done before."""
    await seats.lay_out(OFFICE, DAY, seats_of(1))
    held = await claimed(seats, 1)
    await seats.approve(held.id, held.key, "a", "JKP-1", NOW)
    act = Act(f"{held.key}|in")
    for _ in range(2):
        assert await seats.step(held.id, held.key, Step.CHECKED_IN, act, NOW)
    found = await seats.seat(held.id)
    assert found.took(Step.CHECKED_IN, await seats.pseudonym(act.key))
    assert len(found.trail) == 3


async def test_days_to_sweep(seats: SeatStore) -> None:
    """Laid-out days before a date, the earliest first, until they are said to be swept."""
    for office, day in ((OFFICE, NEXT_DAY), (OFFICE, DAY), (f"{OFFICE}/walk_in", DAY)):
        await seats.lay_out(office, day, seats_of(1, day))
    assert await seats.unswept_days(DAY, 9) == []
    found = await seats.unswept_days(NEXT_DAY, 9)
    assert sorted(found) == [(OFFICE, DAY), (f"{OFFICE}/walk_in", DAY)]
    assert len(await seats.unswept_days(NEXT_DAY, 1)) == 1
    await seats.swept(OFFICE, DAY)
    await seats.lay_out(OFFICE, DAY, seats_of(1))
    later = NEXT_DAY + DAYS
    assert await seats.unswept_days(later, 9) == [(f"{OFFICE}/walk_in", DAY), (OFFICE, NEXT_DAY)]


async def test_people_of_long_ago(people: PeopleStore) -> None:
    """Whoever nothing mattered of since, and what an erasure left, when it is over."""
    struck = Person("whatsapp:1", strikes=(Strike(StrikeKind.NO_SHOW, "k", NOW),))
    block = Block("calo", NOW + 30 * DAYS, "staff:ani", NOW)
    blocked = replace(
        struck, address="whatsapp:2", block=block, trail=(Entry("block", NOW, "staff:ani"),)
    )
    left = replace(blocked, address="whatsapp:3").remains(NOW, 10 * DAYS)
    assert left
    for person in (struck, blocked, left):
        assert await people.save(person)
    numbers = [f"whatsapp:{number}" for number in (1, 2, 3)]

    async def past(before: int, now: int) -> list[str]:
        found = await people.past(NOW + before * DAYS, NOW + now * DAYS, 9)
        assert not {each.address for each in found} & set(numbers)  # pseudonyms
        known = [await people.load(number) for number in numbers]
        return [
            each.address for each in known if replace(each, address="") in map(_nameless, found)
        ]

    assert await past(0, 0) == []
    assert await past(1, 10) == ["whatsapp:1"]
    assert await past(1, 31) == ["whatsapp:1", "whatsapp:3"]
    assert await past(31, 31) == ["whatsapp:1", "whatsapp:2", "whatsapp:3"]
    again = (await people.load("whatsapp:3")).having_taken("k", NOW)
    assert await people.save(again)
    assert await past(1, 31) == ["whatsapp:1"]
    (gone,) = await people.past(NOW + DAYS, NOW + 31 * DAYS, 9)
    assert await people.forget(gone)
    assert await past(1, 31) == []


def _nameless(person: Person) -> Person:
    return replace(person, address="")


async def test_a_person_goes_as_they_were_seen(people: PeopleStore) -> None:
    """Who was changed since stays; who is gone is blank, and not gone twice."""
    await people.save(Person("whatsapp:1", mark="a"))
    seen = await people.load("whatsapp:1")
    await people.save(replace(seen, mark="b"))
    assert not await people.forget(seen)
    assert await people.forget(await people.load("whatsapp:1"))
    assert await people.load("whatsapp:1") == Person("whatsapp:1")
    assert not await people.forget(Person("whatsapp:1"))


async def test_notices_of_a_conversation(all_stores: Stores) -> None:
    """What waits for it, and nothing else's."""
    for conversation in ("a", "b"):
        await all_stores.notices.add([Notice(f"n{conversation}", conversation, "notice_reminder")])
    assert [each.id for each in await all_stores.notices.of_conversation("a")] == ["na"]
    assert await all_stores.notices.of_conversation("c") == []


async def test_requests(all_stores: Stores) -> None:
    """Due when their time has come, each address once, until they are settled."""
    store = all_stores.privacy
    await store.request("whatsapp:1", NOW)
    await store.request("whatsapp:1", NOW + DAYS)
    await store.request("whatsapp:2", NOW)
    assert await store.requested(NOW + DAYS / 2, 9) == ["whatsapp:2"]
    assert await store.requested(NOW + 2 * DAYS, 9) == ["whatsapp:2", "whatsapp:1"]
    for _ in range(2):
        await store.settled("whatsapp:2")
    assert await store.requested(NOW + 2 * DAYS, 9) == ["whatsapp:1"]


async def test_one_process_has_the_turn(all_stores: Stores) -> None:
    """Of many one; the next when it was given back and is due, or its holder died."""
    store = all_stores.privacy
    minute = DAYS / 1440
    taken = await asyncio.gather(*(store.take_turn(NOW, NOW + 10 * minute) for _ in range(8)))
    assert sum(taken) == 1
    assert not await store.take_turn(NOW + 9 * minute, NOW + DAYS)
    assert await store.take_turn(NOW + 11 * minute, NOW + 21 * minute)
    await store.end_turn(NOW + DAYS)
    assert not await store.take_turn(NOW + DAYS / 2, NOW + DAYS)
    assert await store.take_turn(NOW + DAYS + minute, NOW + 2 * DAYS)
