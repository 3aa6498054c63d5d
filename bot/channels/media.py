"""Pictures and documents by URL, for the channels whose clients fetch them: web chat and REST."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable

from aiohttp import web

from bot.channels.refusal import STORAGE_DOWN, Refusal
from bot.dialogue.reply import Pdf, Picture
from bot.errors import StorageUnavailable
from bot.picture import PDF, PictureOf, is_pdf, kind_of

CODE = re.compile(r"[A-Z0-9](?:[A-Z0-9-]{2,30}[A-Z0-9])")
"""Booking codes (``JKP-7F4Q2-M8XCK``) and digits; what else a barcode might say is not ours."""

BARCODE_PATH = "/media/barcode/{code}.png"
PICTURE_PATH = "/media/picture/{sha256}"
DOCUMENT_PATH = "/media/document/{sha256}.pdf"

HASH = re.compile(r"[0-9a-f]{64}")

PUBLIC = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'",
    "X-Content-Type-Options": "nosniff",
}
"""A file never changes under its hash, and says nothing of anybody."""

SAVED = {**PUBLIC, "Content-Disposition": "attachment"}
"""A document is saved, not opened on our page; whoever links it names it."""


def barcode_path(code: str) -> str:
    """Path of the picture of ``code``, on this server."""
    return BARCODE_PATH.format(code=code)


def picture_path(picture: Picture) -> str:
    """Path of a picture that a reply shows, on this server."""
    return PICTURE_PATH.format(sha256=picture.sha256)


def document_path(document: Pdf) -> str:
    """Path of a document that a reply brings, on this server."""
    return DOCUMENT_PATH.format(sha256=document.sha256)


def media_routes(barcode_png: Callable[[str], bytes], picture_of: PictureOf) -> list[web.RouteDef]:
    """``GET /media/barcode/{code}.png``, ``/media/picture/{sha256}`` and
    ``/media/document/{sha256}.pdf``.

    Args:
        barcode_png: draws a code as a PNG; runs in a thread, as drawing takes milliseconds.
        picture_of: gives out the files replies bring; everybody gets the same.
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

    async def kept(request: web.Request, what: str) -> bytes:
        sha256 = request.match_info["sha256"]
        try:
            content = await picture_of(sha256) if HASH.fullmatch(sha256) else None
        except StorageUnavailable as down:
            raise Refusal(503, STORAGE_DOWN, {"Retry-After": "3"}) from down
        if content is None or is_pdf(content) != (what == "document"):
            raise Refusal(404, f"no such {what}: it is named by the SHA-256 of its content")
        return content

    async def picture(request: web.Request) -> web.Response:
        content = await kept(request, "picture")
        return web.Response(body=content, content_type=kind_of(content), headers=PUBLIC)

    async def document(request: web.Request) -> web.Response:
        content = await kept(request, "document")
        return web.Response(body=content, content_type=PDF, headers=SAVED)

    return [
        web.get(BARCODE_PATH, barcode),
        web.get(PICTURE_PATH, picture),
        web.get(DOCUMENT_PATH, document),
    ]
