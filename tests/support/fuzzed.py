"""An office that is sent rubbish, with somebody healthy beside it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field

import orjson
from hypothesis import strategies as st
from structlog.testing import capture_logs

from tests.support.bodies import every_change
from tests.support.mutilating import mutilated
from tests.support.office_door import OfficeDoor, office_door
from tests.support.webhooks import change, text

EXPECTED = {"unknown_office_number", "whatsapp_notification"}
"""Alarms that are right: a number or account made unreadable, and news that wants a person."""


@dataclass
class Fuzzed:
    """An office that is sent rubbish, on a loop of its own.

    Attributes:
        done: how many bodies were answered how.
    """

    loop: asyncio.AbstractEventLoop
    door: OfficeDoor
    done: Counter[int] = field(default_factory=Counter)

    def check(self, wrong: bytes, before: bool) -> None:  # noqa: FBT001 - where the healthy stands
        """A wrong entry, and a healthy one before or behind it."""
        sender = f"6281{sum(self.done.values()):09d}"
        entries = [
            wrong,
            orjson.dumps({"id": "1", "changes": [change(text("m", "syarat", sender))]}),
        ]
        body = b'{"object":"whatsapp_business_account","entry":[%b]}' % b",".join(
            reversed(entries) if before else entries
        )
        with capture_logs() as logs:
            status = self.loop.run_until_complete(self.door.post(body))
        self.done[status] += 1
        assert status == 200
        alarms = {entry["event"] for entry in logs if entry.get("alarm")}
        assert alarms <= EXPECTED, logs
        answers = self.loop.run_until_complete(self.door.answers(sender))
        assert any("Yang perlu dibawa" in answer for answer in answers), logs


@contextmanager
def an_office() -> Iterator[Fuzzed]:
    """One for all examples."""
    loop = asyncio.new_event_loop()
    stack = AsyncExitStack()
    door = loop.run_until_complete(stack.enter_async_context(office_door()))
    yield Fuzzed(loop, door)
    loop.run_until_complete(stack.aclose())
    loop.close()


wrong_entries = st.sampled_from(every_change()).flatmap(
    lambda told: mutilated({"id": "1", "changes": [told]})
)
