"""A desk in memory behind a real server, and browsers without a window to sit at it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from html import unescape
from pathlib import Path
from random import Random
from typing import cast

from aiohttp import ClientResponse, ClientSession, CookieJar, web
from aiohttp.test_utils import TestServer
from argon2 import PasswordHasher

from bot.attending import Attending
from bot.booking.office import Offices, load_offices
from bot.booking.queue import Queue
from bot.day_desk import DayDesk
from bot.definitions import load_code
from bot.desk.accounts import Account
from bot.desk.house import DemoLogin, Desk
from bot.desk.kept import DeskStores
from bot.desk.passwords import Passwords
from bot.desk.rehearsals import Rehearsals
from bot.desk.roles import EVERY_OFFICE, Role
from bot.desk.room import Room
from bot.desk.route import Route
from bot.desk.routes import TABLE, mount
from bot.desk.streams import Streams
from bot.desk.throttle import Throttle
from bot.desk.waiting import WaitingCount
from bot.dialogue.versions import Files, VersionStore, files_in
from bot.drafting.completing import Lexicon
from bot.drafting.open_count import OpenCount
from bot.drafting.workshop import Workshop
from bot.errors import AntreError
from bot.inspecting.inspector import Inspector
from bot.replay.recorder import public_text
from bot.reports.remembered import Remembered
from bot.settings import Flows, Settings
from bot.stores import Stores
from bot.turn import Turns
from storage.desk import desk_stores_in_memory
from storage.memory import MemoryVersions
from storage.stores import stores_in_memory
from tests.support.room import RoomHere, shipped_settings

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
"""Tuesday, 9.00 in Jakarta."""

OFFICE = "jakarta_pusat"
OTHER = "bogor"
ENDS = frozenset({"passport_guided.booked", "cancel.cancelled"})
"""States in which the desk takes a dialogue for ended."""

PASSWORD = "kopi pagi di loket"
HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
TOKEN = re.compile(r'name="csrf" value="([^"]+)"')


@cache
def shipped_offices() -> Offices:
    """Those of the project."""
    return load_offices(Path(__file__).parents[2] / "flows" / "offices.yml")


async def shipped_texts(version: str) -> Files | None:
    """Of the project's flows, under whatever version but one that is gone."""
    folder = Path(__file__).parents[2] / "flows"
    return None if version == "gone" else files_in(folder, ("id", "en"))


@cache
def shipped_public() -> str:
    """What everybody is told."""
    return public_text(Path(__file__).parents[2] / "flows")


@cache
def password_hash() -> str:
    """Of :data:`PASSWORD`, made once."""
    return HASHER.hash(PASSWORD)


def account(login: str, roles: Mapping[str, frozenset[Role]]) -> Account:
    """Somebody who signs in with :data:`PASSWORD`."""
    return Account(login, f"{login.title()} Contoh", password_hash(), roles)


ACCOUNTS = (
    *(account(role.value, {OFFICE: frozenset({role})}) for role in Role),
    account("everywhere", {EVERY_OFFICE: frozenset({Role.ADMIN})}),
    account("two", {OFFICE: frozenset({Role.COUNTER}), OTHER: frozenset({Role.SUPERVISOR})}),
    account("elsewhere", {OTHER: frozenset(Role)}),
    account("idle", {}),
)
"""One login a role at :data:`OFFICE`, and some more."""


@dataclass
class DeskHouse:
    """A served desk whose clock is set by hand."""

    desk: Desk
    url: str
    moment: datetime = NOW

    @property
    def stores(self) -> Stores:
        """The bot's."""
        return self.desk.stores

    @property
    def kept(self) -> DeskStores:
        """The desk's own."""
        return self.desk.kept

    def wait(self, **time: float) -> None:
        """Let time pass."""
        self.moment += timedelta(**time)

    @asynccontextmanager
    async def visitor(self, login: str = "", **headers: str) -> AsyncIterator[Visitor]:
        """A browser of its own, signed in if a login is given."""
        origin = {"Origin": self.url, **headers}
        jar = CookieJar(unsafe=True)
        async with ClientSession(self.url, headers=origin, cookie_jar=jar) as http:
            visitor = Visitor(http)
            if login:
                answer = await visitor.sign_in(login)
                assert answer.status == 303, f"{login} was not let in"
            yield visitor


