"""Everything that was ever published: what each changed, and going back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from aiohttp import web

from bot.desk.pages.flows.place import FLOWS, HISTORY, may_edit, note_of, number_of
from bot.desk.roles import EDITING, READING_FLOWS
from bot.desk.route import Route, StaffRoute
from bot.desk.visit import StaffVisit
from bot.dialogue.versions import Publication
from bot.drafting.comparing import FileChange, compare
from bot.errors import Finding, FlowError
from bot.publishing import AlreadyPublished, PublishedMeanwhile, files_of

BACK: Final = HISTORY + "/{number}/restore"


async def show(visit: StaffVisit) -> web.Response:
    """All publications, the latest first; one find without their files."""
    history = await visit.desk.workshop.versions.history()
    counted = await visit.desk.workshop.open_on.known()
    latest = {each.version: each.number for each in reversed(history)}
    return visit.page(
        "flows_history.html",
        history=history,
        open_on=counted.by_version if counted else {},
        counted=counted is not None,
        latest=latest,
        may_edit=may_edit(visit),
    )


async def differences(visit: StaffVisit) -> web.Response:
    """Two publications compared: ``?from=3&to=5``."""
    history = await visit.desk.workshop.versions.history()
    before = _numbered(history, visit.request.query.get("from", ""))
    after = _numbered(history, visit.request.query.get("to", ""))
    return visit.page(
        "flows_compare.html",
        history=history,
        before=before,
        after=after,
        changes=await _changes(visit, before, after),
    )


async def ask_to_restore(visit: StaffVisit) -> web.Response:
    """What going back would change, and for whom."""
    return await _restore_page(visit)


async def restore(visit: StaffVisit) -> web.Response:
    """Publish again what was published before; twice is once."""
    number, over = number_of(visit.request.match_info["number"]), await visit.field("over")
    history = await visit.desk.workshop.versions.history()
    then = _numbered(history, str(number))
    note = await note_of(visit) or visit.words("flows.back_note", number=then.number)
    try:
        done = await visit.desk.workshop.roll_back(
            then.number,
            author=visit.who.login,
            note=note,
            now=visit.now,
            over=number_of(over),
        )
    except AlreadyPublished:
        visit.done = False  # the form was sent twice
        return visit.go(FLOWS)
    except PublishedMeanwhile:
        return await _restore_page(visit, 409, "flows.published_meanwhile")
    except FlowError as error:
        return await _restore_page(visit, 422, "flows.does_not_fit", error.findings)
    visit.subject = f"flows:{done.number}"
    return visit.go(f"{FLOWS}?published={done.number}")


async def _restore_page(
    visit: StaffVisit, status: int = 200, wrong: str = "", findings: Sequence[Finding] = ()
) -> web.Response:
    history = await visit.desk.workshop.versions.history()
    then = _numbered(history, visit.request.match_info["number"])
    now = history[0]
    counted = await visit.desk.workshop.open_on.known()
    return visit.page(
        "flows_restore.html",
        status,
        then=then,
        newest=now,
        changes=await _changes(visit, now, then),
        open_now=sum(counted.by_version.values()) if counted else None,
        wrong=wrong,
        findings=findings,
    )


async def _changes(
    visit: StaffVisit, before: Publication, after: Publication
) -> Sequence[FileChange]:
    versions = visit.desk.workshop.versions
    old = await files_of(versions, before.version)
    return compare(old, await files_of(versions, after.version))


def _numbered(history: Sequence[Publication], text: str) -> Publication:
    number = number_of(text)
    found = next((each for each in history if each.number == number), None)
    if found is None:
        raise web.HTTPNotFound
    return found


ROUTES: tuple[Route, ...] = (
    StaffRoute("GET", HISTORY, READING_FLOWS, show),
    StaffRoute("GET", f"{HISTORY}/differences", READING_FLOWS, differences),
    StaffRoute("GET", BACK, EDITING, ask_to_restore),
    StaffRoute("POST", BACK, EDITING, restore, action="flows_restored"),
)
