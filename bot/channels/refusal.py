"""How a door says no over HTTP: a status and one sentence that tells what to do."""

from __future__ import annotations

import orjson
from aiohttp import web


class Refusal(web.HTTPException):
    """Raise it in a handler; the client gets ``{"error": "..."}``.

    Args:
        status: HTTP status, 400 and up.
        text: what is wrong, where, and what to do about it.
    """

    def __init__(self, status: int, text: str, headers: dict[str, str] | None = None) -> None:
        self.status_code = status
        body = orjson.dumps({"error": text}).decode()
        super().__init__(headers=headers, text=body, content_type="application/json")


STORAGE_DOWN = "the database does not answer; send the same message, with the same id, again"
