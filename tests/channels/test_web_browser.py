"""The page in a real browser: chat, tap, look, reload, lose the connection."""

import asyncio
import io
import os
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import barcode
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from barcode.writer import ImageWriter
from playwright.async_api import Browser, Page, async_playwright, expect

from bot.channels.guard import loopback_guard
from bot.channels.media import media_routes
from bot.channels.web import WebSender, web_routes
from bot.channels.web.recording import recording_route
from bot.dialogue.attachment import Card, Location, Reaction
from bot.dialogue.events import Message
from bot.dialogue.reply import Button, Pdf, Picture, Reply, payload
from tests.support.chromium import ARGUMENTS, CHROMIUM
from tests.support.echo import NOW, EchoBot
from tests.support.visitors import freely, visitors

OFFICES = {"jakarta_pusat": "Kantor Imigrasi Jakarta Pusat", "bogor": "Kantor Imigrasi Bogor"}
SIGN = (
    Path(__file__).parents[2] / "examples" / "clinic" / "flows" / "pictures" / "front_desk.png"
).read_bytes()
FRONT_DESK = Picture("front_desk.png", sha256(SIGN).hexdigest())
FORM_CONTENT = b"%PDF-1.7 a form"
FORM = Pdf("form.pdf", sha256(FORM_CONTENT).hexdigest())
CODE = "JKP-7F4Q2-M8XCK"

DAYS = (
    Button("Selasa, 24 November", payload("choose_date", {"d": 1}), "Pagi 41 · Siang 63 kursi"),
    Button("Rabu, 25 November", payload("choose_date", {"d": 2}), "Pagi 8 · Siang 57 kursi"),
    Button("Kamis, 26 November", payload("choose_date", {"d": 3}), "Siang 12 kursi"),
)
ONLY = {"id": "bogor", "name": "Bogor"}
YES_NO = (Button("Setuju", "/approve"), Button("Batal", "/reject"))

pytestmark = pytest.mark.skipif(
    not CHROMIUM.exists() and os.environ.get("CI") != "true",
    reason=f"no browser at {CHROMIUM}; apt-get install chromium",
)


def answer(message: Message) -> Sequence[Reply]:
    """A booking in four messages, without a rule behind it."""
    match message.kind, message.text.partition("{")[0]:
        case "tap", "/choose_date":
            summary = "Nama: *RINA WULANDARI*\nTanggal: *25-11-2026*\n\nSudah benar?"
            return [Reply(f"Anda memilih {message.title}."), Reply(summary, YES_NO)]
        case "tap", "/approve":
            words = f"Kode booking: *{CODE}*\nNomor antrean: *17*\n_Datang 30 menit lebih awal._"
            return [Reply(words, barcode=CODE)]
        case "text", "di mana?":
            return [
                Reply(
                    "Di *lantai dasar*.", (Button("Terima kasih", "/thanks"),), picture=FRONT_DESK
                )
            ]
        case "text", "semua":
            place = Location(-6.2, 106.8, "Kantor Contoh", "Jalan Contoh No. 1")
            card = Card("Kantor Contoh", ("+62 812 0000 0001",))
            thanks = Reaction(message.id, "🙏")
            return [Reply("Ini.", document=FORM, location=place, contact=card, reaction=thanks)]
        case "text", "<b>halo</b>":
            return [Reply("<img src=x onerror=alert(1)> *<i>tebal</i>* #nama_lengkap# 2*3*4")]
    return [
        Reply("Selamat pagi! Saya membantu mengambil nomor antrean paspor."),
        Reply("Silakan pilih *tanggal layanan*.", DAYS, menu="Pilih tanggal"),
    ]


def draw(code: str) -> bytes:
    """A Code 128 picture."""
    file = io.BytesIO()
    barcode.get("code128", code, writer=ImageWriter()).write(file, {"write_text": False})
    return file.getvalue()


async def shown(sha256: str) -> bytes | None:
    """The picture and the document there are."""
    return {FRONT_DESK.sha256: SIGN, FORM.sha256: FORM_CONTENT}.get(sha256)


async def record(conversation: str) -> str:
    """The recording of a conversation."""
    return f"title: {conversation}\n"


