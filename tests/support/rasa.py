"""A stand-in of a Rasa server: says of each text what it was told to, and misbehaves if asked.

As a process of its own, to be killed: ``python -m tests.support.rasa PORT TOKEN MEANINGS``, the
meanings as a JSON object.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import web

TOKEN: Final = "rasas-token-of-the-tests"
SURE: Final = 0.9
OTHERS: Final = ("greet", "thanks", "out_of_scope")
"""They share what the likeliest intent leaves."""

Misbehaves = Callable[[web.Request], Awaitable[web.StreamResponse]]


def parsed(text: str, intent: str) -> dict[str, Any]:
    """What ``/model/parse`` answers when it is fairly sure."""
    ranked = {intent: SURE} | {
        other: (1 - SURE) / len(OTHERS) for other in OTHERS if other != intent
    }
    ranking = [{"name": name, "confidence": share} for name, share in ranked.items()]
    return {"text": text, "intent": ranking[0], "entities": [], "intent_ranking": ranking}


@dataclass
class RasaStandIn:
    """The server.

    Attributes:
        meanings: intent by text; of others it says ``out_of_scope``.
        misbehaves: answers in its place while set.
        heard: the texts it was asked about.
        url: while it serves.
    """

    meanings: Mapping[str, str] = field(default_factory=dict)
    misbehaves: Misbehaves | None = None
    token: str = TOKEN
    heard: list[str] = field(default_factory=list)
    url: str = ""
    asked: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def hears(self, times: int) -> None:
        """Wait until it was asked so many times in all."""
        async with asyncio.timeout(5), self.asked:
            await self.asked.wait_for(lambda: len(self.heard) >= times)

    @asynccontextmanager
    async def serving(self, port: int = 0) -> AsyncIterator[RasaStandIn]:
        """Serve on the loopback until the block ends."""
        app = web.Application()
        app.add_routes([web.post("/model/parse", self._parse), web.get("/status", self._status)])
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield self
        finally:
            await runner.cleanup()

    async def _status(self, request: web.Request) -> web.Response:
        return self._refused(request) or web.json_response({"num_active_training_jobs": 0})

    async def _parse(self, request: web.Request) -> web.StreamResponse:
        if refused := self._refused(request):
            return refused
        text = str((await request.json())["text"])
        self.heard.append(text)
        async with self.asked:
            self.asked.notify_all()
        if self.misbehaves:
            return await self.misbehaves(request)
        return web.json_response(parsed(text, self.meanings.get(text, "out_of_scope")))

    def _refused(self, request: web.Request) -> web.Response | None:
        if request.query.get("token") == self.token:
            return None
        return web.json_response({"status": "failure", "code": 401}, status=401)


async def main(port: str, token: str, meanings: str) -> None:
    """Serve until killed."""
    async with RasaStandIn(json.loads(meanings), token=token).serving(int(port)):
        sys.stdout.write("serving\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
