"""One file of a draft: its text, what is wrong with it, what may stand where, its picture."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Final

from aiohttp import web

from bot.desk.drafts import Draft, DraftTooLarge
from bot.desk.pages.flows.place import DRAFT, draft_of, number_of, place_of
from bot.desk.pages.flows.talking import talk_begun
from bot.desk.roles import EDITING, READING_FLOWS
from bot.desk.room import RoomError, Superseded
from bot.desk.route import Route, StaffRoute
from bot.desk.visit import StaffVisit
from bot.drafting.checking import Checked
from bot.drafting.comparing import compare
from bot.drafting.texts import FLOW_FILE, digest_of, editable, tidy
from bot.drafting.troubles import NoDraft, SavedMeanwhile

FILE: Final = DRAFT + "/{file:[a-z0-9_/]+[.]yml}"
ONE_ENTRY: Final = timedelta(minutes=10)
"""What one person saves of a draft within so long is one entry of the audit."""


async def show(visit: StaffVisit) -> web.Response:
    """The text; one find."""
    draft = await draft_of(visit)
    name = visit.request.match_info["file"]
    if name not in editable(draft.files):
        raise web.HTTPNotFound
    checked, trouble = None, ""
    if "check" in visit.request.query:
        try:
            checked = await visit.desk.workshop.checks.check(draft.files)
        except RoomError as error:
            trouble = str(error)
    return _page(visit, draft, name, draft.files[name], checked=checked, trouble=trouble)


async def save(visit: StaffVisit) -> web.Response:
    """Keep a text; if somebody saved the file meanwhile, show both and keep nothing yet."""
    draft_id, name = visit.request.match_info["draft"], visit.request.match_info["file"]
    text, was = await visit.field("text"), await visit.field("was")
    try:
        saved = await visit.desk.workshop.edits.save_text(
            draft_id, name, text, was, visit.who.login, visit.now
        )
    except NoDraft:
        return _gone(visit, name, tidy(text))
    except DraftTooLarge as error:
        return visit.problem(413, "flows.too_large", most=error.most // 2**20)
    except SavedMeanwhile as error:
        if visit.wants_json:
            by = error.draft.saved_by
            return visit.problem(409, "flows.saved_meanwhile", by=by)
        return _page(visit, error.draft, name, tidy(text), meanwhile=True, status=409)
    before = saved.before
    visit.subject = f"draft:{draft_id}/{name}"
    visit.done = before.saved_by != visit.who.login or visit.now - before.saved_at > ONE_ENTRY
    visit.done = visit.done or before.revision == 1
    if visit.wants_json:
        at = visit.words.hour(visit.now.astimezone(visit.zone))
        kept = visit.words("flows.saved_at", at=at)
        return web.json_response({"was": digest_of(saved.after.files[name]), "said": kept})
    return visit.go(f"{place_of(draft_id, name)}?check=1")


async def check(visit: StaffVisit) -> web.Response:
    """What is wrong with the draft, one file of it as it is typed just now. Nothing is kept."""
    visit.done = False
    draft = await draft_of(visit)
    name, text = await visit.field("file"), tidy(await visit.field("text"))
    files = {**draft.files, name: text} if name in editable(draft.files) else draft.files
    drawn = name if FLOW_FILE.fullmatch(name) else ""
    try:
        key = f"{visit.who.login} {draft.id} {await visit.field('page')}"
        checked = await visit.desk.workshop.checks.check(files, drawn=drawn, key=key)
    except Superseded:
        return web.json_response({"superseded": True})
    except RoomError as error:
        return web.json_response({"error": str(error)}, status=503)
    return web.json_response(
        {
            "findings": [
                {**asdict(each), "message": visit.words.told(each.message)}
                for each in checked.findings
            ]
        }
        | {
            "right": checked.is_right,
            "drawing": _inline(checked.drawing.svg),
            "lines": dict(checked.drawing.lines),
        }
    )


async def complete(visit: StaffVisit) -> web.Response:
    """What may be typed at a line and column of a file, as it is typed just now."""
    visit.done = False
    draft = await draft_of(visit)
    name, text = await visit.field("file"), tidy(await visit.field("text"))
    if name not in editable(draft.files):
        raise web.HTTPNotFound
    line, column = [number_of(await visit.field(each)) for each in ("line", "column")]
    files = {**draft.files, name: text}
    offer = await visit.desk.workshop.offers(files, name, line, column)
    return web.json_response(asdict(offer))


def _page(
    visit: StaffVisit,
    draft: Draft,
    name: str,
    text: str,
    *,
    checked: Checked | None = None,
    trouble: str = "",
    meanwhile: bool = False,
    status: int = 200,
) -> web.Response:
    there = draft.files[name]
    return visit.page(
        "flows_edit.html",
        status,
        draft=draft,
        name=name,
        text=text,
        was=digest_of(there),
        files=editable(draft.files),
        is_flow=bool(FLOW_FILE.fullmatch(name)),
        checked=checked,
        trouble=trouble,
        meanwhile=compare({name: there}, {name: text}) if meanwhile else None,
        **talk_begun(visit, draft),
    )


def _gone(visit: StaffVisit, name: str, text: str) -> web.Response:
    """Nobody can keep this text any more; whoever typed it gets it back."""
    if visit.wants_json:
        return visit.problem(410, "flows.draft_gone")
    visit.done = False
    return visit.page("flows_gone.html", 410, name=name, text=text)


def _inline(svg: str) -> str:
    """A picture as it may stand in a page: its style is the page's, which allows none inline."""
    before, _, rest = svg.partition("<style>")
    _, _, after = rest.partition("</style>")
    return before + after


ROUTES: tuple[Route, ...] = (
    StaffRoute("POST", f"{DRAFT}/check", READING_FLOWS, check, action="flows_checked"),
    StaffRoute("POST", f"{DRAFT}/complete", EDITING, complete, action="flows_completed"),
    StaffRoute("GET", FILE, READING_FLOWS, show),
    StaffRoute("POST", FILE, EDITING, save, action="draft_saved"),
)
