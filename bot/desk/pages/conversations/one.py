"""One conversation: the transcript, who it is, and who has it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from aiohttp import web

from bot.attending import LONGEST, window_left
from bot.booking.conduct import Conduct
from bot.booking.people import Person
from bot.booking.seats import Seat
from bot.desk.pages.conversations.places import ONE, SUPERVISORS, stored_of
from bot.desk.route import Route, StaffRoute
from bot.desk.transcript import SHOWN, lines
from bot.desk.visit import StaffVisit
from bot.desk.words import FIRST, table_of
from bot.dialogue.store import Contact, Stored


async def show(visit: StaffVisit) -> web.Response:
    """The whole page: the conversation and its person."""
    stored = await stored_of(visit)
    person = await Conduct(visit.desk.stores.people).of(stored.contact.address)
    return visit.page(
        "conversation.html",
        **await shown(visit, stored),
        **await _about(visit, stored.contact, person),
        ask=visit.request.query.get("ask", ""),
        no=_known(visit.request.query.get("no", "")),
        did=_known(visit.request.query.get("did", "")),
        longest=LONGEST,
    )


async def part(visit: StaffVisit) -> web.Response:
    """What of it changes by itself, for its script."""
    return visit.page("conversation_part.html", **await shown(visit, await stored_of(visit)))


async def live(visit: StaffVisit) -> web.StreamResponse:
    """Tells that something has changed; one find by id."""
    stored, desk = await stored_of(visit), visit.desk
    id_, handle = stored.conversation.id, visit.request.match_info["handle"]

    async def look() -> Any:
        now = await desk.stores.conversations.load(id_)
        return now and {"revision": now.revision, "waiting": len(now.outbox)}

    return await visit.stream(f"conversation/{handle}", look)


async def shown(visit: StaffVisit, stored: Stored) -> Mapping[str, Any]:
    """The transcript and who has it; three finds by index beside the document."""
    stores, id_, care = visit.desk.stores, stored.conversation.id, stored.care
    records = await stores.conversations.transcript(id_)
    reports = await stores.deliveries.of_conversation(id_)
    left = window_left(stored.contact, visit.now)
    frames = stored.conversation.frames
    holder = await visit.desk.kept.accounts.load(care.by) if care.by else None
    return {
        "handle": visit.request.match_info["handle"],
        "revision": stored.revision,
        "lines": lines(records[-SHOWN:], stored.outbox, reports),
        "left_out": max(len(records) - SHOWN, 0),
        "care": care,
        "mine": care.by == visit.who.login,
        "holder": holder.name if holder else care.by,
        "waits_minutes": _minutes(visit.now - care.since) if care.since else 0,
        "channel": stored.contact.channel,
        "window": left,
        "window_until": (visit.now + left).astimezone(visit.zone) if left else None,
        "state": f"{frames[-1].flow}.{frames[-1].state}" if frames else "",
        "key": secrets.token_urlsafe(12),
        "today": visit.office.today(visit.now),
    }


async def _about(visit: StaffVisit, contact: Contact, person: Person) -> Mapping[str, Any]:
    """Who the person is; a find for each address they have."""
    stores = visit.desk.stores
    addresses = dict.fromkeys((contact.address, *contact.also_addresses))
    found = [seat for each in addresses for seat in await stores.seats.of_sender(each)]
    seats: Sequence[Seat] = [seat for seat in found if seat.office == visit.office.id]
    return {
        "contact": contact,
        "phone": f"+{contact.phone}" if contact.phone else "",
        "person": person,
        "block": person.blocked(visit.now),
        "strikes": len(person.strikes),
        "seats": sorted(seats, key=lambda seat: (seat.day, seat.number), reverse=True),
    }


def _minutes(length: timedelta) -> int:
    return max(int(length.total_seconds() // 60), 0)


def _known(key: str) -> str:
    """A key of the address, if there is a sentence for it."""
    return key if f"talk_result.{key}" in table_of(FIRST) else ""


ROUTES: tuple[Route, ...] = (
    StaffRoute("GET", ONE, SUPERVISORS, show),
    StaffRoute("GET", f"{ONE}/part", SUPERVISORS, part),
    StaffRoute("GET", f"{ONE}/live", SUPERVISORS, live, live=True),
)
