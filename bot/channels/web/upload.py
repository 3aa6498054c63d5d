"""Pictures sent from the page: the bytes come first, then a message that names them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus

import orjson
from aiohttp import web

from bot.booking.photos import PhotoProblem, Photos
from bot.channels.refusal import STORAGE_DOWN, Refusal
from bot.channels.web.crowd import Crowd
from bot.channels.web.visitor import Visitors
from bot.errors import StorageUnavailable
from bot.picture import LARGEST_BYTES

PATH = "/chat/photo"
TOO_LARGE = f"the picture is over {LARGEST_BYTES // 2**20} MB; send a smaller one"
TOO_MANY = "too many pictures come from your network; try again in an hour"
NO_PICTURE = "this is no picture that can be kept; send a JPEG or PNG"


def upload_route(
    photos: Photos, visitors: Visitors, crowd: Crowd, clock: Callable[[], datetime]
) -> web.RouteDef:
    """``POST /chat/photo?office``: a JPEG or PNG as the body → ``{"id", "mime"}``."""

    async def upload(request: web.Request) -> web.Response:
        await visitors.contact(request)
        if not crowd.may_show(request):
            raise Refusal(429, TOO_MANY, {"Retry-After": "3600"})
        content = bytearray()
        async for chunk in request.content.iter_any():
            content += chunk
            if len(content) > LARGEST_BYTES:
                raise Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_LARGE)
        try:
            photo = await photos.take(bytes(content), clock())
        except StorageUnavailable as down:
            raise Refusal(503, STORAGE_DOWN, {"Retry-After": "3"}) from down
        if isinstance(photo, PhotoProblem):
            raise Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, NO_PICTURE)
        body = orjson.dumps({"id": photo.sha256, "mime": photo.mime})
        return web.Response(body=body, content_type="application/json")

    return web.post(PATH, upload)
