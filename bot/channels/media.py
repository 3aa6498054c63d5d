"""Pictures by URL, for the channels whose clients fetch them: web chat and REST."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable

from aiohttp import web

from bot.channels.refusal import Refusal

CODE = re.compile(r"[A-Z0-9](?:[A-Z0-9-]{2,30}[A-Z0-9])")
"""Booking codes (``JKP-7F4Q2-M8XCK``) and digits; what else a barcode might say is not ours."""

BARCODE_PATH = "/media/barcode/{code}.png"


def barcode_path(code: str) -> str:
    """Path of the picture of ``code``, on this server."""
    return BARCODE_PATH.format(code=code)


def media_routes(barcode_png: Callable[[str], bytes]) -> list[web.RouteDef]:
    """``GET /media/barcode/{code}.png``.

    Args:
        barcode_png: draws a code as a PNG; runs in a thread, as drawing takes milliseconds.
    """

    async def barcode(request: web.Request) -> web.Response:
        code = request.match_info["code"]
        if not CODE.fullmatch(code):
            raise Refusal(404, "no such picture: the code has capital letters, digits and dashes")
        picture = await asyncio.to_thread(barcode_png, code)
        # A code always looks the same, and is its holder's business: no shared cache keeps it.
        caching = {
            "Cache-Control": "private, max-age=31536000, immutable",
            "X-Content-Type-Options": "nosniff",
        }
        return web.Response(body=picture, content_type="image/png", headers=caching)

    return [web.get(BARCODE_PATH, barcode)]
