"""The shell of one turn: lock, load, understand, decide, act, save.

Everything a turn changes in the conversation is written at once and guarded by the revision. A
turn that loses the race, or dies half-way, is done again from the start: actions recognise their
key and return what they returned first, so doing a turn twice is the same as doing it once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.acting import Acted
from bot.attended import Attends, Refused, lapsed
from bot.booking.notices import Notice
from bot.channels.inbound import Inbound
from bot.clock import Clock
from bot.costs import RENDERING, UNDERSTANDING, Costs, Stopwatch
from bot.dialogue.care import PATIENT, Patience
from bot.dialogue.conversation import Conversation
from bot.dialogue.events import (
    NOTHING_UNDERSTOOD,
    NOTICE,
    Expectation,
    Interpreter,
    Message,
    Noticed,
    TimerRang,
    Understood,
)
from bot.dialogue.reply import Reply
from bot.dialogue.store import (
    Contact,
    ConversationStore,
    Stored,
)
from bot.errors import StorageUnavailable
from bot.identities import Identities
from bot.identity import heard
from bot.ledger import Ledger
from bot.locks import Locks
from bot.outbox import Outbox
from bot.traces import Traces
from bot.venue import Shelf, rendered
from bot.wording import answering, apology, introduced, received, sayable

log = structlog.get_logger()

LOST_RACES = 50
"""How often a turn is redone because another process was quicker, before it is given back."""

RETRY_PAUSE = 0.1
"""Seconds between tries while the database does not answer."""

QUEUED_AT_MOST = 3.0
"""Seconds a message waits for those before it; while storage is down they would add up."""


class Turns:
    """Handles messages, timers and notices, a turn each.

    Args:
        identities: knows the people behind addresses; without, over ``store``.
        noticed: called once with each message that is taken up, not with repeated ones.
        retry_for: how long a turn is tried while the database does not answer.
        traces: name notices and timers in the log; messages are named where they come in.
        patience: how long nobody may do anything in a conversation that a person has.
        stopwatch: measures what turns cost, for the journal; without, nothing is measured.
    """

    def __init__(
        self,
        *,
        shelf: Shelf,
        interpreter: Interpreter,
        store: ConversationStore,
        outbox: Outbox,
        clock: Clock,
        identities: Identities | None = None,
        noticed: Callable[[Inbound], None] = lambda _: None,
        retry_for: timedelta = timedelta(seconds=3),
        traces: Traces | None = None,
        patience: Patience = PATIENT,
        stopwatch: Stopwatch | None = None,
    ) -> None:
        self.patience = patience
        self._shelf = shelf
        self._interpreter = interpreter
        self._store = store
        self._ledger = Ledger(store, outbox)
        self._clock = clock
        self._identities = identities or Identities(store, clock)
        self._noticed = noticed
        self._retry_for = retry_for
        self._traces = traces or Traces()
        self._stopwatch = stopwatch
        self._locks = Locks()

    async def hear(self, inbound: Inbound) -> None:
        """Handle one message for good; see :class:`bot.channels.inbound.Hears`."""
        arrived, asked = asyncio.get_running_loop().time(), inbound.contact
        there: Contact | None = self._identities.usual(asked)
        looked_up = False
        while there is not None:
            contact = there
            async with self._locks.hold(contact.conversation_id):
                if asyncio.get_running_loop().time() > arrived + QUEUED_AT_MOST:
                    raise StorageUnavailable("the messages before this one take too long")
                if contact is not inbound.contact:
                    inbound = replace(inbound, contact=contact)
                there = await self._insist(inbound, looked_up=looked_up)
            looked_up = True
        self._identities.remember(asked, contact)

    async def tell(self, notice: Notice) -> None:
        """Tell a conversation something, once: when this returns, that is saved for good.

        A notice told before changes nothing; one for a conversation that is not there is dropped.

        Raises:
            StorageUnavailable: nothing was saved; tell it again later.
        """
        async with self._locks.hold(notice.conversation):
            with self._traces.turn(notice.conversation, notice.id):
                await self._insist_on_telling(notice)

    async def _insist_on_telling(self, notice: Notice) -> None:
        for _ in range(LOST_RACES):
            stored = await self._load(notice.conversation)
            if stored is None:
                log.warning("notice_for_nobody", notice=notice.name)
                return
            if await self._ledger.is_handled(stored, notice.id) or await self._tell(notice, stored):
                return
        raise StorageUnavailable("other processes keep changing this conversation; tell it again")

    async def ring(self, conversation_id: str) -> None:
        """Fire the conversation's timer if it is due."""
        async with self._locks.hold(conversation_id):
            if stored := await self._store.load(conversation_id):
                await self._ring(stored)

    async def attend(self, conversation_id: str, turn: str, attends: Attends) -> Refused | None:
        """Let a person deal with a conversation, once by the id of the turn: when this returns
        ``None``, that is saved for good, now or before.

        Args:
            attends: decides on the document as it stands, so of two people one is the first.

        Raises:
            StorageUnavailable: nothing was saved; do it again later.
        """
        async with self._locks.hold(conversation_id):
            for _ in range(LOST_RACES):
                stored = await self._load(conversation_id)
                if stored is None:
                    return Refused.GONE
                if await self._ledger.is_handled(stored, turn):
                    return None
                done = await self._attend(stored, turn, attends)
                if not isinstance(done, bool):
                    return done
                if done:
                    return None
        raise StorageUnavailable("other processes keep changing this conversation; try again")

    async def _attend(self, stored: Stored, turn: str, attends: Attends) -> bool | Refused:
        """One try; ``False`` when another process was quicker."""
        contact, now = stored.contact, self._clock()
        venue = self._shelf.venue_of(contact)
        placed = await self._shelf.place(stored.conversation, venue.flow)
        done = await attends(stored, placed, venue, now)
        if isinstance(done, Refused):
            return done
        replies = [*rendered(done.acted.says, venue, contact, now), *done.wrote]
        return await self._ledger.save(
            stored, contact, turn, now, done.acted, replies, done.record, care=done.care
        )

    async def _insist(self, inbound: Inbound, *, looked_up: bool) -> Contact | None:
        """Handle one message, if it is of this conversation; else whose it is.

        Args:
            looked_up: whether the sender was just now.
        """
        give_up = asyncio.get_running_loop().time() + self._retry_for.total_seconds()
        noticed, here = False, inbound.contact.conversation_id
        for _ in range(LOST_RACES):
            try:
                stored = await self._load(here)
                if stored and await self._ledger.is_handled(stored, inbound.message.id):
                    await self._ledger.go_on(stored)
                    return None
                if not looked_up and not self._identities.is_theirs(stored, inbound.contact):
                    found = await self._identities.find(inbound.contact)
                    if found.conversation_id != here:
                        return found
                    inbound = replace(inbound, contact=found)
                looked_up = False  # somebody was quicker, if this is not the last time
                if await self._ledger.was_handled(
                    stored.contact if stored else inbound.contact, inbound
                ):
                    return None
                if not noticed:
                    self._noticed(inbound)
                    noticed = True
                if await self._hear(inbound, stored):
                    return None
            except StorageUnavailable:
                if asyncio.get_running_loop().time() + RETRY_PAUSE > give_up:
                    raise
                await asyncio.sleep(RETRY_PAUSE)
        raise StorageUnavailable("other processes keep changing this conversation; send it again")

    async def _load(self, conversation_id: str) -> Stored | None:
        """The conversation with a due timer fired first: it was due before this message."""
        stored = await self._store.load(conversation_id)
        if stored and await self._ring(stored):
            return await self._store.load(conversation_id)
        return stored

    async def _hear(self, inbound: Inbound, stored: Stored | None) -> bool:
        """One try at a turn; ``False`` when another process was quicker."""
        message = inbound.message
        if not message.wants_answer:
            return stored is None or await self._note(message, stored)
        if stored and stored.care.by:
            return await self._hear_aside(inbound, stored)
        contact = heard(stored.contact if stored else None, inbound.contact)
        venue = self._shelf.venue_of(contact)
        now, acting, costs = self._clock(), self._shelf.acting, Costs(self._stopwatch)
        if stored is None:
            spoken_here = acting.engine.flows.replies_in(inbound.language)  # or the settings' first
            language = spoken_here.language
            new = Conversation(contact.conversation_id, venue.flow, language=language)
            stored = Stored(new, contact)
        try:
            placed = await self._shelf.place(stored.conversation, venue.flow)
            acting, conversation = placed.acting, placed.conversation
            local = now.astimezone(venue.zone)
            expectation = acting.engine.expectation(conversation, venue=contact.office)
            with costs.of(UNDERSTANDING):
                understood = await self._understand(message, expectation, local)
            acted = await acting.run(
                conversation,
                understood,
                contact=contact,
                turn=message.id,
                now=local,
                care=stored.care,
                costs=costs,
            )
            care = stored.care.asked(now, venue.hours) if acted.wants_person else None
            says = (*placed.says, *acted.says)
            with costs.of(RENDERING):
                replies = answering(rendered(says, venue, contact, now), message.id)
            if not stored.revision:
                spoken = acting.engine.flows.replies_in(acted.conversation.language)
                replies = introduced(replies, spoken)
            record: dict[str, Any] = {
                "message": message.as_document(),
                "understood": understood.as_document(),
                **costs.as_document(),
            }
            return await self._ledger.save(
                stored, contact, message.id, now, acted, replies, record, care=care
            )
        except StorageUnavailable:
            raise
        except Exception:
            # Our bug. One poisoned message must not block a number, so it is answered and kept.
            log.exception("turn_failed", alarm=True)
            acted = Acted(stored.conversation, (), ())
            replies = [apology(acting.engine.flows.replies_in(stored.conversation.language))]
            record = {"message": message.as_document(), "failed": True}
            return await self._ledger.save(stored, contact, message.id, now, acted, replies, record)

    async def _hear_aside(self, inbound: Inbound, stored: Stored) -> bool:
        """One try at taking in a message while a person has the conversation.

        It is understood and kept for them to read; the flow hears nothing of it, so nothing but
        that it arrived is said, once.
        """
        message, contact = inbound.message, heard(stored.contact, inbound.contact)
        venue, now = self._shelf.venue_of(contact), self._clock()
        record: dict[str, Any] = {"message": message.as_document(), "attended": True}
        replies: Sequence[Reply] = ()
        try:
            placed = await self._shelf.place(stored.conversation, venue.flow)
            engine = placed.acting.engine
            expectation = engine.expectation(placed.conversation, venue=contact.office)
            understood = await self._understand(message, expectation, venue.local(now))
            record["understood"] = understood.as_document()
            if not stored.care.told:
                replies = received(engine.flows.replies_in(stored.conversation.language))
        except StorageUnavailable:
            raise
        except Exception:
            # Our bug; a person reads the message, understood or not.
            log.exception("turn_failed", alarm=True)
            record["failed"] = True
        acted = Acted(stored.conversation, (), ())
        care = stored.care.heard(now, self.patience)
        return await self._ledger.save(
            stored, contact, message.id, now, acted, replies, record, care=care
        )

    async def _note(self, message: Message, stored: Stored) -> bool:
        """Put a reaction or the like into the journal, and leave everything else as it is: nothing
        is answered, and nobody's 24 hours begin anew. There is nothing to note it in before
        somebody has written.
        """
        acted = Acted(stored.conversation, (), ())
        record = {"noted": message.as_document()}
        return await self._ledger.save(
            stored, stored.contact, message.id, self._clock(), acted, (), record
        )

    async def _understand(
        self, message: Message, expectation: Expectation, local: datetime
    ) -> Understood:
        """A message, understood; never as a notice, whatever a forged tap says."""
        understood = await self._interpreter.understand(message, expectation, local)
        return NOTHING_UNDERSTOOD if understood.intent.startswith(NOTICE) else understood

    async def _tell(self, notice: Notice, stored: Stored) -> bool:
        """One try at telling a notice; ``False`` when another process was quicker."""
        contact, now, costs = stored.contact, self._clock(), Costs(self._stopwatch)
        venue = self._shelf.venue_of(contact)
        placed = await self._shelf.place(stored.conversation, venue.flow)
        event = Noticed(notice.name, notice.values, quiet=bool(stored.care.by))
        acted = await placed.acting.run(
            placed.conversation,
            event,
            contact=contact,
            turn=notice.id,
            now=venue.local(now),
            costs=costs,
        )
        says = sayable(acted.says, now - contact.heard_at)
        if not says:
            log.info("notice_said_nothing", notice=notice.name)
        with costs.of(RENDERING):
            replies = rendered(says, venue, contact, now)
        record = {"notice": notice.name, "heard": dict(notice.values), **costs.as_document()}
        return await self._ledger.save(stored, contact, notice.id, now, acted, replies, record)

    async def _ring(self, stored: Stored) -> bool:
        """Fire what is due as a turn of its own; whether anything was: a timer, or that nobody did
        anything in time with a conversation that is with a person.
        """
        care, now = stored.care, self._clock()
        if care.due and care.due <= now:
            turn = f"care/{care.due.timestamp():.3f}"
            with self._traces.turn(stored.conversation.id, turn):
                await self._attend(stored, turn, lapsed)
            return True
        frame = None if care.by else stored.conversation.timer
        if frame is None or frame.timer is None or frame.timer > now:
            return False
        turn = f"timer/{frame.entry}" + f".{frame.reminded}" * bool(frame.reminded)
        with self._traces.turn(stored.conversation.id, turn):
            await self._ring_out(stored, frame.entry, turn, now)
        return True

    async def _ring_out(self, stored: Stored, entry: int, turn: str, now: datetime) -> None:
        contact, costs = stored.contact, Costs(self._stopwatch)
        try:
            venue = self._shelf.venue_of(contact)
            placed = await self._shelf.place(stored.conversation, venue.flow)
            if placed.lost:  # nobody is there to be told; the next message begins again
                acted = Acted(_without_timers(stored.conversation), (), ())
            else:
                acted = await placed.acting.run(
                    placed.conversation,
                    TimerRang(entry),
                    contact=contact,
                    turn=turn,
                    now=now.astimezone(venue.zone),
                    costs=costs,
                )
            with costs.of(RENDERING):
                replies = rendered(acted.says, venue, contact, now)
            record = {"timer": entry, **costs.as_document()}
            await self._ledger.save(stored, contact, turn, now, acted, replies, record)
        except StorageUnavailable:
            raise
        except Exception:
            # Our bug; without its timers the conversation goes on when the applicant writes.
            log.exception("timer_failed", alarm=True)
            acted = Acted(_without_timers(stored.conversation), (), ())
            record = {"timer": entry, "failed": True}
            await self._ledger.save(stored, contact, turn, now, acted, (), record)


def _without_timers(conversation: Conversation) -> Conversation:
    frames = tuple(replace(frame, timer=None) for frame in conversation.frames)
    return replace(conversation, frames=frames)
