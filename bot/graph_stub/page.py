"""The page at ``/``: a phone for each number, and what drives it under ``/_control``.

``GET numbers`` (offices by number), ``GET chats?after=N`` (lines written or marked since change N,
and what keeps the bot from hearing), ``POST say`` (a :class:`~bot.graph_stub.applicant.Said`),
``POST file`` (multipart: ``said``, the same as JSON, and ``file``).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path
from typing import Final

from aiohttp import web
from pydantic import ValidationError

from bot.errors import AntreError
from bot.graph_stub.applicant import Said
from bot.graph_stub.controls import dump
from bot.graph_stub.rehearsal import Rehearsal, account_of

STATIC: Final = Path(__file__).parent / "static"
TYPES: Final = {".css": "text/css", ".html": "text/html", ".js": "text/javascript"}
HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
}


def page_routes(rehearsal: Rehearsal) -> list[web.RouteDef]:
    """The page, its files, and what it asks for."""

    async def numbers(_request: web.Request) -> web.Response:
        return dump(
            [
                {"number": number, "account": account_of(number), "name": name}
                for number, name in rehearsal.numbers.items()
            ]
        )

    async def chats(request: web.Request) -> web.Response:
        after = request.query.get("after", "0")
        lines = rehearsal.chats.changed_since(int(after) if after.isdecimal() else 0)
        return dump(
            {
                "changes": rehearsal.chats.changes,
                "lines": [asdict(line) for line in lines],
                "trouble": rehearsal.webhook.trouble,
            }
        )

    async def say(request: web.Request) -> web.Response:
        said = _said(await request.text())
        return _sent(lambda: rehearsal.say(said))

    async def file(request: web.Request) -> web.Response:
        form = await request.post()
        said, upload = _said(str(form.get("said"))), form.get("file")
        if not isinstance(upload, web.FileField):
            raise web.HTTPBadRequest(text="file: there is none")
        content = upload.file.read()
        name, mime = upload.filename, upload.content_type
        return _sent(lambda: rehearsal.send_file(said, name, mime, content))

    return [
        web.get("/", _file(STATIC / "page.html")),
        *(web.get(f"/phone/{each.name}", _file(each)) for each in sorted(STATIC.iterdir())),
        web.get("/_control/numbers", numbers),
        web.get("/_control/chats", chats),
        web.post("/_control/say", say),
        web.post("/_control/file", file),
    ]


def _said(text: str) -> Said:
    try:
        return Said.model_validate_json(text)
    except ValidationError as error:
        wrong = [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()]
        raise web.HTTPBadRequest(text="; ".join(wrong)) from None


def _sent(send: Callable[[], str]) -> web.Response:
    try:
        return dump({"id": send()})
    except AntreError as error:
        raise web.HTTPBadRequest(text=str(error)) from None


def _file(path: Path) -> Callable[[web.Request], Awaitable[web.FileResponse]]:
    headers = {**HEADERS, "Content-Type": f"{TYPES[path.suffix]}; charset=utf-8"}

    async def serve(_request: web.Request) -> web.FileResponse:
        return web.FileResponse(path, headers=headers)

    return serve
