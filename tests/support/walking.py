"""Walks through a whole bot in memory: anything a person, a clock or an operator may do to it.

A walk is a list of :mod:`steps <tests.support.steps>`; what one means where the conversation stands
(which button was shown, which code is right) is found out when it is taken. After each the bot must
stand on its feet; see :meth:`Walk.take`.
"""

from __future__ import annotations

import re
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

import structlog

from bot.acting import TooManyActionsError
from bot.app import Bot, assemble
from bot.booking.seats import SeatState
from bot.channels.inbound import Inbound
from bot.channels.whatsapp.messages import Uploaded, compose
from bot.definitions import Definitions
from bot.dialogue.conversation import Conversation
from bot.dialogue.events import Message
from bot.dialogue.flowset import FlowSet
from bot.dialogue.reply import Button, Reply
from bot.dialogue.stack import MAX_DEPTH
from bot.dialogue.store import Contact
from bot.dialogue.versions import Files, Publication
from bot.graph_stub.limits import violations
from bot.settings import Settings
from bot.stores import Stores
from storage.memory import MemorySeats, MemoryVersions
from storage.seat_documents import seat_from
from storage.stores import stores_in_memory
from tests.support.steps import Again, Code, Deploy, GoOn, Media, Say, Step, Tap, TapShown, Wait
from tests.support.talk import NOW, through_a_store

PICTURE = "900000001"
NOBODY_SET_IT = re.compile(r"\bNone\b|\{\{|\{%")
"""What a reply shows when it speaks of something that is not there."""


RIGHT = {
    "person_name": "nama saya Rina Wulandari",
    "birth_date": "lahir 17-08-1990",
    "phone": "081200000002",
    "service_date": "besok",
}
"""An answer to each question."""


class Crashed(AssertionError):
    """The bot met an exception it calls its own bug, and hid it behind an apology."""


