"""Reports in a real browser: last month, a plot and its table, and the file for Excel."""

from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from random import Random

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from tests.desk.conftest import LOOKS, OpenPage, barriers
from tests.reports.test_sums import turns
from tests.support.desk import OFFICE, DeskHouse
from tests.support.month import Month

pytestmark = pytest.mark.asyncio(loop_scope="session")

Shoot = Callable[[Page, str], Awaitable[None]]
WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
ON_PAPER = {"width": 703, "height": 1000}
"""The pixels of an A4 page between its margins."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def last_month(shared_house: DeskHouse) -> None:
    """Two weeks of October, months before what other tests look at."""
    office = next(each for each in shared_house.desk.offices() if each.id == OFFICE)
    month = Month(office, shared_house.stores, Random(3))
    month.people = 70_000_000  # others book in this house, too, with small numbers
    await month.play(date(2026, 10, 5), date(2026, 10, 16))
    records = [
        {**each, "office": OFFICE, "at": each["at"].replace(month=10)} for each in turns(Random(4))
    ]
    await shared_house.stores.conversations.copy_journal(records)


@pytest.mark.usefixtures("last_month")
@pytest.mark.parametrize(("size", "theme"), LOOKS)
async def test_everybody_can_read_it(
    open_page: OpenPage, shoot: Shoot, size: str, theme: str
) -> None:
    """Plots and heat maps pass axe with their tables open; nothing is cut, on paper too."""
    page = await open_page("supervisor", size=size, theme=theme)
    await page.goto("/desk/reports?from=2026-10-12&to=2026-10-16")
    await expect(page.get_by_role("img", name="Apa jadinya antrean")).to_be_visible()
    await shoot(page, f"reports-{theme}-{size}")
    await page.evaluate("dispatchEvent(new Event('beforeprint'))")
    await expect(page.get_by_role("table").first).to_be_visible()
    assert await barriers(page) == []
    assert await page.evaluate(WIDE) == 0, "must be scrolled sideways"
    await page.emulate_media(media="print")
    await page.set_viewport_size(ON_PAPER)
    assert await page.evaluate(WIDE) == 0, "does not fit on A4"
    await shoot(page, f"reports-paper-{theme}-{size}")


@pytest.mark.usefixtures("last_month")
async def test_last_month_as_a_file(open_page: OpenPage, tmp_path: Path) -> None:
    """By the keyboard: choose last month, open the figures of a plot, and take them along."""
    page = await open_page("supervisor")
    await page.get_by_role("link", name="Laporan").press("Enter")
    await page.get_by_role("link", name="Bulan lalu").press("Enter")
    await expect(page.get_by_role("link", name="Bulan lalu")).to_have_attribute(
        "aria-current", "true"
    )
    await page.get_by_text("Tabel: Apa jadinya antrean").press("Enter")
    row = page.get_by_role("row", name="Senin, 5 Oktober 2026")
    served = await row.get_by_role("cell").first.inner_text()
    assert await page.locator(
        "g.column title", has_text="Senin, 5 Oktober 2026"
    ).first.text_content()
    async with page.expect_download() as waiting:
        await (
            page.locator("section", has_text="Apa jadinya antrean")
            .get_by_role("link", name="Excel")
            .press("Enter")
        )
    download = await waiting.value
    assert download.suggested_filename == f"{OFFICE}-day-2026-10-01-2026-10-31.csv"
    await download.save_as(tmp_path / "laporan.csv")
    lines = (tmp_path / "laporan.csv").read_text(encoding="utf-8-sig").splitlines()
    names = lines[0].split(";")
    day = next(line.split(";") for line in lines if line.startswith("2026-10-05"))
    assert day[names.index("served")] == served
    await page.get_by_label("Dari", exact=True).fill("2026-10-12")
    await page.get_by_label("Sampai", exact=True).fill("2026-10-12")
    await page.get_by_label("Per", exact=True).select_option("hour")
    await page.get_by_role("button", name="Tampilkan").press("Enter")
    await expect(page.get_by_text("Senin, 12 Oktober 2026").first).to_be_visible()
