"""Members of staff take conversations over, write in them, and hand them back.

Each step is one guarded save of the conversation, as a turn is: of two who take it over one is the
first, and a message under way is either answered by the flow before, or read by them after.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bot.acting import Acted
from bot.attended import Attended, Attends, Refused, lapsed, told, when_back
from bot.dialogue.care import NOBODY, CareNotice
from bot.dialogue.events import Noticed
from bot.dialogue.reply import STAFF, Reply
from bot.dialogue.store import Contact, Stored
from bot.turn import Turns
from bot.venue import Placed, Venue
from bot.wording import LONG_SILENCE

LONGEST: Final = 4096
"""Characters of one message; WhatsApp takes no more."""

WINDOWED: Final = frozenset({"whatsapp"})
"""Channels that take words of one's own only within a day after somebody's last message."""


def window_left(contact: Contact, now: datetime) -> timedelta | None:
    """How long one may still write to somebody in words of one's own; ``None``: always."""
    if contact.channel not in WINDOWED:
        return None
    return max(contact.heard_at + LONG_SILENCE - now, timedelta())


class Attending:
    """Over one bot's turns. Every method returns why nothing was done, or ``None`` when it is done,
    now or before by the same key; each may raise ``StorageUnavailable``.
    """

    def __init__(self, turns: Turns) -> None:
        self._turns = turns

    async def take(self, conversation_id: str, by: str, key: str, over: str = "") -> Refused | None:
        """Take a conversation: its flow is silent from now on.

        Args:
            by: login.
            key: of this step; doing it again under the same key does nothing.
            over: from whom, when somebody else has it.
        """

        async def take(stored: Stored, _: Placed, __: Venue, now: datetime) -> Attended | Refused:
            if stored.care.by not in {"", by, over}:
                return Refused.TAKEN
            care = stored.care.taken(by, now, self._turns.patience)
            return Attended("took", _nothing(stored), care, by)

        return await self._step(conversation_id, key, take)

    async def reply(self, conversation_id: str, by: str, key: str, text: str) -> Refused | None:
        """Write to the applicant; refused when their window has closed meanwhile."""
        text = text.strip()
        if not text or len(text) > LONGEST:
            return Refused.LONG if text else Refused.EMPTY

        async def write(stored: Stored, _: Placed, __: Venue, now: datetime) -> Attended | Refused:
            if stored.care.by != by:
                return Refused.NOT_YOURS
            if window_left(stored.contact, now) == timedelta():
                return Refused.WINDOW
            care = stored.care.replied(now, self._turns.patience)
            return Attended("replied", _nothing(stored), care, by, wrote=(Reply(text, by=STAFF),))

        return await self._step(conversation_id, key, write)

    async def call(self, conversation_id: str, by: str, key: str) -> Refused | None:
        """Ask somebody whose window has closed to write, by the template of the flow's reply."""

        async def call(
            stored: Stored, placed: Placed, venue: Venue, now: datetime
        ) -> Attended | Refused:
            if stored.care.by != by:
                return Refused.NOT_YOURS
            care = stored.care.replied(now, self._turns.patience)
            event = Noticed(CareNotice.CALLS, when_back(venue, now), quiet=True)
            return await told("called", event, stored, placed, venue, now, care, by)

        return await self._step(conversation_id, key, call)

    async def hand_back(self, conversation_id: str, by: str, key: str) -> Refused | None:
        """Let the flow go on where it was; of one that only waits, take it off the list."""

        async def leave(
            stored: Stored, placed: Placed, venue: Venue, now: datetime
        ) -> Attended | Refused:
            if stored.care.by not in {"", by}:
                return Refused.NOT_YOURS
            if not stored.care.by:
                return Attended("settled", _nothing(stored), NOBODY, by)
            event = Noticed(CareNotice.LEFT, when_back(venue, now), resumes=True)
            return await told("handed_back", event, stored, placed, venue, now, NOBODY, by)

        return await self._step(conversation_id, key, leave)

    async def lapse(self, conversation_id: str, _: str, key: str) -> Refused | None:
        """Let what would be due by and by, if nobody did anything, be due now."""

        async def lapse(
            stored: Stored, placed: Placed, venue: Venue, now: datetime
        ) -> Attended | Refused:
            if not stored.care.wanted:
                return Refused.NOT_YOURS
            return await lapsed(stored, placed, venue, now)

        return await self._step(conversation_id, key, lapse)

    async def _step(self, conversation_id: str, key: str, attends: Attends) -> Refused | None:
        return await self._turns.attend(conversation_id, f"staff/{key}", attends)


def _nothing(stored: Stored) -> Acted:
    """The flow hears nothing of it."""
    return Acted(stored.conversation, (), ())
