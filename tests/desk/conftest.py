"""A desk to sit at: over plain HTTP, quick and new for each test, and in Chromium, one for all."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, async_playwright

from bot.channels.web import WebSender, web_routes
from tests.support.browsers import OpenPage, pages_of
from tests.support.chromium import launched
from tests.support.desk import OFFICE, DeskHouse, open_house
from tests.support.house import House
from tests.support.visitors import freely, visitors
from tests.support.waiting_hall import offices_with_walk_ins

OFFICE_TOO = """\
  jakarta_pusat:
    name: Kantor Jakarta Pusat
    short_name: Jakarta Pusat
    prefix: JKP
"""
RECORDING = """\
title: Setuju dua kali
now: 2026-11-23T09:00+07:00
office: jakarta_pusat
contact: {sender: '6281200000001'}
turns:
  - user: halo
    bot:
      - one v1
  - user: setuju
    bot:
      - two v1
"""

LOOKS = [("phone", "light"), ("desktop", "dark")]
"""Sizes and themes that show all there is to go wrong; for pictures, all four."""

SCREENSHOTS = os.environ.get("ANTRE_SCREENSHOTS")
if SCREENSHOTS:
    LOOKS += [("phone", "dark"), ("desktop", "light")]


@pytest.fixture
async def house() -> AsyncIterator[DeskHouse]:
    """A desk of this test's own."""
    async with open_house() as house:
        yield house


@pytest.fixture(scope="session")
def shared_project(tmp_path_factory: pytest.TempPathFactory) -> House:
    """The small project whose flows the shared house shows: checked in no time, with one recording
    of the office that looks at it.
    """
    house = House.at(tmp_path_factory.mktemp("project"))
    offices = house.folder / "offices.yml"
    offices.write_text(offices.read_text() + OFFICE_TOO)
    house.settings.flows.recordings.mkdir()
    (house.settings.flows.recordings / "agrees.yml").write_text(RECORDING)
    return house


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared_house(shared_project: House) -> AsyncIterator[DeskHouse]:
    """One desk for all tests in Chromium; each leaves it as others can bear.

    Beside it is the project's web chat.
    """
    sender = WebSender()
    bot = shared_project.bot({"web": sender})
    names = {OFFICE: "Jakarta Pusat"}
    chat = web_routes(
        bot.turns,
        bot.outbox,
        bot.stores.conversations.transcript,
        sender,
        names,
        visitors(names),
        freely(),
        lambda: shared_project.now,
    )
    async with open_house(
        offices=offices_with_walk_ins(9),
        settings=shared_project.settings,
        versions=shared_project.versions,
        stores=shared_project.stores,
        refresh=bot.library.refresh,
        beside=chat,
    ) as house:
        yield house
        await sender.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """Debian's Chromium, started once.

    A test in it runs in the session's loop: ``@pytest.mark.asyncio(loop_scope="session")``.
    """
    async with async_playwright() as playwright, launched(playwright) as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(chromium: Browser, shared_house: DeskHouse) -> AsyncIterator[OpenPage]:
    """What opens pages, each in a browser of its own, signed in if a login is given:
    ``page = await open_page("counter", size="phone", theme="dark")``.

    No browser may have complained by the end.
    """
    async with pages_of(chromium, shared_house.url) as open_one:
        yield open_one


@pytest.fixture(scope="session")
def shoot() -> Callable[[Page, str], Awaitable[None]]:
    """Keeps a picture of a whole page in the folder ``ANTRE_SCREENSHOTS``, if that is set."""

    async def shot(page: Page, name: str) -> None:
        if SCREENSHOTS:
            await page.screenshot(path=Path(SCREENSHOTS) / f"{name}.png", full_page=True)

    return shot


async def barriers(page: Page) -> list[str]:
    """What axe finds that keeps people out: its serious and critical violations."""
    found = (await Axe().run(page)).response["violations"]
    return [
        f"{each['id']}: {each['help']}: {node['html']}"
        for each in found
        if each["impact"] in {"serious", "critical"}
        for node in each["nodes"]
    ]
