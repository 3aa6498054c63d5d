"""The list of conversations: who waits, who has which, what was not understood, the newest."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from aiohttp import web

from bot.desk.browsing import CHANNELS, Found, View, Wanted, found, overview_of, sought
from bot.desk.pages.conversations.places import PATH, SUPERVISORS, place_of
from bot.desk.route import Route, StaffRoute
from bot.desk.visit import StaffVisit
from bot.dialogue.inbox import Overview

JUST_NOW: Final = timedelta(minutes=2)
"""Whoever wrote so lately is news to an open list."""

SOUGHT: Final = 40
"""Characters of what is looked for."""


async def show(visit: StaffVisit) -> web.Response:
    """The whole page."""
    return visit.page("conversations.html", **await _shown(visit))


async def part(visit: StaffVisit) -> web.Response:
    """What of it changes by itself, for its script."""
    return visit.page("conversations_part.html", **await _shown(visit))


async def look_up(visit: StaffVisit) -> web.Response:
    """Look for a telephone number or a booking code; sent as a form, so no address shows it."""
    visit.done = False  # nothing is changed
    text = (await visit.field("q")).strip()[:SOUGHT]
    desk = visit.desk
    ids = await sought(desk.stores, visit.office, sorted(desk.offices().prefixes), text)
    if len(ids) == 1:
        return visit.go(place_of(visit, ids[0]))
    loaded = [await desk.stores.conversations.load(id_) for id_ in ids]
    rows = [overview_of(stored) for stored in loaded if stored]
    shown = await _shown(visit, Found(rows))
    return visit.page("conversations.html", **{**shown, "sought": text})


async def live(visit: StaffVisit) -> web.StreamResponse:
    """Tells that something has changed; the page then asks for :func:`part`. Two finds by index."""
    office, desk = visit.office.id, visit.desk

    async def look() -> Any:
        now, inbox = desk.clock(), desk.stores.inbox
        cared = await inbox.cared(office)
        latest = await inbox.heard(office, now - JUST_NOW, now + JUST_NOW)
        return {
            "waiting": sum(each.care.waits for each in cared),
            "news": [[desk.kept.handles.of(e.id), e.revision] for e in (*cared, *latest)],
        }

    return await visit.stream(f"conversations/{office}", look)


async def waiting(visit: StaffVisit) -> int:
    """How many wait, for the menu."""
    return await visit.desk.waiting.at(visit.office.id)


async def _shown(visit: StaffVisit, given: Found | None = None) -> Mapping[str, Any]:
    """Two finds by index: who waits or is looked after, and the rows, where they are others."""
    query, inbox = visit.request.query, visit.desk.stores.inbox
    cared = await inbox.cared(visit.office.id)
    counts = {
        View.WAITING: sum(each.care.waits for each in cared),
        View.MINE: sum(each.care.by == visit.who.login for each in cared),
        View.TAKEN: sum(bool(each.care.by) for each in cared),
    }
    wanted = Wanted(
        _view(query.get("view", "")),
        visit.who.login,
        state=query.get("state", "")[:200],
        channel=query.get("channel", "") if query.get("channel", "") in CHANNELS else "",
        before=_moment(query.get("before", "")),
    )
    page = given or await found(inbox, visit.office, wanted, visit.now)
    return {
        "rows": [_row(visit, each) for each in page.rows],
        "older": page.older.isoformat() if page.older else "",
        "views": [(view, counts.get(view)) for view in View],
        "wanted": wanted,
        "channels": CHANNELS,
        "query": {k: v for k in ("state", "channel") if (v := getattr(wanted, k))},
        "sought": "",
        "searched": given is not None,
    }


def _row(visit: StaffVisit, each: Overview) -> Mapping[str, Any]:
    care, now = each.care, visit.now
    return {
        "place": place_of(visit, each.id),
        "name": each.contact.profile,
        "phone": f"+{each.contact.phone}" if each.contact.phone else "",
        "channel": each.contact.channel,
        "state": each.where,
        "care": care,
        "mine": care.by == visit.who.login,
        "minutes": _minutes(now - care.since) if care.since else None,
        "owed": _minutes(now - care.owed) if care.owed else None,
        "heard_at": each.contact.heard_at.astimezone(visit.zone),
        "missed_at": each.missed_at and each.missed_at.astimezone(visit.zone),
    }


def _minutes(length: timedelta) -> int:
    return max(int(length.total_seconds() // 60), 0)


def _view(text: str) -> View:
    return View(text) if text in set(View) else View.WAITING


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


ROUTES: tuple[Route, ...] = (
    StaffRoute("GET", PATH, SUPERVISORS, show, menu="conversations.menu", badge=waiting),
    StaffRoute("GET", f"{PATH}/part", SUPERVISORS, part),
    StaffRoute("GET", f"{PATH}/live", SUPERVISORS, live, live=True),
    StaffRoute("POST", f"{PATH}/search", SUPERVISORS, look_up, action="conversation_sought"),
)
