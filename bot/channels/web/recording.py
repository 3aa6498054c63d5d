"""``GET /chat/recording?office``: what was said, as a recording to replay.

With nobody in it: whoever tries the demo can hand on what went wrong.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.channels.refusal import STORAGE_DOWN, Refusal
from bot.channels.web.visitor import Visitors
from bot.errors import AntreError, StorageUnavailable


def recording_route(record: Callable[[str], Awaitable[str]], visitors: Visitors) -> web.RouteDef:
    """The route.

    Args:
        record: makes the recording of a conversation, given its id.
        visitors: whose conversations they are.
    """

    async def serve(request: web.Request) -> web.Response:
        contact = await visitors.contact(request)
        try:
            text = await record(contact.conversation_id)
        except StorageUnavailable as down:
            raise Refusal(503, STORAGE_DOWN, {"Retry-After": "3"}) from down
        except AntreError as error:
            raise Refusal(409, str(error)) from error
        headers = {
            "Cache-Control": "no-store",
            "Content-Disposition": f'attachment; filename="{contact.office}.yml"',
            "X-Content-Type-Options": "nosniff",
        }
        return web.Response(text=text, content_type="text/yaml", headers=headers)

    return web.get("/chat/recording", serve)
