"""What a turn leaves behind: whether it was done already, and the one write that saves it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.acting import Acted
from bot.channels.inbound import Inbound
from bot.dialogue.care import Care
from bot.dialogue.reply import Reply
from bot.dialogue.store import (
    HANDLED_KEPT,
    Contact,
    ConversationStore,
    Outgoing,
    Stored,
    TurnSave,
    rings_at,
)
from bot.outbox import Outbox
from bot.record import record_id, record_of, trace_of


class Ledger:
    """Knows the turns that were done, and saves one: the guarded write of a conversation."""

    def __init__(self, store: ConversationStore, outbox: Outbox) -> None:
        self._store = store
        self._outbox = outbox

    async def was_handled(self, contact: Contact, inbound: Inbound) -> bool:
        """Whether the message was handled before its sender turned out to be ``contact``'s."""
        for each in contact.also:
            if inbound.message.at <= each.until:
                before = await self._store.load(
                    replace(contact, sender=each.address).conversation_id
                )
                if before and await self.is_handled(before, inbound.message.id):
                    return True
        return False

    async def is_handled(self, stored: Stored, turn: str) -> bool:
        """Whether a turn was done, by the id of its message, timer or notice."""
        if turn in stored.handled:
            return True
        if len(stored.handled) < HANDLED_KEPT:
            return False
        record = record_id(stored.conversation.id, turn)
        waiting = (record == waits["_id"] for waits in stored.journal)
        return any(waiting) or await self._store.journalled(record)

    async def go_on(self, stored: Stored) -> None:
        """Send what a turn of this process left that was saved, although it was not told so: the
        database went away in between. Others would wait for the lease to be over.
        """
        if stored.outbox and stored.leased_by == self._outbox.owner:
            await self._outbox.tend(stored.conversation.id)

    async def save(
        self,
        before: Stored,
        contact: Contact,
        turn: str,
        now: datetime,
        acted: Acted,
        replies: Sequence[Reply],
        record: Mapping[str, Any],
        care: Care | None = None,
    ) -> bool:
        """Save a turn and have its replies sent; ``False`` when another process was quicker.

        Args:
            before: the document it was decided on.
            record: what the journal says of it beside what every record says.
            care: who has the conversation from now on; as before if not given.
        """
        outgoing = [
            Outgoing(f"{turn}/{at}", reply.as_document(), said_at=now, said=reply)
            for at, reply in enumerate(replies)
        ]
        due_at = rings_at(acted.conversation, before.care if care is None else care)
        trace = trace_of(before, acted.began, acted.trace)
        leased_by, leased_until = before.leased_by, before.leased_until
        if self._outbox.pushes(contact.channel):
            leased_by, leased_until = self._outbox.lease_for(before, now)
            due_at = min(due_at, leased_until)
        save = TurnSave(
            before=before,
            conversation=acted.conversation,
            contact=contact,
            handled=turn,
            outbox=outgoing,
            journal={
                **record_of(before, acted.conversation, turn, contact.office, now),
                "actions": list(acted.actions),
                "replies": [item.reply for item in outgoing],
                **({"trace": trace} if trace else {}),
                **record,
            },
            due_at=due_at,
            leased_by=leased_by,
            leased_until=leased_until,
            care=care,
        )
        saved = await self._store.save(save)
        if saved:
            self._outbox.start(save.applied(), waited=bool(before.outbox))
        return saved
