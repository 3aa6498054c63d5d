"""Bots on one database in memory, with a folder of flows that is edited and published."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from bot.app import Bot, assemble
from bot.channels.inbound import Inbound, Sender
from bot.definitions import load_definitions
from bot.dialogue.events import Message
from bot.dialogue.reply import Reply
from bot.dialogue.store import Contact, Stored
from bot.dialogue.versions import Publication
from bot.publishing import publish
from bot.settings import Flows, Settings
from bot.stores import Stores
from storage.memory import MemoryVersions
from storage.stores import stores_in_memory
from tests.support.talk import NOW

OFFICES = """\
defaults:
  time_zone: Asia/Jakarta
  flow: talk
  sessions:
    - {id: pagi, name: {id: Pagi, en: Morning}, from: "08:00", until: "12:00", seats: 9}
offices:
  contoh:
    name: Kantor Contoh
    short_name: Contoh
    prefix: CTH
"""

TALK = """\
flow: talk
initial: first
misunderstood: {say: sorry}
states:
  first: {ask: one, on: {approve: {go: second}}}
  second:
    ask: two
    on: {approve: {go: last}}
    timeout: {after: 10 minutes, say: late, go: first}
  last: {say: done, end: true}
"""

WORDS = ("apology", "sorry", "one", "two", "late", "done", "restarted")


@dataclass
class House:
    """A folder, a database, and bots that come and go.

    The flow asks twice and is done; every answer names the version: ``two v1``.
    """

    folder: Path
    settings: Settings
    stores: Stores = field(default_factory=stores_in_memory)
    versions: MemoryVersions = field(default_factory=MemoryVersions)
    now: datetime = NOW
    messages: int = 0

    @classmethod
    def at(cls, folder: Path) -> House:
        """A house with the first version in its folder."""
        flows = Flows(folder=folder, languages=("id",), recordings=folder / "recordings")
        house = cls(folder, Settings(flows=flows))
        (folder / "offices.yml").write_text(OFFICES)
        house.edit("v1")
        return house

    def edit(self, mark: str, talk: str = TALK) -> None:
        """Save other files into the folder; every reply ends with ``mark``."""
        (self.folder / "talk.yml").write_text(talk)
        (self.folder / "replies").mkdir(exist_ok=True)
        lines = [f"{word}: {word} {mark}\n" for word in WORDS]
        (self.folder / "replies" / "id.yml").write_text("".join(lines))

    def show(self, content: bytes, name: str = "sign.png") -> None:
        """Let the second question show a picture."""
        (self.folder / "pictures").mkdir(exist_ok=True)
        (self.folder / "pictures" / name).write_bytes(content)
        path = self.folder / "replies" / "id.yml"
        text = re.sub(r"two: (two v\d+)", rf"two: {{text: \1, picture: {name}}}", path.read_text())
        path.write_text(text)

    async def shown(self, sender: str = "me") -> bytes | None:
        """What the last picture shown to somebody looks like, to whoever asks the database."""
        conversation = self.contact(sender).conversation_id
        record = (await self.stores.conversations.transcript(conversation))[-1]
        picture = Reply.from_document(record["replies"][-1]).picture
        return await self.versions.picture(picture.sha256) if picture else None

    async def publish(self, note: str = "") -> Publication:
        """Publish what stands in the folder."""
        return await publish(
            self.versions, self.settings.flows, author="staf", note=note, now=self.now
        )

    def bot(self, senders: Mapping[str, Sender] | None = None) -> Bot:
        """A process that begins now, before it has asked what is published."""
        return assemble(
            load_definitions(self.settings.flows),
            self.settings,
            stores=self.stores,
            clock=lambda: self.now,
            random=Random(1),
            senders=senders,
            versions=self.versions,
        )

    async def says(
        self, bot: Bot, text: str, sender: str = "me", office: str = "contoh"
    ) -> list[str]:
        """What a bot answers."""
        self.messages += 1
        contact = replace(self.contact(sender, office), heard_at=self.now)
        message = Message(f"m{self.messages}", "text", text, self.now)
        await bot.turns.hear(Inbound(contact, message))
        return [reply.text for reply in await bot.outbox.collect(contact.conversation_id)]

    async def wait(self, bot: Bot, **time: float) -> list[str]:
        """What a bot says of itself when time has passed."""
        self.now += timedelta(**time)
        await bot.sweeper.sweep()
        replies = await bot.outbox.collect(self.contact("me").conversation_id)
        return [reply.text for reply in replies]

    def contact(self, sender: str, office: str = "contoh") -> Contact:
        """Somebody who collects what is said."""
        return Contact("rest", sender, office)

    async def stored(self, sender: str = "me", office: str = "contoh") -> Stored:
        """A conversation as it stands."""
        found = await self.stores.conversations.load(self.contact(sender, office).conversation_id)
        assert found
        return found
