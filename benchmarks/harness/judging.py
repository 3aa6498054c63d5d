"""What must hold whatever happened: nothing acknowledged is lost, and nothing is there twice."""

from __future__ import annotations

import asyncio
import time
from collections import Counter

from harness.crowd import Crowd
from harness.meta import Meta

from storage.driver import Database
from storage.mongo import MongoConversations, MongoSeats

PATIENCE_SECONDS = 90.0
"""For messages that wait to be tried again."""


async def judged(database: Database, crowd: Crowd, meta: Meta) -> list[str]:
    """What does not hold, in words; waits until all that has to be sent is sent."""
    until, conversations = time.monotonic() + PATIENCE_SECONDS, MongoConversations(database)
    open_ones, complaints = set(crowd.taken), list[str]()
    while open_ones:
        complaints = []
        for conversation in sorted(open_ones):
            wrong = await _of_conversation(conversations, conversation, crowd, meta)
            complaints += wrong
            if not wrong:
                open_ones.discard(conversation)
        if time.monotonic() > until:
            break
        await asyncio.sleep(1 if open_ones else 0)
    twice = {name: times for name, times in meta.sent.items() if times > 1}
    complaints += [f"sent {times} times: {name}" for name, times in twice.items()]
    for name in twice:
        meta.sent[name] = 1  # told once
    return [*complaints, *await _of_seats(database, crowd), *crowd.failed]


async def _of_conversation(
    conversations: MongoConversations, conversation: str, crowd: Crowd, meta: Meta
) -> list[str]:
    """Every message that was answered 200 is one turn, and all that it said arrived."""
    records = {each["_id"]: each for each in await conversations.transcript(conversation)}
    wrong = []
    for message in crowd.taken[conversation]:
        record = records.get(f"{conversation}|{message}")
        if record is None:
            wrong.append(f"acknowledged and lost: {message} of {conversation}")
            continue
        said = [f"{conversation}|{message}/{at}|0" for at in range(len(record["replies"]))]
        wrong += [f"saved and never sent: {name}" for name in said if name not in meta.sent]
    stored = await conversations.load(conversation)
    handled = Counter(stored.handled if stored else ())
    if stored and stored.outbox:
        wrong.append(f"waits to be sent, or does not know it is: {conversation}")
    wrong += [f"handled {times} times: {each}" for each, times in handled.items() if times > 1]
    return wrong


async def _of_seats(database: Database, crowd: Crowd) -> list[str]:
    """Who was told of a booking has that seat; nobody has one without being told, or two."""
    found = await database.collection("seats").find({}, only=["booking_code"])
    codes = Counter(each["booking_code"] for each in found if each.get("booking_code"))
    told = Counter(crowd.booked.values())
    wrong = [f"told, and not booked: {code}" for code in (told - codes)]
    wrong += [f"booked, and nobody was told: {code}" for code in (codes - told)]
    seats = MongoSeats(database)
    for sender, code in crowd.booked.items():
        seat = await seats.by_code(code)
        if seat and seat.claim and not seat.claim.applicant.sender.endswith(sender):
            wrong.append(f"{code} is somebody else's")
    return wrong
