import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeAlias

import orjson
import pytest
from aiohttp import ClientWebSocketResponse, WSMsgType, WSServerHandshakeError, web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler

from bot.channels.inbound import Progress
from bot.channels.web import WebSender, web_routes
from bot.channels.web.page import STATIC
from bot.channels.web.recording import recording_route
from bot.channels.web.sender import SOCKETS_PER_CONVERSATION, TOO_MANY_PAGES
from bot.channels.web.socket import FRAME_LIMIT_BYTES, RATE_MESSAGES, RATE_WINDOW
from bot.channels.web.turns import TURNS_SHOWN
from bot.channels.web.visitor import sender_of
from bot.dialogue.reply import Reply
from bot.dialogue.store import Contact
from bot.errors import Absent, AntreError, StorageUnavailable, TryLater
from tests.support.echo import NOW, EchoBot
from tests.support.visitors import COOKIE, OTHER_COOKIE, freely, holding, visitors

CONTACT = Contact("web", sender_of(COOKIE), "tangerang")
OFFICES = {"jakarta_pusat": "Jakarta Pusat", "tangerang": "Tangerang"}
SOCKET = "/chat/socket?office=tangerang"
HISTORY = "/chat/history?office=tangerang"

Client: TypeAlias = TestClient[web.Request, web.Application]


class Clock:
    """Time that stands still until it is moved."""

    now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    """The bot's time."""
    return Clock()


@pytest.fixture
def sender() -> WebSender:
    """The open pages."""
    return WebSender()


@pytest.fixture
def bot(sender: WebSender) -> EchoBot:
    """A bot that pushes to the open pages."""
    made = EchoBot()
    made.sender = sender
    return made


@pytest.fixture
def left() -> asyncio.Event:
    """Set once the server is done with a socket."""
    return asyncio.Event()


