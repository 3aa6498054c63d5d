"""The way of a conversation in a real browser: stepped through by keys, drawn, readable."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Page, expect

from bot.dialogue.store import Contact
from tests.desk.conftest import LOOKS, OpenPage, barriers
from tests.support.desk import OFFICE, DeskHouse
from tests.support.inspected import Talker

pytestmark = pytest.mark.asyncio(loop_scope="session")

Shoot = Callable[[Page, str], Awaitable[None]]
WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize(("size", "theme"), LOOKS)
async def test_it_can_be_read_by_everybody(
    open_page: OpenPage, shared_house: DeskHouse, shoot: Shoot, size: str, theme: str
) -> None:
    """Near and whole, a turn keeps nobody out: axe finds nothing, nothing is cut."""
    talker = Talker(shared_house, Contact("whatsapp", f"62812000{len(size + theme):05}", OFFICE))
    await talker.books()
    page = await open_page("supervisor", size=size, theme=theme)
    for name, query in {"near": "", "whole": "?turn=3&whole", "wrong": "?turn=4"}.items():
        await page.goto(f"{talker.path}{query}")
        await shoot(page, f"inspect-{name}-{theme}-{size}")
        assert await barriers(page) == [], name
        assert await page.evaluate(WIDE) == 0, f"{name} must be scrolled sideways"


async def test_stepping(open_page: OpenPage, shared_house: DeskHouse) -> None:
    """Arrow keys lead from turn to turn, each at its own address; the picture is brought to where
    the conversation stands, and is zoomed by key.
    """
    talker = Talker(shared_house, Contact("whatsapp", "6281200000078", OFFICE))
    await talker.books()
    page = await open_page("supervisor")
    await page.goto(f"{talker.path}?turn=4")
    await page.keyboard.press("ArrowRight")
    await page.wait_for_url("**/inspect?turn=5")
    await expect(page.locator("svg .here .title")).to_be_in_viewport()
    before = await page.locator(".picture svg").bounding_box()
    await page.locator(".picture").press("+")
    after = await page.locator(".picture svg").bounding_box()
    assert before
    assert after
    assert after["width"] > before["width"]
    await page.locator("h1").click()
    await page.keyboard.press("ArrowLeft")
    await page.wait_for_url("**/inspect?turn=4")
