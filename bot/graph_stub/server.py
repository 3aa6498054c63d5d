"""A loopback stand-in for Meta's Graph API that refuses what Meta refuses.

In a test: ``async with GraphStandIn().serving() as graph`` and point the client at ``graph.url``.
As a process: ``antre graph-stub`` (:mod:`bot.graph_stub.command`), driven by ``/_control``
(:mod:`bot.graph_stub.controls`).
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from random import Random
from typing import Any, Final

import orjson
from aiohttp import web
from aiohttp.typedefs import Middleware

from bot.graph_stub.account import Account, account_routes
from bot.graph_stub.behaviour import Behaviour
from bot.graph_stub.calls import Call
from bot.graph_stub.controls import control_routes, dump
from bot.graph_stub.faults import Fault, cut, failure, next_fault, refusal
from bot.graph_stub.limits import Templates, read_mark_violations, template_fault, violations
from bot.graph_stub.rates import MESSAGES_A_SECOND, PAIR_BURST, PAIR_SECONDS, Rate

VERSION: Final = "v26.0"
TOKEN: Final = "graph-test-token"  # noqa: S105 - a stand-in's token opens nothing
WINDOW: Final = timedelta(hours=24)
PICTURE_LIMIT_BYTES: Final = 5 * 1024 * 1024
PICTURES: Final = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}


class GraphStandIn:
    """Records calls, checks them as Meta does, answers in Meta's form.

    ``hanging`` is set once a call meets the fault ``hang``.

    Attributes:
        heard: when each person last wrote, as Meta would know it; somebody who is not in it counts
            as having written just now. 24 hours later only templates are taken.
        templates: those registered, by name and language, with the number of parameters of their
            body and of their buttons; ``None`` takes any.
        account: what it tells ``antre doctor`` of app, token, numbers and templates.
        behaviour: what share of calls meets what; single faults (:meth:`fail`) go before.
        name: begins every message id.
        on_taken: called with each call that was taken, and its answer.

    Args:
        monotonic: the clock of the rates: one message in 6 s to one person, 45 at once; and
            ``messages_a_second`` from one number.
        clock: that of the 24-hour window.
        random: decides who meets what.
    """

    def __init__(
        self,
        token: str = TOKEN,
        monotonic: Callable[[], float] = time.monotonic,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        random: Random | None = None,
        messages_a_second: int = MESSAGES_A_SECOND,
    ) -> None:
        self.token = token
        self.name = "STANDIN"
        self.calls: list[Call] = []
        self.media: dict[str, bytes] = {}
        self.faults: deque[Fault] = deque()
        self.url = ""
        self.heard: dict[str, datetime] = {}
        self.templates: Templates | None = None
        self.account = Account()
        self.behaviour = Behaviour()
        self.on_taken: Callable[[Call, Mapping[str, Any]], None] = lambda _call, _answer: None
        self.clock = clock
        self._random = random or Random()  # noqa: S311 - chance, no secret
        self._pairs = Rate(PAIR_BURST, PAIR_SECONDS, monotonic)
        # One more second's worth at once: calls bunch on their way, and Meta is lenient too.
        self._numbers = Rate(2 * messages_a_second, 1 / messages_a_second, monotonic)
        self._types: dict[str, str] = {}
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

    def keep(self, content: bytes, mime: str) -> str:
        """Keep a file that somebody sends; its media id."""
        id_ = f"{900_000_000 + len(self.media)}"
        self.media[id_], self._types[id_] = content, mime
        return id_

    def type_of(self, id_: str) -> str:
        """The type a file was kept as."""
        return self._types.get(id_, "application/octet-stream")

    @asynccontextmanager
    async def serving(
        self,
        port: int = 0,
        host: str = "127.0.0.1",
        routes: Iterable[web.RouteDef] = (),
        middlewares: Iterable[Middleware] = (),
    ) -> AsyncIterator[GraphStandIn]:
        """Serve; ``url`` is the base URL, version included.

        Args:
            port: 0 takes a free one.
            routes: more of them, before Graph's.
        """
        app = web.Application(
            client_max_size=2 * PICTURE_LIMIT_BYTES, middlewares=tuple(middlewares)
        )
        app.add_routes(
            [
                *routes,
                web.post(f"/{VERSION}/{{account}}/messages", self._on_message),
                web.post(f"/{VERSION}/{{account}}/media", self._on_media),
                *account_routes(VERSION, self.account, self._token_taken),
                web.get(f"/{VERSION}/{{id}}", self._on_about),
                web.get("/files/{id}", self._on_file),
                *control_routes(self),
            ]
        )
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        await web.TCPSite(runner, host, port).start()
        name = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104 - told, not chosen
        self.url = f"http://{name}:{runner.addresses[0][1]}/{VERSION}"
        try:
            yield self
        finally:
            self._closing.set()
            await runner.cleanup()

    def _token_taken(self) -> str:
        return "" if self.behaviour.expired else self.token

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
            "messages": [{"id": f"wamid.{self.name}{self._sent:06d}"}],
        }

    async def _on_media(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        upload, mime = form.get("file"), str(form.get("type"))
        content = upload.file.read() if isinstance(upload, web.FileField) else b""
        call = Call("media", request.match_info["account"], {"id": "", "type": mime})
        if form.get("messaging_product") != "whatsapp":
            call.problems.append("messaging_product must be whatsapp")
        beginnings = {**PICTURES, "application/pdf": b"%PDF-"}
        if mime not in beginnings or not content.startswith(beginnings[mime]):
            call.problems.append("file is not of the type it claims")
        if mime in PICTURES and len(content) > PICTURE_LIMIT_BYTES:
            call.problems.append("a picture has at most 5 MB")

        def take() -> dict[str, Any]:
            call.body["id"] = self.keep(content, mime)
            return {"id": call.body["id"]}

        return await self._answer(request, call, take)

    async def _on_about(self, request: web.Request) -> web.StreamResponse:
        """Where a file somebody sent can be had, and what it is."""
        id_ = request.match_info["id"]
        call = Call("about", "", {"id": id_})
        if id_ not in self.media:
            call.problems.append("there is no such file")
        content = self.media.get(id_, b"")
        told = {
            "messaging_product": "whatsapp",
            "url": f"{self.url.rpartition('/')[0]}/files/{id_}",
            "mime_type": self.type_of(id_),
            "sha256": sha256(content).hexdigest(),
            "file_size": len(content),
            "id": id_,
        }
        return await self._answer(request, call, lambda: told)

    async def _on_file(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return web.Response(status=401)
        content = self.media.get(request.match_info["id"])
        return web.Response(body=content) if content is not None else web.Response(status=404)

    async def _answer(
        self, request: web.Request, call: Call, take: Callable[[], dict[str, Any]]
    ) -> web.StreamResponse:
        await asyncio.sleep(self.behaviour.delay_seconds)
        fault = next_fault(self.faults, call.kind) or self.behaviour.fault(self._random)
        if fault and fault.how not in {"lost", "none"}:
            self._note(call)
            return await self._fail(request, call, fault)
        refused = self._refusal(request, call)
        if refused:
            self._note(call)
            return refused
        answered = take()
        taken = replace(call, taken=True)
        self._note(taken)
        self.on_taken(taken, answered)
        answer = dump(answered)
        return cut(request) if fault and fault.how == "lost" else answer

    def _note(self, call: Call) -> None:
        self.calls.append(call)
        self._called.set()

    def _refusal(self, request: web.Request, call: Call) -> web.Response | None:
        wrong = request.headers.get("Authorization") != f"Bearer {self.token}"
        if wrong or self.behaviour.expired:
            return refusal(401, 190, "the access token is not valid")
        if call.problems:
            return refusal(400, 100, "; ".join(call.problems))
        return self._message_refusal(call) if call.kind == "message" else None

    def _message_refusal(self, call: Call) -> web.Response | None:
        if call.body["type"] == "template":
            if self.templates is not None and (
                found := template_fault(call.body["template"], self.templates)
            ):
                return refusal(400, *found)
        elif self._window_is_closed(call):
            return refusal(400, 131047, "Re-engagement message")
        pair = (call.account, call.body.get("to") or call.body.get("recipient"))
        if not self._pairs.take(pair):
            return refusal(400, 131056, "too many messages to this person")
        if not self._numbers.take(call.account):
            return refusal(429, 130429, "Rate limit hit")
        return None

    def _window_is_closed(self, call: Call) -> bool:
        now = self.clock()
        return now - self.heard.get(call.body.get("to") or call.body["recipient"], now) >= WINDOW

    async def _fail(self, request: web.Request, call: Call, fault: Fault) -> web.StreamResponse:
        if fault.how == "hang":
            self.hanging.set()
            await self._closing.wait()
        if fault.how in {"hang", "drop"}:
            return cut(request)
        return failure(fault, call.body)


async def _json(request: web.Request) -> Any:
    try:
        return orjson.loads(await request.read())
    except orjson.JSONDecodeError:
        return None
