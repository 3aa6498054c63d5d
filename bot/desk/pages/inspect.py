"""One conversation's way over the flows, turn by turn; editors see it with nobody in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from aiohttp import web
from markupsafe import Markup

from bot.desk.roles import Role
from bot.desk.route import Route, StaffRoute
from bot.desk.visit import StaffVisit
from bot.inspecting.inspector import Found
from bot.inspecting.journey import Turn
from bot.inspecting.showing import shown, summary

MAY_INSPECT: Final = frozenset({Role.SUPERVISOR, Role.EDITOR})
"""Who looks after people, and who looks after flows."""

LISTED: Final = 40
"""Turns in the list at a time."""


async def show(visit: StaffVisit) -> web.Response:
    """The last turn, or ``?turn=3``; ``&flow=cancel`` draws another flow, ``&whole`` all of it."""
    handle = visit.request.match_info["conversation"]
    inspector = visit.desk.inspector
    id_ = visit.desk.kept.handles.opened(handle)
    found = await inspector.find(id_) if id_ else None
    if found is None or found.contact.office != visit.office.id:
        return visit.problem(404, "inspect.not_found")
    query = visit.request.query
    asked = query.get("turn", "")
    turn = found.journey.turn(int(asked) if asked.isdecimal() else None)
    if turn is None or (asked and not asked.isdecimal()):
        return visit.problem(404, "inspect.no_turn")
    hides = Role.SUPERVISOR not in visit.who.roles_at(visit.office.id)
    told = await _told(visit, found, turn, hides=hides)
    if visit.wants_json:
        return web.json_response({"conversation": handle, "hidden": hides, **told})
    whole = "whole" in query
    picture, flows = await inspector.picture(found, turn, query.get("flow", ""), whole=whole)
    before, after = _beside(found.journey.turns, turn)
    return visit.page(
        "inspect.html",
        handle=handle,
        hides=hides,
        **told,
        picture=Markup(picture),  # noqa: S704 - it escapes whatever stands in it
        flows=flows,
        whole=whole,
        before=before,
        after=after,
        slowest=max((each["microseconds"] or 0 for each in told["turns"]), default=0),
    )


async def _told(visit: StaffVisit, found: Found, turn: Turn, *, hides: bool) -> dict[str, Any]:
    """The turns around one, in short, and that one whole."""
    listed = [summary(each, visit.zone) for each in _around(found.journey.turns, turn)]
    one = await shown(found.journey, turn, visit.desk.inspector.leaves, visit.zone)
    if hides:
        hide = visit.desk.inspector.hiding(found)
        listed, one = [hide(each) for each in listed], hide(one)
    return {"turns": listed, "turn": one}


def _around(turns: Sequence[Turn], turn: Turn) -> Sequence[Turn]:
    at = turns.index(turn)
    first = max(0, min(at - LISTED // 2, len(turns) - LISTED))
    return turns[first : first + LISTED]


def _beside(turns: Sequence[Turn], turn: Turn) -> tuple[int, int]:
    """Numbers of the turns before and after; 0 where there is none."""
    at = turns.index(turn)
    before = turns[at - 1].number if at else 0
    after = turns[at + 1].number if at + 1 < len(turns) else 0
    return before, after


ROUTES: tuple[Route, ...] = (
    StaffRoute("GET", "/desk/conversations/{conversation}/inspect", MAY_INSPECT, show),
)
