"""A small office with everything stored, in memory and in the embedded database."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

import pytest

from bot.app import Bot, assemble, eraser_of, keeper_of
from bot.booking.seats import Seat
from bot.booking.waitlist import Wait, WaitState
from bot.channels.inbound import Inbound
from bot.definitions import load_definitions
from bot.dialogue.events import Media, Message
from bot.dialogue.store import Contact
from bot.privacy.erasing import Eraser
from bot.privacy.keeper import Keeper
from bot.replay.pictures import SamplePictures
from bot.settings import Settings
from bot.stores import Stores
from storage.driver import open_database
from storage.stores import stores_in, stores_in_memory
from tests.support.talk import NOW

NUMBER = "6281200000001"
SETTINGS = Settings()
DEFINITIONS = load_definitions(SETTINGS.flows)


@dataclass
class Place:
    """A bot on stores, a clock, and people who write to it."""

    stores: Stores
    now: datetime = NOW
    messages: int = 0
    bot: Bot = field(init=False)

    def __post_init__(self) -> None:
        self.bot = assemble(
            DEFINITIONS,
            SETTINGS,
            stores=self.stores,
            clock=lambda: self.now,
            random=Random(3),
            pictures={"rest": SamplePictures()},
        )

    @property
    def eraser(self) -> Eraser:
        """Erases here."""
        return eraser_of(self.bot)

    def keeper(self, settings: Settings = SETTINGS) -> Keeper:
        """A process's keeper."""
        return keeper_of(self.bot, settings, lambda: self.now)

    async def says(
        self,
        text: str,
        *,
        sender: str = NUMBER,
        office: str = "jakarta_pusat",
        media: Media | None = None,
    ) -> list[str]:
        """What is answered to a message."""
        self.messages += 1
        contact = Contact("rest", sender, office, heard_at=self.now)
        kind = "image" if media else "text"
        message = Message(f"m{self.messages}", kind, text, self.now, media=media)
        await self.bot.turns.hear(Inbound(contact, message))
        replies = await self.bot.outbox.collect(contact.conversation_id)
        return [reply.text for reply in replies]

    async def books(self, day: date, name: str = "Rina Fiktif", sender: str = NUMBER) -> Seat:
        """Register for a day."""
        await self.says(f"#{name}#31011990#{day:%d%m%Y}", sender=sender)
        await self.says("setuju", sender=sender)
        seat = await self.stores.seats.active_of(f"rest:{sender}")
        assert seat
        assert seat.booking_code
        return seat

    async def waits(self, day: date | None, sender: str = NUMBER) -> Wait:
        """Stand in the waitlist of a day, or of any."""
        office = "jakarta_pusat"
        wait = Wait(office, day, f"rest:{sender}", f"rest:{office}:{sender}", self.now)
        assert await self.stores.waitlist.save(wait.to(WaitState.WAITING, self.now, "x", "k"))
        return wait

    def passes(self, **time: float) -> None:
        """Time passes."""
        self.now += timedelta(**time)


@pytest.fixture(params=["memory", "embedded"])
async def place(request: pytest.FixtureRequest, database_name: str) -> AsyncIterator[Place]:
    """An office on empty stores of each kind."""
    if request.param == "memory":
        yield Place(stores_in_memory())
        return
    database = open_database(request.getfixturevalue("embedded_mongo"), database_name)
    yield Place(await stores_in(database))
    await database.close()


def with_days(**days: int) -> Settings:
    """Settings with other retention periods."""
    retention = SETTINGS.retention.model_copy(update=days)
    return SETTINGS.model_copy(update={"retention": retention})
