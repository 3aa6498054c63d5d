"""Style sheets, scripts and pictures of the desk: its own files, nothing from elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from aiohttp import web

from bot.desk.route import OpenRoute, Route
from bot.desk.visit import Visit
from bot.dialogue.diagram.svg import STYLE

FOLDER: Final = Path(__file__).parents[1] / "static"
FILES: Final = {path.name: path for path in sorted(FOLDER.iterdir())}
TYPES: Final = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
"""Said outright: what a machine's own table makes of .js differs, and nosniff believes it."""

DIAGRAM: Final = "diagram.css"
"""The style of flows' pictures that stand in a page, which allows them none of their own."""

ASKED: Final = {"Cache-Control": "no-cache"}


async def serve(visit: Visit) -> web.StreamResponse:
    """One file; the browser keeps it and asks whether it has changed."""
    name = visit.request.match_info["name"]
    if name == DIAGRAM:
        return web.Response(text=STYLE, content_type="text/css", headers=ASKED)
    path = FILES.get(name)
    if path is None:
        raise web.HTTPNotFound
    kind = f"{TYPES[path.suffix]}; charset=utf-8"
    return web.FileResponse(path, headers={"Content-Type": kind, **ASKED})


ROUTES: tuple[Route, ...] = (OpenRoute("GET", "/desk/static/{name}", serve),)
