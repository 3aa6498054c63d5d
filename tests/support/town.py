"""The repository's own offices, one of them under other rules: people write to it, staff act, time
passes. Everything is the real bot in memory; only the clock is ours.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from bot.app import rehearsal
from bot.booking.calling import Calls
from bot.booking.conduct import Conduct
from bot.booking.counter import TurnedAway
from bot.booking.life import Act, Step, staff
from bot.booking.office import Office, Offices
from bot.booking.queue import Queue
from bot.booking.seats import Seat
from bot.channels.inbound import Inbound
from bot.definitions import Definitions, load_definitions
from bot.dialogue.events import Media, Message
from bot.dialogue.reply import Button
from bot.dialogue.store import Contact
from bot.settings import Settings, load_settings

ROOT = Path(__file__).parents[2]
TOMORROW = "24112026"
"""A Tuesday, written as in a form; a :class:`Town`'s clock begins at ten the morning before."""

RINA = staff("rina")


@cache
def repository() -> tuple[Definitions, Settings]:
    """The repository's own flows, replies, offices and settings."""
    settings = load_settings(ROOT / "config.yml", {})
    return load_definitions(settings.flows), settings


class Town:
    """An office and those who write to it.

    Args:
        office: its id in ``offices.yml``.
        now: the moment it begins, with its zone.
        rules: what is otherwise there than in the file.
    """

    def __init__(
        self, office: str = "jakarta_timur", now: str = "2026-11-23T10:00+07:00", **rules: Any
    ) -> None:
        definitions, settings = repository()
        there = definitions.offices.get(office)
        assert there, office
        self.office = Office.model_validate(dict(there) | rules)
        offices = Offices(self.office if o.id == office else o for o in definitions.offices)
        self.now = datetime.fromisoformat(now)
        self.random = Random(3)
        self.bot = rehearsal(
            replace(definitions, offices=offices), settings, lambda: self.now, self.random
        )
        self.stores = self.bot.stores
        self.queue = Queue(offices, self.stores.seats)
        self.conduct = Conduct(self.stores.people)
        self.calls = Calls(self.stores.seats, self.stores.calls, self.stores.notices)
        self.callers: dict[str, Caller] = {}
        self.count = 0

    def caller(self, number: int = 1) -> Caller:
        """Who writes from a number of their own."""
        sender = f"62812000000{number:02d}"
        return self.callers.setdefault(sender, Caller(self, sender))

    async def until(self, moment: str) -> None:
        """Let time pass until ``24 08:20`` of the month, office's time; what is due rings at its
        own time.
        """
        day, _, hour = moment.partition(" ")
        local = self.office.local(self.now)
        hours, minutes = map(int, hour.split(":"))
        end = local.replace(day=int(day), hour=hours, minute=minutes)
        assert end >= local, f"{moment} is past"
        while (due := await self._due(end)) is not None and due <= end:
            self.now = max(self.now, due)
            await self.bot.sweeper.sweep()
        self.now = end
        await self.bot.caretaker.look_after()

    async def _due(self, end: datetime) -> datetime | None:
        """When the next timer or notice rings; of notices only by ``end``."""
        notices = await self.stores.notices.due(end, 1)
        moments = [notice.due_at for notice in notices]
        for caller in self.callers.values():
            stored = await self.stores.conversations.load(caller.contact.conversation_id)
            moments += [stored.due_at] if stored else []
        return min(moments, default=None)

    def act(self, reason: str = "") -> Act:
        """A deed of a member of staff."""
        self.count += 1
        return Act(f"staff-{self.count}", RINA, reason=reason)

    async def check_in(self, code: str) -> Seat | TurnedAway:
        """A code is shown at the counter."""
        return await self.queue.check_in(self.office, code, self.act(), self.now)

    async def taken(self, day: date) -> list[int]:
        """Numbers of the seats somebody has on a day."""
        seats = await self.stores.seats.of_day(self.office.id, day)
        return [seat.number for seat in seats if seat.key]

    async def steps(self, code: str) -> list[Step]:
        """What happened to the booking with this code, in order."""
        seat = await self.stores.seats.by_code(code)
        assert seat, code
        return [event.step for event in seat.trail]


@dataclass
class Caller:
    """A person with a telephone.

    Attributes:
        shown: what can be tapped.
    """

    town: Town
    sender: str
    shown: tuple[Button, ...] = ()

    @property
    def contact(self) -> Contact:
        """Their end of the line."""
        return Contact("whatsapp", self.sender, self.town.office.id, heard_at=self.town.now)

    async def says(self, text: str) -> str:
        """Type something; all that the bot answers."""
        return await self._send(Message(self._id(), "text", text, self.town.now))

    async def taps(self, title: str) -> str:
        """Tap what was shown; all that the bot answers."""
        payload = {button.title: button.payload for button in self.shown}[title]
        return await self._send(Message(self._id(), "tap", payload, self.town.now, title))

    async def shows(self, caption: str) -> str:
        """Send a photo with a caption; all that the bot answers."""
        key = self._id()
        media = Media(key, "image/jpeg")
        return await self._send(Message(key, "image", caption, self.town.now, "", media))

    async def books(self, name: str, born: str = "17081990", day: str = TOMORROW) -> str:
        """Register by a form and agree; the booking card, or the refusal."""
        asked = await self.says(f"#{name}#{born}#{day}")
        code = re.search(r"(?:Kode persetujuan|Nomor barcode \(kode booking\)): \*(\S+)\*", asked)
        return await self.says(code[1]) if code else asked

    async def hears(self) -> str:
        """What the bot has said of itself meanwhile."""
        replies = await self.town.bot.outbox.collect(self.contact.conversation_id)
        self.shown = tuple(b for reply in replies for b in reply.buttons) or self.shown
        return "\n\n".join(reply.text for reply in replies)

    def _id(self) -> str:
        self.town.count += 1
        return f"m{self.town.count}"

    async def _send(self, message: Message) -> str:
        await self.hears()  # what came before is no answer to this
        await self.town.bot.turns.hear(Inbound(self.contact, message))
        return await self.hears()


def code_in(text: str) -> str:
    """The booking code of a card."""
    found = re.search(r"Kode booking: \*(\S+)\*", text)
    assert found, text
    return found[1]
