"""A person at the demo's page, in a real browser, with the real bot behind it."""

import os
import re
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright, expect

from tests.end_to_end.conftest import House
from tests.support.chromium import ARGUMENTS, CHROMIUM
from tests.support.service import Service

pytestmark = pytest.mark.skipif(
    not CHROMIUM.exists() and os.environ.get("CI") != "true",
    reason=f"no browser at {CHROMIUM}; apt-get install chromium",
)


@pytest.fixture
async def demo(house: House, data: Path) -> Service:
    """The demo as `make run` starts it."""
    return await house.start("demo", "--data", str(data))


async def write(page: Page, text: str) -> None:
    """Type a message and press Enter."""
    await page.get_by_label("Tulis pesan").fill(text)
    await page.keyboard.press("Enter")


async def sign_in_as_shown(page: Page) -> None:
    """The page shows a login for the staff desk, which opens beside it and lets it in."""
    shown = page.locator(".staff dd").first.locator("code")
    await expect(shown).to_have_count(2)
    login, password = await shown.all_inner_texts()
    async with page.expect_popup() as opening:
        await page.get_by_role("link", name="Buka meja petugas").click()
    desk = await opening.value
    await desk.get_by_label("Nama pengguna").fill(login)
    await desk.get_by_label("Kata sandi").fill(password)
    await desk.keyboard.press("Enter")
    await expect(desk.get_by_role("heading", name="Antrean hari ini")).to_be_visible()
    await desk.close()


async def close_the_day_of(page: Page, url: str) -> None:
    """On the start page, with both sides: a supervisor closes the date, and the chat is told."""
    told = await page.locator(".bubble", has_text="Booking antrean paspor").last.inner_text()
    booked = re.search(r"Tanggal: (\w+, \d+ \w+ \d{4})", told)
    assert booked, told
    await page.goto(f"{url}/desk/demo")
    chat, desk = page.frame_locator("iframe >> nth=0"), page.frame_locator("iframe[name=desk]")
    await chat.get_by_role("link", name="Jakarta Pusat").click()
    await desk.get_by_role("button", name="Keluar").click()
    await desk.get_by_role("button", name="Masuk: Penyelia").click()
    await desk.get_by_role("link", name="Kalender").click()
    await expect(desk.get_by_role("link", name="Kalender")).to_have_attribute(
        "aria-current", "page"
    )
    day = desk.get_by_role("link", name=booked[1])
    if not await day.count():
        await desk.locator("a[rel=next]").click()
    await day.click()
    await desk.get_by_label("Alasan (pemohon membacanya)").fill("Banjir")
    await desk.get_by_label("Alasan (pemohon membacanya)").press("Enter")
    await desk.get_by_role("button", name="Kerjakan").click()
    await expect(desk.get_by_text("1 booking dipindah")).to_be_visible(timeout=20_000)
    await expect(chat.get_by_text("Tanggal baru")).to_be_visible(timeout=20_000)


async def test_a_seat_is_booked_in_the_browser(demo: Service, tmp_path: Path) -> None:
    """An office, a greeting, taps on a button and a list, a name, a tap: the barcode picture."""
    complaints: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = await browser.new_context(viewport={"width": 390, "height": 844}, locale="id-ID")
        context.set_default_timeout(20_000)
        page = await context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda said: complaints.append(said.text) if said.type == "error" else None,
        )
        await page.goto(f"{demo.url}/chat")
        await sign_in_as_shown(page)
        await page.get_by_role("link", name="Jakarta Pusat").click()
        await write(page, "Pagi, Pak")
        await page.get_by_role("button", name="Lihat tanggal").click()
        await page.get_by_role("button", name="Pilih tanggal").click()
        await page.screenshot(path=tmp_path / "dates.png", animations="disabled")
        await page.get_by_role("button", name="Pilihan 2").click()
        await expect(page.get_by_text("Sekarang kirim nama lengkap")).to_be_visible()
        await write(page, "nama saya Rina Wulandari lahir 17 agustus 1990")
        await page.get_by_role("button", name="Setuju").click()
        picture = page.locator(".frame img")
        await expect(picture).to_be_visible()
        width = "async image => { await image.decode(); return image.naturalWidth; }"
        assert await picture.evaluate(width) > 100
        await expect(page.get_by_text("Nomor antrean: 1")).to_be_visible()
        await expect(page.get_by_text("Bawa dokumen asli")).to_be_visible()
        await page.screenshot(path=tmp_path / "booked.png", animations="disabled")

        bubbles = page.locator(".bubble:not(.typing)")
        before = await bubbles.all_inner_texts()
        await page.reload()
        await expect(bubbles).to_have_count(len(before))
        assert await bubbles.all_inner_texts() == before
        await close_the_day_of(page, demo.url)
        await browser.close()
    assert complaints == []
