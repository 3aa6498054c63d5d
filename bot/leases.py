"""Who may send a conversation's outbox, and what the sender writes there when it is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.dialogue.store import NEVER, ConversationStore, Outgoing, Stored

A_DAY = timedelta(days=1)
"""After it a record leaves the conversation for the journal, whose retention is kept to."""

JOURNAL_KEPT = 8
"""Turn records a conversation carries before the sender copies them out, several at once."""

WHATEVER = -1
"""No document has this revision: with it, sent messages are pulled and the lease is kept."""


class Leases:
    """One process's leases; every write leaves the revision alone.

    Args:
        owner: name of this process, unique.
        lease: how long one lasts.
    """

    def __init__(
        self, store: ConversationStore, owner: str, clock: Clock, lease: timedelta
    ) -> None:
        self._store = store
        self._owner = owner
        self._clock = clock
        self._lease = lease

    async def take(self, conversation_id: str) -> Stored | None:
        """Take the lease and load; ``None`` when another has it."""
        now = self._clock()
        until = now + self._lease
        if not await self._store.lease(conversation_id, self._owner, now, until):
            return None
        stored = await self._store.load(conversation_id)
        return replace(stored, leased_until=until) if stored else None

    async def keep(self, conversation_id: str, lease: timedelta) -> None:
        """Renew the lease of one that is not sent yet, and be told of it no sooner than needed."""
        stored = await self._store.load(conversation_id)
        if stored and stored.leased_by == self._owner:
            until = self._clock() + lease
            due_at = min(until, stored.rings_at)
            await self._store.keep(conversation_id, self._owner, stored.revision, until, due_at)

    async def put_back(
        self, stored: Stored, item: Outgoing, sent: Sequence[str], retry_at: datetime
    ) -> None:
        """Let a message and those after it wait; a timer set meanwhile still rings in time."""
        await self.pull(stored, sent)
        fresh = await self._store.load(stored.conversation.id) or stored
        due_at = min(retry_at, fresh.rings_at)
        await self._store.postpone(fresh.conversation.id, self._owner, item, due_at)

    async def mark(self, stored: Stored, sent: Sequence[str]) -> bool:
        """Pull what was sent and give the lease back; ``False`` when a turn came in between."""
        copied = await self._copied_journal(stored)
        return await self._store.mark_sent(
            stored.conversation.id, self._owner, stored.revision, sent, copied, stored.rings_at
        )

    async def take_out(self, stored: Stored) -> bool:
        """Pull all that a turn of this process just said, to be given out; ``False`` when somebody
        else gives it out, or did.
        """
        said = [item.id for item in stored.outbox]
        return await self._store.take_out(
            stored.conversation.id, said, await self._copied_journal(stored)
        )

    async def pull(self, stored: Stored, sent: Sequence[str]) -> None:
        """Pull what was sent, whoever has the lease."""
        copied = await self._copied_journal(stored)
        if sent or copied:
            await self._store.mark_sent(
                stored.conversation.id, self._owner, WHATEVER, sent, copied, NEVER
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
