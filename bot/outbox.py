"""Sends what waits in conversations' outboxes.

A turn's save puts replies into the outbox and takes the lease in the same write, so the process
that saved goes on to send without asking again. The sender only pulls its own items, by id, and
leaves the revision alone: it and the turns never undo each other. Should the process die, the
lease runs out and any process's sweeper sends what is left; messages sent and not yet pulled at
that moment may then arrive twice, none is lost.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.channels.inbound import Sender
from bot.clock import Clock
from bot.dialogue.reply import Reply
from bot.dialogue.store import NEVER, ConversationStore, Outgoing, Stored
from bot.errors import Absent, StorageUnavailable, TryLater, Undeliverable
from bot.locks import Locks

log = structlog.get_logger()

A_DAY = timedelta(days=1)
"""After it a record leaves the conversation for the journal, whose retention is kept to."""

JOURNAL_KEPT = 8
"""Turn records a conversation carries before the sender copies them out, several at once."""

LONGEST_PAUSE = timedelta(minutes=15)

WHATEVER = -1
"""No document has this revision: with it, sent messages are pulled and the lease is kept."""

SENDING_AT_ONCE = 64
"""Conversations whose messages are on their way at the same time."""


class Outbox:
    """Empties outboxes, one conversation at a time each, in order.

    Args:
        senders: by channel. A channel without one is collected from instead.
        owner: name of this process in leases, unique.
        lease: longer than any channel takes for one message; it is renewed before one when a
            ninth of it (5 s of 45) is over.
        max_attempts: after so many failures a message is given up, with an alarm.
    """

    def __init__(
        self,
        *,
        store: ConversationStore,
        senders: Mapping[str, Sender],
        owner: str,
        clock: Clock,
        lease: timedelta = timedelta(seconds=45),
        max_attempts: int = 12,
    ) -> None:
        self._store = store
        self._senders = senders
        self.owner = owner
        self._clock = clock
        self._lease = lease
        self._max_attempts = max_attempts
        self._sending: dict[str, asyncio.Task[None]] = {}
        self._more: set[str] = set()
        self._collecting = Locks()
        self._slots = asyncio.Semaphore(SENDING_AT_ONCE)

    def pushes(self, channel: str) -> bool:
        """Whether replies on ``channel`` are sent by us rather than collected."""
        return channel in self._senders

    def lease_for(self, stored: Stored, now: datetime) -> tuple[str, datetime]:
        """Owner and end of the lease a save should write: ours, unless another holds it."""
        if stored.leased_until > now and stored.leased_by != self.owner:
            return stored.leased_by, stored.leased_until
        return self.owner, now + self._lease

    def start(self, stored: Stored) -> None:
        """Begin to send a saved conversation's outbox, if the lease in it is ours."""
        conversation_id = stored.conversation.id
        if stored.leased_by != self.owner or not self.pushes(stored.contact.channel):
            return
        if conversation_id in self._sending:
            self._more.add(conversation_id)
        else:
            task = asyncio.create_task(self._send_quietly(stored))
            self._sending[conversation_id] = task

    async def close(self) -> None:
        """Wait for everything under way."""
        while self._sending:
            await asyncio.gather(*self._sending.values(), return_exceptions=True)

    async def collect(self, conversation_id: str) -> Sequence[Reply]:
        """The replies waiting for this conversation, in order, each given out once.

        Raises:
            StorageUnavailable: collect again later.
        """
        given: dict[str, Reply] = {}
        async with self._collecting.hold(conversation_id):
            while stored := await self._take(conversation_id):
                given |= {item.id: Reply.from_document(item.reply) for item in stored.outbox}
                if await self._mark(stored, list(given)):
                    break
        return list(given.values())

    async def tend(self, conversation_id: str) -> None:
        """Send what a conversation was left with: by a dead process, or for a retry."""
        if conversation_id in self._sending:
            return
        stored = await self._take(conversation_id)
        if stored is None:
            return
        if self.pushes(stored.contact.channel):
            self.start(stored)
        else:
            await self._mark(stored, [])

    async def _take(self, conversation_id: str) -> Stored | None:
        """Take the lease and load; ``None`` when another has it."""
        now = self._clock()
        until = now + self._lease
        if not await self._store.lease(conversation_id, self.owner, now, until):
            return None
        stored = await self._store.load(conversation_id)
        return replace(stored, leased_until=until) if stored else None

    async def _send_quietly(self, stored: Stored) -> None:
        conversation_id = stored.conversation.id
        try:
            async with self._slots:
                await self._send(stored)
                while conversation_id in self._more:
                    self._more.discard(conversation_id)
                    if again := await self._take(conversation_id):
                        await self._send(again)
        except StorageUnavailable as error:
            log.warning("outbox_left_for_sweeper", reason=str(error))
        except Exception:
            log.exception("outbox_failed", alarm=True)
        finally:
            self._more.discard(conversation_id)
            del self._sending[conversation_id]

    async def _send(self, stored: Stored) -> None:
        """Send everything, also what turns add meanwhile, then give the lease back."""
        conversation_id = stored.conversation.id
        sent: list[str] = []
        just_taken = False
        while True:
            item = next((item for item in stored.outbox if item.id not in sent), None)
            old = self._clock() > stored.leased_until - self._lease / 2
            if item and (just_taken or not old):
                just_taken = False
                if not await self._send_one(stored, item, sent):
                    return
                sent.append(item.id)
                continue
            if item is None and await self._mark(stored, sent):
                return
            # A turn came in between, or the lease wants renewing.
            self._more.discard(conversation_id)
            again = await self._take(conversation_id)
            if again is None:
                await self._pull(stored, sent)
                return
            stored, just_taken = again, True

    async def _send_one(self, stored: Stored, item: Outgoing, sent: list[str]) -> bool:
        """Send one message; ``False`` when it must wait, and those after it."""
        sender = self._senders[stored.contact.channel]
        try:
            await sender.send(stored.contact, Reply.from_document(item.reply))
        except Undeliverable as error:
            log.error(
                "message_undeliverable", code=error.code, reason=str(error), alarm=error.alarm
            )
            await self._store.copy_journal([self._undelivered(stored, item, error.code)])
        except Absent:
            await self._put_back(stored, item, sent, item.attempts, NEVER)
            return False
        except TryLater as error:
            attempts = item.attempts + 1
            if attempts >= self._max_attempts:
                log.error("message_given_up", code=error.code, attempts=attempts, alarm=True)
                await self._store.copy_journal([self._undelivered(stored, item, error.code)])
                return True
            pause = error.after or _pause(error.base, attempts)
            log.info("message_postponed", code=error.code, attempts=attempts, pause=str(pause))
            await self._put_back(stored, item, sent, attempts, self._clock() + pause)
            return False
        return True

    def _undelivered(self, stored: Stored, item: Outgoing, code: int | None) -> dict[str, Any]:
        """The journal's record of a message that nobody got."""
        return {
            "_id": f"{stored.conversation.id}|{item.id}|undelivered",
            "conversation": stored.conversation.id,
            "at": self._clock(),
            "office": stored.contact.office,
            "undelivered": {"item": item.id, "code": code},
            "replies": [],
        }

    async def _put_back(
        self, stored: Stored, item: Outgoing, sent: list[str], attempts: int, retry_at: datetime
    ) -> None:
        """Let a message and those after it wait; a timer set meanwhile still rings in time."""
        await self._pull(stored, sent)
        fresh = await self._store.load(stored.conversation.id) or stored
        due_at = min(retry_at, _timer(fresh))
        await self._store.postpone(fresh.conversation.id, self.owner, item.id, attempts, due_at)

    async def _mark(self, stored: Stored, sent: Sequence[str]) -> bool:
        """Pull what was sent and give the lease back; ``False`` when a turn came in between."""
        copied = await self._copied_journal(stored)
        return await self._store.mark_sent(
            stored.conversation.id, self.owner, stored.revision, sent, copied, _timer(stored)
        )

    async def _pull(self, stored: Stored, sent: Sequence[str]) -> None:
        """Pull what was sent, whoever has the lease."""
        copied = await self._copied_journal(stored)
        if sent or copied:
            await self._store.mark_sent(
                stored.conversation.id, self.owner, WHATEVER, sent, copied, NEVER
            )

    async def _copied_journal(self, stored: Stored) -> Sequence[str]:
        """Copy the turn records out once enough have come together, or they lie there since
        another day; the ids of those copied.
        """
        stale = any(record["at"] < self._clock() - A_DAY for record in stored.journal[:1])
        if len(stored.journal) < JOURNAL_KEPT and not stale:
            return ()
        await self._store.copy_journal(stored.journal)
        return [record["_id"] for record in stored.journal]


def _pause(base: int, attempts: int) -> timedelta:
    """Longer after each failure."""
    return timedelta(seconds=min(base**attempts, LONGEST_PAUSE.total_seconds()))


def _timer(stored: Stored) -> datetime:
    """When the conversation's own timer rings; ``NEVER`` without one."""
    frame = stored.conversation.timer
    return frame.timer if frame and frame.timer else NEVER