@dataclass
class House:
    """A server with the web chat, and what the browser complained about."""

    bot: EchoBot
    sender: WebSender
    address: str
    complaints: list[str] = field(default_factory=list)

    def url(self, office: str = "") -> str:
        """Address of the page, with an office's conversation open."""
        return f"{self.address}chat" + (f"#{office}" if office else "")


@pytest.fixture
async def house() -> AsyncIterator[House]:
    """A house whose page broke no rule by the end of the test."""
    bot, sender = EchoBot(answer), WebSender()
    bot.sender = sender
    app = web.Application(middlewares=[loopback_guard()])
    app.add_routes(
        web_routes(
            bot,
            bot,
            bot.transcript,
            sender,
            OFFICES,
            visitors(OFFICES),
            freely(),
            lambda: NOW,
            logins=[{"login": "loket", "password": "demo", "id": "Loket", "en": "Counter"}],
        )
    )
    app.add_routes(media_routes(draw, shown))
    app.add_routes([recording_route(record, visitors(OFFICES))])
    async with TestServer(app) as server:
        made = House(bot, sender, str(server.make_url("/")))
        yield made
        await sender.close()
    assert made.complaints == []


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Debian's Chromium, without a window."""
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=ARGUMENTS, headless=True
        )
        yield launched
        await launched.close()


@pytest.fixture
async def page(browser: Browser, house: House) -> AsyncIterator[Page]:
    """A small phone in Jakarta."""
    context = await browser.new_context(
        viewport={"width": 360, "height": 740}, locale="id-ID", timezone_id="Asia/Jakarta"
    )
    context.set_default_timeout(20_000)
    opened = await context.new_page()

    def note(kind: str, text: str) -> None:
        if kind in {"error", "warning"}:
            house.complaints.append(text)

    opened.on("console", lambda message: note(message.type, message.text))
    opened.on("pageerror", lambda error: note("error", str(error)))
    yield opened
    await context.close()


async def write(page: Page, text: str) -> None:
    """Type a message and press Enter."""
    await page.get_by_label("Tulis pesan").fill(text)
    await page.keyboard.press("Enter")


async def book(page: Page) -> None:
    """From hello to the barcode."""
    await write(page, "Pagi, Pak")
    await page.get_by_role("button", name="Pilih tanggal").click()
    await page.get_by_role("button", name="Rabu, 25 November").click()
    await page.get_by_role("button", name="Setuju").click()
    await expect(page.get_by_role("img", name=f"Barcode {CODE}")).to_be_visible()


async def test_a_booking_by_tapping(page: Page, house: House) -> None:
    """An office, a greeting, a list row and a button lead to the picture; a reload keeps it all."""
    await page.goto(house.url())
    await page.get_by_role("link", name="Kantor Imigrasi Jakarta Pusat").click()
    await book(page)
    heard = [(i.contact.office, i.message.kind, i.message.title) for i in house.bot.heard]
    assert heard == [
        ("jakarta_pusat", "text", ""),
        ("jakarta_pusat", "tap", "Rabu, 25 November"),
        ("jakarta_pusat", "tap", "Setuju"),
    ]
    width = "async image => { await image.decode(); return image.naturalWidth; }"
    assert await page.locator(".frame img").evaluate(width) > 100

    bubbles = page.locator(".bubble:not(.typing)")
    before = await bubbles.all_inner_texts()
    await page.reload()
    await expect(bubbles).to_have_count(len(before))
    assert await bubbles.all_inner_texts() == before
    assert len(house.bot.heard) == 3


async def test_a_recording_is_downloaded(page: Page, house: House) -> None:
    """A button gives what was said in this conversation as a file."""
    await page.goto(house.url("bogor"))
    async with page.expect_download() as begun:
        await page.get_by_role("button", name="Unduh rekaman").click()
    download = await begun.value
    assert download.suggested_filename == "bogor.yml"
    text = await asyncio.to_thread(Path(await download.path()).read_text)
    assert text.startswith("title: web:bogor:")
    await expect(page.get_by_role("status")).to_be_hidden()


