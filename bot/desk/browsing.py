"""Which conversations a supervisor looks at: by who has them, what happened, and when.

The newest are found by the index of office and time, a stretch of time at once, twice as long after
one in which few wrote: the embedded database reads all of an index range before the first, so
nothing here asks for "the first fifty of all".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.booking.codes import read_booking_code
from bot.booking.office import Office
from bot.booking.phone import office_number
from bot.dialogue.inbox import InboxStore, Overview
from bot.dialogue.store import Stored
from bot.stores import Stores

PAGE: Final = 50
"""Rows of a page."""

MOST: Final = 100
"""Conversations looked at for one page; what is older is looked for by the next one."""

LISTED: Final = 400
"""Rows of a list that has no pages: who waits, who has which, what was not understood."""

FIRST_STRETCH: Final = timedelta(hours=2)
FARTHEST: Final = timedelta(days=400)
"""Nothing is kept for longer than that is looked back."""

LATELY: Final = timedelta(days=2)
"""How long ago something that was not understood still matters."""

CHANNELS: Final = ("whatsapp", "web", "rest")


class View(StrEnum):
    """Which conversations."""

    WAITING = "waiting"
    MINE = "mine"
    TAKEN = "taken"
    MISSED = "missed"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for.

    Args:
        login: who looks.
        state, channel: of the conversation; empty is any.
        before: of :attr:`View.ALL`: whose person wrote last before then; ``None`` is now.
    """

    view: View
    login: str
    state: str = ""
    channel: str = ""
    before: datetime | None = None

    def has(self, each: Overview) -> bool:
        """Whether a conversation is one of those."""
        by = each.care.by
        held = {View.WAITING: each.care.waits, View.MINE: by == self.login, View.TAKEN: bool(by)}
        return (
            held.get(self.view, True)
            and self.state in {"", each.where}
            and self.channel in {"", each.contact.channel}
        )


@dataclass(frozen=True, slots=True)
class Found:
    """A page of conversations.

    Args:
        older: where the next page begins; ``None`` at the end.
    """

    rows: Sequence[Overview]
    older: datetime | None = None


async def found(inbox: InboxStore, office: Office, wanted: Wanted, now: datetime) -> Found:
    """A page of what is wanted; one find, for :attr:`View.ALL` a few."""
    if wanted.view is View.ALL:
        return await _newest(inbox, office, wanted, now)
    if wanted.view is View.MISSED:
        until = now + timedelta(minutes=1)
        rows = await inbox.missed(office.id, now - LATELY, until)
    else:
        rows = await inbox.cared(office.id)
    return Found([each for each in rows if wanted.has(each)][:LISTED])


async def _newest(inbox: InboxStore, office: Office, wanted: Wanted, now: datetime) -> Found:
    until, stretch = wanted.before or now + timedelta(minutes=1), FIRST_STRETCH
    rows: list[Overview] = []
    looked_at = 0
    end = now - FARTHEST
    while until > end and len(rows) < PAGE and looked_at < MOST:
        since = max(until - stretch, end)
        some = await inbox.heard(office.id, since, until)
        rows += filter(wanted.has, some)
        looked_at += len(some)
        until = since
        if len(some) < PAGE:
            stretch *= 2  # a quiet time; a busy one is gone through in steps that stay small
    if len(rows) > PAGE:
        last = rows[PAGE - 1].contact.heard_at
        rows = [each for each in rows if each.contact.heard_at >= last]
        until = last
    return Found(rows, until if until > end else None)


async def sought(stores: Stores, office: Office, prefixes: Sequence[str], text: str) -> list[str]:
    """Ids of the office's conversations of a telephone number or a booking code, by index."""
    if code := read_booking_code(text, prefixes):
        seat = await stores.seats.by_code(code)
        ours = seat is not None and seat.office == office.id and seat.claim is not None
        return [seat.claim.applicant.conversation] if ours and seat and seat.claim else []
    number = office_number(text)
    if number is None:
        return []
    known = [await stores.conversations.known_as(each, number) for each in CHANNELS]
    contacts = [contact for some in known for contact in some if contact.office == office.id]
    return list(dict.fromkeys(contact.conversation_id for contact in contacts))


def overview_of(stored: Stored) -> Overview:
    """A conversation that was loaded, as a list shows it."""
    frames = stored.conversation.frames
    where = f"{frames[-1].flow}.{frames[-1].state}" if frames else ""
    return Overview(stored.contact, where, stored.care, None, stored.revision)