@dataclass
class Visitor:
    """A browser that follows no redirect by itself."""

    http: ClientSession

    async def get(self, path: str, **headers: str) -> ClientResponse:
        """Ask for a page; what came is read."""
        answer = await self.http.get(path, allow_redirects=False, headers=headers)
        await answer.read()
        return answer

    async def text(self, path: str) -> str:
        """A page that can be had, as people read it."""
        answer = await self.get(path)
        assert answer.status == 200, f"{path}: {answer.status}"
        return unescape(await answer.text())

    async def post(self, path: str, token: str | None = None, **fields: str) -> ClientResponse:
        """Send a form with the token of the last page, unless another is given."""
        if token is None:
            token = await self.token()
        answer = await self.http.post(path, data={"csrf": token, **fields}, allow_redirects=False)
        await answer.read()
        return answer

    async def token(self) -> str:
        """What forms carry now."""
        for path in ("/desk/password", "/desk/sign-in"):
            found = TOKEN.search(await (await self.get(path)).text())
            if found:
                return found[1]
        raise AssertionError("no page with a form")

    async def sign_in(self, login: str, password: str = PASSWORD, **fields: str) -> ClientResponse:
        """Fill in the sign-in page."""
        return await self.post("/desk/sign-in", login=login, password=password, **fields)

    def cookie(self) -> str:
        """The session's id as the browser holds it."""
        held = {cookie.key: cookie.value for cookie in self.http.cookie_jar}
        return held.get("antre_desk") or held.get("__Host-antre_desk") or ""


class SetClock:
    """Asks a house what time it is; the house is told of later."""

    house: DeskHouse | None = None

    def __call__(self) -> datetime:
        """Its moment."""
        return self.house.moment if self.house else NOW


async def shipped_words() -> Lexicon:
    """What flows may name without any code of a project's own."""
    code = load_code(Flows())
    return Lexicon(code.actions, code.slot_types, frozenset({"approve", "reject"}), frozenset())


async def nothing_to_refresh() -> None:
    """For a desk without a bot beside it."""


async def nothing_to_record(conversation: str) -> str:
    """For a desk without a bot beside it."""
    raise AntreError(f"nobody can record {conversation}")


@asynccontextmanager
async def open_house(
    stores: Stores | None = None,
    kept: DeskStores | None = None,
    *,
    secure: bool = False,
    streams: Streams | None = None,
    table: Sequence[Route] = TABLE,
    offices: Offices | None = None,
    demo: Sequence[DemoLogin] = (),
    room: Room | None = None,
    settings: Settings | None = None,
    versions: VersionStore | None = None,
    refresh: Callable[[], Awaitable[None]] = nothing_to_refresh,
    attending: Attending | None = None,
    record: Callable[[str], Awaitable[str]] = nothing_to_record,
    beside: Sequence[web.RouteDef] = (),
) -> AsyncIterator[DeskHouse]:
    """Serve a desk with :data:`ACCOUNTS`; empty stores in memory, the project's offices, and drafts
    of the project's flows tried out in this process, unless others are given.

    Args:
        beside: what else the server answers.
    """
    settings, versions = settings or shipped_settings(), versions or MemoryVersions()
    room = room or RoomHere(settings)
    stores, kept = stores or stores_in_memory(), kept or desk_stores_in_memory()
    for each in ACCOUNTS:
        await kept.accounts.save(replace(each))
    clock, here = SetClock(), offices or shipped_offices()
    queue = Queue(here, stores.seats)
    rehearsals = Rehearsals(room, kept.runs, clock)
    desk = Desk(
        stores=stores,
        kept=kept,
        offices=lambda: here,
        queue=lambda: queue,
        days=lambda office: DayDesk(here, office, stores, Random(4)),
        clock=clock,
        passwords=Passwords(HASHER),
        throttle=Throttle(kept.attempts),
        room=room,
        rehearsals=rehearsals,
        inspector=Inspector(stores.conversations, shipped_texts, lambda: here, shipped_public),
        workshop=Workshop(
            versions=versions,
            drafts=kept.drafts,
            settings=settings.flows,
            checks=room,
            open_on=OpenCount(versions, stores.conversations.standing, clock),
            serving=lambda: "of-the-folder",
            recordings=kept.recordings,
            refresh=refresh,
            objections=rehearsals.objections,
            words=shipped_words,
        ),
        attending=attending or Attending(cast(Turns, None)),
        record=record,
        waiting=WaitingCount(stores.inbox, monotonic=lambda: clock().timestamp()),
        reports=Remembered(stores, lambda: ENDS),
        secure=secure,
        demo=demo,
        streams=streams or Streams(pause=0.02, heartbeat=0.05),
    )
    app = web.Application()
    mount(app, desk, table)
    app.add_routes(beside)
    async with TestServer(app) as server:
        house = DeskHouse(desk, str(server.make_url("/")).rstrip("/"))
        clock.house = house
        yield house
