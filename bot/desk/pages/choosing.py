"""What everybody may choose on every page: the language, and the office they look at."""

from __future__ import annotations

from aiohttp import web

from bot.channels.web.visitor import LANGUAGE_COOKIE
from bot.desk.places import within
from bot.desk.roles import EVERYBODY
from bot.desk.route import OpenRoute, Route, StaffRoute
from bot.desk.visit import StaffVisit, Visit
from bot.desk.words import LANGUAGES

A_YEAR = 365 * 24 * 3600


async def language(visit: Visit) -> web.Response:
    """Read on in another language."""
    return await chosen_language(visit, within(await visit.field("next")))


async def chosen_language(visit: Visit, place: str) -> web.Response:
    """Remember the language that the form names, and go on to a path of ours."""
    chosen = await visit.field("language")
    answer = visit.go(place)
    if chosen in LANGUAGES:
        answer.set_cookie(
            LANGUAGE_COOKIE,
            chosen,
            max_age=A_YEAR,
            path="/",
            secure=visit.desk.secure,
            httponly=True,
            samesite="Lax",
        )
    return answer


async def office(visit: StaffVisit) -> web.Response:
    """Look at another office, where one has a role as well."""
    chosen = await visit.field("office")
    if visit.desk.offices().get(chosen) is None:
        return visit.problem(404, "frame.not_found")
    if not visit.who.roles_at(chosen):
        return visit.problem(403, "frame.not_your_role")
    visit.session.look_at(chosen)
    visit.subject = f"office:{chosen}"
    return visit.go(within(await visit.field("next")))


ROUTES: tuple[Route, ...] = (
    OpenRoute("POST", "/desk/language", language),
    StaffRoute("POST", "/desk/office", EVERYBODY, office, action="office_chosen"),
)
