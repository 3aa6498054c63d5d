"""A desk beside a whole bot: applicants write, supervisors answer, on one clock."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from random import Random

from bot.app import Bot, rehearsal
from bot.booking.office import load_offices
from bot.channels.inbound import Inbound
from bot.definitions import Definitions, load_code
from bot.dialogue.events import Message
from bot.dialogue.flowset import load_flows
from bot.dialogue.store import Contact, Stored
from bot.rehearsing.taking import recorder_of
from bot.stores import Stores
from tests.support.desk import NOW, OFFICE, DeskHouse, Visitor, open_house
from tests.support.room import shipped_settings

RINA = Contact("whatsapp", "6281200000001", OFFICE, profile="Rina Fiktif")
WEB = Contact("web", "tamu-1", OFFICE)


@cache
def shipped_definitions() -> Definitions:
    """What the project runs on; whether it is right, others test."""
    flows = shipped_settings().flows
    code, offices = load_code(flows), load_offices(flows.folder / "offices.yml")
    read = load_flows(flows.folder, flows.languages, code.actions, code.slot_types, shape=False)
    return Definitions(read, offices, code)


@dataclass
class Inbox:
    """A house whose bot is at work."""

    house: DeskHouse
    bot: Bot
    _count: int = 0

    async def says(self, text: str, contact: Contact = RINA, message_id: str = "") -> list[str]:
        """What the bot answers to a message."""
        self._count += 1
        now = self.house.moment
        message = Message(message_id or f"m{self._count}", "text", text, now)
        await self.bot.turns.hear(Inbound(replace(contact, heard_at=now), message))
        return await self.told(contact)

    async def told(self, contact: Contact = RINA) -> list[str]:
        """What waits to be read by them."""
        replies = await self.bot.outbox.collect(contact.conversation_id)
        return [reply.text for reply in replies]

    async def sweep(self) -> None:
        """Look after what is due."""
        await self.bot.sweeper.sweep()

    async def stored(self, contact: Contact = RINA) -> Stored:
        """The conversation as it stands."""
        found = await self.bot.stores.conversations.load(contact.conversation_id)
        assert found is not None
        return found

    def page(self, contact: Contact = RINA) -> str:
        """The path of a conversation's page."""
        handle = self.house.kept.handles.of(contact.conversation_id)
        return f"/desk/conversations/{handle}"

    async def does(self, visitor: Visitor, deed: str, contact: Contact = RINA, **more: str) -> str:
        """Do something in a conversation with a key of its own; where that leads."""
        self._count += 1
        fields = {"key": f"key-{self._count:08d}", **more}
        answer = await visitor.post(f"{self.page(contact)}/{deed}", **fields)
        return answer.headers.get("Location", str(answer.status))


@asynccontextmanager
async def open_inbox(stores: Stores | None = None) -> AsyncIterator[Inbox]:
    """Serve a desk beside a bot on the project's flows."""
    houses: list[DeskHouse] = []

    def clock() -> datetime:
        return houses[0].moment if houses else NOW

    settings, definitions = shipped_settings(), shipped_definitions()
    bot = rehearsal(definitions, settings, clock, Random(1), stores=stores)
    record = recorder_of(bot, settings, None)
    async with open_house(bot.stores, attending=bot.attending, record=record) as house:
        houses.append(house)
        yield Inbox(house, bot)