@pytest.fixture
async def client(
    bot: EchoBot, sender: WebSender, clock: Clock, left: asyncio.Event
) -> AsyncIterator[Client]:
    """A client of a server with the web chat."""

    @web.middleware
    async def notice(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        finally:
            if request.path == "/chat/socket":
                left.set()

    app = web.Application(middlewares=[notice])
    app.add_routes(
        web_routes(bot, bot, bot.transcript, sender, OFFICES, visitors(OFFICES), freely(), clock)
    )
    async with TestClient(TestServer(app), headers=holding(COOKIE)) as made:
        yield made


async def opened(
    client: Client, path: str = SOCKET, cookie: str = COOKIE
) -> tuple[ClientWebSocketResponse, Any]:
    """An open socket and the turns it was shown at once."""
    socket = await client.ws_connect(path, headers=holding(cookie))
    frame = await next_frame(socket)
    assert frame["type"] == "turns"
    return socket, frame["turns"]


async def next_frame(socket: ClientWebSocketResponse) -> Any:
    """What the server says next."""
    return orjson.loads(await socket.receive_str(timeout=5))


async def write(socket: ClientWebSocketResponse, text: str, **fields: Any) -> None:
    """Send a message that is its own id."""
    await socket.send_json({"id": text, "kind": "text", "text": text, **fields})


async def frames_after(socket: ClientWebSocketResponse, text: str, **fields: Any) -> dict[str, Any]:
    """Write a message; its acknowledgement and its turn, in whichever order they come."""
    await write(socket, text, **fields)
    frames = [await next_frame(socket), await next_frame(socket)]
    return {frame["type"]: frame for frame in frames}


def said(turns: Sequence[Any]) -> list[str]:
    """The texts of all replies."""
    return [reply["text"] for turn in turns for reply in turn["replies"]]


async def test_a_message_is_acknowledged_and_answered(client: Client, bot: EchoBot) -> None:
    """A message is saved, acknowledged, and its turn arrives with the answer."""
    socket, turns = await opened(client)
    assert turns == []
    frames = await frames_after(socket, "halo")
    assert frames["ack"]["id"] == "halo"
    [turn] = frames["turns"]["turns"]
    assert turn["message"]["text"] == "halo"
    assert turn["at"] == NOW.isoformat()
    assert said([turn]) == ["Anda: halo"]
    assert bot.heard[0].contact.heard_at == NOW
    assert bot.heard[0].contact.conversation_id == CONTACT.conversation_id


async def test_a_tap_carries_payload_and_title(client: Client, bot: EchoBot) -> None:
    """A tap is heard with what the button sends and what it showed."""
    socket, _ = await opened(client)
    await frames_after(socket, '/pick{"n":1}', kind="tap", title="Pertama")
    message = bot.heard[0].message
    assert (message.kind, message.text, message.title) == ("tap", '/pick{"n":1}', "Pertama")


async def test_everything_a_reply_can_hold(client: Client) -> None:
    """Lists keep their menu and descriptions; barcodes and pictures come with their address."""
    socket, _ = await opened(client)
    [turn] = (await frames_after(socket, "list"))["turns"]["turns"]
    [listed] = turn["replies"]
    assert listed["menu"] == "Buka daftar"
    assert listed["buttons"][0]["description"] == "baris satu"
    [turn] = (await frames_after(socket, "picture"))["turns"]["turns"]
    assert turn["replies"][0]["image"] == "/media/barcode/JKP-7F4Q2-M8XCK.png"
    [turn] = (await frames_after(socket, "sign"))["turns"]["turns"]
    assert turn["replies"][0]["image"] == f"/media/picture/{'e' * 64}"
    assert turn["replies"][0]["picture"]["name"] == "front_desk.png"
    [turn] = (await frames_after(socket, "all"))["turns"]["turns"]
    [brought] = turn["replies"]
    assert brought["file"] == f"/media/document/{'f' * 64}.pdf"
    assert brought["document"]["name"] == "form.pdf"
    assert brought["location"]["longitude"] == 106.8
    assert "\r\nFN:Kantor\\; Contoh\r\n" in brought["vcard"]
    assert "\r\nTEL;TYPE=CELL;waid=6281200000001:+6281200000001\r\n" in brought["vcard"]
    assert brought["reaction"] == {"to": "m1", "emoji": "✅"}


async def test_resending_changes_nothing(client: Client, bot: EchoBot) -> None:
    """A message sent again after a broken connection is acknowledged and not heard twice."""
    socket, _ = await opened(client)
    await frames_after(socket, "halo")
    await socket.close()
    again, turns = await opened(client)
    assert said(turns) == ["Anda: halo"]
    await write(again, "halo")
    assert await next_frame(again) == {"type": "ack", "id": "halo"}
    assert len(bot.heard) == 1


async def test_only_what_the_page_has_not_seen(client: Client) -> None:
    """A page that comes back names its last turn and gets those after it."""
    socket, _ = await opened(client)
    first = await frames_after(socket, "satu")
    await frames_after(socket, "dua")
    seen = first["turns"]["turns"][0]["id"]
    _, turns = await opened(client, f"{SOCKET}&after={seen}")
    assert said(turns) == ["Anda: dua"]
    _, turns = await opened(client, f"{SOCKET}&after=unknown")
    assert said(turns) == ["Anda: satu", "Anda: dua"]


async def test_what_waited_is_given_out(client: Client, bot: EchoBot) -> None:
    """Replies nobody was looking at are shown when a page opens, and wait no longer."""
    bot.say(CONTACT, Reply("Besok giliran Anda"), key="timer")
    _, turns = await opened(client)
    assert said(turns) == ["Besok giliran Anda"]
    assert turns[0]["message"] is None
    assert bot.waiting(CONTACT) == 0


async def test_nobody_is_looking(sender: WebSender) -> None:
    """Without an open page the reply stays in the outbox."""
    with pytest.raises(Absent, match="nobody is looking"):
        await sender.send(CONTACT, Reply("halo"), Progress())


async def test_a_closed_page_no_longer_looks(
    client: Client, sender: WebSender, left: asyncio.Event
) -> None:
    """Once its socket is closed a page takes nothing any more."""
    socket, _ = await opened(client)
    await socket.close()
    await asyncio.wait_for(left.wait(), 5)
    with pytest.raises(Absent):
        await sender.send(CONTACT, Reply("halo"), Progress())


async def test_only_the_contacts_own_pages(client: Client, bot: EchoBot) -> None:
    """A reply goes to the pages of its sender and office, and to no other."""
    mine, _ = await opened(client)
    second_tab, _ = await opened(client)
    stranger, _ = await opened(client, SOCKET, OTHER_COOKIE)
    elsewhere, _ = await opened(client, "/chat/socket?office=jakarta_pusat")
    await frames_after(mine, "halo")
    assert said((await next_frame(second_tab))["turns"]) == ["Anda: halo"]
    for socket in (stranger, elsewhere):
        frames = await frames_after(socket, "di sini")
        assert said(frames["turns"]["turns"]) == ["Anda: di sini"]
    assert len(bot.heard) == 3


async def test_delivery_repeated_shows_once(
    client: Client, bot: EchoBot, sender: WebSender
) -> None:
    """A reply delivered again after a crash does not come to the page a second time."""
    socket, _ = await opened(client)
    await frames_after(socket, "halo")
    await sender.send(CONTACT, Reply("Anda: halo"), Progress())
    assert (await next_frame(socket))["turns"] == []
    assert len(bot.heard) == 1


async def test_storage_down_while_chatting(client: Client, bot: EchoBot) -> None:
    """An unsaved message is not acknowledged; the page is told when to send it again."""
    socket, _ = await opened(client)
    bot.down = True
    await write(socket, "halo")
    error = await next_frame(socket)
    assert (error["type"], error["id"], error["retry_seconds"]) == ("error", "halo", 3)
    bot.down = False
    frames = await frames_after(socket, "halo")
    assert frames["ack"]["id"] == "halo"


async def test_storage_down_while_opening(client: Client, bot: EchoBot) -> None:
    """A page that cannot be shown what was said is asked to come again."""
    bot.down = True
    socket = await client.ws_connect(SOCKET)
    frame = await socket.receive(timeout=5)
    assert (frame.type, frame.data) == (WSMsgType.CLOSE, 1013)
    async with client.get(HISTORY) as answer:
        assert answer.status == 503


async def test_storage_down_while_delivering(
    client: Client, bot: EchoBot, sender: WebSender
) -> None:
    """A reply that cannot be read back is tried later."""
    await opened(client)
    bot.down = True
    with pytest.raises(TryLater, match="transcript"):
        await sender.send(CONTACT, Reply("halo"), Progress())


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "[]",
        "null",
        "{",
        '{"id": "x", "kind": "image", "text": "a"}',
        '{"id": "x", "kind": "text", "text": " "}',
        '{"id": "x", "kind": "text", "text": 5}',
        '{"id": "x", "kind": [], "text": "a"}',
        '{"id": "", "kind": "text", "text": "a"}',
        '{"id": "x", "kind": "text", "text": "a", "title": null}',
        orjson.dumps({"id": "x", "kind": "text", "text": "a" * 4097}).decode(),
    ],
)
async def test_a_malformed_frame_is_refused(client: Client, bot: EchoBot, frame: str) -> None:
    """What is not a message gets an error without a retry, and the socket stays."""
    socket, _ = await opened(client)
    await socket.send_str(frame)
    error = await next_frame(socket)
    assert error["type"] == "error"
    assert "retry_seconds" not in error
    await frames_after(socket, "halo")
    assert len(bot.heard) == 1


