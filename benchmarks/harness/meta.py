"""Meta as far as a bot sees it: signed webhooks go out, what the bot sends to Graph comes in."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import orjson
from aiohttp import ClientSession, TCPConnector, web

SECRET, NUMBER, ACCOUNT = "benchmark", "6281299004406", "106540352242922"


class Meta:
    """Delivers messages, and takes all that is sent to Graph.

    Attributes:
        refused: deliveries that were not answered 200.
        taken: messages that were sent to applicants.
        delay: seconds that each call of Graph takes.
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

    async def deliver(self, url: str, sender: str, text: str) -> None:
        """Deliver one message; returns once it is answered."""
        self._said.pop(sender, None)
        body, signature = self.signed(sender, text)
        headers = {"X-Hub-Signature-256": signature}
        async with self._session.post(url, data=body, headers=headers) as answer:
            await answer.read()
        self.refused += answer.status != 200

    def signed(self, sender: str, text: str) -> tuple[bytes, str]:
        """A webhook's body with one message, and its signature."""
        self._delivered += 1
        message = {
            "from": sender,
            "id": f"wamid.{self._run}{self._delivered:08d}",
            "timestamp": str(int(time.time())),
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
            self.taken += 1
            self._said[told["to"]].append(_text_of(told))
            self._news[told["to"]].set()
        sent = {"messages": [{"id": f"wamid.{time.monotonic_ns()}"}], "id": "1"}
        return web.Response(body=orjson.dumps(sent), content_type="application/json")


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
