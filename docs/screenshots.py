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
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final

from aiohttp import ClientSession
from playwright.async_api import Browser, Page, async_playwright, expect

from bot.booking.office import Offices
from bot.channels.rest import PATH
from storage.stores import stores_in_memory
from tests.support.chromium import launched
from tests.support.desk import OFFICE, PASSWORD, open_house, shipped_offices
from tests.support.month import FATES, Month
from tests.support.service import Service
from tests.support.whole_month import dialogues

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


async def shoot_tryout(browser: Browser, url: str) -> None:
    """A draft that is talked to while it is edited."""
    async with page_of(browser, url, (1210, 660)) as page:
        page.set_default_timeout(90_000)
        await sign_in(page, "Penyunting alur")
        await page.goto("/desk/flows")
        await page.get_by_label("Tentang apa").fill("Petunjuk yang lebih singkat")
        await page.get_by_role("button", name="Mulai draf").click()
        await page.get_by_role("link", name="replies/id.yml").click()
        await page.get_by_role("button", name="Coba bicara").click()
        await page.get_by_label("Tulis sebagai pemohon").fill("Pagi, Pak")
        await page.keyboard.press("Enter")
        await page.locator(".turn").wait_for()
        await page.locator(".turn").get_by_role("button", name="Lihat tanggal").click()
        await expect(page.locator(".turn")).to_have_count(2)
        await page.locator("#text").evaluate(
            """area => { const at = area.value.indexOf("Tanggal layanan yang masih tersedia");
            area.focus(); area.setSelectionRange(at, at + 35) }"""
        )
        await page.keyboard.insert_text("Tanggal yang masih ada")
        await page.locator(".turn.changed").wait_for()
        await page.locator("#found .right").wait_for()
        await shoot(page, "tryout")


async def shoot_editor(browser: Browser, url: str) -> None:
    """A draft with a mistake, what may stand there, and the flow's picture."""
    async with page_of(browser, url, (1200, 690)) as page:
        await sign_in(page, "Penyunting alur")
        await page.goto("/desk/flows")
        await page.get_by_label("Tentang apa").fill("Salam yang lebih singkat")
        await page.get_by_role("button", name="Mulai draf").click()
        await page.get_by_role("link", name="status.yml", exact=True).click()
        await expect(page.locator("#diagram svg")).to_be_visible()
        text = page.locator("#text")
        await text.evaluate(
            """(area) => { const at = area.value.indexOf("go: looking_for_wait"); area.focus();
            area.setSelectionRange(at, at + 20) }"""
        )
        await page.keyboard.insert_text("go: wait")
        await expect(page.locator(".gutter li.mistake").first).to_be_visible()
        for _ in "wait":
            await page.keyboard.press("Backspace")
        await page.keyboard.press("Control+Space")
        await expect(page.locator("#offers li").first).to_be_visible()
        await shoot(page, "editor")


async def shoot_reports(browser: Browser) -> None:
    """Reports of a month at a small office."""
    shipped = shipped_offices().get(OFFICE)
    if shipped is None:
        raise RuntimeError(f"{OFFICE} is not in flows/offices.yml")
    sessions = [each.model_copy(update={"seats": 24}) for each in shipped.sessions]
    office = shipped.model_copy(
        update={"sessions": tuple(sessions), "seasons": (), "walk_in_seats": 4}
    )
    stores, random = stores_in_memory(), Random(4)  # noqa: S311 - the same picture each time
    fates = (*FATES, *("served",) * 12)
    month = Month(office, stores, random, a_day=(28, 33, 40, 45), fates=fates)
    await month.play(date(2026, 10, 1), date(2026, 11, 30))
    records = dialogues(office, date(2026, 10, 1), date(2026, 11, 30), random)
    await stores.conversations.copy_journal(records)
    async with open_house(stores, offices=Offices([office])) as house:
        house.moment = datetime(2026, 12, 1, 3, tzinfo=UTC)
        async with page_of(browser, house.url, DESKTOP) as page:
            await page.goto("/desk/sign-in")
            await page.locator("#login").fill("supervisor")
            await page.locator("#password").fill(PASSWORD)
            await page.keyboard.press("Enter")
            await page.wait_for_url("**/desk")
            await page.goto("/desk/reports?range=last_month")
            await expect(page.get_by_role("img", name="Apa jadinya antrean")).to_be_visible()
            await shoot(page, "reports")


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


async def shoot_conversation(browser: Browser, url: str) -> None:
    """Somebody asks for staff in the chat, and a supervisor answers."""
    async with (
        page_of(browser, url, PHONE) as chat,
        page_of(browser, url, (1366, 900)) as desk,
    ):
        await chat.goto("/chat#jakarta_pusat")
        await write(chat, "Pagi, Bu")
        await chat.get_by_role("button", name="Lihat tanggal").click()
        await chat.get_by_text("Balas dengan nomornya").wait_for()
        await write(chat, "mau bicara dengan petugas")
        await chat.get_by_text("akan membalas di sini").wait_for()
        await sign_in(desk, "Penyelia")
        await desk.goto("/desk/conversations")
        await desk.locator(".talk .whose").first.click()
        await desk.get_by_role("button", name="Ambil alih", exact=True).click()
        await desk.locator("textarea#text").wait_for()
        await write(chat, "ibu saya 65 tahun, boleh antre langsung?")
        await desk.get_by_text("boleh antre langsung?").wait_for()
        await desk.locator("textarea#text").fill("Boleh, Bu. Bawa KTP asli, mulai pukul 08.00.")
        await desk.locator("textarea#text").press("Control+Enter")
        await expect(desk.locator(".said.staff")).to_have_count(1)
        await expect(desk.locator(".said .got.waiting")).to_have_count(0)
        await desk.evaluate("window.scrollTo(0, 0)")
        await shoot(desk, "conversation")


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
            await shoot_conversation(browser, service.url)
            await shoot_tryout(browser, service.url)
            await shoot_editor(browser, service.url)
            await shoot_reports(browser)


if __name__ == "__main__":
    asyncio.run(main())
