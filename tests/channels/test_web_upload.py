"""Pictures from the page: the bytes are checked and kept, then a message names them."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.booking.photos import Photos
from bot.channels.web import WebSender, web_routes
from bot.dialogue.events import Media
from bot.picture import LARGEST_BYTES
from storage.photos import MemoryPhotos
from tests.support.echo import EchoBot
from tests.support.visitors import COOKIE, freely, holding, visitors

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
WHO = "office=batam"
PNG = b"\x89PNG\r\n\x1a\n" + b"a picture"
DIGEST = sha256(PNG).hexdigest()

Client = TestClient[web.Request, web.Application]


@pytest.fixture
def bot() -> EchoBot:
    """Answers whatever it is sent."""
    return EchoBot()


@pytest.fixture
def photos() -> Photos:
    """Empty."""
    return Photos(MemoryPhotos(), {})


@pytest.fixture
async def client(bot: EchoBot, photos: Photos) -> AsyncIterator[Client]:
    """A client of a server with the web chat, whose other bodies may have a mebibyte."""
    app = web.Application()
    offices = {"batam": "Batam"}
    app.add_routes(
        web_routes(
            bot,
            bot,
            bot.transcript,
            WebSender(),
            offices,
            visitors(offices),
            freely(),
            lambda: NOW,
            photos=photos,
        )
    )
    async with TestClient(TestServer(app), headers=holding(COOKIE)) as made:
        yield made


async def test_sent(client: Client, bot: EchoBot, photos: Photos) -> None:
    """A picture is kept under its hash, and the message that names it brings it."""
    answer = await client.post(f"/chat/photo?{WHO}", data=PNG)
    media = await answer.json()
    assert media == {"id": DIGEST, "mime": "image/png"}
    assert await photos.store.has(DIGEST)
    async with client.ws_connect(f"/chat/socket?{WHO}") as socket:
        await socket.send_json({"id": "1", "kind": "image", "text": "", "media": media})
        while (await socket.receive_json(timeout=5))["type"] != "ack":
            pass
    [heard] = bot.heard
    assert (heard.message.kind, heard.message.text) == ("image", "")
    assert heard.message.media == Media(DIGEST, "image/png", DIGEST)


@pytest.mark.parametrize(
    ("path", "content", "status"),
    [
        (f"/chat/photo?{WHO}", b"%PDF-1.7", 415),
        (f"/chat/photo?{WHO}", b"", 415),
        (f"/chat/photo?{WHO}", PNG.ljust(LARGEST_BYTES + 1, b"x"), 413),
        (f"/chat/photo?{WHO.replace('batam', 'nowhere')}", PNG, 400),
    ],
)
async def test_refused(
    client: Client, photos: Photos, path: str, content: bytes, status: int
) -> None:
    """What is no picture, too large, or nobody's is not kept."""
    assert (await client.post(path, data=BytesIO(content))).status == status
    assert not await photos.store.has(sha256(content).hexdigest())


async def test_as_large_as_may_be(client: Client) -> None:
    """The limit is the picture's own, not that of other bodies."""
    answer = await client.post(f"/chat/photo?{WHO}", data=BytesIO(PNG.ljust(LARGEST_BYTES, b"x")))
    assert answer.status == 200


@pytest.mark.parametrize(
    "media",
    [None, {}, DIGEST, {"id": "../x", "mime": "image/png"}, {"id": DIGEST, "mime": "text/html"}],
)
async def test_message_without_a_picture(client: Client, bot: EchoBot, media: object) -> None:
    """A picture that is named wrongly is no message."""
    async with client.ws_connect(f"/chat/socket?{WHO}") as socket:
        await socket.send_json({"id": "1", "kind": "image", "text": "halo", "media": media})
        while (await socket.receive_json(timeout=5))["type"] != "error":
            pass
    assert not bot.heard
