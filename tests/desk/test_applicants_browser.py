"""The applicants' page as people use it on a phone: a date, the chat, the card, cancelling."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from bot.channels.web.visitor import sender_of
from tests.desk.conftest import LOOKS, barriers
from tests.support.applicants import OFFICE, Street, open_street
from tests.support.browsers import OpenPage, pages_of
from tests.support.phones import Meta, from_whatsapp

pytestmark = pytest.mark.asyncio(loop_scope="session")

WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

Shoot = Callable[[Page, str], Awaitable[None]]

META = Meta()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def street() -> AsyncIterator[Street]:
    """One page for all tests here, with WhatsApp."""
    async with open_street(whatsapp=META) as street:
        yield street


@pytest_asyncio.fixture(loop_scope="session")
async def opened(chromium: Browser, street: Street) -> AsyncIterator[OpenPage]:
    """Opens browsers of a size and a theme; none may have complained by the end."""
    async with pages_of(chromium, street.url) as open_one:
        yield open_one


async def fits(page: Page) -> None:
    """Nothing is cut off, and axe finds nothing serious."""
    assert await page.evaluate(WIDE) == 0
    assert await barriers(page) == []


async def chosen(page: Page, day: str) -> None:
    """From the list of offices to the chat, by links and a button."""
    await page.goto("/")
    await page.get_by_role("link", name="Jakarta Pusat").first.click()
    await page.get_by_role("link", name=day).click()
    await page.get_by_role("button", name="Daftar untuk tanggal ini").click()


async def write(page: Page, text: str) -> None:
    """Write in the chat and send it with the keyboard."""
    await page.get_by_label("Tulis pesan").fill(text)
    await page.keyboard.press("Enter")


@pytest.mark.parametrize(("size", "theme"), LOOKS)
async def test_from_a_date_to_a_card_and_back(
    opened: OpenPage, street: Street, shoot: Shoot, size: str, theme: str
) -> None:
    """Office, date, chat, booking, card with its barcode, status by code, cancelled."""
    page, look = await opened(size=size, theme=theme), f"{size}-{theme}"
    await page.goto("/")
    await fits(page)
    await shoot(page, f"applicants-offices-{look}")
    await page.get_by_label("Cari kantor").fill("pusat")
    await expect(page.locator(".offices li:visible")).to_have_count(1)
    await page.locator(".offices li:visible a").press("Enter")
    await expect(page.get_by_role("heading", name="Pilih tanggal")).to_be_visible()
    await fits(page)
    await shoot(page, f"applicants-dates-{look}")
    await page.get_by_role("link", name="Senin, 30 November 2026").press("Enter")
    await expect(page.get_by_text("Siang")).to_be_visible()
    await fits(page)
    await shoot(page, f"applicants-day-{look}")
    await page.get_by_role("button", name="Daftar untuk tanggal ini").press("Enter")

    await page.wait_for_url(f"**/chat#{OFFICE}")
    await expect(page.get_by_text("Senin, 30 November 2026").first).to_be_visible()
    await write(page, f"Rina {size.title()}, lahir 17-08-1990")
    await page.get_by_role("button", name="Setuju").click()
    await expect(page.locator(".frame img")).to_be_visible()
    await shoot(page, f"applicants-chat-{look}")

    await page.get_by_role("link", name="Kartu booking").click()
    card = page.locator(".ticket")
    await expect(card).to_contain_text(f"RINA {size.upper()}")
    code = await card.locator(".code").inner_text()
    drawn = "async image => { await image.decode(); return image.naturalWidth; }"
    assert await card.locator("img").evaluate(drawn) > 400
    async with page.expect_download() as saving:
        await card.get_by_role("link", name="Simpan barcode").click()
    assert (await saving.value).suggested_filename == f"{code}.png"
    await expect(card.get_by_role("button", name="Cetak")).to_be_visible()
    await fits(page)
    await shoot(page, f"applicants-card-{look}")
    await page.emulate_media(media="print")
    await expect(card.get_by_role("button", name="Cetak")).to_be_hidden()
    await expect(page.get_by_label("Kode booking")).to_be_hidden()
    await shoot(page, f"applicants-print-{look}")
    await page.emulate_media(media="screen")

    other = await opened(size=size, theme=theme)
    await other.goto("/booking")
    await other.get_by_label("Kode booking").fill(code)
    await other.get_by_label("Tanggal lahir", exact=True).fill("1990-08-17")
    await other.get_by_role("button", name="Tampilkan booking").click()
    await expect(other.locator(".ticket")).to_contain_text("Terdaftar")

    await page.get_by_text("Batalkan booking").click()
    await page.get_by_role("button", name="Ya, batalkan").click()
    await expect(page.get_by_role("status")).to_have_text("Booking sudah dibatalkan.")
    assert await street.stores.seats.by_code(code) is None
    await fits(page)


async def test_dates_need_no_script(opened: OpenPage, street: Street) -> None:
    """List and calendar work without JavaScript, up to the chat, where the date is said already."""
    page = await opened(size="phone", script=False)
    await chosen(page, "Selasa, 1 Desember 2026")
    await page.wait_for_url(f"**/chat#{OFFICE}")
    held = {each["name"]: each["value"] for each in await page.context.cookies()}
    id_ = f"web:{OFFICE}:{sender_of(held['antre_visitor'])}"
    said = await street.stores.conversations.transcript(id_)
    assert said[0]["message"]["title"] == "Selasa, 1 Desember 2026"


async def test_a_number_is_proven(opened: OpenPage, street: Street, shoot: Shoot) -> None:
    """Typed in, asked back from WhatsApp, and shown from then on; in English as well."""
    await from_whatsapp(street, "Pagi")
    page = await opened(size="phone", theme="dark")
    await page.goto("/phone")
    await page.get_by_role("button", name="English").click()
    await page.get_by_label("WhatsApp number").fill("0812 0000 0001")
    await fits(page)
    await shoot(page, "applicants-phone")
    await page.get_by_role("button", name="Send a code").click()
    await expect(page.get_by_role("heading", name="Enter the code")).to_be_visible()
    await fits(page)
    await shoot(page, "applicants-code")
    link = page.get_by_role("link", name="Write on WhatsApp")
    await expect(link).to_have_attribute("href", f"https://wa.me/{_number(street)}?text={HELLO}")
    assert street.desk.applicants
    assert street.desk.applicants.proving
    await street.desk.applicants.proving.close(None)
    await page.get_by_label("Code from WhatsApp").fill(META.codes[-1])
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Your number: +62 812 0000 0001")).to_be_visible()


HELLO = "Hello%2C%20I%20would%20like%20to%20connect%20this%20number%20with%20the%20queue%20page."


def _number(street: Street) -> str:
    office = street.bot.offices.get(OFFICE)
    assert office
    return office.numbers[0]
