"""Meta as far as a bot sees it: signed webhooks go out, what the bot sends to Graph comes in."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import orjson
from aiohttp import ClientError, ClientSession, TCPConnector, web

SECRET, NUMBER, ACCOUNT = "benchmark", "6281299004406", "106540352242922"


@dataclass(frozen=True, slots=True)
class Fault:
    """What becomes of a call of Graph's, before anything is taken.

    Args:
        status: of the answer; 0 cuts the connection instead.
        code: Graph's own.
    """

    status: int = 0
    code: int = 0


class Meta:
    """Delivers messages, and takes all that is sent to Graph.

    Attributes:
        refused: deliveries that were not answered 200.
        taken: messages that were sent to applicants.
        delay: seconds that each call of Graph takes.
        fault: asked at each message to an applicant.
        ahead: of the time, by Meta's clock.
        sent: how often each message came, by what the bot calls it.
    """

    def __init__(self, session: ClientSession) -> None:
        self._session = session
        self._run = f"{time.time_ns():x}"
        self._delivered = 0
        self._said: defaultdict[str, list[str]] = defaultdict(list)
        self._news: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self.refused = 0
        self.taken = 0
        self.delay = 0.0
        self.fault: Callable[[], Fault | None] = lambda: None
        self.ahead = timedelta()
        self.sent: Counter[str] = Counter()

    async def deliver(self, url: str, sender: str, text: str) -> None:
        """Deliver one message; returns once it is answered."""
        self._said.pop(sender, None)
        body, signature = self.signed(sender, text)
        self.refused += not await self._post(url, body, signature)

    async def insist(self, url: str, sender: str, text: str, pause: float = 0.5) -> str:
        """Deliver one message again and again until it is answered 200; its id."""
        self._said.pop(sender, None)
        body, signature = self.signed(sender, text)
        message = self._last_id
        while True:
            try:
                if await self._post(url, body, signature):
                    return message
            except ClientError:
                pass  # nobody there, or gone in the middle of it: once more
            self.refused += 1
            await asyncio.sleep(pause)

    async def _post(self, url: str, body: bytes, signature: str) -> bool:
        headers = {"X-Hub-Signature-256": signature}
        async with self._session.post(url, data=body, headers=headers) as answer:
            await answer.read()
        return answer.status == 200

    @property
    def _last_id(self) -> str:
        return f"wamid.{self._run}{self._delivered:08d}"

    def signed(self, sender: str, text: str) -> tuple[bytes, str]:
        """A webhook's body with one message, and its signature."""
        self._delivered += 1
        message = {
            "from": sender,
            "id": self._last_id,
            "timestamp": str(int(time.time() + self.ahead.total_seconds())),
            "type": "text",
            "text": {"body": text},
        }
        value = {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": NUMBER, "phone_number_id": ACCOUNT},
            "contacts": [{"profile": {"name": "Pemohon"}, "wa_id": sender}],
            "messages": [message],
        }
        entry = {"id": "1", "changes": [{"field": "messages", "value": value}]}
        body = orjson.dumps({"object": "whatsapp_business_account", "entry": [entry]})
        return body, f"sha256={hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()}"

    async def answered(self, sender: str, messages: int) -> str:
        """So many messages that were said to somebody since they wrote last."""
        async with asyncio.timeout(30):
            while len(self._said[sender]) < messages:
                self._news[sender].clear()
                await self._news[sender].wait()
        return "\n".join(self._said[sender])

    def said(self, sender: str) -> Sequence[str]:
        """What was said to somebody so far since they wrote last."""
        return tuple(self._said[sender])

    async def graph(self, request: web.Request) -> web.Response:
        """Take a call of the bot's."""
        content = await request.read()
        await asyncio.sleep(self.delay)
        told = orjson.loads(content) if request.content_type == "application/json" else {}
        if "type" in told and "status" not in told:
            if fault := self.fault():
                return _failed(request, fault)
            self.taken += 1
            self.sent[told.get("biz_opaque_callback_data", "")] += 1
            self._said[told["to"]].append(_text_of(told))
            self._news[told["to"]].set()
        sent = {"messages": [{"id": f"wamid.{time.monotonic_ns()}"}], "id": "1"}
        return web.Response(body=orjson.dumps(sent), content_type="application/json")


def _failed(request: web.Request, fault: Fault) -> web.Response:
    if not fault.status and request.transport:
        request.transport.abort()
    error = {"error": {"message": "as was asked", "code": fault.code}}
    return web.json_response(error, status=fault.status or 500)


def _text_of(payload: dict[str, object]) -> str:
    """The words of a payload, whatever its type."""
    found = payload.get(str(payload["type"]))
    if not isinstance(found, dict):
        return ""
    body = found.get("body") or found.get("caption", "")
    return str(body["text"] if isinstance(body, dict) else body)


@asynccontextmanager
async def meta_at(port: int) -> AsyncIterator[Meta]:
    """Meta, whose Graph listens there."""
    async with ClientSession(connector=TCPConnector(limit=0)) as session:
        meta = Meta(session)
        app = web.Application()
        app.router.add_post("/{any:.*}", meta.graph)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        try:
            yield meta
        finally:
            await runner.cleanup()
