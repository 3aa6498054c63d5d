"""What a member of staff does in a conversation: take it, write, hand it back, note something."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

from aiohttp import web

from bot.attended import Refused
from bot.booking.conduct import Conduct
from bot.desk.pages.conversations.places import ONE, SUPERVISORS, place_of, stored_of
from bot.desk.route import Route, StaffRoute
from bot.desk.visit import StaffVisit
from bot.dialogue.store import Stored
from bot.errors import AntreError, StorageUnavailable
from bot.recordings import keep_new

KEY: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")
NOTE_LENGTH: Final = 120
BLOCK_DAYS: Final = 366

Deed: TypeAlias = Callable[[StaffVisit, str, str], Awaitable[Refused | None]]
"""Does one thing in a conversation, given its id and the key of the form."""


async def _take(visit: StaffVisit, id_: str, key: str) -> Refused | None:
    over = await visit.field("over")
    return await visit.desk.attending.take(id_, visit.who.login, key, over)


async def _reply(visit: StaffVisit, id_: str, key: str) -> Refused | None:
    text = (await visit.field("text")).replace("\r\n", "\n")
    return await visit.desk.attending.reply(id_, visit.who.login, key, text)


async def _call(visit: StaffVisit, id_: str, key: str) -> Refused | None:
    return await visit.desk.attending.call(id_, visit.who.login, key)


async def _hand_back(visit: StaffVisit, id_: str, key: str) -> Refused | None:
    return await visit.desk.attending.hand_back(id_, visit.who.login, key)


def _deed(name: str, do: Deed, did: str) -> StaffRoute:
    """A line of the table that does one thing in the conversation of the path."""

    async def handler(visit: StaffVisit) -> web.Response:
        stored = await stored_of(visit)
        key = await visit.field("key")
        if not KEY.fullmatch(key):
            return visit.problem(400, "frame.old_form")
        refused = await do(visit, stored.conversation.id, key)
        if refused is None:
            return await _done(visit, stored, did)
        visit.done = False
        if visit.wants_json:
            return visit.problem(409, f"talk_result.{refused}")
        return visit.go(f"{place_of(visit, stored.conversation.id)}?no={refused}#end")

    return StaffRoute("POST", f"{ONE}/{name}", SUPERVISORS, handler, action=did)


async def mark(visit: StaffVisit) -> web.Response:
    """Note something about the number, for the counter to see."""
    stored, note = await stored_of(visit), (await visit.field("note")).strip()[:NOTE_LENGTH]
    if not note:
        return _refused(visit, stored, "no_note")
    conduct, address = Conduct(visit.desk.stores.people), stored.contact.address
    if (await conduct.of(address)).mark != note:
        await conduct.mark(address, note, visit.by, visit.now)
    return await _done(visit, stored, "person_marked")


async def block(visit: StaffVisit) -> web.Response:
    """Put the number on the blacklist: it gets no seat, and is told why."""
    stored, reason = await stored_of(visit), (await visit.field("reason")).strip()[:NOTE_LENGTH]
    typed = (await visit.field("days")).strip()
    days = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= 3 else 0  # noqa: PLR2004 - digits
    if not reason or not 0 < days <= BLOCK_DAYS:
        return _refused(visit, stored, "no_reason")
    conduct, address = Conduct(visit.desk.stores.people), stored.contact.address
    held = (await conduct.of(address)).blocked(visit.now)
    if held is None or held.reason != reason:
        await conduct.block(address, reason, visit.by, visit.now, days)
    return await _done(visit, stored, "person_blocked")


async def clear(visit: StaffVisit) -> web.Response:
    """Take note and block away; strikes until now count no more."""
    stored = await stored_of(visit)
    conduct, address = Conduct(visit.desk.stores.people), stored.contact.address
    person = await conduct.of(address)
    if person.mark or person.block:
        await conduct.clear(address, visit.by, visit.now)
    return await _done(visit, stored, "person_cleared")


async def save(visit: StaffVisit) -> web.Response:
    """Keep the conversation as a recording, with nobody in it."""
    stored = await stored_of(visit)
    try:
        text = await visit.desk.record(stored.conversation.id)
        name = f"{visit.office.id} {visit.office.today(visit.now).isoformat()}"
        recordings = visit.desk.kept.recordings
        await keep_new(recordings, name, text, by=visit.who.login, now=visit.now)
    except StorageUnavailable:
        raise
    except AntreError:  # somebody would still be found in it, or nothing is kept
        return _refused(visit, stored, "not_recorded")
    return await _done(visit, stored, "conversation_recorded")


def _refused(visit: StaffVisit, stored: Stored, why: str) -> web.Response:
    visit.done = False
    return visit.go(f"{place_of(visit, stored.conversation.id)}?no={why}")


async def _done(visit: StaffVisit, stored: Stored, did: str) -> web.Response:
    """Say in the audit what it was done to, and let open pages learn of it at once."""
    id_ = stored.conversation.id
    visit.subject = f"conversation:{await visit.desk.stores.seats.pseudonym(id_)}"
    visit.desk.waiting.forget(visit.office.id)
    visit.desk.streams.nudge(f"conversations/{visit.office.id}")
    visit.desk.streams.nudge(f"conversation/{visit.request.match_info['handle']}")
    return visit.go(f"{place_of(visit, id_)}?did={did}#end")


ROUTES: tuple[Route, ...] = (
    _deed("take", _take, "conversation_taken"),
    _deed("reply", _reply, "conversation_replied"),
    _deed("call", _call, "conversation_called"),
    _deed("hand-back", _hand_back, "conversation_handed_back"),
    StaffRoute("POST", f"{ONE}/mark", SUPERVISORS, mark, action="person_marked"),
    StaffRoute("POST", f"{ONE}/block", SUPERVISORS, block, action="person_blocked"),
    StaffRoute("POST", f"{ONE}/clear", SUPERVISORS, clear, action="person_cleared"),
    StaffRoute("POST", f"{ONE}/recording", SUPERVISORS, save, action="conversation_recorded"),
)
