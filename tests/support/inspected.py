"""A conversation that takes place in a desk's own stores, to be looked at there."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import count
from random import Random

from bot.app import Bot, assemble
from bot.channels.inbound import Inbound
from bot.definitions import Definitions, load_definitions
from bot.dialogue.events import Message
from bot.dialogue.store import Contact
from tests.support.desk import OFFICE, DeskHouse
from tests.support.room import shipped_settings

PHONE = "6281200000077"
CONTACT = Contact("whatsapp", PHONE, OFFICE, profile="Rina")


@cache
def shipped() -> Definitions:
    """The project's flows, read once."""
    return load_definitions(shipped_settings().flows)


class Talker:
    """Writes to a bot on a house's stores; the grammar alone understands.

    Args:
        contact: who writes.
    """

    def __init__(self, house: DeskHouse, contact: Contact = CONTACT) -> None:
        self.house = house
        self.contact = contact
        ticks: Iterator[int] = count()
        self.bot: Bot = assemble(
            shipped(),
            shipped_settings(),
            stores=house.stores,
            clock=house.desk.clock,
            random=Random(3),
            stopwatch=lambda: next(ticks) / 1000,
        )
        self._said = 0

    @property
    def path(self) -> str:
        """Of the page."""
        handle = self.house.kept.handles.of(self.contact.conversation_id)
        return f"/desk/conversations/{handle}/inspect"

    async def says(self, *texts: str) -> None:
        """Write some messages, one after the other."""
        for text in texts:
            self._said += 1
            message = Message(f"m{self._said}", "text", text, self.house.desk.clock())
            await self.bot.turns.hear(Inbound(self.contact, message))

    async def books(self) -> None:
        """Come to a hold of a seat, over a wrong birth date."""
        await self.says(
            "Pagi, Pak",
            "#tgllayanan",
            "nomor 2",
            "nama saya Rina Wulandari lahir 17 agustus 2090",
            "nama saya Rina Wulandari lahir 17 agustus 1990",
        )
