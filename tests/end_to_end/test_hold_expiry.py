"""A seat held for fifteen minutes: the timer outlives the bot that set it, and rings once."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from bot.app import Bot, assemble
from bot.booking.seats import SKEW, SeatState
from bot.channels.inbound import Inbound, Progress
from bot.definitions import Definitions, load_definitions
from bot.dialogue.events import Message
from bot.dialogue.reply import Reply
from bot.dialogue.store import Contact
from bot.settings import Settings, load_settings
from bot.stores import Stores
from storage.driver import open_database
from storage.stores import stores_in, stores_in_memory
from tests.support.service import ROOT

NINE = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
DAY = date(2026, 11, 24)
HOLD = timedelta(minutes=15)


@dataclass
class Telephone:
    """Collects what one person is sent."""

    heard: list[str] = field(default_factory=list)

    async def send(self, contact: Contact, reply: Reply, _: Progress) -> None:
        """Take a reply."""
        assert contact.sender == "6281200000001"
        self.heard.append(reply.text)


@dataclass
class World:
    """Stores and a clock that stand still; bots come and go."""

    stores: Stores
    settings: Settings
    definitions: Definitions
    telephone: Telephone = field(default_factory=Telephone)
    now: datetime = NINE
    messages: int = 0

    def bot(self) -> Bot:
        """A bot as a process would have it, started now."""
        return assemble(
            self.definitions,
            self.settings,
            stores=self.stores,
            clock=lambda: self.now,
            random=Random(self.messages),
            senders={"whatsapp": self.telephone},
        )

    async def say(self, bot: Bot, words: str) -> None:
        """Write to a bot and wait until its answers are sent."""
        self.messages += 1
        contact = Contact("whatsapp", "6281200000001", "jakarta_pusat", heard_at=self.now)
        message = Message(f"wamid.{self.messages}", "text", words, self.now)
        await bot.turns.hear(Inbound(contact, message))
        await bot.outbox.close()

    async def sweep(self, *bots: Bot) -> None:
        """Let bots sweep at the same time, and send."""
        await asyncio.gather(*(bot.sweeper.sweep() for bot in bots))
        await asyncio.gather(*(bot.outbox.close() for bot in bots))

    async def taken(self) -> list[SeatState]:
        """States of the day's seats that are not free."""
        states = [seat.state for seat in await self.stores.seats.of_day("jakarta_pusat", DAY)]
        return [state for state in states if state is not SeatState.FREE]


@pytest.fixture(scope="module")
def settings() -> Settings:
    """The repository's own."""
    return load_settings(ROOT / "config.yml", {})


@pytest.fixture(scope="module")
def definitions(settings: Settings) -> Definitions:
    """The repository's own flows."""
    return load_definitions(settings.flows)


@pytest.fixture(params=["memory", "mongo"])
async def world(
    request: pytest.FixtureRequest,
    settings: Settings,
    definitions: Definitions,
    database_name: str,
) -> AsyncIterator[World]:
    """On both stores."""
    if request.param == "memory":
        yield World(stores_in_memory(), settings, definitions)
        return
    database = open_database(request.getfixturevalue("embedded_mongo"), database_name)
    yield World(await stores_in(database), settings, definitions)
    await database.close()


@pytest.fixture
async def held(world: World) -> World:
    """Somebody who was asked for the approval code, by a bot that is no more."""
    await world.say(world.bot(), "#RINA WULANDARI#17081990#24112026")
    assert "balas dengan kode persetujuan" in world.telephone.heard[-1]
    assert await world.taken() == [SeatState.HELD]
    world.telephone.heard.clear()
    return world


async def test_it_rings_once_for_two_bots(held: World) -> None:
    """Neither started when the timer was set; not before it is due, and never a second time."""
    bots = [held.bot(), held.bot()]
    held.now += HOLD - timedelta(seconds=1)
    await held.sweep(*bots)
    assert held.telephone.heard == []

    held.now += timedelta(seconds=1)
    for _ in range(3):
        await held.sweep(*bots)
        held.now += timedelta(minutes=1)
    (told,) = held.telephone.heard
    assert "Waktu persetujuan sudah habis" in told
    assert await held.taken() == []
    records = await held.stores.conversations.transcript("whatsapp:jakarta_pusat:6281200000001")
    assert len(records) == 2
    assert [record["_id"].rpartition("|")[2][:6] for record in records] == ["wamid.", "timer/"]


async def test_the_code_comes_too_late(held: World) -> None:
    """Before any bot swept: the answer is that time is up, and the sweep has nothing to add."""
    held.now += HOLD + timedelta(seconds=5)
    late = held.bot()
    await held.say(late, "setuju")
    assert len([text for text in held.telephone.heard if "Waktu persetujuan" in text]) == 1
    assert await held.taken() == []
    before = [*held.telephone.heard]
    await held.sweep(late, held.bot())
    assert held.telephone.heard == before


async def test_an_approved_hold_does_not_ring(held: World) -> None:
    """A booking in time stops the timer."""
    held.now += HOLD - timedelta(seconds=1)
    bot = held.bot()
    await held.say(bot, "oke setuju")
    held.now += timedelta(hours=1)
    before = [*held.telephone.heard]
    await held.sweep(bot, held.bot())
    assert held.telephone.heard == before
    assert await held.taken() == [SeatState.BOOKED]


async def test_the_seat_is_somebody_elses_again(held: World) -> None:
    """Nobody swept, yet a minute after the hold's end the seat can be claimed by another."""
    held.now += HOLD + SKEW - timedelta(milliseconds=1)
    seats = await held.stores.seats.of_day("jakarta_pusat", DAY)
    assert seats[0].state is SeatState.HELD
    assert seats[0].claim
    first = seats[0].claim

    async def claim(name: str) -> int:
        applicant = replace(first.applicant, name=name, sender=f"web:{name}", conversation=name)
        marks = {"active_sender": f"web:{name}", "active_person": f"{DAY}|{name}"}
        wish = replace(first, key=name, applicant=applicant, until=held.now + HOLD, **marks)
        seat = await held.stores.seats.claim("jakarta_pusat", DAY, wish, held.now)
        return seat.number if seat else 0

    assert await claim("BUDI") == 2
    held.now += timedelta(milliseconds=1)
    assert await claim("SITI") == 1
