"""Proving from a web page that a telephone number is one's own: a code goes to it by WhatsApp.

A number typed on a page is nobody's until the code that was sent to it is typed in, too. A code has
six digits, lasts ten minutes and five tries, and is one at a time; how often one may be asked for
is the page's to count. It goes only to who has written to the office before: so no stranger is sent
anything, and the page says the same whether a number is known or not.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum
from random import Random
from typing import Final

import structlog

from bot.channels.inbound import Progress, Sender
from bot.clock import Clock
from bot.dialogue.proving import Pending, Proof, ProofStore
from bot.dialogue.reply import Reply, Template
from bot.dialogue.store import Contact, ConversationStore, Proven
from bot.errors import ChannelError, StorageUnavailable
from bot.identities import Identities
from bot.identity import person_of

log = structlog.get_logger()

LASTS: Final = timedelta(minutes=10)
TRIES: Final = 5
COUNTS_FOR: Final = timedelta(days=90)
"""Then the number has to be proven anew."""

RACES: Final = 8
CHANNEL: Final = "whatsapp"


class NotProven(StrEnum):
    """Why a code proves nothing."""

    WRONG = "wrong"
    OVER = "over"


class Proving:
    """Sends codes and takes them back.

    Args:
        carry: lets what counts against an address count against another, too.
        whatsapp: delivers the codes.
        random: of codes; ``SystemRandom``.
        template: name of the authentication template for who has been silent for a day; empty when
            there is none, and they have to write first.
    """

    def __init__(
        self,
        store: ProofStore,
        conversations: ConversationStore,
        identities: Identities,
        carry: Callable[[str, str], Awaitable[None]],
        whatsapp: Sender,
        clock: Clock,
        random: Random,
        template: str = "",
    ) -> None:
        self._store = store
        self._conversations = conversations
        self._identities = identities
        self._carry = carry
        self._whatsapp = whatsapp
        self._clock = clock
        self._random = random
        self._template = template
        self._sending: set[asyncio.Task[None]] = set()

    async def of(self, visitor: str) -> Proof:
        """What is known of a visitor."""
        return await self._store.load(visitor)

    async def ask(
        self, cookie: str, visitor: str, office: str, phone: str, say: Callable[[str], Reply]
    ) -> None:
        """Send a code to ``phone``, if it has written to ``office``; the one before is over.

        Args:
            phone: digits only, with country code.
            say: the message with the code, which is its template's, too.
        """
        now = self._clock()
        await self._store.purge(now - COUNTS_FOR)
        contact = await self._contact(office, phone)
        address = f"{CHANNEL}:{person_of(contact)}" if contact else ""
        code = f"{self._random.randrange(10**6):06d}"
        kept = _hash(cookie, phone, code)
        pending = Pending(kept, phone, address, office, now + LASTS)
        for _ in range(RACES):
            proof = await self._store.load(visitor)
            if await self._store.save(replace(proof, pending=pending, at=now)):
                break
        else:
            raise StorageUnavailable("somebody keeps asking for codes with this cookie")
        if contact:
            # Beside the answer: how long it takes would tell that the number is known.
            sending = asyncio.create_task(self._send(contact, self._filled(say, code)))
            self._sending.add(sending)
            sending.add_done_callback(self._sending.discard)

    async def prove(self, cookie: str, visitor: str, code: str) -> Proven | NotProven:
        """Take a code back; when it is right, the number counts as the visitor's. A try is counted
        before the code is looked at: a hundred at once are a hundred.
        """
        pending = await self._counted(visitor)
        if pending is None:
            return NotProven.OVER
        right = hmac.compare_digest(_hash(cookie, pending.phone, code), pending.code)
        if not (right and pending.address):
            return NotProven.OVER if pending.tries >= TRIES else NotProven.WRONG
        proven = Proven(pending.address, pending.phone)
        for _ in range(RACES):
            proof, now = await self._store.load(visitor), self._clock()
            if proof.pending is None or proof.pending.code != pending.code:
                return NotProven.OVER
            # Linked before it counts: whoever dies in between has proven nothing, and tries again.
            await self._link(visitor, proof.proven, proven)
            after = replace(proof, proven=proven, pending=None, proven_at=now, at=now)
            if await self._store.save(after):
                return proven
        return NotProven.WRONG

    async def _counted(self, visitor: str) -> Pending | None:
        """The open code, after another try was counted; ``None`` when there is none to try."""
        for _ in range(RACES):
            proof = await self._store.load(visitor)
            pending = proof.pending
            if pending is None or pending.until <= self._clock() or pending.tries >= TRIES:
                return None
            tried = replace(pending, tries=pending.tries + 1)
            if await self._store.save(replace(proof, pending=tried)):
                return tried
        return None

    async def close(self, _: object) -> None:
        """Let codes under way be sent; the application shuts down."""
        await asyncio.gather(*self._sending, return_exceptions=True)

    async def _contact(self, office: str, phone: str) -> Contact | None:
        """Who has written to the office from this number, and has it still."""
        found = await self._conversations.known_as(CHANNEL, phone)
        theirs = (each for each in found if each.office == office and not each.into)
        return next((each for each in theirs if each.phone == phone), None)

    async def _link(self, visitor: str, before: Proven | None, now: Proven) -> None:
        """Bookings of this browser's are found from the number, too, and what counted against it
        counts on.
        """
        own = f"web:{visitor}"
        if before and before.address != now.address:
            await self._identities.link(before.address, own, linked=False)
        await self._identities.link(now.address, own, linked=True)
        await self._carry(own, now.address)

    def _filled(self, say: Callable[[str], Reply], code: str) -> Reply:
        reply = say(code)
        if reply.template is None or not self._template:
            return replace(reply, template=None)
        language = reply.template.language
        template = Template(self._template, language, (code,), copies=code)
        return replace(reply, template=template)

    async def _send(self, contact: Contact, reply: Reply) -> None:
        try:
            await self._whatsapp.send(contact, reply, Progress())
        except ChannelError as error:
            log.warning("code_not_sent", office=contact.office, reason=type(error).__name__)
        except Exception:  # our bug: who waits may ask again
            log.exception("code_failed", alarm=True)


def proven_in(store: ProofStore, clock: Clock) -> Callable[[str], Awaitable[Proven | None]]:
    """What visitors have proven, as long as it counts."""

    async def proven(visitor: str) -> Proven | None:
        proof = await store.load(visitor)
        return proof.proven if clock() - proof.proven_at < COUNTS_FOR else None

    return proven


def _hash(cookie: str, phone: str, code: str) -> str:
    """Of a code; who reads what is kept cannot try a million, for the cookie is not there."""
    return hmac.new(cookie.encode(), f"{phone}|{code}".encode(), hashlib.sha256).hexdigest()