@contextmanager
def crashes() -> Iterator[list[BaseException]]:
    """The exceptions logged meanwhile; the bot itself goes on after each."""
    met: list[BaseException] = []

    def note(_: object, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
        error = sys.exc_info()[1] if event.get("exc_info") else None
        if error:
            met.append(error)
        raise structlog.DropEvent

    before = structlog.get_config()
    structlog.configure(processors=[note])
    try:
        yield met
    finally:
        structlog.configure(**before)


def _is_of_flow(error: BaseException) -> bool:
    """Whether the flow brought it about: a reply or an action that was not given what it needs, or
    actions that lead to each other for ever.
    """
    places = {frame.name for frame in traceback.extract_tb(error.__traceback__)}
    return isinstance(error, TooManyActionsError) or bool(places & {"render", "_act"})


@dataclass
class Walk:
    """One person and the bot they write to.

    Args:
        editions: definitions to deploy, one after the other.
        office: the one they write to.
        strict: whether every message must be answered, and without an apology; in a flow that
            somebody spoilt, a reply may speak of what is not known.
        published: files of each edition; deploying publishes it then, and who is in the middle of
            a conversation stays on an older one.

    Attributes:
        met: exceptions the bot met.
        shown: everything there was to tap, the newest last.
        pinned: messages heard by somebody who stood on an older edition.
    """

    editions: Sequence[Definitions]
    settings: Settings
    office: str
    met: list[BaseException] = field(default_factory=list)
    strict: bool = True
    published: Sequence[Files] = ()
    now: datetime = NOW
    seed: int = 1
    steps: int = 0
    apologies: int = 0
    pinned: int = 0
    shown: list[Button] = field(default_factory=list)
    stores: Stores = field(default_factory=stores_in_memory)

    def __post_init__(self) -> None:
        self.contact = Contact("rest", "6281200000001", self.office)
        self._last: Message | None = None
        self._messages = 0
        self._random = Random(self.seed)
        self._versions = MemoryVersions()
        self._start(0)

    def _start(self, number: int) -> None:
        self.definitions = self.editions[number % len(self.editions)]
        self.bot: Bot = assemble(
            self.definitions,
            self.settings,
            stores=self.stores,
            clock=lambda: self.now,
            random=self._random,
            versions=self._versions if self.published else None,
        )

    async def _deploy(self, number: int) -> None:
        self._start(number)
        if self.published:
            count = len(await self._versions.history())
            version, files = self.flows.version, self.published[number % len(self.published)]
            publication = Publication(count + 1, version, "staf", "", self.now)
            assert await self._versions.add(publication, files)
            await self.bot.library.refresh()
            assert self.bot.library.current.flows.version == version

    @property
    def flows(self) -> FlowSet:
        """What the process that answers now runs on."""
        return self.definitions.flows

    def flows_of(self, conversation: Conversation) -> FlowSet:
        """What a conversation stands on."""
        sets = {each.flows.version: each.flows for each in self.editions}
        return sets.get(conversation.version, self.flows)

    async def conversation(self) -> Conversation:
        """Where it stands."""
        stored = await self.stores.conversations.load(self.contact.conversation_id)
        root = self.definitions.venue_of(self.contact).flow
        return stored.conversation if stored else Conversation(self.contact.conversation_id, root)

    async def take(self, step: Step) -> list[Reply]:
        """Take a step, and see that the bot stands: it met no exception, stands in a defined state
        of a stack that is not too high, answers every message once, and says nothing that WhatsApp
        would refuse.
        """
        self.steps += 1
        match step:
            case Deploy(number):
                await self._deploy(number)
                return []
            case Wait(minutes):
                self.now += timedelta(minutes=minutes)
                await self.bot.sweeper.sweep()
                return await self._collected(step)
            case Again():
                if self._last:
                    await self.bot.turns.hear(Inbound(self.contact, self._last))
                    answered = await self._collected(step)
                    assert answered == [], "a message that came twice was answered twice"
                return []
        return await self._write(step)

    async def say(self, text: str) -> list[Reply]:
        """Type something."""
        return await self.take(Say(text))

    async def _write(self, step: Step) -> list[Reply]:
        kind, text = await self._words(step)
        self._messages += 1
        self._last = Message(f"m{self._messages}", kind, text, self.now)
        self.contact = replace(self.contact, heard_at=self.now)
        version = (await self.conversation()).version
        self.pinned += bool(self.published) and version not in {"", self.flows.version}
        await self.bot.turns.hear(Inbound(self.contact, self._last))
        answered = await self._collected(step)
        assert answered or not self.strict, (
            f"{step} in {await self.where()} is answered with nothing"
        )
        return answered

    async def _words(self, step: Step) -> tuple[str, str]:
        """Kind and text of the message."""
        match step:
            case Say(text):
                return "text", text
            case Tap(payload):
                return "tap", payload
            case TapShown(back):
                return "tap", self.shown[-1 - back % len(self.shown)].payload if self.shown else "/"
            case Code(right):
                slots = (await self.conversation()).slots
                code = str(slots.get("approval_code") or "00002681")
                return "text", code if right else f"{code[:-1]}{'3' if code[-1] == '2' else '2'}"
            case GoOn():
                return "text", await self._answer()
            case Media(kind, caption):
                return kind, caption
        raise AssertionError(step)

    async def _answer(self) -> str:
        conversation = await self.conversation()
        placed = await self.bot.library.place(conversation, conversation.root)
        expected = placed.acting.engine.expectation(placed.conversation)
        if expected.missing:
            return " ".join(RIGHT.get(entity, "") for entity in expected.missing[:2])
        if code := conversation.slots.get("approval_code"):
            return str(code)
        if "approve" in expected.intents:
            return "ya"
        return "1" if expected.options else "sy mau daftar"

    async def _collected(self, step: Step) -> list[Reply]:
        while self.met:
            error = self.met.pop()
            if self.strict or not _is_of_flow(error):
                raise Crashed(f"{step} in {await self.where()}: {error!r}") from error
            self.apologies += 1
        await self._stands()
        replies = list(await self.bot.outbox.collect(self.contact.conversation_id))
        for reply in replies:
            self._sendable(reply)
            self.shown += reply.buttons
        return replies

    async def _stands(self) -> None:
        conversation = await self.conversation()
        frames, flows = conversation.frames, self.flows_of(conversation).flows
        lost = [f for f in frames if f.state not in flows[f.flow].states]
        assert not lost, f"stands in {lost}"
        assert len(frames) <= MAX_DEPTH
        assert len({frame.flow for frame in frames}) == len(frames), "a flow is open twice"
        assert through_a_store(conversation) == conversation
        assert len(self.taken()) <= 1, f"has several seats: {self.taken()}"

    def taken(self) -> dict[str, SeatState]:
        """The person's seats that count now, held or booked; a family's are one."""
        office = self.definitions.offices.get(self.office)
        assert office
        today = office.local(self.now).date()
        assert isinstance(self.stores.seats, MemorySeats)
        claimed = self.stores.seats._table.having("claim_key")
        seats = [seat_from(document) for _, document in claimed]
        return {
            (seat.claim and seat.claim.group) or seat.id: seat.state
            for seat in seats
            if seat.is_active(self.now, today)
        }

    def _sendable(self, reply: Reply) -> None:
        assert reply.text.strip()
        if not self.strict:
            return
        wrong = NOBODY_SET_IT.search(reply.text)
        assert not wrong, f"says {wrong and wrong[0]!r}: {reply.text}"
        for message in compose(
            reply,
            self.contact.sender,
            Uploaded(
                PICTURE if reply.barcode or reply.picture else "",
                PICTURE if reply.document else "",
            ),
        ):
            assert violations(message, {PICTURE}) == [], reply

    async def where(self) -> str:
        """``flow.state`` of every open flow, root first."""
        frames = (await self.conversation()).frames
        return " ".join(f"{frame.flow}.{frame.state}" for frame in frames)
