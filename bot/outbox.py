"""Sends what waits in conversations' outboxes.

A turn's save puts replies into the outbox and takes the lease in the same write, so the process
that saved goes on to send without asking again. The sender only pulls its own items, by id, and
leaves the revision alone: it and the turns never undo each other. Should the process die, the
lease runs out and any process's sweeper sends what is left; messages sent and not yet pulled at
that moment may then arrive twice, none is lost.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from contextvars import Context
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.channels.inbound import Progress, Sender
from bot.clock import Clock, ClockWatch
from bot.dialogue.letters import dead_letter, label_of, trouble, turn_of
from bot.dialogue.reply import Reply
from bot.dialogue.store import NEVER, ConversationStore, Outgoing, Stored
from bot.errors import (
    Absent,
    ChannelError,
    Stopped,
    StorageUnavailable,
    Throttled,
    TryLater,
    Undeliverable,
)
from bot.lanes import Lanes
from bot.leases import Leases
from bot.locks import Locks
from bot.pausing import Pause, Pauses, wake
from bot.traces import Traces

log = structlog.get_logger()

LONGEST_PAUSE = timedelta(minutes=15)

SENDING_AT_ONCE = 64
"""Conversations of one account whose messages are on their way at the same time. Of those in line
behind them only the id is kept, and they are loaded again: a rush that the channel takes hours for
must not take the memory, nor hold up another office."""

EACH = timedelta(milliseconds=20)
"""That much longer a lease lasts for each conversation in line: longer than its message takes at
80 messages a second, so that nobody has to renew a lease only to go on waiting."""

UNMARKED_AT_MOST = 10_000
"""Conversations of which it is remembered what was sent while the database was away."""

AT_HAND_AT_MOST = 1_000
"""Conversations of which it is remembered what a turn of this process said, to be collected."""

LONGEST_LEASE = timedelta(minutes=5)
"""Of those in line; so long nobody sends what a process that died had in line."""


class Outbox:
    """Empties outboxes, one conversation at a time each, in order.

    Args:
        senders: by channel. A channel without one is collected from instead.
        owner: name of this process in leases, unique.
        lease: longer than any channel takes for one message; it is renewed before one when a
            ninth of it (5 s of 45) is over.
        jitter: from 0 to 1, drawn anew each time: pauses are up to a quarter longer by it.
        max_attempts: after so many failures a message is given up, with an alarm.
        traces: name messages in the log as the turn that said them.
    """

    def __init__(
        self,
        *,
        store: ConversationStore,
        senders: Mapping[str, Sender],
        owner: str,
        clock: Clock,
        jitter: Callable[[], float] = lambda: 0.0,
        lease: timedelta = timedelta(seconds=45),
        max_attempts: int = 12,
        traces: Traces | None = None,
    ) -> None:
        self._store = store
        self._senders = senders
        self.owner = owner
        self._clock = clock = ClockWatch(clock)
        self._lease = lease
        self._max_attempts = max_attempts
        self._traces = traces or Traces()
        self._leases = Leases(store, owner, clock, lease)
        self._sending: dict[str, asyncio.Task[None]] = {}
        self._more: set[str] = set()
        self._tending: set[str] = set()
        self._unmarked: dict[str, list[str]] = {}
        self._at_hand: dict[str, Stored] = {}
        self._lanes = Lanes(SENDING_AT_ONCE)
        self._collecting = Locks()
        self._jitter = jitter
        self._pauses = Pauses(clock, jitter)
        self._waking: set[asyncio.Task[None]] = set()
        self._closing = False

    @property
    def paused(self) -> Mapping[str, Pause]:
        """Accounts that may send nothing for now, as far as this process knows."""
        return self._pauses.paused

    def clock_set_back(self) -> timedelta:
        """How far the clock was set back since this was asked last; accounts that wait then do so
        no longer than they had to.
        """
        back = self._clock.set_back()
        self._pauses.clock_set_back(back)
        return back

    def pushes(self, channel: str) -> bool:
        """Whether replies on ``channel`` are sent by us rather than collected."""
        return channel in self._senders

    def lease_for(self, stored: Stored, now: datetime) -> tuple[str, datetime]:
        """Owner and end of the lease a save should write: ours, unless another holds it."""
        if stored.leased_until > now and stored.leased_by != self.owner:
            return stored.leased_by, stored.leased_until
        return self.owner, now + self._lease_in_line(_account(stored))

    def start(self, stored: Stored, *, waited: bool = False) -> None:
        """Begin to send a saved conversation's outbox, if the lease in it is ours; what is
        collected is kept at hand.

        Args:
            waited: whether something was in it before the turn. Another process may have sent that
                since, and given the lease back as free as it was.
        """
        conversation_id, account = stored.conversation.id, _account(stored)
        if not self.pushes(stored.contact.channel):
            self._keep_at_hand(stored, waited=waited)
        elif stored.leased_by != self.owner:
            return
        elif conversation_id in self._sending:
            self._more.add(conversation_id)
        elif self._lanes.enter(account, conversation_id):
            self._begin(account, conversation_id, None if waited else stored)

    def _keep_at_hand(self, stored: Stored, *, waited: bool) -> None:
        self._at_hand.pop(stored.conversation.id, None)
        if stored.outbox and not waited:
            self._at_hand[stored.conversation.id] = stored
        if len(self._at_hand) > AT_HAND_AT_MOST:
            del self._at_hand[next(iter(self._at_hand))]

    async def close(
        self, drain: timedelta | None = None, grace: timedelta = timedelta(seconds=5)
    ) -> None:
        """Send what waits, then give back the leases of what still does, so that another process
        goes on at once.

        Args:
            drain: how long messages are still begun; ``None`` sends all of them.
            grace: for those under way after that. What does not end by then is cut off, and is
                sent by others once its lease is over.
        """
        await self._all_sent(drain)
        if drain is None:
            return
        self._closing = True
        await self._all_sent(grace)
        late, in_line = self._under_way(), self._lanes.clear()
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        if late:
            log.warning("outbox_cut_off", conversations=len(late) + in_line)

    async def _all_sent(self, within: timedelta | None) -> None:
        """Wait until nothing is under way, at most so long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(None if within is None else within.total_seconds()):
                while under_way := self._under_way():
                    await asyncio.wait(under_way)

    def _under_way(self) -> list[asyncio.Task[None]]:
        return [*self._sending.values(), *self._waking]

    async def probe(self) -> None:
        """Try whether accounts whose pause is over work again, with one message each."""
        for conversation_id in self._pauses.to_probe():
            await self.tend(conversation_id)

    async def collect(self, conversation_id: str) -> Sequence[Reply]:
        """The replies waiting for this conversation, in order, each given out once.

        Raises:
            StorageUnavailable: collect again later.
        """
        given: dict[str, Reply] = {}
        async with self._collecting.hold(conversation_id):
            just_said = self._at_hand.pop(conversation_id, None)
            if just_said and await self._leases.take_out(just_said):
                return [reply_of(item) for item in just_said.outbox]
            while stored := await self._leases.take(conversation_id):
                given |= {item.id: reply_of(item) for item in stored.outbox}
                if await self._leases.mark(stored, list(given)):
                    break
        return list(given.values())

    async def tend(self, conversation_id: str) -> None:
        """Send what a conversation was left with: by a dead process, or for a retry. Who is asked
        twice at once does it once.
        """
        if conversation_id in self._sending or conversation_id in self._tending:
            return
        self._tending.add(conversation_id)
        try:
            await self._tend(conversation_id)
        finally:
            self._tending.discard(conversation_id)

    async def _tend(self, conversation_id: str) -> None:
        if account := self._lanes.waits(conversation_id):
            await self._leases.keep(conversation_id, self._lease_in_line(account))
            return
        stored = await self._leases.take(conversation_id)
        if stored is None:
            return
        if self.pushes(stored.contact.channel):
            self.start(stored)
        else:
            await self._leases.mark(stored, [])

    def _lease_in_line(self, account: str) -> timedelta:
        behind = self._lanes.in_line(account)
        return min(self._lease + EACH * behind, LONGEST_LEASE) if behind else self._lease

    def _begin(self, account: str, conversation_id: str, stored: Stored | None) -> None:
        # It goes on with later turns, so the log must not name it as the request of this one.
        sending = self._send_quietly(account, conversation_id, stored)
        self._sending[conversation_id] = asyncio.create_task(sending, context=Context())

    async def _send_quietly(
        self, account: str, conversation_id: str, stored: Stored | None
    ) -> None:
        """Send a conversation's outbox, loading it first where it was in line, and look again as
        long as turns add to it; then begin with the next in line.
        """
        try:
            if stored is None:
                self._more.add(conversation_id)
            else:
                await self._send(stored)
            while conversation_id in self._more:
                self._more.discard(conversation_id)
                if again := await self._leases.take(conversation_id):
                    await self._send(again)
        except StorageUnavailable as error:
            log.warning("outbox_left_for_sweeper", reason=str(error))
        except Exception:
            log.exception("outbox_failed", alarm=True)
        except asyncio.CancelledError:
            self._lanes.clear()  # this process ends; others send what is in line
            raise
        finally:
            self._more.discard(conversation_id)
            del self._sending[conversation_id]
            if following := self._lanes.leave(account):
                self._begin(account, following, None)

    async def _send(self, stored: Stored) -> None:
        """Send everything, but what was sent before and could not be pulled for want of storage."""
        conversation_id = stored.conversation.id
        sent = self._unmarked.pop(conversation_id, [])
        try:
            await self._send_all(stored, sent)
        except StorageUnavailable:
            if sent:
                self._unmarked[conversation_id] = sent
            if len(self._unmarked) > UNMARKED_AT_MOST:
                del self._unmarked[next(iter(self._unmarked))]
            raise

    async def _send_all(self, stored: Stored, sent: list[str]) -> None:
        """Send everything, also what turns add meanwhile, then give the lease back.

        Args:
            sent: ids of what was sent already; more are added.
        """
        conversation_id = stored.conversation.id
        just_taken = False
        while True:
            item = next((item for item in stored.outbox if item.id not in sent), None)
            if item and await self._may_not(stored, item, sent):
                return
            if item and (just_taken or self._clock() <= stored.leased_until - self._lease / 2):
                just_taken = False
                with self._traces.turn(conversation_id, turn_of(item)):
                    if not await self._send_one(stored, item, sent):
                        return
                sent.append(item.id)
                continue
            if item is None and await self._leases.mark(stored, sent):
                return
            # A turn came in between, or the lease wants renewing.
            self._more.discard(conversation_id)
            again = await self._leases.take(conversation_id)
            if again is None:
                await self._leases.pull(stored, sent)
                return
            stored, just_taken = again, True

    async def _may_not(self, stored: Stored, item: Outgoing, sent: list[str]) -> bool:
        """Put a message back if we are closing, or its account may send nothing now."""
        if self._closing:
            await self._leases.put_back(stored, item, sent, self._clock())
            return True
        pause = self._pauses.holds(_account(stored), stored.conversation.id)
        if pause is not None:
            await self._park(stored, item, sent, pause)
        return pause is not None

    async def _park(self, stored: Stored, item: Outgoing, sent: list[str], pause: Pause) -> None:
        """Let a message wait for its account, and those after it."""
        look_again = self._pauses.park(_account(stored), stored.conversation.id)
        told = trouble(pause.kind, pause.code, pause.reason, self._clock())
        await self._leases.put_back(stored, replace(item, trouble=told), sent, look_again)

    async def _send_one(self, stored: Stored, item: Outgoing, sent: list[str]) -> bool:
        """Send one message; ``False`` when it must wait, and those after it."""
        account, conversation_id = _account(stored), stored.conversation.id
        sender, reply = self._senders[stored.contact.channel], reply_of(item)
        progress = Progress(label_of(stored, item), item.parts)
        try:
            await sender.send(stored.contact, reply, progress)
        except Undeliverable as error:
            log.error(
                "message_undeliverable", code=error.code, reason=str(error), alarm=error.alarm
            )
            await self._give_up(stored, item, error)
        except (Throttled, Stopped) as error:
            item = replace(item, parts=progress.parts)
            self._pauses.refused(account, conversation_id, error)
            await self._park(stored, item, sent, self._pauses.paused[account])
            return False
        except Absent:
            await self._leases.put_back(stored, item, sent, NEVER)
            return False
        except TryLater as error:
            return await self._postpone(stored, replace(item, parts=progress.parts), sent, error)
        else:
            if waiting := self._pauses.worked(account, conversation_id):
                self._beside(wake(waiting, self._tended, lambda: self._holds(account)))
        return True

    async def _postpone(
        self, stored: Stored, item: Outgoing, sent: list[str], error: TryLater
    ) -> bool:
        """Put back what may be tried again, unless it was tried often enough: then ``True``."""
        attempts = item.attempts + error.counts
        if attempts >= self._max_attempts:
            log.error("message_given_up", code=error.code, attempts=attempts, alarm=True)
            await self._give_up(stored, item, error)
            return True
        pause = self._spread(error.after or _pause(error.base, attempts))
        self._pauses.undecided(_account(stored), stored.conversation.id, pause)
        log.info("message_postponed", code=error.code, attempts=attempts, pause=str(pause))
        told = trouble("retry", error.code, str(error), self._clock())
        waits = replace(item, attempts=attempts, trouble=told)
        await self._leases.put_back(stored, waits, sent, self._clock() + pause)
        return False

    async def _give_up(self, stored: Stored, item: Outgoing, error: ChannelError) -> None:
        self._pauses.undecided(_account(stored), stored.conversation.id)
        letter = dead_letter(stored, item, error.code, str(error), self._clock())
        await self._store.copy_journal([letter])

    async def _tended(self, conversation_id: str) -> None:
        """Send what a conversation was left with, to the end."""
        try:
            await self.tend(conversation_id)
        except StorageUnavailable as error:
            log.warning("outbox_left_for_sweeper", reason=str(error))
        if task := self._sending.get(conversation_id):
            await asyncio.wait([task])

    def _beside(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._waking.add(task)
        task.add_done_callback(self._waking.discard)

    def _holds(self, account: str) -> bool:
        return self._closing or account in self.paused

    def _spread(self, pause: timedelta) -> timedelta:
        return pause * (1 + self._jitter() / 4)


def _pause(base: int, attempts: int) -> timedelta:
    """Longer after each failure."""
    return timedelta(seconds=min(base**attempts, LONGEST_PAUSE.total_seconds()))


def reply_of(item: Outgoing) -> Reply:
    """What an item says."""
    return item.said or Reply.from_document(item.reply)


def _account(stored: Stored) -> str:
    return stored.contact.account or stored.contact.channel
