"""Files that somebody sent, from a Graph that does not always tell the truth."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import aiohttp
import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot.booking.photos import PhotoProblem, Photos
from bot.channels.whatsapp import graph as graph_module
from bot.channels.whatsapp.graph import GraphClient
from bot.errors import TryLater
from bot.picture import LARGEST_BYTES
from storage.photos import MemoryPhotos
from tests.support.webhooks import SENT_AT

JPEG = b"\xff\xd8\xff\xe0 not really a photo"
HEIC = b"\0\0\0\x18ftypheic"
WEBP = b"RIFF\x10\0\0\0WEBPVP8 "
PDF = b"%PDF-1.7\n"


@dataclass
class Liar:
    """A Graph of two routes, of which a test says what they answer.

    Attributes:
        about: laid over what is told of the file.
        content: the file.
        serve: answers for the file, when it is not simply sent.
        asked: paths asked for, with the token they came with.
    """

    about: dict[str, Any] = field(default_factory=dict)
    content: bytes = JPEG
    serve: Callable[[web.Request], Any] | None = None
    asked: list[tuple[str, str]] = field(default_factory=list)
    url: str = ""

    async def tell(self, request: web.Request) -> web.Response:
        self.asked.append((request.path, request.headers.get("Authorization", "")))
        told = {"url": f"{self.url}/file", "mime_type": "image/jpeg", "id": "77"}
        return web.json_response(told | self.about)

    async def give(self, request: web.Request) -> web.StreamResponse:
        self.asked.append((request.path, request.headers.get("Authorization", "")))
        if self.serve:
            answer: web.StreamResponse = await self.serve(request)
            return answer
        return web.Response(body=self.content)


@pytest.fixture
async def liar() -> AsyncIterator[Liar]:
    """It, served."""
    made, app = Liar(), web.Application()
    app.add_routes([web.get("/v/77", made.tell), web.get("/file", made.give)])
    app.add_routes([web.get("/elsewhere", made.give)])
    async with TestServer(app) as server:
        made.url = str(server.make_url("")).rstrip("/")
        yield made


@pytest.fixture
def client(liar: Liar, session: ClientSession) -> GraphClient:
    """Our side."""
    return GraphClient(session, f"{liar.url}/v", "token")


async def keep(client: GraphClient) -> str | PhotoProblem:
    """What becomes of the file when an office asks for a photo."""
    return await Photos(MemoryPhotos(), {"whatsapp": client}).keep("whatsapp", "77", SENT_AT)


@pytest.mark.parametrize(
    "about",
    [
        {},
        {"file_size": len(JPEG), "sha256": sha256(JPEG).hexdigest()},
        {"sha256": "of no known form"},
        {"mime_type": "application/x-msdownload"},
    ],
)
async def test_as_told(liar: Liar, client: GraphClient, about: dict[str, Any]) -> None:
    """A file that is what Graph tells of it is kept under its own hash."""
    liar.about = about
    assert await keep(client) == sha256(JPEG).hexdigest()


@pytest.mark.parametrize(
    "about",
    [
        {"sha256": "00" * 32},
        {"sha256": "A" * 43 + "="},
        {"file_size": len(JPEG) - 1},
        {"file_size": len(JPEG) + 1},
        {"file_size": 0},
    ],
)
async def test_not_as_told(liar: Liar, client: GraphClient, about: dict[str, Any]) -> None:
    """More bytes than claimed, fewer, or others are not believed; the applicant may send again."""
    liar.about = about
    with pytest.raises(TryLater):
        await client.fetch("77", LARGEST_BYTES)
    assert await keep(client) is PhotoProblem.UNREACHABLE


@pytest.mark.parametrize("content", [HEIC, WEBP, PDF, b"", b"<html>", b"MZ\x90", b"\xff\xd8"])
async def test_no_photo(liar: Liar, client: GraphClient, content: bytes) -> None:
    """What a file is, its first bytes say, whatever it is called."""
    liar.content = content
    assert await keep(client) is PhotoProblem.NOT_A_PICTURE


async def test_endless(liar: Liar, client: GraphClient) -> None:
    """A file without an end is read no further than a photo may be long."""
    sent = 0

    async def serve(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse()
        await response.prepare(request)
        while sent < 100 * LARGEST_BYTES:
            await response.write(bytes(2**20))
            sent += 2**20
        return response

    liar.serve = serve
    assert await keep(client) is PhotoProblem.TOO_LARGE
    assert sent < 4 * LARGEST_BYTES


async def test_too_large_by_its_own_account(liar: Liar, client: GraphClient) -> None:
    """A file that is told to be too large is not asked for."""
    liar.about = {"file_size": LARGEST_BYTES + 1}
    assert await keep(client) is PhotoProblem.TOO_LARGE
    assert [path for path, _ in liar.asked] == ["/v/77"]


async def test_sent_elsewhere(liar: Liar, client: GraphClient) -> None:
    """The token goes where Graph said, and is not carried on from there."""

    async def serve(_: web.Request) -> web.StreamResponse:
        return web.Response(status=302, headers={"Location": "/elsewhere"})

    liar.serve = serve
    assert await keep(client) is PhotoProblem.UNREACHABLE
    assert [path for path, _ in liar.asked] == ["/v/77", "/file"]


async def test_an_address_of_somebody_else(liar: Liar, client: GraphClient) -> None:
    """The token is shown to nobody but Meta."""
    liar.about = {"url": "http://127.0.0.1:9/steal"}
    assert await keep(client) is PhotoProblem.UNREACHABLE


async def test_slow(liar: Liar, client: GraphClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """An applicant waits for the answer: a file that trickles in is given up."""
    monkeypatch.setattr(graph_module, "FETCH_TIMEOUT", aiohttp.ClientTimeout(total=0.05))
    gone = asyncio.Event()

    async def serve(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(JPEG)
        await gone.wait()
        return response

    liar.serve = serve
    assert await keep(client) is PhotoProblem.UNREACHABLE
    gone.set()
