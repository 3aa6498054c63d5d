"""Somebody whose conversation is nothing but actions of the queue."""

from collections.abc import Mapping
from random import Random
from typing import Any

from bot.booking import actions as booking_actions
from bot.booking.calling import Calls
from bot.booking.conduct import Conduct
from bot.booking.queue import Queue
from bot.booking.reminding import Reminders
from bot.booking.waited import Waited
from bot.booking.waiting import Waits
from bot.dialogue.actions import Doing, actions_in
from bot.dialogue.events import Outcome
from bot.dialogue.store import Contact
from storage.memory_notices import MemoryCalls, MemoryNotices
from storage.people import MemoryPeople
from storage.waitlist import MemoryWaitlist
from tests.support.declared import only_declared
from tests.support.talk import NOW

ACTIONS = actions_in(booking_actions)
IDENTITY = {"name": "Rina  fiktif", "birth_date": "1990-01-31", "service_date": "2026-11-24"}


class Applicant:
    """Somebody in the middle of a conversation: every action fills their slots."""

    def __init__(self, queue: Queue, sender: str = "6281200000001") -> None:
        self.queue = queue
        self.conduct = Conduct(MemoryPeople())
        self.contact = Contact("whatsapp", sender, "kota_contoh")
        self.slots: dict[str, Any] = {}
        self.notices = MemoryNotices()
        self.calls = Calls(queue.seats, MemoryCalls(), self.notices)
        self.waits = Waits(MemoryWaitlist(), self.notices, Waited(), Random(1))
        self.now = NOW
        self.turns = 0

    async def do(
        self,
        action: str,
        heard: Mapping[str, Any] | None = None,
        /,
        *,
        key: str = "",
        **slots: Any,
    ) -> Outcome:
        """Run an action in a new turn, unless the key says which."""
        self.turns += 1
        self.slots |= slots
        doing = Doing(
            key=key or f"{self.contact.conversation_id}|m{self.turns}|0",
            contact=self.contact,
            slots=self.slots,
            heard=heard or {},
            now=self.now,
            random=Random(self.turns),
            services={
                Queue: self.queue,
                Conduct: self.conduct,
                Reminders: Reminders(self.notices),
                Calls: self.calls,
                Waits: self.waits,
            },
        )
        outcome = await ACTIONS[action].run(only_declared(ACTIONS[action], doing, []))
        assert outcome.name in ACTIONS[action].outcomes
        assert outcome.values.keys() <= ACTIONS[action].gives
        self.slots |= outcome.values
        return outcome

    async def book(self) -> None:
        """Hold a seat and agree."""
        assert (await self.do("hold_seat", **IDENTITY)).name == "held"
        assert (await self.do("approve_hold")).name == "approved"
