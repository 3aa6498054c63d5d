"""A person with WhatsApp: writes to an office through Meta's webhook, reads what Graph was sent."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import orjson
from aiohttp import ClientError, ClientSession

from bot.channels.whatsapp.webhook import PATH
from bot.graph_stub.calls import Call
from bot.graph_stub.server import GraphStandIn
from tests.support.webhooks import (
    ACCOUNT,
    APPLICANT,
    JSON,
    OFFICE_NUMBER,
    button_reply,
    change,
    list_reply,
    signed_headers,
    text,
    webhook_body,
)

REDELIVERY_SECONDS = 0.05
"""Meta waits longer before it delivers again."""


@dataclass(frozen=True, slots=True)
class Booking:
    """What an applicant reads on the booking card."""

    code: str
    number: int
    text: str


@dataclass
class Applicant:
    """One sender, who reads on from where they left off.

    Args:
        door: where the bot is now; it may move between two deliveries.
        account: the office's phone number id, which the stand-in sees messages sent from.
        number: of the office they write to.
        ahead: of the real time, by the bot's clock.
        insists: seconds for which a message is delivered again until it is taken.
    """

    session: ClientSession
    graph: GraphStandIn
    door: Callable[[], str]
    sender: str = APPLICANT
    account: str = ACCOUNT
    number: str = OFFICE_NUMBER
    ahead: timedelta = timedelta()
    insists: float = 60
    written: list[bytes] = field(default_factory=list)
    _read: int = 0

    async def say(self, words: str) -> None:
        """Type a message; it is delivered until it is taken."""
        await self.insist(self.body(self.message(words)))

    def message(self, words: str) -> JSON:
        """A message typed now; not delivered yet."""
        return text(self._next_id(), words, self.sender, self._writes())

    async def tap(self, message: JSON, title: str) -> None:
        """Tap the button or list row of ``message`` that shows ``title``."""
        action = message["interactive"]["action"]
        rows = [row for section in action.get("sections", ()) for row in section["rows"]]
        buttons = [button["reply"] for button in action.get("buttons", ())]
        (payload,) = (each["id"] for each in rows + buttons if each["title"] == title)
        written = list_reply if rows else button_reply
        at = self._writes()
        await self.insist(self.body(written(self._next_id(), payload, title, self.sender, at)))

    async def hears(self, *words: str, seconds: float = 20) -> JSON:
        """The next message that contains any of ``words``; those before it are skipped."""
        found: list[JSON] = []

        def holds() -> bool:
            while self._read < len(self.graph.calls) and not found:
                call = self.graph.calls[self._read]
                self._read += 1
                if self._is_mine(call) and any(each in words_of(call.body) for each in words):
                    found.append(call.body)
            return bool(found)

        await self.graph.until(holds, seconds)
        return found[0]

    async def book(self, name: str, birth_date: str, day: date | None = None) -> Booking:
        """The whole way with the exact forms, for ``day`` or the first one offered."""
        await self.say("Pagi, Pak")
        await self.hears("Cara mendaftar")
        await self.say("#tgllayanan")
        offered = dates_in(await self.hears("Tanggal layanan yang masih tersedia"))
        await self.say(f"#{name}#{birth_date}#{day or offered[0]:%d%m%Y}")
        await self.say(approval_code_in(await self.hears("balas dengan kode persetujuan")))
        booked = booking_in(await self.hears("Kode booking:"))
        await self.hears("Bawa dokumen asli")
        return booked

    async def insist(self, body: bytes) -> None:
        """Deliver as Meta does: again and again until it is answered 200."""
        async with asyncio.timeout(self.insists):
            while True:
                if await self.try_once(body):
                    return
                await asyncio.sleep(REDELIVERY_SECONDS)

    async def try_once(self, body: bytes) -> bool:
        """Deliver to whoever may be there; whether it was taken."""
        try:
            return await self.deliver(body) == 200
        except (ClientError, OSError):
            return False  # nobody there, or gone in the middle of it

    async def deliver(self, body: bytes) -> int:
        """Deliver once; the status."""
        url, headers = self.door() + PATH, signed_headers(body)
        async with self.session.post(url, data=body, headers=headers) as answer:
            return answer.status

    def body(self, *messages: JSON) -> bytes:
        """A signed body with messages of ours; it stays in ``written``."""
        self.written.append(
            webhook_body(change(*messages, account=self.account, number=self.number))
        )
        return self.written[-1]

    def heard(self) -> list[JSON]:
        """All messages sent to us so far."""
        return [call.body for call in self.graph.calls if self._is_mine(call)]

    def _writes(self) -> datetime:
        """Write now: Meta's window for us opens again."""
        now = datetime.now(UTC)
        self.graph.heard[self.sender] = now
        return now + self.ahead

    def _is_mine(self, call: Call) -> bool:
        sent = call.kind == "message" and call.taken and call.account == self.account
        return bool(sent and call.body["to"] == self.sender)

    def _next_id(self) -> str:
        return f"wamid.{self.sender}.{len(self.written) + 1}"


def words_of(message: JSON) -> str:
    """What a message of any type says."""
    content = message[message["type"]]
    if message["type"] == "template":
        body = (each for each in content.get("components", ()) if each["type"] == "body")
        return " ".join(text["text"] for each in body for text in each["parameters"])
    if message["type"] == "image":
        return str(content.get("caption", ""))
    body: Any = content["body"]
    return str(body["text"] if message["type"] == "interactive" else body)


def dates_in(message: JSON) -> list[date]:
    """The dates a list message offers."""
    payloads = (
        row["id"] for s in message["interactive"]["action"]["sections"] for row in s["rows"]
    )
    entities = [orjson.loads(payload.removeprefix("/choose_date")) for payload in payloads]
    return [date.fromisoformat(each["service_date"]) for each in entities]


def approval_code_in(message: JSON) -> str:
    """The approval code in a message."""
    found = re.search(r"\*(\d{8})\*", words_of(message))
    assert found, message
    return found[1]


def booking_in(message: JSON) -> Booking:
    """The booking on a card."""
    card = words_of(message)
    code = re.search(r"Kode booking: \*(\S+)\*", card)
    number = re.search(r"Nomor antrean: \*(\d+)\*", card)
    assert code, card
    assert number, card
    return Booking(code[1], int(number[1]), card)


def fictional_name(number: int) -> str:
    """A name nobody has, another for each number below 15,625: ``PEMOHON BABABA``."""
    syllables = [consonant + vowel for consonant in "BDKLM" for vowel in "AEIOU"]
    chosen = (syllables[number // 25**place % 25] for place in (2, 1, 0))
    return f"PEMOHON {''.join(chosen)}"
