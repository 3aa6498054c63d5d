"""The applicants' page over a whole bot, behind a real server, with a clock that is set by hand."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from html import unescape
from random import Random
from typing import Any

from aiohttp import ClientResponse, ClientSession, ClientWebSocketResponse, CookieJar, web
from aiohttp.test_utils import TestServer

from bot.app import Bot, assemble
from bot.booking.barcode import barcode_png
from bot.channels.inbound import Sender
from bot.channels.media import media_routes
from bot.channels.web import Crowd
from bot.channels.web.visitor import sender_of
from bot.desk.csrf import new_token
from bot.desk.house import Desk
from bot.desk.passwords import Passwords
from bot.desk.routes import mount
from bot.doors import OfficeNames
from bot.rehearsing.taking import recorder_of
from bot.settings import Settings
from bot.share import ALONE
from bot.staff_door import desk_over
from bot.stores import Stores
from bot.web_door import FREELY, WebDoor, crowd_of, proving_of
from storage.desk import desk_stores_in_memory
from storage.stores import stores_in_memory
from tests.support.desk import HASHER
from tests.support.office_door import definitions
from tests.support.room import RoomHere

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
"""Tuesday, 9.00 in Jakarta."""

OFFICE = "jakarta_pusat"
DAY = "2026-11-30"
"""A Monday that may be booked."""

TOKEN = re.compile(r'name="csrf" value="([^"]+)"')
KEY = re.compile(r'name="key" value="([^"]+)"')
SEAT = re.compile(r'name="seat" value="([^"]+)"')


class SetClock:
    """Time that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def wait(self, **time: float) -> None:
        """Let time pass."""
        self.now += timedelta(**time)


@dataclass
class Street:
    """A served page, and the bot behind it."""

    bot: Bot
    desk: Desk
    door: WebDoor
    url: str
    clock: SetClock

    @property
    def stores(self) -> Stores:
        """The bot's."""
        return self.bot.stores

    @asynccontextmanager
    async def passer_by(self) -> AsyncIterator[Browser]:
        """A browser of its own."""
        jar = CookieJar(unsafe=True)
        origin = {"Origin": self.url}
        async with ClientSession(self.url, headers=origin, cookie_jar=jar) as http:
            yield Browser(http)


@dataclass
class Browser:
    """A browser that follows no redirect by itself."""

    http: ClientSession
    read: str = ""

    async def get(self, path: str) -> ClientResponse:
        """Ask for a page; what came is read."""
        answer = await self.http.get(path, allow_redirects=False)
        self.read = unescape(await answer.text())
        return answer

    async def text(self, path: str) -> str:
        """A page that can be had, as people read it."""
        answer = await self.get(path)
        assert answer.status == 200, f"{path}: {answer.status}"
        return self.read

    async def post(
        self, path: str, headers: Mapping[str, str] | None = None, /, **fields: str
    ) -> ClientResponse:
        """Send the form of the page that was read last."""
        found = TOKEN.search(self.read)
        token = found[1] if found else ""
        data = {"csrf": token, **fields}
        answer = await self.http.post(path, data=data, headers=headers, allow_redirects=False)
        self.read = unescape(await answer.text()) or self.read
        return answer

    @property
    def key(self) -> str:
        """What the form read last carries so that it counts once."""
        found = KEY.search(self.read)
        assert found, "no form with a key"
        return found[1]

    @property
    def cookie(self) -> str:
        """The visitor's cookie."""
        held = {cookie.key: cookie.value for cookie in self.http.cookie_jar}
        return held.get("antre_visitor", "")

    @property
    def sender(self) -> str:
        """What they are known by."""
        return sender_of(self.cookie)

    async def choose(self, office: str = OFFICE, day: str = DAY) -> ClientResponse:
        """Go on in the chat with a date."""
        await self.text(f"/offices/{office}/{day}")
        return await self.post(f"/offices/{office}/choose", key=self.key, day=day)

    async def said(self, office: str = OFFICE) -> list[str]:
        """All that the bot said in the chat."""
        answer = await self.http.get("/chat/history", params={"office": office})
        turns = (await answer.json())["turns"]
        return [reply["text"] for turn in turns for reply in turn["replies"]]

    async def write(self, *texts: str, office: str = OFFICE) -> list[dict[str, Any]]:
        """Write in the chat, one after the other; the replies of the last one."""
        if not self.cookie:
            await self.get("/chat")
        async with self.http.ws_connect("/chat/socket", params={"office": office}) as socket:
            await socket.receive_json(timeout=5)
            replies: list[dict[str, Any]] = []
            for text in texts:
                said = {"id": new_token(), "kind": "text", "text": text}
                await socket.send_json(said)
                replies = await _answers(socket, said["id"])
            return replies

    async def book(
        self, name: str = "Rina Fiktif", born: str = "17-08-1990", day: str = DAY
    ) -> str:
        """Register for a date; the booking code."""
        await self.choose(day=day)
        replies = await self.write(f"{name}, lahir {born}", "oke setuju")
        [code] = [reply["barcode"] for reply in replies if reply.get("barcode")]
        return str(code)


async def _answers(socket: ClientWebSocketResponse, message_id: str) -> list[dict[str, Any]]:
    """What was answered to a message, once it is acknowledged."""
    acknowledged, replies = False, None
    while not acknowledged or replies is None:
        frame = await socket.receive_json(timeout=5)
        assert frame["type"] != "error", frame["text"]
        acknowledged = acknowledged or frame["type"] == "ack"
        for turn in frame.get("turns", ()):
            if (turn["message"] or {}).get("id") == message_id:
                replies = turn["replies"]
    return list(replies)


@asynccontextmanager
async def open_street(
    stores: Stores | None = None, *, whatsapp: Sender | None = None, **web_settings: int
) -> AsyncIterator[Street]:
    """Serve the page; empty stores in memory unless some are given.

    Args:
        whatsapp: delivers there; nothing is delivered without.
        web_settings: of section ``web``, which then counts as at an office.
    """
    settings = Settings.model_validate({"web": web_settings})
    clock, stores = SetClock(), stores or stores_in_memory()
    crowd = crowd_of(settings, ALONE) if web_settings else Crowd(FREELY, time.monotonic)
    door = WebDoor(crowd, secure=False)
    senders = {"web": door.sender, **({"whatsapp": whatsapp} if whatsapp else {})}
    bot = assemble(
        definitions(),
        settings,
        stores=stores,
        clock=clock,
        random=Random(1),
        senders=senders,
    )
    kept = desk_stores_in_memory()
    names = OfficeNames(bot)
    proving = proving_of(bot, whatsapp, clock, "") if whatsapp else None
    applicants = door.applicants(bot, bot.turns, names, clock, proving)
    room, passwords = RoomHere(settings), Passwords(HASHER)
    record = recorder_of(bot, settings, None)
    desk = desk_over(bot, kept, passwords, room, settings, clock, applicants, record)
    desk = replace(desk, secure=False)
    app = web.Application(middlewares=[door.guard])
    app.add_routes(door.routes(bot, bot.turns, names, clock))
    app.add_routes(media_routes(barcode_png, _nothing))
    mount(app, desk)
    async with TestServer(app) as server:
        yield Street(bot, desk, door, str(server.make_url("/")).rstrip("/"), clock)
        await door.leave()


async def _nothing(_: str) -> bytes | None:
    """There are no pictures."""
    return None
