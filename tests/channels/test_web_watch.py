"""Pages see what other processes say: two bots over the same stores, a page open at one of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientWebSocketResponse

from bot.channels.inbound import Inbound
from bot.channels.web.watch import PageWatch
from bot.dialogue.events import Message
from bot.dialogue.store import Contact
from bot.errors import StorageUnavailable
from storage.stores import stores_in_memory
from tests.support.applicants import OFFICE, Browser, Street, open_street


@asynccontextmanager
async def two_processes() -> AsyncIterator[tuple[Street, Street]]:
    """Over the same stores."""
    stores = stores_in_memory()
    async with open_street(stores) as here, open_street(stores) as there:
        yield here, there


@asynccontextmanager
async def page_of(visitor: Browser) -> AsyncIterator[ClientWebSocketResponse]:
    """A page that has caught up."""
    async with visitor.http.ws_connect("/chat/socket", params={"office": OFFICE}) as socket:
        assert (await socket.receive_json(timeout=5))["type"] == "turns"
        yield socket


async def shown(socket: ClientWebSocketResponse) -> list[str]:
    """Ids of the messages in the next news; nothing if none comes."""
    try:
        frame: dict[str, Any] = await socket.receive_json(timeout=0.1)
    except TimeoutError:
        return []
    return [turn["message"]["id"] for turn in frame["turns"]]


async def say(process: Street, visitor: Browser, word: str) -> None:
    """Somebody writes in a page that is open at this process, and is answered as far as it can."""
    contact = Contact("web", visitor.sender, OFFICE)
    await process.bot.turns.hear(Inbound(contact, Message(word, "text", word, process.clock())))
    await process.bot.outbox.close()


def watch_of(process: Street) -> PageWatch:
    """What looks after the pages of a process."""
    bot = process.bot
    return PageWatch(process.door.sender, bot.stores.conversations.said_lately, bot.outbox)


async def test_what_another_process_says_is_shown_once() -> None:
    """At the next look, and never again; then nothing waits for the page any more."""
    async with two_processes() as (here, there), here.passer_by() as visitor:
        await visitor.write("halo")
        watch = watch_of(here)
        async with page_of(visitor) as socket:
            assert await watch.look() == 0  # what was said here stands in the page
            await say(there, visitor, "lagi")
            assert await shown(socket) == []
            assert await watch.look() == 1
            assert await shown(socket) == ["lagi"]
            assert await watch.look() == 0
            assert await shown(socket) == []
            stored = await here.stores.conversations.load(f"web:{OFFICE}:{visitor.sender}")
            assert stored
            assert stored.outbox == ()


async def test_nothing_is_asked_while_no_page_is_open() -> None:
    """A process that serves no page asks the database nothing."""
    async with two_processes() as (here, _):

        async def never(_: timedelta) -> Mapping[str, str]:
            raise AssertionError("asked")

        await PageWatch(here.door.sender, never, here.bot.outbox).look()


async def test_a_silent_database_keeps_nothing_from_the_page() -> None:
    """What could not be asked for is shown at the look after."""
    async with two_processes() as (here, there), here.passer_by() as visitor:
        await visitor.write("halo")
        async with page_of(visitor) as socket:
            down = True

            async def said(within: timedelta) -> Mapping[str, str]:
                if down:
                    raise StorageUnavailable("down")
                return await here.stores.conversations.said_lately(within)

            watch = PageWatch(here.door.sender, said, here.bot.outbox)
            await say(there, visitor, "lagi")
            with pytest.raises(StorageUnavailable):
                await watch.look()
            down = False
            assert await watch.look() == 1
            assert await shown(socket) == ["lagi"]
