"""A rehearsal: who plays an applicant is heard, and hears what became of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random
from typing import Any

import pytest
from aiohttp import ClientSession, FormData, web

from bot.channels.guard import loopback_guard
from bot.channels.whatsapp.graph import GraphClient
from bot.channels.whatsapp.messages import compose
from bot.channels.whatsapp.signature import is_signed
from bot.channels.whatsapp.updates import Updates, decode
from bot.dialogue.reply import Button, Reply
from bot.errors import Stopped, TryLater
from bot.graph_stub.page import page_routes
from bot.graph_stub.rehearsal import Rehearsal, account_of, rehearsing
from bot.graph_stub.server import PICTURES, GraphStandIn
from tests.support.webhooks import APP_SECRET, APPLICANT, OFFICE_NUMBER

ACCOUNT = account_of(OFFICE_NUMBER)


class Bot:
    """The bot's side of a webhook, with answers as told."""

    def __init__(self) -> None:
        self.answers: list[int] = []
        self.heard: list[Updates] = []
        self.wrongly_signed = 0
        self._news = asyncio.Event()

    async def take(self, request: web.Request) -> web.Response:
        """Note one delivery."""
        body = await request.read()
        signature = request.headers["X-Hub-Signature-256"]
        self.wrongly_signed += not is_signed(body, signature, APP_SECRET)
        status = self.answers.pop(0) if self.answers else 200
        if status == 200:
            graph_now = GraphStandIn().clock()
            self.heard.append(decode(body, {OFFICE_NUMBER: "jakarta_pusat"}.get, graph_now))
            self._news.set()
        return web.Response(status=status)

    async def until(self, count: int, what: str) -> list[Any]:
        """The first ``count`` messages or statuses, once they are there."""
        async with asyncio.timeout(10):
            while len(found := [one for each in self.heard for one in getattr(each, what)]) < count:
                self._news.clear()
                await self._news.wait()
        return found


@asynccontextmanager
async def serving(bot: Bot) -> AsyncIterator[str]:
    """The bot's webhook, on the loopback."""
    app = web.Application()
    app.add_routes([web.post("/webhooks/whatsapp", bot.take)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/webhooks/whatsapp"
    finally:
        await runner.cleanup()


@pytest.fixture
def bot() -> Bot:
    """It answers 200."""
    return Bot()


@pytest.fixture
async def rehearsal(bot: Bot) -> AsyncIterator[Rehearsal]:
    """A whole rehearsal, its page included."""
    graph, numbers = GraphStandIn(), {OFFICE_NUMBER: "Jakarta Pusat"}
    async with (
        serving(bot) as url,
        rehearsing(graph, numbers, url, APP_SECRET, Random(6)) as opened,
        graph.serving(routes=page_routes(opened), middlewares=[loopback_guard()]),
    ):
        yield opened


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    """A browser, more or less."""
    async with ClientSession() as opened:
        yield opened


def client(rehearsal: Rehearsal, session: ClientSession) -> GraphClient:
    """The bot's way to Graph."""
    return GraphClient(session, rehearsal.graph.url, rehearsal.graph.token)


async def say(rehearsal: Rehearsal, session: ClientSession, **content: Any) -> tuple[int, str]:
    """Say something on the page; status and text of the answer."""
    url = rehearsal.graph.url.rpartition("/")[0] + "/_control/say"
    said = {"from": APPLICANT, "to": OFFICE_NUMBER, **content}
    async with session.post(url, json=said) as response:
        return response.status, await response.text()


async def chats(rehearsal: Rehearsal, session: ClientSession, after: int = 0) -> Any:
    """What the page shows."""
    url = rehearsal.graph.url.rpartition("/")[0] + f"/_control/chats?after={after}"
    async with session.get(url) as response:
        return await response.json()


async def test_is_heard(rehearsal: Rehearsal, session: ClientSession, bot: Bot) -> None:
    """Words, taps and places come to the bot's webhook, signed, in order, as Meta words them."""
    for content in (
        {"text": "Pagi", "profile": "Sari"},
        {"tap": {"form": "list_reply", "id": "/choose", "title": "Senin"}, "reply_to": "wamid.X"},
        {"tap": {"form": "button_reply", "id": "/yes", "title": "Ya"}},
        {"tap": {"form": "button", "id": "/confirm", "title": "Ya, saya datang"}},
        {"location": {"latitude": -6.2, "longitude": 106.8}},
    ):
        assert (await say(rehearsal, session, **content))[0] == 200
    heard = await bot.until(5, "messages")
    assert [(each.message.kind, each.message.text) for each in heard] == [
        ("text", "Pagi"),
        ("tap", "/choose"),
        ("tap", "/yes"),
        ("tap", "/confirm"),
        ("location", heard[4].message.text),
    ]
    assert (heard[0].contact.profile, heard[0].contact.account) == ("Sari", ACCOUNT)
    assert bot.wrongly_signed == 0


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ({}, "say something"),
        ({"text": " "}, "say something"),
        ({"text": "Pagi", "to": "628110000"}, "628110000 is no office's"),
        ({"text": "Pagi", "from": "me"}, "from"),
        ({"shout": "Pagi"}, "shout"),
    ],
)
async def test_nothing_said(
    rehearsal: Rehearsal, session: ClientSession, content: dict[str, str], problem: str
) -> None:
    """What cannot be sent is refused in words, and not delivered."""
    status, told = await say(rehearsal, session, **content)
    assert (status, problem in told) == (400, True), told
    assert (await chats(rehearsal, session))["lines"] == []


