import pytest
from aiohttp import WSServerHandshakeError, web
from aiohttp.test_utils import TestClient, TestServer

from bot.channels.guard import loopback_guard, pages_guard


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


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/", {"Host": "antrean.example"}, 200),
        ("/", {"Host": "ANTREAN.example:443"}, 200),
        ("/", {"Host": "other.example"}, 421),
        ("/", {"Host": "antrean.example", "Origin": "https://antrean.example"}, 200),
        ("/", {"Host": "antrean.example", "Origin": "https://evil.example"}, 403),
        ("/", {"Host": "antrean.example", "Origin": "null"}, 403),
        ("/webhook", {"Host": "other.example", "Origin": "https://evil.example"}, 200),
    ],
)
async def test_pages_that_act_for_their_visitors(
    path: str, headers: dict[str, str], status: int
) -> None:
    """Pages answer under their names and to themselves alone; other paths are none of theirs."""

    async def hello(_: web.Request) -> web.Response:
        return web.Response(text="hello")

    guarded = web.Application(
        middlewares=[pages_guard(lambda asked: asked == "/", ["antrean.example"])]
    )
    guarded.add_routes([web.get("/", hello), web.get("/webhook", hello)])
    async with (
        TestClient(TestServer(guarded)) as client,
        client.get(path, headers=headers) as answer,
    ):
        assert answer.status == status


async def test_a_socket_must_say_where_it_comes_from() -> None:
    """Browsers open WebSockets from anywhere, so one without an origin is no page of ours."""

    async def socket(request: web.Request) -> web.WebSocketResponse:
        opened = web.WebSocketResponse()
        await opened.prepare(request)
        await opened.close()
        return opened

    guarded = web.Application(middlewares=[pages_guard(lambda _: True)])
    guarded.add_routes([web.get("/socket", socket)])
    async with TestClient(TestServer(guarded)) as client:
        own = str(client.make_url("/")).rstrip("/")
        async with client.ws_connect("/socket", origin=own) as opened:
            assert not opened.closed
        for origin in (None, "https://evil.example"):
            with pytest.raises(WSServerHandshakeError) as refused:
                await client.ws_connect("/socket", origin=origin)
            assert refused.value.status == 403
