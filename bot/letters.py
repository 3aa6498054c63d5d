"""Puts back what was given up, or failed after it had been taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import structlog

from bot.clock import Clock
from bot.dialogue.deliveries import Report
from bot.dialogue.letters import AGAIN, LetterStore, dead_letter, trouble
from bot.dialogue.store import ConversationStore, Outgoing
from bot.wording import LONG_SILENCE

log = structlog.get_logger()


class Letters:
    """Puts back what was given up, or failed after it had been taken."""

    def __init__(
        self, conversations: ConversationStore, letters: LetterStore, clock: Clock
    ) -> None:
        self._conversations = conversations
        self._letters = letters
        self._clock = clock

    async def failed(self, report: Report) -> None:
        """A message failed after its channel had taken it: once it is sent again, if that may
        help; else it is a dead letter. Doing this again changes nothing while it waits.
        """
        now = self._clock()
        stored = await self._conversations.load(report.conversation)
        reply = await self._reply_of(report) if stored else None
        if stored is None or reply is None:
            log.warning("failed_message_unknown", code=report.code)
            return
        item = Outgoing(report.item, reply, parts=report.part)
        if report.again and AGAIN not in report.item:
            told = trouble("failed", report.code, report.reason, now)
            item = Outgoing(_again(report.item), reply, 0, report.part, now, told)
            await self._letters.requeue(report.conversation, item, now)
        else:
            letter = dead_letter(stored, item, report.code, report.reason, now)
            await self._conversations.copy_journal([letter])

    async def retry(self, letter: Mapping[str, Any], by: str) -> str:
        """Put a dead letter back into its outbox; why that cannot be, or empty.

        Args:
            by: who wants it.
        """
        now, dead = self._clock(), letter["undelivered"]
        reply = dead.get("reply")
        stored = await self._conversations.load(letter["conversation"])
        if stored is None or reply is None:
            return "nothing is kept of that conversation or message any more"
        late = (
            stored.contact.channel == "whatsapp" and now - stored.contact.heard_at >= LONG_SILENCE
        )
        if late and not reply.get("template"):
            return "they wrote last more than 24 hours ago, and this reply has no template"
        item = Outgoing(_again(dead["item"]), reply, said_at=now)
        await self._letters.requeue(stored.conversation.id, item, now)
        await self._letters.settle(letter["_id"], {"how": "retried", "by": by, "at": now})
        return ""

    async def drop(self, letter: Mapping[str, Any], by: str) -> None:
        """Close a dead letter; its record stays in the journal."""
        how = {"how": "dropped", "by": by, "at": self._clock()}
        await self._letters.settle(letter["_id"], how)

    async def _reply_of(self, report: Report) -> Mapping[str, Any] | None:
        """What the turn said, from its record in the journal."""
        turn, _, position = report.item.partition(AGAIN)[0].rpartition("/")
        wanted = f"{report.conversation}|{turn}"
        for record in await self._conversations.transcript(report.conversation):
            if record["_id"] == wanted and position.isdecimal():
                replies: Sequence[Mapping[str, Any]] = record.get("replies", ())
                return next(iter(replies[int(position) :]), None)
        return None


def _again(item: str) -> str:
    first, _, times = item.partition(AGAIN)
    return f"{first}{AGAIN}{int(times or 0) + 1}"
