"""All recordings on a draft: what differs, what they exercise, and changing what they expect."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from aiohttp import web

from bot.desk.drafts import Draft, DraftTooLarge
from bot.desk.pages.flows.place import DRAFT, draft_of, may_edit, place_of
from bot.desk.roles import EDITING, READING_FLOWS
from bot.desk.room import RoomError, Superseded
from bot.desk.route import Route, StaffRoute
from bot.desk.visit import StaffVisit
from bot.drafting.comparing import changed, compare
from bot.drafting.replayed import Covered, Exercised, Missed, Updated
from bot.drafting.runs import Run, texts_named
from bot.errors import AntreError

REPLAY: Final = f"{DRAFT}/replay"
ALL: Final = "*"
"""In place of a path: all that differ."""


async def show(visit: StaffVisit) -> web.Response:
    """The last replay: six finds, of which one reads the results."""
    draft = await draft_of(visit)
    over = await visit.desk.workshop.over(draft)
    run, is_now = await visit.desk.rehearsals.run_of(draft, over)
    there = await visit.desk.workshop.standpoint(draft)
    sought = visit.request.query.get("q", "").strip()[:60]
    part = "part" in visit.request.query
    return visit.page(
        "flows_replay_part.html" if part else "flows_replay.html",
        draft=draft,
        run=run,
        is_now=is_now,
        sought=sought,
        shown=_found(run, sought) if run else (),
        coverage=_by_file(run.covered, changed(there.published, draft.files)) if run else (),
        saved=visit.request.query.get("saved", ""),
        may_edit=may_edit(visit),
    )


async def begin(visit: StaffVisit) -> web.Response:
    """Begin to replay, unless that is going on. Nothing is changed by it."""
    visit.done = False
    draft = await draft_of(visit)
    again = await visit.field("again") == "yes"
    over = await visit.desk.workshop.over(draft)
    await visit.desk.rehearsals.begin(draft, over, again=again)
    return visit.go(place_of(draft.id, "replay"))


async def live(visit: StaffVisit) -> web.StreamResponse:
    """How far it is: one find a second, however many follow."""
    draft_id = (await draft_of(visit)).id
    rehearsals = visit.desk.rehearsals

    async def look() -> Mapping[str, Any]:
        run = await rehearsals.last(draft_id)
        if run is None:
            return {"replayed": 0, "over": True}
        return {"replayed": len(run.results), "over": run.is_over, "of": run.of}

    return await visit.stream(f"replay/{draft_id}", look)


async def ask_to_update(visit: StaffVisit) -> web.Response:
    """What an update would write into recordings, to be read first: some tenths of a second of the
    process beside for each.
    """
    draft = await draft_of(visit)
    return await _asked(visit, draft, visit.request.query.get("recording", ""))


async def update(visit: StaffVisit) -> web.Response:
    """Have the draft bring recordings as they were shown."""
    draft = await draft_of(visit)
    path, workshop = await visit.field("recording"), visit.desk.workshop
    over = await workshop.over(draft)
    if await visit.field("of") != texts_named(draft.files, over):
        visit.done = False
        return await _asked(visit, draft, path, 409)
    try:
        updates = await _updates(visit, draft, over, path)
        texts = {each.path: each.text for each in updates if each.changes and not each.trouble}
        after = await workshop.edits.save_recordings(draft.id, texts, visit.who.login, visit.now)
    except Superseded:
        return visit.problem(409, "replay.asked_again")
    except DraftTooLarge as error:
        return visit.problem(413, "flows.too_large", most=error.most // 2**20)
    except AntreError as error:
        visit.done = False
        return visit.page("flows_trouble.html", 503, draft=draft, trouble=str(error))
    await visit.desk.rehearsals.updated(draft, over, updates, await workshop.over(after))
    visit.subject = f"draft:{draft.id}"
    return visit.go(place_of(draft.id, "replay"))


async def delete(visit: StaffVisit) -> web.Response:
    """Have the draft take a recording away."""
    draft = await draft_of(visit)
    path, login = await visit.field("recording"), visit.who.login
    there = await visit.desk.workshop.delete_recording(draft.id, path, login, visit.now)
    visit.done = there
    visit.subject = f"draft:{draft.id}/{path}" if there else visit.subject
    return visit.go(place_of(draft.id, "replay"))


async def undo(visit: StaffVisit) -> web.Response:
    """Leave a recording as it is without the draft."""
    draft = await draft_of(visit)
    path = await visit.field("recording")
    if path not in draft.recordings:
        visit.done = False
        return visit.go(place_of(draft.id, "replay"))
    login = visit.who.login
    await visit.desk.workshop.edits.save_recordings(draft.id, {path: None}, login, visit.now)
    visit.subject = f"draft:{draft.id}/{path}"
    return visit.go(place_of(draft.id, "replay"))


async def _asked(visit: StaffVisit, draft: Draft, path: str, status: int = 200) -> web.Response:
    """The page on which an update is read before it is made."""
    workshop = visit.desk.workshop
    over = await workshop.over(draft)
    try:
        updates = await _updates(visit, draft, over, path)
    except Superseded:
        return visit.problem(409, "replay.asked_again")
    except RoomError as error:
        return visit.page("flows_trouble.html", 503, draft=draft, trouble=str(error))
    before = await workshop.recording_texts([each.path for each in updates], over)
    return visit.page(
        "flows_update.html",
        status,
        draft=draft,
        path=path,
        of=texts_named(draft.files, over),
        again=status != web.HTTPOk.status_code,
        changes=compare(before, {**before, **{each.path: each.text for each in updates}}),
        troubles=[each for each in updates if each.trouble],
        may_edit=may_edit(visit),
    )


async def _updates(
    visit: StaffVisit, draft: Draft, over: Mapping[str, str], path: str
) -> Sequence[Updated]:
    """One recording, or all that differ, with what the draft says."""
    paths = [path]
    if path == ALL:
        run, is_now = await visit.desk.rehearsals.run_of(draft, over)
        paths = [each.path for each in run.differing if each.usable] if run and is_now else []
    return await visit.desk.rehearsals.updates(draft, over, paths)


def _found(run: Run, sought: str) -> Sequence[Any]:
    """The recordings that are shown, those that differ first."""
    words = sought.lower().split()
    found = [
        each
        for each in run.results
        if all(word in f"{each.path} {each.title}".lower() for word in words)
    ]
    return sorted(found, key=lambda each: (each.trouble is None, each.path))


def _by_file(
    covered: Covered | None, edited: Collection[str]
) -> Sequence[tuple[Exercised, Sequence[Missed], bool]]:
    """Each flow with what is not exercised of it, and whether the draft edits it; those first."""
    if covered is None:
        return ()
    listed = [
        (each, [one for one in covered.missed if one.file == each.file], each.file in edited)
        for each in covered.files
        if each.all
    ]
    return sorted(listed, key=lambda each: (not each[2], each[0].file))


ROUTES: tuple[Route, ...] = (
    StaffRoute("GET", REPLAY, READING_FLOWS, show),
    StaffRoute("POST", REPLAY, READING_FLOWS, begin, action="draft_replayed"),
    StaffRoute("GET", f"{REPLAY}/live", READING_FLOWS, live, live=True),
    StaffRoute("GET", f"{REPLAY}/update", READING_FLOWS, ask_to_update),
    StaffRoute("POST", f"{REPLAY}/update", EDITING, update, action="recordings_updated"),
    StaffRoute("POST", f"{REPLAY}/delete", EDITING, delete, action="recording_deleted"),
    StaffRoute("POST", f"{REPLAY}/undo", EDITING, undo, action="recording_undone"),
)
