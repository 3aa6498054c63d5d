"""Trying a draft out in a real browser: the side chat beside the text, and a recording that turns
red.
"""

import re
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Page, expect

from tests.desk.conftest import LOOKS, OpenPage, barriers
from tests.desk.test_flows_page import WIDE, begun, clean, replaced
from tests.support.desk import DeskHouse

pytestmark = pytest.mark.asyncio(loop_scope="session")

Shoot = Callable[[Page, str], Awaitable[None]]


async def say(page: Page, words: str, turns: int) -> None:
    """Say something in the side chat, and wait until there are so many turns."""
    await page.get_by_label("Tulis sebagai pemohon").fill(words)
    await page.keyboard.press("Enter")
    await expect(page.locator(".turn")).to_have_count(turns)


@pytest.mark.parametrize(("size", "theme"), LOOKS)
async def test_pages_can_be_read_by_everybody(
    open_page: OpenPage, shared_house: DeskHouse, shoot: Shoot, size: str, theme: str
) -> None:
    """The side chat beside the text, and a replay that found something pass axe."""
    page = await open_page("editor", size=size, theme=theme)
    place = await begun(page, "Salam")
    await page.goto(f"{place}/replies/id.yml")
    await page.get_by_role("button", name="Coba bicara").click()
    await say(page, "halo", 1)
    await replaced(page, "one v1", "satu")
    await expect(page.locator(".turn.changed")).to_contain_text("satu")
    await expect(page.locator("#state")).to_contain_text("Tersimpan")
    await shoot(page, f"talk-aside-{theme}-{size}")
    assert await barriers(page) == []
    await page.goto(f"{place}/replay")
    await page.get_by_role("button", name="Putar ulang sekarang").click()
    await expect(page.locator(".results .red")).to_have_count(1)
    await shoot(page, f"replay-{theme}-{size}")
    assert await barriers(page) == []
    assert await page.evaluate(WIDE) == 0
    await clean(shared_house)


async def test_a_recording_turns_red_and_is_updated(
    open_page: OpenPage, shared_house: DeskHouse
) -> None:
    """An editor talks to the text as it is typed, sees which turn it changes, sees the recording
    that differs, reads what would be written into it, and has it in the draft.
    """
    page = await open_page("editor")
    place = await begun(page, "Lebih singkat")
    await page.goto(f"{place}/replies/id.yml")
    await page.get_by_role("button", name="Coba bicara").focus()
    await page.keyboard.press("Enter")
    await say(page, "halo", 1)
    await say(page, "setuju", 2)
    told = page.locator(".turn").nth(1)
    await expect(told).to_contain_text("two ")
    text = await page.locator("#text").input_value()
    mark = next(line for line in text.splitlines() if line.startswith("two: "))
    await replaced(page, mark, "two: kedua")
    await expect(page.locator(".turn.changed")).to_have_count(1)
    await expect(told).to_contain_text("kedua")
    await expect(told).to_contain_text("berubah")
    await page.keyboard.press("Control+s")
    await expect(page.locator("#state")).to_contain_text("Tersimpan")
    await page.goto(place)
    await page.get_by_role("link", name="Putar ulang").click()
    await page.get_by_role("button", name="Putar ulang sekarang").click()
    red = page.locator(".results .red")
    await expect(red).to_contain_text("kedua")
    await red.get_by_role("link", name=re.compile("Perbarui")).click()
    await expect(page.locator("tr.added").last).to_contain_text("kedua")
    await page.get_by_role("button", name=re.compile("Simpan 1 rekaman")).click()
    await expect(page.locator(".results .red")).to_have_count(0)
    await expect(page.locator(".results .green")).to_have_count(1)
    await page.get_by_role("button", name=re.compile("Urungkan")).click()
    await expect(page.get_by_text("draf sudah berubah sejak itu")).to_be_visible()
    await clean(shared_house)
