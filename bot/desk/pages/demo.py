"""The demo's start page: an applicant's side and staff's beside each other, and what to try."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from bot.desk.route import OpenRoute, Route
from bot.desk.visit import Visit

PATH: Final = "/desk/demo"


async def show(visit: Visit) -> web.Response:
    """Both sides in frames, and the logins; where logins are real there is no such page."""
    if not visit.desk.demo:
        raise web.HTTPNotFound
    return visit.page("demo.html")


ROUTES: tuple[Route, ...] = (OpenRoute("GET", PATH, show),)
