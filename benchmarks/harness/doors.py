"""The doors that are measured, as :class:`harness.talks.Door`."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from random import SystemRandom

import orjson
from aiohttp import ClientSession
from harness.loops import Timed
from harness.meta import Meta
from harness.talks import booking, questions

from bot.app import Bot, assemble
from bot.channels.inbound import Inbound, Progress
from bot.clock import system_clock
from bot.definitions import load_definitions
from bot.dialogue.events import Message
from bot.dialogue.reply import Reply
from bot.dialogue.store import Contact
from bot.settings import load_settings
from bot.stores import Stores
from nlu.local import ready

ROOT = Path(__file__).parents[2]
OFFICE = "jakarta_pusat"
_SETTLED = 1.5
"""Seconds after which nothing more is said."""


class Mailbox:
    """A channel that takes every message at once, and keeps the text."""

    def __init__(self) -> None:
        self.said: dict[str, list[str]] = {}

    async def send(self, contact: Contact, reply: Reply, _: Progress) -> None:
        """Take it."""
        self.said.setdefault(contact.sender, []).append(reply.text)


async def bot_over(stores: Stores, mailbox: Mailbox) -> Bot:
    """The shipped bot in this process, with what it learnt."""
    settings = load_settings(ROOT / "config.yml", {})
    return assemble(
        load_definitions(settings.flows), settings, stores=stores, clock=system_clock,
        random=SystemRandom(), senders={"whatsapp": mailbox},
        classifier=await ready(settings.flows.training, settings.nlu.models, print),
    )  # fmt: skip


class InProcess:
    """A bot in this process.

    Args:
        mailbox: where what it says arrives.
    """

    def __init__(self, bot: Bot, mailbox: Mailbox) -> None:
        self._bot, self._mailbox = bot, mailbox
        self._written = 0

    async def write(self, sender: str, text: str) -> None:
        """Returns once it is saved."""
        self._written += 1
        self._mailbox.said.pop(sender, None)
        contact = Contact("whatsapp", sender, OFFICE)
        message = Message(f"m{self._written}", "text", text, system_clock())
        await self._bot.turns.hear(Inbound(contact, message))

    async def read(self, sender: str, _: str) -> str:
        """Returns once all is sent and off the books."""
        conversation = Contact("whatsapp", sender, OFFICE).conversation_id
        sending = self._bot.outbox._sending.get(conversation)  # noqa: SLF001 - nothing else waits for one conversation alone
        if sending:
            await sending
        return "\n".join(self._mailbox.said.get(sender, ()))


class Rest:
    """A REST door like Rasa's; the answer is the response.

    Args:
        url: of ``/webhooks/rest/webhook``.
    """

    def __init__(self, session: ClientSession, url: str, office: str = OFFICE) -> None:
        self._session, self._url, self._office = session, url, office
        self._said: dict[str, str] = {}

    async def write(self, sender: str, text: str) -> None:
        """Returns with the answer.

        Raises:
            RuntimeError: it was refused.
        """
        told = {"sender": sender, "message": text, "metadata": {"office": self._office}}
        headers = {"Content-Type": "application/json"}
        async with self._session.post(
            self._url, data=orjson.dumps(told), headers=headers
        ) as answer:
            body = await answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{answer.status}: {body.decode(errors='replace')[:500]}")
        self._said[sender] = "\n".join(each.get("text", "") for each in orjson.loads(body))

    async def read(self, sender: str, _: str) -> str:
        """What came with the response."""
        return self._said.pop(sender)


@dataclass(slots=True)
class Webhook:
    """Signed webhooks; answers come through Graph.

    Args:
        counts: how many messages are said to each step, so that somebody who reads knows when they
            have all come; empty where nothing is ever said.
        reading: seconds from the last of them to what is written next.
    """

    meta: Meta
    url: str
    counts: dict[str, int] = field(default_factory=dict)
    reading: float = 0.0

    async def write(self, sender: str, text: str) -> None:
        """Returns once it is answered 200."""
        await self.meta.deliver(self.url, sender, text)

    async def read(self, sender: str, step: str) -> str:
        """Returns once all has been sent."""
        count = self.counts.get(step)
        said = await self.meta.answered(sender, count) if count else ""
        await asyncio.sleep(self.reading)
        return said

    async def learn(self, asks: str, books: str, number: int) -> None:
        """See how many messages are said to each step, with two people of whom nothing else is
        measured.
        """
        slow = _Patient(self)
        for _ in range(2):  # who is new is told more
            await questions(slow, lambda: asks)(Timed())
        await booking(slow, books, number)(Timed())


class _Patient:
    """Writes at a door, and waits long enough to see how much is said."""

    def __init__(self, door: Webhook) -> None:
        self._door = door

    async def write(self, sender: str, text: str) -> None:
        """As there."""
        await self._door.write(sender, text)

    async def read(self, sender: str, step: str) -> str:
        """All that was said, counted."""
        await asyncio.sleep(_SETTLED)
        said = self._door.meta.said(sender)
        self._door.counts[step] = len(said)
        return "\n".join(said)
