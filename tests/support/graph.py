"""A loopback stand-in for Meta's Graph API that refuses what Meta refuses.

In a test: ``async with GraphStandIn().serving() as graph`` and point the client at ``graph.url``.
As a process: ``python tests/support/graph.py --port 8099 --token secret`` prints
``READY http://127.0.0.1:8099/v26.0`` and obeys ``/_control``: ``GET messages`` (payloads taken),
``GET calls`` (all that came in), ``GET media/ID`` (an uploaded picture), ``POST faults`` (a
:class:`Fault` and how many ``times``, as JSON), ``DELETE`` on itself (forget calls and faults).
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
from aiohttp import web

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))  # as pytest's pythonpath does

from tests.support.graph_limits import (
    Templates,
    read_mark_violations,
    template_fault,
    violations,
)

VERSION = "v26.0"
TOKEN = "graph-test-token"
WINDOW = timedelta(hours=24)
PAIR_BURST = 45
PAIR_SECONDS = 6.0
PICTURE_LIMIT_BYTES = 5 * 1024 * 1024
_REDIRECTS = range(300, 400)
PICTURES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}


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


@dataclass(frozen=True, slots=True)
class Call:
    """One request that came in, whatever became of it.

    Args:
        kind: ``message``, ``read`` or ``media``.
        body: the JSON sent; for media its type and id.
        problems: what Meta would find wrong with it.
        taken: whether it was answered as sent (or taken and its answer lost).
    """

    kind: str
    account: str
    body: Any
    problems: list[str] = field(default_factory=list)
    taken: bool = False


class GraphStandIn:
    """Records calls, checks them as Meta does, answers in Meta's form.

    ``hanging`` is set once a call meets the fault ``hang``.

    Attributes:
        heard: when each person last wrote, as Meta would know it; somebody who is not in it counts
            as having written just now. 24 hours later only templates are taken.
        templates: those registered, by name and language, with the number of parameters of their
            body and of their buttons; ``None`` takes any.

    Args:
        monotonic: the clock of the pair rate (one message in 6 s to one person, 45 at once).
        clock: that of the 24-hour window.
    """

    def __init__(
        self,
        token: str = TOKEN,
        monotonic: Callable[[], float] = time.monotonic,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.token = token
        self.calls: list[Call] = []
        self.media: dict[str, bytes] = {}
        self.faults: deque[Fault] = deque()
        self.url = ""
        self.heard: dict[str, datetime] = {}
        self.templates: Templates | None = None
        self._clock = clock
        self._monotonic = monotonic
        self._tokens: dict[tuple[str, str], tuple[float, float]] = {}
        self.hanging = asyncio.Event()
        self._closing = asyncio.Event()
        self._called = asyncio.Event()
        self._sent = 0

    @property
    def messages(self) -> list[Any]:
        """The payloads taken, in order: what applicants would see."""
        return [call.body for call in self.calls if call.kind == "message" and call.taken]

    def fail(self, fault: Fault, times: int = 1) -> None:
        """Let the next ``times`` calls the fault applies to meet it."""
        self.faults.extend([fault] * times)

    async def until(self, holds: Callable[[], bool], seconds: float = 20) -> None:
        """Wait for the call after which ``holds``; ``TimeoutError`` when it does not come."""
        async with asyncio.timeout(seconds):
            while not holds():
                self._called.clear()
                await self._called.wait()

    @asynccontextmanager
    async def serving(self, port: int = 0) -> AsyncIterator[GraphStandIn]:
        """Serve on the loopback; ``url`` is the base URL, version included."""
        app = web.Application(client_max_size=2 * PICTURE_LIMIT_BYTES)
        app.add_routes(
            [
                web.post(f"/{VERSION}/{{account}}/messages", self._on_message),
                web.post(f"/{VERSION}/{{account}}/media", self._on_media),
                web.get(f"/{VERSION}/{{id}}", self._on_about),
                web.get("/files/{id}", self._on_file),
                web.get("/_control/calls", self._on_calls),
                web.get("/_control/messages", self._on_messages),
                web.delete("/_control", self._on_clear),
                web.get("/_control/media/{id}", self._on_picture),
                web.post("/_control/faults", self._on_faults),
            ]
        )
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}/{VERSION}"
        try:
            yield self
        finally:
            self._closing.set()
            await runner.cleanup()

    async def _on_message(self, request: web.Request) -> web.StreamResponse:
        body = await _json(request)
        if isinstance(body, dict) and "status" in body:
            call = Call("read", request.match_info["account"], body, read_mark_violations(body))
            return await self._answer(request, call, lambda: {"success": True})
        found = violations(body, self.media)
        call = Call("message", request.match_info["account"], body, found)
        return await self._answer(request, call, lambda: self._message_answer(body))

    def _message_answer(self, body: dict[str, Any]) -> dict[str, Any]:
        self._sent += 1
        to = body.get("to") or body.get("recipient")
        return {
            "messaging_product": "whatsapp",
            "contacts": [{"input": to, "wa_id": to}],
            "messages": [{"id": f"wamid.STANDIN{self._sent:06d}"}],
        }

    async def _on_media(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        upload, mime = form.get("file"), str(form.get("type"))
        picture = upload.file.read() if isinstance(upload, web.FileField) else b""
        id_ = f"{900_000_000 + len(self.media)}"
        call = Call("media", request.match_info["account"], {"id": id_, "type": mime})
        if form.get("messaging_product") != "whatsapp":
            call.problems.append("messaging_product must be whatsapp")
        if mime not in PICTURES or not picture.startswith(PICTURES[mime]):
            call.problems.append("file is not of the type it claims")
        if len(picture) > PICTURE_LIMIT_BYTES:
            call.problems.append("a picture has at most 5 MB")

        def take() -> dict[str, Any]:
            self.media[id_] = picture
            return {"id": id_}

        return await self._answer(request, call, take)

    async def _on_about(self, request: web.Request) -> web.StreamResponse:
        """Where a file somebody sent can be had, and what it is."""
        id_ = request.match_info["id"]
        call = Call("about", "", {"id": id_})
        if id_ not in self.media:
            call.problems.append("there is no such file")
        url = f"{self.url.rpartition('/')[0]}/files/{id_}"
        size = len(self.media.get(id_, b""))
        return await self._answer(request, call, lambda: {"url": url, "file_size": size, "id": id_})

    async def _on_file(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return web.Response(status=401)
        return web.Response(body=self.media[request.match_info["id"]])

    async def _answer(
        self, request: web.Request, call: Call, take: Callable[[], dict[str, Any]]
    ) -> web.StreamResponse:
        fault = self._next_fault(call.kind)
        if fault and fault.how not in {"lost", "none"}:
            self._note(call)
            return await self._fail(request, call, fault)
        refusal = self._refusal(request, call)
        if refusal:
            self._note(call)
            return refusal
        self._note(Call(**{**asdict(call), "taken": True}))
        answer = web.Response(body=orjson.dumps(take()), content_type="application/json")
        return _cut(request) if fault and fault.how == "lost" else answer

    def _note(self, call: Call) -> None:
        self.calls.append(call)
        self._called.set()

    def _refusal(self, request: web.Request, call: Call) -> web.Response | None:
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return error(401, 190, "the access token is not valid")
        if call.problems:
            return error(400, 100, "; ".join(call.problems))
        return self._message_refusal(call) if call.kind == "message" else None

    def _message_refusal(self, call: Call) -> web.Response | None:
        if call.body["type"] == "template":
            if self.templates is not None and (
                found := template_fault(call.body["template"], self.templates)
            ):
                return error(400, *found)
        elif self._window_is_closed(call):
            return error(400, 131047, "Re-engagement message")
        if not self._has_token(call):
            return error(400, 131056, "too many messages to this person")
        return None

    def _window_is_closed(self, call: Call) -> bool:
        now = self._clock()
        return now - self.heard.get(call.body.get("to") or call.body["recipient"], now) >= WINDOW

    def _has_token(self, call: Call) -> bool:
        pair = (call.account, call.body.get("to") or call.body.get("recipient"))
        now = self._monotonic()
        tokens, then = self._tokens.get(pair, (float(PAIR_BURST), now))
        tokens = min(float(PAIR_BURST), tokens + (now - then) / PAIR_SECONDS)
        self._tokens[pair] = (tokens - 1, now) if tokens >= 1 else (tokens, now)
        return tokens >= 1

    def _next_fault(self, kind: str) -> Fault | None:
        for fault in self.faults:
            if fault.only in {"", kind}:
                self.faults.remove(fault)
                return fault
        return None

    async def _fail(self, request: web.Request, call: Call, fault: Fault) -> web.StreamResponse:
        if fault.how == "hang":
            self.hanging.set()
            await self._closing.wait()
        if fault.how in {"hang", "drop"}:
            return _cut(request)
        headers = {"Retry-After": fault.retry_after} if fault.retry_after else {}
        if fault.status in _REDIRECTS:
            headers["Location"] = "/elsewhere"
        if fault.code is None:
            return web.Response(status=fault.status, text="<html>proxy</html>", headers=headers)
        told = f"told to fail: {call.body}"  # Meta's errors repeat what was sent, too
        return error(fault.status, fault.code, told, headers)

    async def _on_calls(self, _request: web.Request) -> web.Response:
        return _dump([asdict(call) for call in self.calls])

    async def _on_messages(self, _request: web.Request) -> web.Response:
        return _dump(self.messages)

    async def _on_clear(self, _request: web.Request) -> web.Response:
        self.calls.clear()
        self.faults.clear()
        return _dump({})

    async def _on_picture(self, request: web.Request) -> web.Response:
        picture = self.media.get(request.match_info["id"])
        return web.Response(body=picture) if picture else web.Response(status=404)

    async def _on_faults(self, request: web.Request) -> web.Response:
        told = await request.json()
        times = told.pop("times", 1)
        self.fail(Fault(**told), times)
        return _dump({"waiting": len(self.faults)})


def error(
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


def _dump(document: Any) -> web.Response:
    return web.Response(body=orjson.dumps(document), content_type="application/json")


async def _json(request: web.Request) -> Any:
    try:
        return orjson.loads(await request.read())
    except orjson.JSONDecodeError:
        return None


def _cut(request: web.Request) -> web.Response:
    if request.transport:
        request.transport.abort()
    return web.Response()


async def _serve(port: int, token: str) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with GraphStandIn(token).serving(port) as graph:
        sys.stdout.write(f"READY {graph.url}\n")
        sys.stdout.flush()
        await stop.wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Stand-in for Meta's Graph API, loopback only.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--token", default=TOKEN, help="the bearer token it accepts")
    options = parser.parse_args()
    asyncio.run(_serve(options.port, options.token))
