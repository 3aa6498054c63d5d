"""Talking to a draft as it stands, also as it is just typed; nothing of it reaches anybody."""

from __future__ import annotations

from typing import Any, Final

from aiohttp import web

from bot.desk.drafts import Draft, DraftTooLarge
from bot.desk.pages.flows.place import DRAFT, draft_of, may_edit, place_of
from bot.desk.pages.flows.talk_form import TalkForm, talk_form_of
from bot.desk.roles import EDITING, READING_FLOWS
from bot.desk.room import RoomError, Superseded
from bot.desk.route import Route, StaffRoute
from bot.desk.visit import StaffVisit
from bot.drafting.talk import WAITS, Talk, Talked
from bot.errors import AntreError

TALK: Final = f"{DRAFT}/talk"
LONGEST_TITLE: Final = 120


async def show(visit: StaffVisit) -> web.Response:
    """A talk that has not begun; one find."""
    draft = await draft_of(visit)
    return visit.page("flows_talk.html", draft=draft, **talk_begun(visit, draft))


async def go_on(visit: StaffVisit) -> web.Response:
    """Say or tap one thing more, and see how the whole goes by now. Nothing is kept: one find, and
    some hundredths of a second of the process beside.
    """
    visit.done = False
    draft = await draft_of(visit)
    form = await talk_form_of(visit, draft.files)
    talked, trouble = Talked(), ""
    try:
        key = f"{visit.who.login} {draft.id} {await visit.field('page')}"
        talked = await visit.desk.room.say(form.files, form.talk, key=key)
    except Superseded:
        return web.Response(status=204)
    except RoomError as error:
        trouble = str(error)
    template = "flows_talk_part.html" if "part" in visit.request.query else "flows_talk.html"
    return visit.page(template, draft=draft, **shown(visit, form, talked, trouble))


async def save(visit: StaffVisit) -> web.Response:
    """Have the draft bring what was said as a recording."""
    draft = await draft_of(visit)
    form = await talk_form_of(visit, draft.files)
    title = " ".join((await visit.field("title")).split())[:LONGEST_TITLE]
    if not title or not form.talk.inputs:
        return visit.problem(422, "talk.no_title")
    try:
        talked = await visit.desk.room.say(form.files, form.talk, title=title)
        path = await visit.desk.workshop.add_recording(
            draft.id, title, talked.recording, visit.who.login, visit.now
        )
    except DraftTooLarge as error:
        return visit.problem(413, "flows.too_large", most=error.most // 2**20)
    except AntreError as error:
        visit.done = False
        told = shown(visit, form, Talked(), str(error))
        return visit.page("flows_talk.html", 422, draft=draft, **told)
    visit.subject = f"draft:{draft.id}/{path}"
    return visit.go(f"{place_of(draft.id, 'replay')}?saved={path}")


def talk_begun(visit: StaffVisit, draft: Draft) -> dict[str, Any]:
    """What the templates need of a talk in which nothing was said."""
    talk = Talk(visit.office.id, visit.now.replace(second=0, microsecond=0))
    return shown(visit, TalkForm(talk, visit.office, draft.files), Talked())


def shown(visit: StaffVisit, form: TalkForm, talked: Talked, trouble: str = "") -> dict[str, Any]:
    """What the templates of a talk need."""
    stands = bool(talked.turns) or not form.talk.inputs
    return {
        "form": form,
        "talked": talked,
        "talk_trouble": trouble,
        "seen": form.seen.after(talked, form.of) if stands else form.seen,
        "waits": WAITS,
        "all_offices": list(visit.desk.offices()),
        "may_edit": may_edit(visit),
    }


ROUTES: tuple[Route, ...] = (
    StaffRoute("GET", TALK, READING_FLOWS, show),
    StaffRoute("POST", TALK, READING_FLOWS, go_on, action="draft_tried"),
    StaffRoute("POST", f"{TALK}/save", EDITING, save, action="recording_saved"),
)