@pytest.mark.parametrize("width", [360, 1100])
async def test_a_picture(page: Page, house: House, width: int) -> None:
    """A picture stands whole above its words, and opens larger, without a word of a code."""
    await page.set_viewport_size({"width": width, "height": 740})
    await page.goto(house.url("bogor"))
    await write(page, "di mana?")
    image = page.get_by_role("img", name="Gambar front_desk.png")
    await expect(image).to_be_visible()
    size = "async image => { await image.decode(); return [image.naturalWidth, image.width]; }"
    natural, there = await image.evaluate(size)
    assert (natural, 200 < there <= min(width, 340)) == (800, True)
    words = await page.locator(".bubble:not(.own) .words").last.bounding_box()
    above = await image.bounding_box()
    assert words
    assert above
    assert above["y"] + above["height"] <= words["y"]
    await page.get_by_role("button", name="Perbesar (enlarge): Gambar front_desk.png").click()
    dialog = page.get_by_role("dialog", name="Gambar front_desk.png")
    await expect(dialog).to_be_visible()
    await expect(dialog.get_by_text("Tunjukkan kode")).not_to_be_visible()
    await page.keyboard.press("Escape")
    await book(page)
    await page.get_by_role("button", name=f"Perbesar (enlarge): Barcode {CODE}").click()
    await expect(page.get_by_text("Tunjukkan kode")).to_be_visible()


async def test_what_else_a_reply_brings(page: Page, house: House, tmp_path: Path) -> None:
    """A place opens on a map, card and document are saved, a reaction sits on what was written."""
    await page.goto(house.url("bogor"))
    await write(page, "semua")
    place = page.get_by_role("link", name="Kantor Contoh Jalan Contoh No. 1 · -6.2, 106.8")
    assert await place.get_attribute("href") == "geo:-6.2,106.8?q=-6.2,106.8"
    for link, name, content in (
        ("form.pdf", "form.pdf", FORM_CONTENT),
        ("Kantor Contoh +62 812 0000 0001", "Kantor Contoh.vcf", b"BEGIN:VCARD\r\n"),
    ):
        async with page.expect_download() as saving:
            await page.get_by_role("link", name=link).click()
        saved = await saving.value
        assert saved.suggested_filename == name
        await saved.save_as(tmp_path / name)
        assert (tmp_path / name).read_bytes().startswith(content)
    await expect(page.locator(".own .reaction")).to_have_text("🙏")
    await page.reload()
    await expect(page.locator(".own .reaction")).to_have_text("🙏")


async def test_the_time_is_the_bots(page: Page, house: House) -> None:
    """Bubbles carry the time the server gives them, in the reader's zone."""
    await page.goto(house.url("bogor"))
    await write(page, "Pagi, Pak")
    await expect(page.locator(".own time")).to_have_text("09.41")
    await expect(page.locator(".bubble:not(.own) time").first).to_have_text("09.41")


async def test_marks_are_styles_and_markup_is_text(page: Page, house: House) -> None:
    """*bold* is bold; what looks like HTML is shown as it was written."""
    await page.goto(house.url("bogor"))
    await write(page, "<b>halo</b>")
    words = page.locator(".bubble:not(.own) .words")
    await expect(words).to_have_text(
        "<img src=x onerror=alert(1)> <i>tebal</i> #nama_lengkap# 2*3*4"
    )
    await expect(words.locator("strong")).to_have_text("<i>tebal</i>")
    await expect(page.locator(".own .words")).to_have_text("<b>halo</b>")


async def test_by_keyboard(page: Page, house: House) -> None:
    """Everything can be done without a pointer; Escape closes the list and gives focus back."""
    await page.goto(house.url("bogor"))
    await write(page, "Pagi, Pak")
    menu = page.get_by_role("button", name="Pilih tanggal")
    await menu.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Selasa, 24 November")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(menu).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.locator(".own").last).to_contain_text("Rabu, 25 November")
    assert await page.get_by_role("log").get_attribute("aria-live") == "polite"


async def test_storage_down_and_back(page: Page, house: House) -> None:
    """An unsaved message waits, visibly, and goes out by itself when storage is back."""
    await page.goto(house.url("bogor"))
    await write(page, "satu")
    await expect(page.locator(".own[data-state=answered]")).to_have_count(1)
    house.bot.down = True
    await write(page, "dua")
    await expect(page.locator(".banner")).to_contain_text("dikirim ulang otomatis")
    await expect(page.locator(".own").last).to_have_attribute("data-state", "pending")
    house.bot.down = False
    await expect(page.locator(".own[data-state=answered]")).to_have_count(2)
    await expect(page.locator(".banner")).to_be_hidden()
    assert [inbound.message.text for inbound in house.bot.heard] == ["satu", "dua"]


