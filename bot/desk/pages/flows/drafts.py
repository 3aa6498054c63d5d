"""One draft: its files, what each differs in, and files that come and go."""

from __future__ import annotations

from aiohttp import web

from bot.desk.drafts import DraftTooLarge
from bot.desk.pages.flows.place import DRAFT, FLOWS, draft_of, may_edit, place_of
from bot.desk.roles import EDITING, READING_FLOWS
from bot.desk.room import RoomError
from bot.desk.route import Route, StaffRoute
from bot.desk.visit import StaffVisit
from bot.drafting.comparing import changed, compare
from bot.drafting.texts import FLOW_FILE, counts_of, editable
from bot.drafting.troubles import NoDraft, SavedMeanwhile


async def show(visit: StaffVisit) -> web.Response:
    """The draft's files; three finds, and with ``?check`` a second of the process beside."""
    draft = await draft_of(visit)
    workshop = visit.desk.workshop
    there = await workshop.standpoint(draft)
    checked, trouble = None, ""
    if "check" in visit.request.query:
        try:
            checked = await workshop.checks.check(draft.files)
        except RoomError as error:
            trouble = str(error)
    gone = [name for name in there.published if name not in draft.files]
    return visit.page(
        "flows_draft.html",
        draft=draft,
        there=there,
        files=editable(draft.files),
        brought=sorted(draft.files.keys() - set(editable(draft.files))),
        differing=changed(there.published, draft.files),
        gone=gone,
        checked=checked,
        trouble=trouble,
        counts=counts_of(checked.findings) if checked else {},
        may_edit=may_edit(visit),
    )


async def differences(visit: StaffVisit) -> web.Response:
    """What the draft changes of what counts now."""
    draft = await draft_of(visit)
    there = await visit.desk.workshop.standpoint(draft)
    return visit.page(
        "flows_differences.html",
        draft=draft,
        there=there,
        changes=compare(there.published, draft.files),
    )


async def rename(visit: StaffVisit) -> web.Response:
    """Call it something else."""
    draft = await draft_of(visit)
    title = await visit.field("title")
    await visit.desk.workshop.edits.rename(draft.id, title, visit.who.login, visit.now)
    visit.subject = f"draft:{draft.id}"
    return visit.go(place_of(draft.id))


async def delete(visit: StaffVisit) -> web.Response:
    """Throw a draft away, as it was when the page was shown."""
    draft = await draft_of(visit)
    seen = await visit.field("revision")
    if str(draft.revision) != seen:
        return visit.problem(409, "flows.draft_changed", by=draft.saved_by)
    if not await visit.desk.workshop.drafts.delete(draft.id, draft.revision):
        return visit.problem(409, "flows.draft_changed", by=draft.saved_by)
    visit.subject = f"draft:{draft.id}"
    return visit.go(FLOWS)


async def add_file(visit: StaffVisit) -> web.Response:
    """A new flow file, with the least it needs."""
    draft = await draft_of(visit)
    name = (await visit.field("name")).strip().removesuffix(".yml") + ".yml"
    try:
        await visit.desk.workshop.edits.add_flow(draft.id, name, visit.who.login, visit.now)
    except ValueError:
        return visit.problem(422, "flows.no_name")
    except DraftTooLarge as error:
        return visit.problem(413, "flows.too_large", most=error.most // 2**20)
    visit.subject = f"draft:{draft.id}/{name}"
    return visit.go(place_of(draft.id, name))


async def ask_to_delete(visit: StaffVisit) -> web.Response:
    """What would be wrong without a file, before it is deleted."""
    draft = await draft_of(visit)
    name = visit.request.query.get("file", "")
    if name not in draft.files or not FLOW_FILE.fullmatch(name):
        raise web.HTTPNotFound
    try:
        referring = await visit.desk.workshop.referring(draft, name)
    except RoomError as error:
        return visit.page("flows_trouble.html", 503, draft=draft, trouble=str(error))
    return visit.page("flows_delete.html", draft=draft, name=name, referring=referring)


async def delete_file(visit: StaffVisit) -> web.Response:
    """Delete a flow file."""
    draft = await draft_of(visit)
    name = await visit.field("file")
    try:
        await visit.desk.workshop.edits.delete_flow(draft.id, name, visit.who.login, visit.now)
    except NoDraft:
        raise web.HTTPNotFound from None
    visit.subject = f"draft:{draft.id}/{name}"
    return visit.go(place_of(draft.id))


async def renew(visit: StaffVisit) -> web.Response:
    """Lay the draft over what is published by now."""
    draft = await draft_of(visit)
    try:
        await visit.desk.workshop.renew(draft.id, visit.who.login, visit.now)
    except SavedMeanwhile as error:
        return visit.problem(409, "flows.draft_changed", by=error.draft.saved_by)
    visit.subject = f"draft:{draft.id}"
    return visit.go(f"{place_of(draft.id)}?check=1")


ROUTES: tuple[Route, ...] = (
    StaffRoute("GET", DRAFT, READING_FLOWS, show),
    StaffRoute("GET", f"{DRAFT}/differences", READING_FLOWS, differences),
    StaffRoute("POST", f"{DRAFT}/title", EDITING, rename, action="draft_renamed"),
    StaffRoute("POST", f"{DRAFT}/delete", EDITING, delete, action="draft_deleted"),
    StaffRoute("POST", f"{DRAFT}/files", EDITING, add_file, action="flow_added"),
    StaffRoute("GET", f"{DRAFT}/delete-file", EDITING, ask_to_delete),
    StaffRoute("POST", f"{DRAFT}/delete-file", EDITING, delete_file, action="flow_deleted"),
    StaffRoute("POST", f"{DRAFT}/renew", EDITING, renew, action="draft_renewed"),
)
