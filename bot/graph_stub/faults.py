"""What can go wrong with a call, and how a failing answer looks."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Any, Final

import orjson
from aiohttp import web

_REDIRECTS: Final = range(300, 400)


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to the next calls.

    Args:
        code: Graph's ``error.code``; ``None`` for an answer that is not Graph's JSON.
        how: ``error``; ``hang`` (no answer until the stand-in closes); ``drop`` (the connection is
            cut); ``lost`` (taken, then the connection is cut before the answer);
            ``none`` (this one is spared).
        only: ``message``, ``read`` or ``media``; empty for every call.
    """

    how: str = "error"
    status: int = 400
    code: int | None = None
    retry_after: str = ""
    only: str = ""


def next_fault(faults: deque[Fault], kind: str) -> Fault | None:
    """Take the first fault that applies to a call of this kind."""
    for fault in faults:
        if fault.only in {"", kind}:
            faults.remove(fault)
            return fault
    return None


def failure(fault: Fault, body: Any) -> web.Response:
    """The answer of a fault that is an ``error``."""
    headers = {"Retry-After": fault.retry_after} if fault.retry_after else {}
    if fault.status in _REDIRECTS:
        headers["Location"] = "/elsewhere"
    if fault.code is None:
        return web.Response(status=fault.status, text="<html>proxy</html>", headers=headers)
    told = f"told to fail: {body}"  # Meta's errors repeat what was sent, too
    return refusal(fault.status, fault.code, told, headers)


def refusal(
    status: int, code: int, message: str, headers: dict[str, str] | None = None
) -> web.Response:
    """An answer in Graph's error form."""
    told = {"message": f"(#{code}) {message}", "type": "OAuthException", "code": code}
    return web.Response(
        status=status,
        body=orjson.dumps({"error": {**told, "fbtrace_id": "STANDIN"}}),
        content_type="application/json",
        headers=headers,
    )


def cut(request: web.Request) -> web.Response:
    """Cut the connection without an answer."""
    if request.transport:
        request.transport.abort()
    return web.Response()