async def test_a_broken_connection_mends(page: Page, house: House) -> None:
    """What is written while the connection is down arrives once it is back, in order, once."""
    await page.goto(house.url("bogor"))
    await write(page, "satu")
    await expect(page.locator(".own[data-state=answered]")).to_have_count(1)
    await house.sender.close()
    await write(page, "dua")
    await write(page, "tiga")
    await expect(page.locator(".own[data-state=answered]")).to_have_count(3)
    await expect(page.locator(".bubble:not(.own):not(.typing)")).to_have_count(6)
    assert [inbound.message.text for inbound in house.bot.heard] == ["satu", "dua", "tiga"]


async def test_unsent_messages_survive_a_reload(page: Page, house: House) -> None:
    """A message the server never saved is still there after a reload, and is then sent."""
    await page.goto(house.url("bogor"))
    await write(page, "satu")
    await expect(page.locator(".own[data-state=answered]")).to_have_count(1)
    house.bot.down = True
    await write(page, "dua")
    await expect(page.locator(".banner")).to_contain_text("dikirim ulang otomatis")
    house.bot.down = False
    await page.reload()
    await expect(page.locator(".own[data-state=answered]")).to_have_count(2)
    assert [inbound.message.text for inbound in house.bot.heard] == ["satu", "dua"]


async def test_writing_before_the_history_is_there(page: Page, house: House) -> None:
    """Who types at once need not wait: the message goes out below the history when that came."""
    await page.goto(house.url("bogor"))
    await write(page, "satu")
    await expect(page.locator(".own[data-state=answered]")).to_have_count(1)
    house.bot.down = True
    async with page.expect_response("**/chat/history?*"):
        await page.reload()
    await write(page, "dua")
    house.bot.down = False
    await expect(page.locator(".own[data-state=answered] .words")).to_have_text(["satu", "dua"])
    assert house.complaints.pop().startswith("Failed to load resource: the server responded with")


async def test_each_office_is_its_own_conversation(page: Page, house: House) -> None:
    """Going back to the list and into another office shows that office's conversation."""
    await page.goto(house.url("bogor"))
    await write(page, "Pagi, Pak")
    await expect(page.get_by_role("button", name="Pilih tanggal")).to_be_visible()
    await page.get_by_role("link", name="Kembali").click()
    await page.get_by_role("link", name="Jakarta Pusat").click()
    await expect(page.get_by_text("Tulis apa saja untuk mulai.")).to_be_visible()
    await page.go_back()
    await page.go_back()
    await expect(page.locator(".own .words")).to_have_text("Pagi, Pak")


async def test_nothing_is_cut_off(page: Page, house: House) -> None:
    """On the narrowest phone nothing runs over the side, long words included."""
    await page.goto(house.url("jakarta_pusat"))
    await book(page)
    await write(page, "a" * 300)
    await expect(page.locator(".own[data-state=answered]")).to_have_count(4)
    wide = "all => all.filter(one => one.scrollWidth > one.clientWidth).map(one => one.className)"
    assert await page.locator("html, .log, .bubble, .taps, .frame").evaluate_all(wide) == []


@pytest.mark.parametrize("width", [360, 1100])
async def test_an_only_office_is_open_at_once(page: Page, house: House, width: int) -> None:
    """Where there is nothing to choose there is no list, and no way back to one."""
    await page.set_viewport_size({"width": width, "height": 740})
    await page.route("**/chat/offices", lambda route: route.fulfill(json=[ONLY]))
    await page.goto(house.url())
    await expect(page.get_by_role("heading", name=ONLY["name"])).to_be_visible()
    await expect(page.get_by_role("navigation")).not_to_be_visible()
    await expect(page.get_by_role("link", name="Kembali")).not_to_be_visible()
    await write(page, "Pagi, Pak")
    await expect(page.get_by_role("button", name="Pilih tanggal")).to_be_visible()
    box = await page.locator("main.chat").bounding_box()
    assert box is not None
    assert box["width"] == width
