import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.channels.media import barcode_path, media_routes


def draw(code: str) -> bytes:
    """What stands in for a drawing: the code itself."""
    return b"\x89PNG " + code.encode()


async def get(path: str) -> tuple[int, bytes, str]:
    """Status, body and caching of an answer."""
    app = web.Application()
    app.add_routes(media_routes(draw))
    async with TestClient(TestServer(app)) as client, client.get(path) as answer:
        return answer.status, await answer.read(), answer.headers.get("Cache-Control", "")


@pytest.mark.parametrize("code", ["JKP-7F4Q2-M8XCK", "00002681"])
async def test_draws_codes(code: str) -> None:
    """A code's picture is drawn, and may be kept by the one who asked."""
    status, body, caching = await get(barcode_path(code))
    assert (status, body) == (200, draw(code))
    assert "immutable" in caching
    assert "private" in caching


STRANGE = ["jkp-7f4q2-m8xck", "A", "-AB-", "A" * 33, "%3Cb%3E", "A%0AB1", "..%2Fx"]


@pytest.mark.parametrize("code", STRANGE)
async def test_draws_nothing_else(code: str) -> None:
    """What no code looks like is not drawn."""
    status, _, _ = await get(f"/media/barcode/{code}.png")
    assert status == 404
