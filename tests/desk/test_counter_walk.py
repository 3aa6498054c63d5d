"""A counter and the waiting room's screen in a real browser, as staff and applicants use them."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from playwright.async_api import Page, expect

from bot.booking.life import Act, staff
from tests.desk.conftest import LOOKS, OpenPage, barriers
from tests.support.desk import NOW, OFFICE, DeskHouse
from tests.support.waiting_hall import book_number, hall_of

pytestmark = pytest.mark.asyncio(loop_scope="session")

Shoot = Callable[[Page, str], Awaitable[None]]
READS = """() => {
  window.inView = "";
  window.BarcodeDetector = class {
    static async getSupportedFormats() { return ["code_128", "ean_13"]; }
    async detect(video) { return video.videoWidth && inView ? [{ rawValue: inView }] : []; }
  };
}"""
"""A detector that finds what ``inView`` says, once pictures come; Chromium has none on Linux."""

TRACKS = """() => {
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    if (window.refusal) throw new DOMException("", refusal);
    const stream = await ask(wanted);
    [window.track] = stream.getTracks();
    return stream;
  };
}"""
"""Remembers the camera that is asked for, or refuses it as ``refusal`` says."""

WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


async def test_from_scanner_to_screen(open_page: OpenPage, shared_house: DeskHouse) -> None:
    """A code scanned wherever the focus is checks in; called, the screen shows number and counter
    within two seconds; another counter's page follows without being touched; done, it is gone.
    """
    first = await book_number(shared_house, 40, "TUTI CONTOH")
    await book_number(shared_house, 41, "UCOK CONTOH")
    screen = await open_page()
    await screen.goto(f"/display/{OFFICE}")
    other = await open_page("two", size="phone")
    await other.goto("/desk/queue?n=40")
    page = await open_page("counter")
    await page.goto("/desk/queue")
    await page.get_by_label("Nomor loket").fill("2")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Loket 2")).to_be_visible()
    await page.get_by_role("button", name="Panggil berikutnya").focus()
    await page.keyboard.type(first.booking_code.replace("-", "").lower())
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status").filter(has_text="Sudah check-in")).to_be_visible()
    await expect(page.locator(".seen .name")).to_have_text("TUTI CONTOH")
    await expect(page.locator("#code")).to_be_focused()
    await expect(other.locator(".seen .stage")).to_have_text("Sudah datang")
    await expect(screen.locator(".next li")).to_have_text(["40"])
    await page.get_by_role("button", name="Panggil berikutnya").dblclick()
    await expect(page.locator(".mine .number")).to_contain_text("40")
    await expect(screen.locator(".now li")).to_have_text(re.compile("40.*Loket 2"))
    await page.get_by_role("button", name="Sudah di loket").click()
    await expect(page.locator(".mine .stage")).to_have_text("Dilayani")
    await page.get_by_role("button", name="Selesai", exact=True).click()
    await expect(screen.locator(".now .nobody")).to_be_visible()
    await page.get_by_role("button", name="Urungkan").click()
    await expect(screen.locator(".next li")).to_have_text(["40"])
    await page.get_by_role("button", name="Panggil berikutnya").click()
    await page.locator("summary", has_text="Tolak berkas").click()
    await page.get_by_label("Alasan", exact=True).select_option("Dokumen tidak lengkap")
    await page.locator("details button").click()
    await expect(page.locator(".seen .stage")).to_have_text("Berkas ditolak")


async def test_the_screen_never_shows_old_as_new(open_page: OpenPage) -> None:
    """Without a word for ten seconds it says since when and shows no number; heard again, it shows
    them.
    """
    screen = await open_page()
    await screen.clock.install()
    await screen.goto(f"/display/{OFFICE}")
    await expect(screen.locator(".clock time")).to_have_text(re.compile(r"09[.:]\d\d"))
    await screen.route("**/live", lambda route: route.fulfill(status=404))
    await screen.clock.fast_forward(11_000)
    await expect(screen.get_by_role("alert")).to_contain_text("Sambungan terputus sejak")
    await expect(screen.locator(".now")).not_to_be_visible()
    await screen.unroute("**/live")
    await screen.clock.fast_forward(4_000)
    await expect(screen.locator(".now")).to_be_visible()
    await expect(screen.locator(".lost")).not_to_be_visible()


async def test_the_voice_is_asked_for(open_page: OpenPage, shared_house: DeskHouse) -> None:
    """Silent until pressed once; then each new call is spoken in Indonesian, and no old one."""
    seat = await book_number(shared_house, 44, "VERA CONTOH")
    hall, act = hall_of(shared_house), Act("44", staff("rina"))
    screen = await open_page()
    await screen.goto(f"/display/{OFFICE}")
    await screen.evaluate(
        "() => { window.said = []; speechSynthesis.speak = (s) => said.push([s.lang, s.text]); }"
    )
    await screen.get_by_role("button", name="Suara panggilan").click()
    await hall.check_in(seat.booking_code, act, NOW)
    await hall.call(seat, 7, replace(act, key="call 44"), NOW)
    await expect(screen.locator(".now")).to_contain_text("44")
    assert await screen.evaluate("said") == [["id-ID", "Nomor antrean 44, silakan ke loket 7"]]
    await hall.serve(seat, replace(act, key="done 44"), NOW)


async def test_the_camera_is_on_while_it_is_looked_through(
    open_page: OpenPage, shared_house: DeskHouse
) -> None:
    """It opens at a press; closes with its button and when the page is left; a code in view checks
    in and closes it; refused or not there, or unreadable by this browser, a sentence says so.
    """
    seat = await book_number(shared_house, 46, "XENA CONTOH")
    page = await open_page("counter")
    await page.goto("/desk/queue")
    await expect(page.get_by_text("Peramban ini belum bisa membaca barcode")).to_be_visible()
    await page.add_init_script(f"({READS})(); ({TRACKS})();")
    await page.reload()
    opened = page.get_by_role("button", name="Pakai kamera")
    for refusal, sentence in (
        ("NotAllowedError", "Kamera tidak bisa dibuka"),
        ("NotFoundError", "Tidak ada kamera"),
    ):
        await page.evaluate("(name) => { window.refusal = name; }", refusal)
        await opened.click()
        await expect(page.get_by_role("alert")).to_contain_text(sentence)
    await page.evaluate("() => { window.refusal = ''; }")
    await opened.click()
    await expect(page.get_by_role("alert")).to_have_count(0)
    await page.evaluate(
        "() => new Promise((seen) => { const video = document.querySelector('video');"
        " if (video.videoWidth) seen(); else video.onloadedmetadata = () => seen(); })"
    )
    assert await page.evaluate("track.readyState") == "live"
    await page.get_by_role("button", name="Tutup kamera").click()
    assert await page.evaluate("track.readyState") == "ended"
    await opened.click()
    await expect(page.locator("video")).to_be_visible()
    await page.evaluate(
        "() => { Object.defineProperty(document, 'hidden', { value: true, configurable: true });"
        " document.dispatchEvent(new Event('visibilitychange')); delete document.hidden; }"
    )
    assert await page.evaluate("track.readyState") == "ended"
    await opened.click()
    await page.evaluate("(code) => { window.inView = code; }", seat.booking_code)
    await expect(page.get_by_role("status").filter(has_text="Sudah check-in")).to_be_visible()
    await expect(page.locator(".seen .name")).to_have_text("XENA CONTOH")
    await expect(opened).to_be_visible()


@pytest.mark.parametrize(("size", "theme"), LOOKS)
async def test_pages_can_be_read_by_everybody(
    open_page: OpenPage, shared_house: DeskHouse, shoot: Shoot, size: str, theme: str
) -> None:
    """Queue, ticket and screen pass axe in both themes and sizes, and nothing is cut off."""
    base = 50 + 5 * LOOKS.index((size, theme))
    for ahead, name in enumerate(("WATI CONTOH BERNAMA SANGAT PANJANG", "YANTO CONTOH", "ZAHRA")):
        seat = await book_number(shared_house, base + ahead, f"{name} {'ABCD'[base % 4]}")
    page = await open_page("counter", size=size, theme=theme)
    await page.goto("/desk/queue")
    await page.get_by_label("Nomor loket").fill(str(base))
    await page.keyboard.press("Enter")
    await page.locator("#code").fill(seat.booking_code)
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Panggil berikutnya").click()
    await expect(page.locator(".mine .name")).to_be_visible()
    await page.get_by_role("button", name="Ibu hamil").click()
    await page.wait_for_url("**/ticket/*")
    ticket = page.url
    screen = f"/display/{OFFICE}"
    for path, shot in ((f"/desk/queue?n={base}", "queue"), (ticket, "ticket"), (screen, "display")):
        await page.goto(path)
        await shoot(page, f"{shot}-{theme}-{size}")
        assert await barriers(page) == [], path
        assert await page.evaluate(WIDE) == 0, f"{path} must be scrolled sideways"