async def test_a_photo(rehearsal: Rehearsal, session: ClientSession, bot: Bot) -> None:
    """A photo's bytes can be fetched from Graph by the id the webhook tells."""
    form, png = FormData(), PICTURES["image/png"] + b"pixels"
    form.add_field("said", f'{{"from": "{APPLICANT}", "to": "{OFFICE_NUMBER}", "text": "KTP"}}')
    form.add_field("file", png, filename="ktp.png", content_type="image/png")
    url = rehearsal.graph.url.rpartition("/")[0] + "/_control/file"
    async with session.post(url, data=form) as response:
        assert response.status == 200
    (inbound,) = await bot.until(1, "messages")
    media = inbound.message.media
    assert (inbound.message.kind, inbound.message.text, media.mime) == ("image", "KTP", "image/png")
    assert await client(rehearsal, session).fetch(media.id, 1000) == png


async def test_what_the_bot_sends(rehearsal: Rehearsal, session: ClientSession, bot: Bot) -> None:
    """The page shows it, the bot hears how far it got, and the page shows that too."""
    reply = Reply("Pilih", (Button("Ya", "/yes"),))
    payload = {**compose(reply, APPLICANT)[0], "biz_opaque_callback_data": "item-1"}
    sent = await client(rehearsal, session).send(ACCOUNT, payload)
    statuses = await bot.until(3, "statuses")
    assert [(each.id, each.status) for each in statuses] == [
        (sent, "sent"),
        (sent, "delivered"),
        (sent, "read"),
    ]
    news = await chats(rehearsal, session)
    (line,) = news["lines"]
    assert (line["by"], line["status"], line["message"]) == ("bot", "read", payload)
    assert (await chats(rehearsal, session, news["changes"]))["lines"] == []


async def test_read_by_the_bot(rehearsal: Rehearsal, session: ClientSession, bot: Bot) -> None:
    """The bot's blue ticks show on what the applicant wrote."""
    await say(rehearsal, session, text="Pagi")
    (inbound,) = await bot.until(1, "messages")
    await client(rehearsal, session).mark_read(ACCOUNT, inbound.message.id)
    (line,) = (await chats(rehearsal, session))["lines"]
    assert line["status"] == "read"


async def test_undeliverable(rehearsal: Rehearsal, session: ClientSession, bot: Bot) -> None:
    """A message may be taken and fail afterwards."""
    rehearsal.graph.behaviour = rehearsal.graph.behaviour.model_copy(update={"undeliverable": 1})
    await client(rehearsal, session).send(ACCOUNT, compose(Reply("Pagi"), APPLICANT)[0])
    (failed,) = await bot.until(1, "statuses")
    assert (failed.status, failed.code) == ("failed", 131026)


async def test_delivered_again(rehearsal: Rehearsal, session: ClientSession, bot: Bot) -> None:
    """What is not answered 200 is delivered again, and later messages go ahead meanwhile."""
    bot.answers = [503]
    await say(rehearsal, session, text="satu")
    async with asyncio.timeout(5):
        while not (trouble := (await chats(rehearsal, session))["trouble"]):
            pass
    assert "answers 503" in trouble
    await say(rehearsal, session, text="dua")
    heard = await bot.until(2, "messages")
    assert [each.message.text for each in heard] == ["dua", "satu"]
    assert (await chats(rehearsal, session))["trouble"] == ""


async def test_behaviour(rehearsal: Rehearsal, session: ClientSession) -> None:
    """It is changed while it runs, and nonsense changes nothing."""
    url = rehearsal.graph.url.rpartition("/")[0] + "/_control/behaviour"
    payload = compose(Reply("Pagi"), APPLICANT)[0]
    async with session.post(url, json={"fail": 1}) as response:
        assert (await response.json())["fail"] == 1
    with pytest.raises(TryLater):
        await client(rehearsal, session).send(ACCOUNT, payload)
    for nonsense in ({"fail": 2}, {"nonsense": 1}, []):
        async with session.post(url, json=nonsense) as response:
            assert response.status == 400
    async with session.post(url, json={"fail": 0, "expired": True}) as response:
        assert response.status == 200
    with pytest.raises(Stopped) as caught:
        await client(rehearsal, session).send(ACCOUNT, payload)
    assert caught.value.code == 190


async def test_other_sites_stay_out(rehearsal: Rehearsal, session: ClientSession) -> None:
    """A page of another site in the same browser plays nobody."""
    base = rehearsal.graph.url.rpartition("/")[0]
    url, said = f"{base}/_control/say", {"from": APPLICANT, "to": OFFICE_NUMBER, "text": "x"}
    async with session.post(url, json=said, headers={"Origin": "https://evil.test"}) as response:
        assert response.status == 403
    async with session.get(f"{base}/") as response:
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert not list(rehearsal.chats.changed_since(0))
