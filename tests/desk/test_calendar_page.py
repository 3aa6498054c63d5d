"""The calendar in a real browser: closing a date as a supervisor does, in both themes and sizes."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Page, expect

from bot.desk.figures import FRESH
from tests.desk.conftest import LOOKS, OpenPage, barriers
from tests.desk.test_calendar import book, carry_out
from tests.support.desk import DeskHouse

pytestmark = pytest.mark.asyncio(loop_scope="session")

Shoot = Callable[[Page, str], Awaitable[None]]
WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
EFFECT = "/desk/calendar/2026-11-25/change?step=closed&reason=Arsip&move=yes"


@pytest.mark.parametrize(("size", "theme"), LOOKS)
async def test_pages_can_be_read_by_everybody(
    open_page: OpenPage, shoot: Shoot, size: str, theme: str
) -> None:
    """Month, day and effect keep nobody out: contrast, names and order pass axe; nothing is cut."""
    page = await open_page("supervisor", size=size, theme=theme)
    pages = {"month": "", "day": "/2026-11-25", "effect": EFFECT.removeprefix("/desk/calendar")}
    for name, path in pages.items():
        await page.goto(f"/desk/calendar{path}")
        await shoot(page, f"calendar-{name}-{theme}-{size}")
        assert await barriers(page) == [], name
        assert await page.evaluate(WIDE) == 0, f"{name} must be scrolled sideways"


async def test_a_date_is_closed_and_opened_again(
    open_page: OpenPage, shared_house: DeskHouse
) -> None:
    """A month that follows, to the day, its effect, the deed and back, by keyboard and mouse."""
    page = await open_page("supervisor", size="phone")
    await page.get_by_role("link", name="Kalender").click()
    figure = page.locator("[data-figure='2026-11-27/pagi']")
    await expect(figure).to_have_text("0/150")
    for number in (1, 2, 3):
        await book(shared_house, number)
    shared_house.wait(seconds=FRESH.total_seconds() + 1)
    await expect(figure).to_have_text("3/150")  # by itself
    await page.get_by_role("link", name="Jumat, 27 November 2026").click()
    await page.get_by_label("Alasan (pemohon membacanya)").fill("Pemadaman listrik")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("3 booking terkena")).to_be_visible()
    await page.get_by_role("button", name="Kerjakan").press("Enter")
    await expect(page.get_by_text("sedang dipindahkan")).to_be_visible()
    await carry_out(shared_house)
    await expect(page.get_by_text("Selesai dikerjakan: 3 booking dipindah")).to_be_visible()
    await page.get_by_role("button", name="Lihat akibatnya dulu").click()
    await page.get_by_role("button", name="Kerjakan").click()
    await carry_out(shared_house)
    await expect(page.get_by_role("heading", name="Tutup tanggal")).to_be_visible()
    await page.get_by_role("button", name="English").click()
    await expect(page.get_by_role("heading", name="Close the date")).to_be_visible()
