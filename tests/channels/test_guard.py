import pytest
from aiohttp import WSServerHandshakeError, web
from aiohttp.test_utils import TestClient, TestServer

from bot.channels.guard import loopback_guard


@pytest.fixture
def app() -> web.Application:
    """A guarded page and a guarded socket."""

    async def hello(_: web.Request) -> web.Response:
        return web.Response(text="hello")

    async def socket(request: web.Request) -> web.WebSocketResponse:
        opened = web.WebSocketResponse()
        await opened.prepare(request)
        await opened.close()
        return opened

    made = web.Application(middlewares=[loopback_guard()])
    made.add_routes([web.get("/", hello), web.get("/socket", socket)])
    return made


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "localhost:8080"}, 200),
        ({"Host": "LOCALHOST"}, 200),
        ({"Host": "[::1]:8080"}, 200),
        ({"Host": "[::1]"}, 200),
        ({"Host": "rebound.example:8080"}, 421),
        ({"Host": "localhost.evil.example"}, 421),
        ({"Host": ""}, 421),
        ({"Host": "localhost:8080", "Origin": "http://localhost:8080"}, 200),
        ({"Host": "localhost:8080", "Origin": "https://localhost:8080"}, 200),
        ({"Host": "localhost:8080", "Origin": "http://localhost:3000"}, 403),
        ({"Host": "localhost:8080", "Origin": "http://127.0.0.1:8080"}, 403),
        ({"Host": "localhost:8080", "Origin": "https://evil.example"}, 403),
        ({"Host": "localhost:8080", "Origin": "null"}, 403),
        ({"Host": "localhost:8080", "Origin": "http://["}, 403),
    ],
)
async def test_who_is_answered(app: web.Application, headers: dict[str, str], status: int) -> None:
    """Only this machine's names are answered, and only their own pages."""
    async with TestClient(TestServer(app)) as client, client.get("/", headers=headers) as answer:
        assert answer.status == status


async def test_a_strange_page_opens_no_socket(app: web.Application) -> None:
    """The handshake of a WebSocket is guarded as any request."""
    async with TestClient(TestServer(app)) as client:
        with pytest.raises(WSServerHandshakeError) as refused:
            await client.ws_connect("/socket", origin="https://evil.example")
        assert refused.value.status == 403


async def test_other_names_may_be_allowed(app: web.Application) -> None:
    """A demo behind another name answers to that name, and then not to localhost."""
    app.middlewares[:] = [loopback_guard({"antre.test"})]
    async with TestClient(TestServer(app)) as client:
        async with client.get("/", headers={"Host": "antre.test:80"}) as answer:
            assert answer.status == 200
        async with client.get("/", headers={"Host": "localhost"}) as answer:
            assert answer.status == 421
