from hashlib import sha256

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.channels.media import barcode_path, document_path, media_routes, picture_path
from bot.dialogue.reply import Pdf, Picture
from bot.errors import StorageUnavailable

PICTURE = b"\xff\xd8\xff a JPEG called .png"
HASH = sha256(PICTURE).hexdigest()
FORM = b"%PDF-1.7 a form"
FORM_HASH = sha256(FORM).hexdigest()


def draw(code: str) -> bytes:
    """What stands in for a drawing: the code itself."""
    return b"\x89PNG " + code.encode()


async def shown(sha256: str) -> bytes | None:
    """The one picture there is; the database does not answer to another."""
    if sha256 == "d" * 64:
        raise StorageUnavailable("gone fishing")
    return {HASH: PICTURE, FORM_HASH: FORM}.get(sha256)


async def get(path: str) -> tuple[int, bytes, str]:
    """Status, body and caching of an answer."""
    app = web.Application()
    app.add_routes(media_routes(draw, shown))
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


async def test_shows_pictures() -> None:
    """A picture is given out as what it is, whatever its file is called, and may be kept by all."""
    app = web.Application()
    app.add_routes(media_routes(draw, shown))
    path = picture_path(Picture("sign.png", HASH))
    async with TestClient(TestServer(app)) as client, client.get(path) as answer:
        assert (answer.status, await answer.read()) == (200, PICTURE)
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'"
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


async def test_gives_documents_out() -> None:
    """A document is to be saved, and never opened as a page of ours."""
    app = web.Application()
    app.add_routes(media_routes(draw, shown))
    path = document_path(Pdf("form.pdf", FORM_HASH))
    async with TestClient(TestServer(app)) as client, client.get(path) as answer:
        assert (answer.status, await answer.read()) == (200, FORM)
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.headers["Content-Disposition"] == "attachment"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (f"/media/document/{HASH}.pdf", 404),
        (f"/media/picture/{FORM_HASH}", 404),
        (f"/media/document/{'e' * 64}.pdf", 404),
        (f"/media/document/{'d' * 64}.pdf", 503),
    ],
)
async def test_each_as_what_it_is(path: str, expected: int) -> None:
    """No picture is given out as a document, nor the other way about."""
    status, _, _ = await get(path)
    assert status == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("e" * 64, 404), (HASH.upper(), 404), ("sign.png", 404), ("..%2Fx", 404), ("d" * 64, 503)],
)
async def test_shows_nothing_else(name: str, expected: int) -> None:
    """What is not there is not found; a database that does not answer is asked again later."""
    status, _, _ = await get(f"/media/picture/{name}")
    assert status == expected
