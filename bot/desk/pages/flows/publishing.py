"""From a draft to what counts: what it changes is shown, then it is published as it was shown."""

from __future__ import annotations

from aiohttp import web

from bot.desk.drafts import Draft
from bot.desk.pages.flows.place import DRAFT, FLOWS, draft_of, may_edit, note_of, number_of
from bot.desk.roles import EDITING, READING_FLOWS, Role
from bot.desk.room import RoomError
from bot.desk.route import Route, StaffRoute
from bot.desk.visit import StaffVisit
from bot.dialogue.versions import Publication
from bot.drafting.comparing import compare
from bot.drafting.troubles import NotPublishable
from bot.publishing import AlreadyPublished, PublishedMeanwhile


async def show(visit: StaffVisit) -> web.Response:
    """The difference, what is wrong, what happens to conversations, and the form."""
    return await _page(visit)


async def publish(visit: StaffVisit) -> web.Response:
    """Publish what was shown, or show what has changed meanwhile."""
    try:
        draft = await draft_of(visit)
    except web.HTTPNotFound:
        visit.done = False  # the form was sent twice
        return visit.go(FLOWS)
    if not await note_of(visit):
        return visit.problem(422, "flows.say_why")
    try:
        if await visit.field("revision") != str(draft.revision):
            return await _page(visit, 409, "flows.draft_changed_meanwhile")
        done = await _published(visit, draft)
    except (PublishedMeanwhile, NotPublishable, AlreadyPublished) as error:
        meanwhile = isinstance(error, PublishedMeanwhile)
        changed = "flows.published_meanwhile" if meanwhile else ""
        return await _page(visit, 409 if meanwhile else 422, changed)
    except RoomError as error:
        return visit.page("flows_trouble.html", 503, draft=draft, trouble=str(error))
    visit.subject = f"flows:{done.number}"
    return visit.go(f"{FLOWS}?published={done.number}")


async def _published(visit: StaffVisit, draft: Draft) -> Publication:
    """Publish; errors as of :meth:`Workshop.publish`."""
    return await visit.desk.workshop.publish(
        draft,
        author=visit.who.login,
        note=await note_of(visit),
        now=visit.now,
        over=number_of(await visit.field("over")),
        force=await visit.field("force") == "yes" and _may_force(visit),
    )


async def _page(visit: StaffVisit, status: int = 200, changed: str = "") -> web.Response:
    draft = await draft_of(visit)
    workshop = visit.desk.workshop
    there = await workshop.standpoint(draft)
    try:
        checked = await workshop.checks.check(draft.files)
    except RoomError as error:
        return visit.page("flows_trouble.html", 503, draft=draft, trouble=str(error))
    counted = await workshop.open_on.known()
    run, run_is_now = await visit.desk.rehearsals.run_of(draft, await workshop.over(draft))
    return visit.page(
        "flows_publish.html",
        status,
        draft=draft,
        there=there,
        checked=checked,
        changes=compare(there.published, draft.files),
        merged=await workshop.merged(draft, there) if there.behind else None,
        objections=await workshop.objections(draft) if checked.is_right else (),
        open_now=sum(counted.by_version.values()) if counted else None,
        run=run,
        run_is_now=run_is_now,
        changed=changed,
        may_edit=may_edit(visit),
        may_force=_may_force(visit),
    )


def _may_force(visit: StaffVisit) -> bool:
    return Role.ADMIN in visit.who.roles_at(visit.office.id)


ROUTES: tuple[Route, ...] = (
    StaffRoute("GET", f"{DRAFT}/publish", READING_FLOWS, show),
    StaffRoute("POST", f"{DRAFT}/publish", EDITING, publish, action="flows_published"),
)
