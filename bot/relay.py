"""Where the service's own news of a booking is told that was made on a web page.

A page is closed and forgotten; WhatsApp rings. So who has proven their number there is told on
WhatsApp, in their conversation with the same office, if they have one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.booking.notices import Notice, NoticeName
from bot.clock import Clock
from bot.dialogue.proving import ProofStore
from bot.dialogue.store import ConversationStore
from bot.proving import proven_in

STAYS: Final = frozenset({NoticeName.SEAT_OFFERED.value})
"""Told where it waits: the seat is held in that conversation, and taken there."""


class Relay:
    """Decides it; every process alike, so a notice is told once."""

    def __init__(self, conversations: ConversationStore, proofs: ProofStore, clock: Clock) -> None:
        self._conversations = conversations
        self._proven = proven_in(proofs, clock)

    async def place(self, notice: Notice) -> Notice:
        """The notice, in the conversation it is told in."""
        channel, _, rest = notice.conversation.partition(":")
        office, _, visitor = rest.partition(":")
        if channel != "web" or notice.name in STAYS:
            return notice
        proven = await self._proven(visitor)
        if proven is None:
            return notice
        whatsapp, _, sender = proven.address.partition(":")
        there = f"{whatsapp}:{office}:{sender}"
        stored = await self._conversations.load(there)
        reached = stored is not None and bool(stored.contact.reached_at)
        return replace(notice, conversation=there) if reached else notice
