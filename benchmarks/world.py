"""What the benchmarks of whole turns share: a bot without doors, and people who write to it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from bot.app import Bot, assemble
from bot.channels.inbound import Inbound, Progress
from bot.clock import system_clock
from bot.definitions import load_definitions
from bot.dialogue.events import Message
from bot.dialogue.reply import Reply
from bot.dialogue.store import Contact
from bot.settings import Flows, Settings
from bot.stores import Stores
from storage.driver import Collection, Database, open_database
from storage.embedded import EmbeddedMongo

ROOT = Path(__file__).parents[1]
OFFICE = "jakarta_pusat"
CALLS: Counter[str] = Counter()
"""Calls to the database so far, by kind."""


class Mailbox:
    """A channel that takes every message at once."""

    def __init__(self) -> None:
        self.last: dict[str, str] = {}

    async def send(self, contact: Contact, reply: Reply, _: Progress) -> None:
        """Keep the text."""
        self.last[contact.sender] = f"{self.last.get(contact.sender, '')}\n{reply.text}"


class Person:
    """Somebody who writes."""

    def __init__(self, bot: Bot, mailbox: Mailbox, number: int) -> None:
        self._bot, self._mailbox = bot, mailbox
        self._contact = Contact("whatsapp", f"62812{number:08d}", OFFICE)
        self._written = 0
        self.name = f"Pemohon {letters(number)}"

    @property
    def conversation(self) -> str:
        """Its id."""
        return self._contact.conversation_id

    async def say(self, text: str) -> float:
        """Write; the milliseconds until it is handled and saved."""
        self._written += 1
        self._mailbox.last.pop(self._contact.sender, None)
        message = Message(f"m{self._written}", "text", text, system_clock())
        began = time.perf_counter()
        await self._bot.turns.hear(Inbound(self._contact, message))
        return (time.perf_counter() - began) * 1000

    async def read(self) -> str:
        """All that was answered to the last message, once it is sent and off the books."""
        sending = self._bot.outbox._sending.get(self._contact.conversation_id)  # noqa: SLF001 - nothing else waits for one conversation alone
        if sending:
            await sending
        return self._mailbox.last.get(self._contact.sender, "")


def letters(number: int) -> str:
    """A number in letters, since names have no digits."""
    digits = [(number // 20**place) % 20 for place in range(4)]
    return "".join("bcdfghjklmnprstvwxyz"[digit] + "a" for digit in digits).title()


def bot_on(stores: Stores, seed: int = 1) -> tuple[Bot, Mailbox]:
    """A bot on these stores."""
    definitions = load_definitions(Flows(folder=ROOT / "flows"))
    mailbox = Mailbox()
    bot = assemble(
        definitions, Settings(), stores=stores, clock=system_clock,
        random=Random(seed), senders={"whatsapp": mailbox},
    )  # fmt: skip
    return bot, mailbox


@asynccontextmanager
async def embedded() -> AsyncIterator[Database]:
    """An empty embedded database; what it is asked counts in ``CALLS``."""
    count_calls()
    with TemporaryDirectory() as folder:
        async with EmbeddedMongo(Path(folder)) as mongo:
            database = open_database(mongo.uri, "bench")
            yield database
            await database.close()


def count_calls() -> None:
    """Count what every collection is asked from now on."""

    def counted(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        async def run(*given: Any, **named: Any) -> Any:
            CALLS[name] += 1
            return await call(*given, **named)

        return run

    for name in ("find_one", "find", "insert_one", "insert_missing", "update_one"):
        call = getattr(Collection, name)
        if call.__name__ != "run":
            setattr(Collection, name, counted(name, call))


def row(name: str, took: list[float], calls: float | None = None, rate: float | None = None) -> str:
    """A line of a table: median and 95th percentile in ms, calls a turn, turns a second."""
    took = sorted(took)
    p50, p95 = took[len(took) // 2], took[int(len(took) * 0.95)]
    asked = f"{calls:6.1f}" if calls is not None else f"{'':6}"
    fast = f"{rate:8.0f}/s" if rate is not None else ""
    return f"{name:44} {p50:8.2f} ms {p95:8.2f} ms {asked} {fast}"