async def test_a_big_frame_closes_the_socket(client: Client, bot: EchoBot) -> None:
    """Nobody sends more than a message may hold."""
    socket, _ = await opened(client)
    await socket.send_str("a" * (FRAME_LIMIT_BYTES + 1))
    frame = await socket.receive(timeout=5)
    assert (frame.type, frame.data) == (WSMsgType.CLOSE, 1009)
    assert not bot.heard


async def test_rate(client: Client, bot: EchoBot, clock: Clock) -> None:
    """Messages beyond the rate are not heard until the window has moved on."""
    socket, _ = await opened(client)
    for number in range(RATE_MESSAGES):
        await frames_after(socket, f"halo {number}")
    await write(socket, "terlalu cepat")
    error = await next_frame(socket)
    assert (error["type"], error["retry_seconds"]) == ("error", 10)
    assert len(bot.heard) == RATE_MESSAGES
    clock.now += RATE_WINDOW + timedelta(milliseconds=1)
    await frames_after(socket, "terlalu cepat")
    assert len(bot.heard) == RATE_MESSAGES + 1


async def test_too_many_pages(client: Client) -> None:
    """One page too many closes the oldest, and the others live on."""
    sockets = [(await opened(client))[0] for _ in range(SOCKETS_PER_CONVERSATION + 1)]
    frame = await sockets[0].receive(timeout=5)
    assert (frame.type, frame.data) == (WSMsgType.CLOSE, TOO_MANY_PAGES)
    await frames_after(sockets[1], "halo")


async def test_closing_sends_pages_away(client: Client, sender: WebSender) -> None:
    """On shutdown every page is told to go, so that none holds the process up."""
    socket, _ = await opened(client)
    closing = asyncio.create_task(sender.close())
    frame = await socket.receive(timeout=5)
    assert (frame.type, frame.data) == (WSMsgType.CLOSE, 1001)
    await closing


