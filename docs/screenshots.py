"""Makes the README's pictures from the demo: ``make screenshots`` writes ``docs/pictures`` anew.

People, dates and clock are always the same; booking codes are drawn anew each time. The day before,
people book over REST; on the day staff change two dates, check people in and call one, and somebody
books in the chat.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from aiohttp import ClientSession
from playwright.async_api import Browser, Page, async_playwright, expect

from bot.channels.rest import PATH
from tests.support.chromium import launched
from tests.support.service import Service

PICTURES: Final = Path(__file__).parent / "pictures"
DAY_BEFORE: Final = "2026-11-23T10:00+07:00"
THE_DAY: Final = "2026-11-24T07:46+07:00"
PEOPLE: Final = (
    "Rina Wulandari",
    "Budi Santoso",
    "Siti Aminah",
    "Agus Prasetyo",
    "Dewi Lestari",
    "Ketut Sudarma",
    "Maria Tambunan",
    "Joko Susilo",
    "Nur Hidayah",
    "Yohanes Kaban",
    "Putri Maharani",
    "Asep Gunawan",
)
"""Nobody in particular."""

ARRIVED: Final = 8
"""So many of them are at the office."""

LARGEST_KB: Final = 150
DESKTOP: Final = (1280, 860)
PHONE: Final = (400, 800)


@asynccontextmanager
async def demo(data: Path, now: str) -> AsyncIterator[Service]:
    """The demo at a moment, on what earlier ones left."""
    service = await Service.start("demo", "--data", str(data), "--now", now, variables={})
    try:
        yield service
    finally:
        await service.stop()


async def book(http: ClientSession, url: str, name: str) -> str:
    """Book the first date for somebody; their booking code."""

    async def say(words: str) -> str:
        body = {"sender": name.split(maxsplit=1)[0], "message": words}
        async with http.post(url + PATH, json=body) as answer:
            answers = await answer.json()
        choices = [button for each in answers for button in each.get("buttons", ())]
        said = "\n".join(each.get("text", "") for each in answers)
        return choices[0]["payload"] if words == "#tgllayanan" else str(said)

    await say("Pagi, Pak")
    await say(await say("#tgllayanan"))
    approval = re.search(r"\*(\d{8})\*", await say(f"nama saya {name} lahir 17 agustus 1990"))
    card = await say(approval[1]) if approval else ""
    code = re.search(r"\bJKP-[0-9A-Z]{5}-[0-9A-Z]{5}\b", card)
    if code is None:
        raise RuntimeError(f"{name} has no booking; the last answer was: {card}")
    return code[0]


@asynccontextmanager
async def page_of(browser: Browser, url: str, size: tuple[int, int]) -> AsyncIterator[Page]:
    """A browser of its own."""
    width, height = size
    context = await browser.new_context(
        base_url=url,
        viewport={"width": width, "height": height},
        locale="id-ID",
        timezone_id="Asia/Jakarta",
    )
    yield await context.new_page()
    await context.close()


async def shoot(page: Page, name: str) -> None:
    """Write a picture of what is seen.

    Raises:
        RuntimeError: it is too large for a README.
    """
    path = PICTURES / f"{name}.png"
    await page.wait_for_timeout(800)
    await page.screenshot(path=path, animations="disabled")
    if path.stat().st_size > LARGEST_KB * 1024:
        raise RuntimeError(f"{path} has more than {LARGEST_KB} KB")


async def sign_in(page: Page, role: str) -> None:
    """As one of the demo's logins."""
    await page.goto("/desk/sign-in")
    await page.get_by_role("button", name=f"Masuk: {role}").click()
    await page.wait_for_url("**/desk")


async def shoot_counter(browser: Browser, url: str, codes: list[str]) -> None:
    """The queue with somebody at the counter, and the display."""
    async with page_of(browser, url, DESKTOP) as page:
        await sign_in(page, "Petugas loket")
        await page.goto("/desk/queue")
        await page.locator("#counter").fill("2")
        await page.locator("#counter").press("Enter")
        for code in codes:
            await page.locator("#code").fill(code)
            await page.locator("#code").press("Enter")
            await page.wait_for_load_state()
        await page.get_by_role("button", name="Panggil berikutnya").click()
        await page.wait_for_load_state()
        await page.goto("/desk/queue")
        await shoot(page, "queue")
        await page.goto("/display/jakarta_pusat")
        await shoot(page, "display")


async def shoot_calendar(browser: Browser, url: str) -> None:
    """The month, one date closed and one with other quotas."""
    changes = {
        "2026-11-27": "step=closed&reason=Pemadaman+listrik&move=yes",
        "2026-11-30": "step=reseated&seats.pagi=60&seats.siang=40",
    }
    async with page_of(browser, url, (1280, 960)) as page:
        await sign_in(page, "Penyelia")
        for day, change in changes.items():
            await page.goto(f"/desk/calendar/{day}/change?{change}")
            await page.get_by_role("button", name="Kerjakan").click()
            await page.wait_for_url(f"**/{day}")
        await page.wait_for_timeout(5000)  # until bots follow, and that is done
        await page.goto("/desk/calendar")
        await expect(page.get_by_text("…")).to_have_count(0)
        await shoot(page, "calendar")


async def shoot_way(browser: Browser, url: str) -> None:
    """Why the conversation of :func:`shoot_chat` went as it did."""
    async with page_of(browser, url, (1100, 860)) as page:
        await sign_in(page, "Penyelia")
        await page.goto("/desk/conversations?view=all&channel=web")
        await page.locator(".whose").first.click()
        await page.get_by_role("link", name="mengapa?").last.click()
        await page.get_by_role("link", name="Sebelumnya").click()
        await page.locator("svg .here").wait_for()
        await shoot(page, "inspect")


async def shoot_chat(browser: Browser, url: str) -> None:
    """The applicants' page, and a booking in the chat."""
    async with page_of(browser, url, PHONE) as page:
        await page.goto("/")
        await shoot(page, "applicants")
        await page.goto("/chat#jakarta_pusat")
        await write(page, "Pagi, Pak")
        await page.get_by_role("button", name="Lihat tanggal").click()
        await page.get_by_role("button", name="Pilih tanggal").click()
        await page.get_by_role("button", name="Pilihan 2").click()
        await page.get_by_text("Sekarang kirim nama lengkap").wait_for()
        await write(page, "nama saya Rangga Saputra lahir 3 maret 1988")
        await page.get_by_role("button", name="Setuju").click()
        await page.locator(".frame img").wait_for()
        await shoot(page, "chat")


async def write(page: Page, text: str) -> None:
    """Type a message and send it."""
    await page.get_by_label("Tulis pesan").fill(text)
    await page.keyboard.press("Enter")


async def main() -> None:
    """Make them all."""
    PICTURES.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder:
        data = Path(folder)
        async with demo(data, DAY_BEFORE) as service, ClientSession() as http:
            codes = [await book(http, service.url, name) for name in PEOPLE]
        async with (
            demo(data, THE_DAY) as service,
            async_playwright() as playwright,
            launched(playwright) as browser,
        ):
            await shoot_chat(browser, service.url)
            await shoot_way(browser, service.url)
            await shoot_calendar(browser, service.url)
            await shoot_counter(browser, service.url, codes[:ARRIVED])


if __name__ == "__main__":
    asyncio.run(main())
