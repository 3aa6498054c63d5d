"""People who insist: each message is delivered until it is taken, each booking made to its end."""

from __future__ import annotations

import asyncio
import re
import time
from collections import defaultdict
from collections.abc import Sequence
from functools import partial
from itertools import count

from harness.loops import Conversation, Timed
from harness.meta import Meta
from harness.talks import CODE, LISTED, QUESTIONS, name_of, offered, sender_of

from bot.dialogue.store import Contact

OFFICE = "jakarta_pusat"
TRIES = 6
HEARD_SECONDS = 90.0
SILENT_SECONDS = 6.0
"""After another answer than the one that was waited for."""

BOOKED = re.compile(r"Kode booking: \*(\S+)\*")
ANYTHING = re.compile("")


class Crowd:
    """Writes to one server, and keeps what it was promised.

    Attributes:
        taken: ids of the messages that were answered 200, by conversation, since ``forget``.
        taken_at: moments of that, monotonic.
        booked: booking codes that people were told, by sender.
        failed: who got no booking, and what was said last.
    """

    def __init__(self, meta: Meta, url: str) -> None:
        self._meta = meta
        self._url = url
        self._numbers = count()
        self.taken: defaultdict[str, list[str]] = defaultdict(list)
        self.taken_at: list[float] = []
        self.booked: dict[str, str] = {}
        self.failed: list[str] = []

    def talks(self, number: int) -> list[Conversation]:
        """Talks to be had: of four, three ask and one books."""
        return [self._book if at % 4 == 0 else self._ask for at in range(number)]

    def rush(self, number: int) -> list[Conversation]:
        """Bookings alone."""
        return [self._book] * number

    def forget(self) -> None:
        """Begin a new account of messages; bookings stay."""
        self.taken.clear()
        self.taken_at.clear()

    async def answered(self) -> float:
        """Seconds until somebody new is answered, read through Graph."""
        began, sender = time.monotonic(), self._somebody()
        await self._say(sender, "#bantuan")
        await self._hears(sender, ANYTHING)
        return time.monotonic() - began

    async def _ask(self, timed: Timed) -> None:
        sender = self._somebody()
        for step, text in QUESTIONS.items():
            await timed.time(step, partial(self._say, sender, text))
            await self._hears(sender, ANYTHING)

    async def _book(self, timed: Timed) -> None:
        """From hello to the booking; begun again when a hold was over before it was approved, or an
        answer was too long in coming.
        """
        sender, number = self._somebody(), len(self.booked)

        async def write(step: str, text: str, awaited: re.Pattern[str]) -> str:
            await timed.time(step, partial(self._say, sender, text))
            said = await self._hears(sender, awaited)
            if booked := BOOKED.search(said):
                self.booked[sender] = booked[1]
            return said

        said = await write("hello", "Pagi, Pak", ANYTHING)
        for attempt in range(TRIES):
            said = await write("dates", "#tgllayanan", LISTED)
            if days := offered(said):
                day = days[(number + attempt) % len(days)]
                said = await write("identity", f"#{name_of(int(sender[-8:]))}#17081990#{day}", CODE)
                if code := CODE.search(said):
                    said = await write("code", code[1], BOOKED)
            if sender in self.booked:
                return
        self.failed.append(f"{sender} was told at last: {said[:200]}")

    async def _say(self, sender: str, text: str) -> None:
        message = await self._meta.insist(self._url, sender, text)
        self.taken[Contact("whatsapp", sender, OFFICE).conversation_id].append(message)
        self.taken_at.append(time.monotonic())

    async def _hears(self, sender: str, awaited: re.Pattern[str]) -> str:
        """What was said once it is what was waited for, or something else and then nothing more;
        nothing when it takes too long.
        """
        until, said, silent_since = time.monotonic() + HEARD_SECONDS, 0, time.monotonic()
        while (now := time.monotonic()) < until:
            texts: Sequence[str] = self._meta.said(sender)
            if texts and awaited.search("\n".join(texts)):
                return "\n".join(texts)
            if len(texts) > said:
                said, silent_since = len(texts), now
            if said and now - silent_since > SILENT_SECONDS:
                return "\n".join(texts)
            await asyncio.sleep(0.05)
        return ""

    def _somebody(self) -> str:
        return sender_of(next(self._numbers))
