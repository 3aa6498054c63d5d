"""What is published now, and what editors work on."""

from __future__ import annotations

from aiohttp import web

from bot.desk.pages.flows.place import DRAFTS, FLOWS, may_edit, place_of
from bot.desk.roles import EDITING, READING_FLOWS
from bot.desk.route import Route, StaffRoute
from bot.desk.visit import StaffVisit
from bot.drafting.troubles import NoDraft


async def show(visit: StaffVisit) -> web.Response:
    """Publication, conversations, drafts: one find for each, and a count made beside the page."""
    workshop = visit.desk.workshop
    if may_edit(visit):
        visit.desk.room.prepare()
    newest = await workshop.versions.newest()
    counted = await workshop.open_on.known()
    here = counted.by_version.get(newest.version, 0) if counted and newest else 0
    return visit.page(
        "flows.html",
        newest=newest,
        counted=counted,
        here=here,
        older=sum(counted.by_version.values()) - here if counted else 0,
        drafts=await workshop.drafts.heads(),
        may_edit=may_edit(visit),
        languages_spoken=workshop.settings.languages,
    )


async def count(visit: StaffVisit) -> web.Response:
    """How many conversations are open on which version, for a page that waits for it."""
    counted = await visit.desk.workshop.open_on.known(patience=5)
    return web.json_response({"counted": counted is not None})


async def begin(visit: StaffVisit) -> web.Response:
    """A new draft, from what is published or from an older version."""
    title, source = await visit.field("title"), await visit.field("source")
    try:
        draft = await visit.desk.workshop.begin(title, visit.who.login, visit.now, source)
    except NoDraft:
        return visit.problem(404, "flows.no_version")
    visit.subject = f"draft:{draft.id}"
    return visit.go(place_of(draft.id))


ROUTES: tuple[Route, ...] = (
    StaffRoute("GET", FLOWS, READING_FLOWS, show, menu="flows.menu"),
    StaffRoute("GET", f"{FLOWS}/open", READING_FLOWS, count),
    StaffRoute("POST", DRAFTS, EDITING, begin, action="draft_begun"),
)
