"""Live pages: the latest state to whoever follows, nobody who may not, and an end at shutdown."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import ClientResponse, web

from bot.desk.roles import EVERYBODY
from bot.desk.route import StaffRoute
from bot.desk.routes import TABLE
from bot.desk.streams import Mailbox, Streams
from bot.desk.visit import StaffVisit
from bot.errors import StorageUnavailable
from tests.support.desk import OTHER, DeskHouse, Visitor, open_house


class Board:
    """What a live page shows, and how often it was looked at."""

    def __init__(self) -> None:
        self.number: object = 0
        self.looks = 0

    async def look(self) -> object:
        """The number; or a failure, if that is what it is."""
        self.looks += 1
        if isinstance(self.number, Exception):
            raise self.number
        return {"number": self.number}


@asynccontextmanager
async def live_house(board: Board, streams: Streams | None = None) -> AsyncIterator[DeskHouse]:
    """A desk with one live page."""

    async def live(visit: StaffVisit) -> web.StreamResponse:
        return await visit.stream(f"board/{visit.office.id}", board.look)

    table = (*TABLE, StaffRoute("GET", "/desk/board/live", EVERYBODY, live, live=True))
    async with open_house(table=table, streams=streams) as house:
        yield house


@asynccontextmanager
async def following(visitor: Visitor) -> AsyncIterator[ClientResponse]:
    """The stream, opened."""
    async with visitor.http.get("/desk/board/live") as stream:
        assert stream.status == 200
        assert stream.content_type == "text/event-stream"
        yield stream


async def told(stream: ClientResponse, wanted: str) -> str:
    """The next event that begins with ``wanted``."""
    async with asyncio.timeout(5):
        while True:
            line = (await stream.content.readuntil(b"\n\n")).decode().strip()
            if line.startswith(wanted):
                return line


async def test_pages_follow_what_happens() -> None:
    """The state comes at once and with each change; many pages cost one look a pause."""
    board = Board()
    async with live_house(board) as house, house.visitor("counter") as visitor:
        async with following(visitor) as one, following(visitor) as other:
            assert await told(one, "data") == 'data: {"number":0}'
            board.number = 7
            for stream in (one, other):
                while await told(stream, "data") != 'data: {"number":7}':
                    pass
            assert house.desk.streams.open == 2
            assert "no-store" in one.headers["Cache-Control"]
            assert "default-src 'self'" in one.headers["Content-Security-Policy"]
        await asyncio.sleep(0.3)
        assert house.desk.streams.open == 0
        looks = board.looks
        await asyncio.sleep(0.1)
        assert board.looks == looks, "nobody follows, nobody looks"


async def test_a_change_here_is_told_at_once() -> None:
    """A nudge does not wait for the next look."""
    board = Board()
    async with (
        live_house(board, Streams(pause=60, heartbeat=60)) as house,
        house.visitor("counter") as visitor,
        following(visitor) as stream,
    ):
        await told(stream, "data")
        board.number = 8
        house.desk.streams.nudge("board/jakarta_pusat")
        assert await told(stream, "data") == 'data: {"number":8}'


@pytest.mark.parametrize("failure", [StorageUnavailable("down"), ValueError("our mistake")])
async def test_a_look_that_fails_is_made_again(failure: Exception) -> None:
    """While the database is away the stream stays open, and goes on when it is back."""
    board = Board()
    async with (
        live_house(board) as house,
        house.visitor("counter") as visitor,
        following(visitor) as stream,
    ):
        await told(stream, "data")
        board.number = failure
        await told(stream, ": here")
        board.number = 9
        assert await told(stream, "data") == 'data: {"number":9}'


async def test_who_is_signed_out_is_told_no_more() -> None:
    """Following keeps nobody signed in, and a session that ends, ends its streams."""
    board = Board()
    async with live_house(board) as house:
        async with house.visitor("counter") as visitor, following(visitor) as stream:
            await told(stream, "data")
            house.wait(minutes=31)
            assert await told(stream, "event") == "event: ended\ndata: {}"
            assert (await visitor.get("/desk/board/live")).status == 401
        async with house.visitor("counter") as visitor, following(visitor) as stream:
            await told(stream, "data")
            await house.kept.sessions.end_all("counter")
            assert await told(stream, "event") == "event: ended\ndata: {}"


async def test_who_looks_at_another_office_is_shown_that() -> None:
    """A stream of the office before ends, so that its page is loaded anew."""
    board = Board()
    async with (
        live_house(board) as house,
        house.visitor("two") as visitor,
        following(visitor) as stream,
    ):
        await told(stream, "data")
        assert (await visitor.post("/desk/office", office=OTHER)).status == 303
        assert await told(stream, "event") == "event: ended\ndata: {}"


async def test_too_many_are_asked_to_come_back() -> None:
    """Beyond what a process bears a stream is refused, with when to try again."""
    async with (
        live_house(Board(), Streams(pause=1, heartbeat=1, most=1)) as house,
        house.visitor("counter") as visitor,
        following(visitor) as stream,
    ):
        await told(stream, "data")
        refused = await visitor.get("/desk/board/live")
        assert refused.status == 503
        assert refused.headers["Retry-After"]


async def test_a_server_that_stops_ends_them() -> None:
    """Closing does not wait for pages to leave."""
    board = Board()
    async with (
        live_house(board, Streams(pause=60, heartbeat=60)) as house,
        house.visitor("counter") as visitor,
        following(visitor) as stream,
    ):
        await told(stream, "data")
        await house.desk.streams.close()
        async with asyncio.timeout(5):
            assert await stream.content.read() == b""
        assert (await visitor.get("/desk/board/live")).status == 503


async def test_who_reads_slowly_gets_the_latest() -> None:
    """A page that was busy is told how things stand, not all that has been."""
    mailbox = Mailbox()
    for number in range(1000):
        mailbox.put(b"%d" % number)
    assert await mailbox.take(1) == b"999"
    with pytest.raises(TimeoutError):
        await mailbox.take(0.01)