@pytest.mark.parametrize(
    ("office", "cookie", "status"),
    [
        ("bogor", COOKIE, 400),
        ("", COOKIE, 400),
        ("tangerang", "", 401),
        ("tangerang", "short", 401),
        ("tangerang", "a" * 44, 401),
        ("tangerang", "a" * 42 + ":", 401),
    ],
)
async def test_who_is_not_a_visitor(client: Client, office: str, cookie: str, status: int) -> None:
    """An unknown office or a cookie that is none of ours opens neither history nor socket."""
    query, headers = f"?office={office}", holding(cookie)
    async with client.get(f"/chat/history{query}", headers=headers) as answer:
        assert answer.status == status
        assert (await answer.json())["error"].startswith(("office:", "visitor:"))
    with pytest.raises(WSServerHandshakeError) as refused:
        await client.ws_connect(f"/chat/socket{query}", headers=headers)
    assert refused.value.status == status


async def test_a_browser_is_given_a_cookie_of_its_own(client: Client, bot: EchoBot) -> None:
    """The page gives who holds none 256 random bits that no script can read; what is kept is a
    hash of them, which lets nobody in.
    """
    drawn = set()
    for _ in range(2):
        client.session.cookie_jar.clear()
        async with client.get("/chat", headers={"Cookie": ""}) as answer:
            said_to_browser = answer.headers["Set-Cookie"]
        assert "HttpOnly" in said_to_browser
        assert "SameSite=Lax" in said_to_browser
        drawn.add(said_to_browser.partition("=")[2].partition(";")[0])
    assert len(drawn) == 2
    socket, _ = await opened(client, cookie=drawn.pop())
    await frames_after(socket, "halo")
    sender = bot.heard[0].contact.sender
    client.session.cookie_jar.clear()
    with pytest.raises(WSServerHandshakeError) as refused:
        await client.ws_connect(SOCKET, headers=holding(sender))
    assert refused.value.status == 401


async def test_history(client: Client, bot: EchoBot) -> None:
    """The history has what was said, in order, the end of it when it is long."""
    for number in range(TURNS_SHOWN + 1):
        bot.say(CONTACT, Reply(f"Pesan {number}"), key=str(number))
    async with client.get(HISTORY) as answer:
        turns = (await answer.json())["turns"]
        assert answer.headers["Cache-Control"] == "no-store"
    assert said(turns) == [f"Pesan {number}" for number in range(1, TURNS_SHOWN + 1)]


async def test_offices_in_their_order(client: Client) -> None:
    """The page lists the offices as they were given."""
    async with client.get("/chat/offices") as answer:
        assert await answer.json() == [
            {"id": "jakarta_pusat", "name": "Jakarta Pusat"},
            {"id": "tangerang", "name": "Tangerang"},
        ]


@pytest.mark.parametrize(
    ("path", "type_"),
    [
        ("/chat", "text/html"),
        ("/chat/chat.js", "text/javascript"),
        ("/chat/chat.css", "text/css"),
        ("/chat/kawung.svg", "image/svg+xml"),
    ],
)
async def test_files(client: Client, path: str, type_: str) -> None:
    """The page's files come with their types and a policy that lets nothing foreign in."""
    async with client.get(path) as answer:
        assert answer.status == 200
        assert answer.content_type == type_
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_nothing_comes_from_elsewhere() -> None:
    """No file of the page names another server, and no script writes markup."""
    for file in STATIC.iterdir():
        text = file.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "http://" not in text, file
        assert "https://" not in text, file
        for sink in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
            assert sink not in text, file


@pytest.mark.parametrize(
    ("error", "status"),
    [(None, 200), (AntreError("no such thing"), 409), (StorageUnavailable("db"), 503)],
)
async def test_what_was_said_can_be_had_as_a_recording(
    error: Exception | None, status: int
) -> None:
    """The page's own conversation is recorded, as a file; who is nobody, or has no conversation,
    is told so.
    """

    async def record(conversation: str) -> str:
        if error:
            raise error
        return f"title: {conversation}"

    app = web.Application()
    app.add_routes([recording_route(record, visitors(OFFICES))])
    async with TestClient(TestServer(app)) as client:
        path = "/chat/recording?office=tangerang"
        answer = await client.get(path, headers=holding(COOKIE))
        assert answer.status == status
        if not error:
            assert await answer.text() == f"title: {CONTACT.conversation_id}"
            assert answer.headers["Content-Disposition"] == 'attachment; filename="tangerang.yml"'
        assert (await client.get(path, headers=holding("x"))).status == 401
