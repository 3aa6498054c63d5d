"""Memory and MongoDB agree, whatever is done in whatever order."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.booking.seats import (
    AlreadyActive,
    Applicant,
    BookingCodeTaken,
    Claim,
    Seat,
    SeatStore,
    seat_id,
)
from bot.dialogue.conversation import Conversation
from bot.dialogue.store import Contact, ConversationStore, Outgoing, Stored, TurnSave
from storage.driver import Database, open_database
from storage.memory import MemoryConversations, MemorySeats
from storage.mongo import MongoConversations, MongoSeats

START = datetime(2026, 11, 23, 2, 0, 0, 999, tzinfo=UTC)
DAY = date(2026, 11, 24)
RUNS = count()
Step = tuple[Any, ...]
# The database is real and slow beside memory; one test function serves all examples.
REAL = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@asynccontextmanager
async def connected(uri: str, name: str) -> AsyncIterator[Database]:
    """A database, closed whatever happens."""
    database = open_database(uri, name, "pymongo")
    try:
        yield database
    finally:
        await database.close()


people = st.integers(0, 2)
numbers = st.integers(1, 3)
claims = st.builds(
    lambda key, sender, person: (key, sender, person), st.integers(0, 4), people, people
)
seat_steps = st.one_of(
    st.tuples(st.just("claim"), claims),
    st.tuples(st.just("approve"), numbers, st.integers(0, 4), st.integers(0, 2), numbers),
    st.tuples(st.just("release"), numbers, st.integers(0, 4)),
    st.tuples(st.just("retire"), numbers, st.integers(0, 4)),
    st.tuples(st.just("wait"), st.sampled_from([1, 5, 6])),
)


async def do_to_seats(store: SeatStore, office: str, step: Step, now: datetime) -> object:
    """One step on one store; its result, or the error it raised."""
    try:
        match step:
            case "claim", (key, sender, person):
                who = Applicant(f"PEMOHON {person}", DAY, f"web:{sender}", f"web:{office}:{sender}")
                claim = Claim(
                    f"{office}{key}",
                    who,
                    f"{key:08}",
                    now + timedelta(minutes=5),
                    f"{office}:{sender}",
                    f"{office}|{person}",
                )
                return await store.claim(office, DAY, claim, now)
            case "approve", number, key, approval, code:
                seat = seat_id(office, DAY, number)
                return await store.approve(
                    seat, f"{office}{key}", str(approval), f"{office}{code}", now
                )
            case "release", number, key:
                return await store.release(seat_id(office, DAY, number), f"{office}{key}", now)
            case "retire", number, key:
                return await store.retire(seat_id(office, DAY, number), f"{office}{key}")
    except AlreadyActive as error:
        return error.seat
    except BookingCodeTaken:
        return "booking code taken"


@REAL
@example(  # a seat that is one's own and a person's mark on another one
    steps=[
        ("claim", (0, 1, 0)),
        ("claim", (1, 0, 1)),
        ("wait", 6),
        ("claim", (2, 1, 1)),
    ]
)
@given(steps=st.lists(seat_steps, min_size=5, max_size=25))
async def test_seats_agree(embedded_mongo: str, steps: list[Step]) -> None:
    """The same claims, approvals and releases leave the same seats and give the same answers."""
    async with connected(embedded_mongo, "test_seats_agree") as database:
        await seats_agree(MongoSeats(database), steps)


async def seats_agree(mongo: MongoSeats, steps: list[Step]) -> None:
    """Do the steps in memory too and compare after each."""
    memory = MemorySeats()
    await mongo.prepare()
    office, now = f"office{next(RUNS)}", START
    for store in (memory, mongo):
        await store.lay_out(
            office, DAY, [Seat(office, DAY, "pagi", n, time(8)) for n in range(1, 4)]
        )
    for step in steps:
        if step[0] == "wait":
            now += timedelta(minutes=step[1])
            continue
        expected = await do_to_seats(memory, office, step, now)
        assert await do_to_seats(mongo, office, step, now) == expected
        assert await mongo.of_day(office, DAY) == await memory.of_day(office, DAY)
        assert await mongo.open_days(office, [DAY], now) == await memory.open_days(
            office, [DAY], now
        )


turn_steps = st.one_of(
    st.tuples(st.just("turn"), st.integers(0, 2)),
    st.tuples(st.just("stale turn")),
    st.tuples(st.just("lease"), st.sampled_from("ab")),
    st.tuples(st.just("keep"), st.sampled_from("ab"), st.booleans()),
    st.tuples(st.just("sent"), st.sampled_from("ab"), st.integers(0, 3), st.booleans()),
    st.tuples(st.just("take out"), st.integers(1, 3)),
    st.tuples(st.just("postpone"), st.sampled_from("ab"), st.integers(0, 3)),
    st.tuples(st.just("copy"), st.integers(0, 2)),
    st.tuples(st.just("wait"), st.sampled_from([1, 44, 45])),
)


def turn_on(before: Stored, replies: int, now: datetime) -> TurnSave:
    """A turn that says ``replies`` things."""
    conversation, message = before.conversation, f"m{before.revision}"
    record = {"_id": f"{conversation.id}|{message}", "conversation": conversation.id, "at": now}
    return TurnSave(
        before=before,
        conversation=replace(conversation, entries=before.revision, slots={"at": now.isoformat()}),
        contact=replace(before.contact, heard_at=now),
        handled=message,
        outbox=[Outgoing(f"{message}/{n}", {"text": "hai"}) for n in range(replies)],
        journal=record,
        due_at=now + timedelta(seconds=replies),
        leased_by=before.leased_by,
        leased_until=before.leased_until,
    )


async def do_to_conversation(
    store: ConversationStore, fresh: Stored, step: Step, now: datetime
) -> object:
    """One step on one store and its result."""
    conversation_id = fresh.conversation.id
    found = await store.load(conversation_id) or fresh
    match step:
        case "turn", replies:
            return await store.save(turn_on(found, replies, now))
        case ("stale turn",):
            stale = replace(found, revision=max(0, found.revision - 1))
            return await store.save(turn_on(stale, 1, now))
        case "lease" | "keep", *_:
            return await do_to_lease(store, found, step, now)
        case "sent" | "take out" | "postpone", *_:
            return await do_to_outbox(store, found, step, now)
        case "copy", records:
            return await store.copy_journal(found.journal[:records])


async def do_to_outbox(
    store: ConversationStore, found: Stored, step: Step, now: datetime
) -> object:
    """Write what became of what waits."""
    conversation_id = found.conversation.id
    match step:
        case "sent", owner, items, current:
            return await store.mark_sent(
                conversation_id,
                owner,
                found.revision - (not current),
                [item.id for item in found.outbox[:items]],
                [record["_id"] for record in found.journal[:items]],
                now + timedelta(hours=1),
            )
        case "take out", items:
            said = [item.id for item in found.outbox[-items:]]
            return await store.take_out(conversation_id, said or ["gone"], [])
        case "postpone", owner, attempts:
            item = found.outbox[-1] if found.outbox else Outgoing("gone", {})
            retry = now + timedelta(seconds=attempts)
            tried = replace(item, attempts=attempts)
            return await store.postpone(conversation_id, owner, tried, retry)


async def do_to_lease(
    store: ConversationStore, found: Stored, step: Step, now: datetime
) -> bool | None:
    """Take a lease, or renew it."""
    conversation_id = found.conversation.id
    match step:
        case "lease", owner:
            return await store.lease(conversation_id, owner, now, now + timedelta(seconds=45))
        case _, owner, current:
            revision, until = found.revision - (not current), now + timedelta(seconds=90)
            due_at = now + timedelta(seconds=60)
            return await store.keep(conversation_id, owner, revision, until, due_at)


@REAL
@given(steps=st.lists(turn_steps, min_size=5, max_size=25))
async def test_conversations_agree(embedded_mongo: str, steps: list[Step]) -> None:
    """The same turns, leases and marks leave the same documents and give the same answers."""
    async with connected(embedded_mongo, "test_conversations_agree") as database:
        await conversations_agree(MongoConversations(database), steps)


async def conversations_agree(mongo: MongoConversations, steps: list[Step]) -> None:
    """Do the steps in memory too and compare after each."""
    memory = MemoryConversations()
    await mongo.prepare()
    contact, now = Contact("web", f"visitor{next(RUNS)}", "batam"), START
    fresh = Stored(Conversation(contact.conversation_id, "passport_guided"), contact)
    for step in steps:
        now += timedelta(seconds=step[1] if step[0] == "wait" else 1)
        expected = await do_to_conversation(memory, fresh, step, now)
        assert await do_to_conversation(mongo, fresh, step, now) == expected
        ours = contact.conversation_id
        assert await mongo.load(ours) == await memory.load(ours)
        assert await mongo.transcript(ours) == await memory.transcript(ours)
        assert (ours in await mongo.due(now, 1000)) == (ours in await memory.due(now, 1000))
