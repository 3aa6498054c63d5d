"""The bot, the applicant and the world of one recording while it is played."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, Final, Protocol

from bot.attending import Attending
from bot.booking.life import Step
from bot.booking.notices import Notice
from bot.booking.office import Office, Offices
from bot.booking.plan import seats_of
from bot.booking.seats import SKEW, SeatState
from bot.booking.waiting import LOOK_EVERY
from bot.booking.waitlist import WaitState
from bot.channels.inbound import Collects, Hears, Inbound
from bot.clock import Clock
from bot.definitions import Definitions
from bot.dialogue.attachment import Location
from bot.dialogue.events import Media, Message
from bot.dialogue.reply import STAFF, Button, Reply
from bot.dialogue.store import Contact
from bot.document import Loc
from bot.library import Library
from bot.replay.acted import Scripted
from bot.replay.answer import Told
from bot.replay.desk import DAYS, Desk, StaffAct
from bot.replay.expecting import seen
from bot.replay.in_chat import VERBS as IN_CHAT
from bot.replay.said import AGAIN, AT_ONCE, IMAGE, TAP, Said
from bot.replay.turns import Turn
from bot.replay.witness import Witness
from bot.replay.world import OTHERS, StandingClock
from bot.stores import Stores
from bot.sweeper import Sweeper

RINGS: Final = 100
"""Timers and notices that may ring during one ``wait``; beyond that a flow goes round for ever."""


class Speaks(Hears, Protocol):
    """Handles messages, timers and notices; :class:`bot.turn.Turns`."""

    async def tell(self, notice: Notice) -> None: ...  # noqa: D102 - as in bot.turn.Turns
    async def ring(self, conversation_id: str) -> None: ...  # noqa: D102


class Rehearsal(Protocol):
    """The parts of a bot a recording needs; :class:`bot.app.Bot` has them."""

    @property
    def library(self) -> Library: ...  # noqa: D102 - as in bot.app.Bot
    @property
    def stores(self) -> Stores: ...  # noqa: D102
    @property
    def turns(self) -> Speaks: ...  # noqa: D102
    @property
    def outbox(self) -> Collects: ...  # noqa: D102
    @property
    def sweeper(self) -> Sweeper: ...  # noqa: D102
    @property
    def attending(self) -> Attending: ...  # noqa: D102


Rehearse = Callable[[Definitions, Clock, Random], Rehearsal]
"""Makes a new bot on empty stores."""


class CannotPlayError(Exception):
    """A turn cannot be played.

    Args:
        why: in words.
        culprit: which part of the turn it is about.
    """

    def __init__(self, why: str, culprit: Loc = ("user",)) -> None:
        super().__init__(why)
        self.culprit = culprit


@dataclass
class Scene:
    """Plays single turns.

    Args:
        offices: as the file has them, with the recording's fixtures.
        scripted: the bot's actions.
        journal: whether nothing rings or is told but in a turn of its own.
        live: whether there, too, actions are run and staff act.
    """

    bot: Rehearsal
    office: Office
    offices: Offices
    contact: Contact
    clock: StandingClock
    random: Random
    witness: Witness
    scripted: Scripted
    journal: bool = False
    live: bool = False
    _last: Message | None = None
    _shown: Sequence[Button] = ()
    _older: dict[str, str] = field(default_factory=dict)
    _heard: tuple[Told, ...] = ()
    _delivered: int = field(default=0)

    async def play(self, turn: Turn, at: int) -> None:
        """Let happen what happens in a turn, and take in what the bot says.

        Raises:
            CannotPlayError: it cannot.
        """
        for wrong in self.scripted.tell(turn.acted):
            raise CannotPlayError(wrong, ("acted",))
        self.scripted.follow(turn.done, live=self.live)
        if turn.freed:
            await self._free(turn.freed)
        if turn.user:
            await self._say(turn.user, at)
        await self._do(turn.staff, at)
        if turn.wait and self.journal:
            self.clock.now += turn.wait
        elif turn.wait:
            await self._wait(turn.wait)
        if turn.timer:
            await self.bot.turns.ring(self.contact.conversation_id)
        if turn.notice:
            id_, told = self.contact.conversation_id, turn.notice
            await self.bot.turns.tell(Notice(f"notice-{at}", id_, told.name, told.heard))
        await self._listen()
        for action in self.scripted.left():
            raise CannotPlayError(f"{action} was not run in this turn", ("acted", action))

    def take(self) -> tuple[Told, ...]:
        """What was heard since last asked."""
        heard, self._heard = self._heard, ()
        return heard

    async def look(self) -> dict[str, Any]:
        """How things stand, as ``expect`` names them."""
        offices = self.bot.library.current.offices
        return await seen(self.bot.stores, self.contact, offices, self._delivered)

    async def _say(self, said: Said, at: int) -> None:
        """Send what the applicant sends."""
        if said.kind == AT_ONCE:
            messages = [
                self._message(each, f"turn-{at}.{n}") for n, each in enumerate(said.together, 1)
            ]
            await asyncio.gather(*map(self._deliver, messages))
        else:
            await self._deliver(self._message(said, f"turn-{at}"))

    def _message(self, said: Said, message_id: str) -> Message:
        """What comes in at the bot's end.

        Raises:
            CannotPlayError: there is no such thing to tap, or to send again.
        """
        if said.kind == AGAIN:
            if self._last is None:
                raise CannotPlayError("nothing was sent yet that could be sent again")
            return self._last
        text, title = said.text.rstrip("\n"), ""
        if said.kind == TAP:
            text, title = said.payload or self._payload(text), text
        brought = said.kind == IMAGE and said.file != "missing"
        media = Media(_media_id(message_id, said), "image/jpeg") if brought else None
        place = None
        if said.latitude is not None and said.longitude is not None:
            place = Location(said.latitude, said.longitude)
        self._last = Message(message_id, said.kind, text, self.clock(), title, media, place)
        return self._last

    def _payload(self, title: str) -> str:
        taps = {button.title: button.payload for button in self._shown}
        if title not in taps and title in self._older:
            return self._older[title]
        if title not in taps:
            there = ", ".join(f"[{title}]" for title in taps) or "nothing at all"
            raise CannotPlayError(f"there is no [{title}] to tap; there is {there}")
        return taps[title]

    async def _deliver(self, message: Message) -> None:
        contact = replace(self.contact, heard_at=message.at)
        await self.bot.turns.hear(Inbound(contact, message))

    async def _do(self, acts: Sequence[StaffAct], at: int) -> None:
        """Let staff do something, and tell whoever is to be told of it now."""
        as_then = self.journal and not self.live
        if not acts or (as_then and not any(act.verb in IN_CHAT for act in acts)):
            return
        desk = Desk(
            stores=self.bot.stores,
            attending=self.bot.attending,
            conversation=self.contact.conversation_id,
            offices=self.offices,
            current=lambda: self.bot.library.current.offices,
            office=self.office.id,
            address=self.contact.address,
            clock=self.clock,
            random=self.random,
        )
        for n, act in enumerate(acts):
            if as_then and act.verb not in IN_CHAT:
                continue
            if wrong := await desk.do(act, f"staff|{at}|{n}"):
                raise CannotPlayError(wrong, ("staff", n, act.verb))
            if act.verb in DAYS:
                await self.bot.library.refresh()
        if not as_then:
            await self._ring(self.clock())

    async def _wait(self, length: timedelta) -> None:
        """Let time pass; every timer and notice rings at its own time."""
        until = self.clock() + length
        if await self.bot.stores.waitlist.open():
            self.clock.now = min(until, self.clock() + LOOK_EVERY)
            await self.bot.sweeper.sweep()
        await self._ring(until)
        self.clock.now = until

    async def _ring(self, until: datetime) -> None:
        for _ in range(RINGS):
            due_at = await self._next_due(until)
            if due_at is None or due_at > until:
                break
            self.clock.now = max(self.clock.now, due_at)
            await self.bot.sweeper.sweep()

    async def _next_due(self, until: datetime) -> datetime | None:
        """When the next timer or notice rings, or an offer lapses; of notices only by ``until``."""
        stores = self.bot.stores
        stored = await stores.conversations.load(self.contact.conversation_id)
        notices = await stores.notices.due(until, 1)
        moments = [notice.due_at for notice in notices] + ([stored.due_at] if stored else [])
        waits = await stores.waitlist.open()
        moments += [wait.until + SKEW for wait in waits if wait.state is WaitState.OFFERED]
        return min(moments, default=None)

    async def _free(self, day: date) -> None:
        """Let one more seat of a full day be free: the last that others booked, or one more."""
        seats = self.bot.stores.seats
        laid_out = await seats.of_day(self.office.id, day)
        others = [seat for seat in laid_out if seat.key.startswith(OTHERS)]
        booked = [seat for seat in others if seat.state is SeatState.BOOKED]
        if booked:
            last = booked[-1]
            await seats.release(last.id, last.key, self.clock(), Step.CANCELLED)
            return
        more = seats_of(self.office, day)[len(laid_out) : len(laid_out) + 1]
        await seats.lay_out(self.office.id, day, more)

    async def _listen(self) -> None:
        """Take in what the bot says."""
        replies: Sequence[Reply] = await self.bot.outbox.collect(self.contact.conversation_id)
        replies = [reply for reply in replies if reply.by != STAFF]  # not the bot's words
        self._delivered = len(replies)
        self._heard += self.witness.told(replies)
        self._older |= {button.title: button.payload for button in self._shown}
        self._shown = [button for reply in replies for button in reply.buttons] or self._shown


def _media_id(message_id: str, said: Said) -> str:
    """Under which :class:`bot.replay.pictures.SamplePictures` knows what stands behind it."""
    return message_id if said.file == "ok" else f"{message_id}/{said.file}"
