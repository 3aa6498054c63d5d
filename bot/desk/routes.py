"""The table: every path of the desk, who may ask for it, and who answers.

:mod:`bot.desk.gate` lets in by it and nothing else; the menu shows its ``menu`` entries in this
order; a test asks for every line as nobody and as each role.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import aiohttp_jinja2
from aiohttp import web
from jinja2 import FileSystemLoader, StrictUndefined

from bot.desk.gate import Gate
from bot.desk.headers import is_ours, let_frame, set_headers
from bot.desk.house import Desk
from bot.desk.marking import marked
from bot.desk.pages import (
    calendar,
    choosing,
    conversations,
    day,
    demo,
    display,
    files,
    home,
    inspect,
    password,
    people,
    queue,
    reports,
    signing,
    trail,
)
from bot.desk.pages.applicants import ROUTES as FOR_APPLICANTS
from bot.desk.pages.flows import ROUTES as OF_FLOWS
from bot.desk.places import HOME
from bot.desk.route import OpenRoute, Route
from bot.desk.visit import Visit
from bot.desk.words import FOLDER, LANGUAGES, table_of

TABLE: Final[tuple[Route, ...]] = (
    *home.ROUTES,
    *queue.ROUTES,
    *conversations.ROUTES,
    *calendar.ROUTES,
    *day.ROUTES,
    *OF_FLOWS,
    *reports.ROUTES,
    *inspect.ROUTES,
    *trail.ROUTES,
    *people.ROUTES,
    *password.ROUTES,
    *choosing.ROUTES,
    *signing.ROUTES,
    *demo.ROUTES,
    *files.ROUTES,
    *display.ROUTES,
    *FOR_APPLICANTS,
)


async def nothing_here(visit: Visit) -> web.StreamResponse:
    """Whatever the table does not name; a slash too many is forgiven."""
    if visit.request.path == f"{HOME}/":
        return visit.go(HOME)
    raise web.HTTPNotFound


def mount(app: web.Application, desk: Desk, table: Sequence[Route] = TABLE) -> None:
    """Serve the desk in ``app``; streams end when it shuts down."""
    aiohttp_jinja2.setup(
        app,
        loader=FileSystemLoader(FOLDER.parent / "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        filters={"marked": marked},
    )
    for language in LANGUAGES:
        table_of(language)  # read now, not while the first reader waits
    gate = Gate(desk, table)
    for route in table:
        app.router.add_route(route.method, route.path, gate.guarded(route))
    app.router.add_route("*", "/desk/{rest:.*}", gate.guarded(OpenRoute("GET", "", nothing_here)))

    async def complete(request: web.Request, response: web.StreamResponse) -> None:
        if is_ours(request.path):
            set_headers(response, secure=desk.secure)
        if desk.demo and "Content-Security-Policy" in response.headers:
            let_frame(response)

    app.on_response_prepare.append(complete)
    app.on_shutdown.append(desk.streams.close)
    app.on_shutdown.append(desk.rehearsals.close)
    app.on_shutdown.append(desk.room.close)
    if desk.applicants:
        app.on_shutdown.append(desk.applicants.vacancies.close)
        if desk.applicants.proving:
            app.on_shutdown.append(desk.applicants.proving.close)
