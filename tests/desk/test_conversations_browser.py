"""A supervisor and an applicant, each in a browser: taken over, answered, handed back."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from bot.desk.roles import Role
from tests.desk.conftest import LOOKS, barriers
from tests.support.applicants import OFFICE, Street, open_street
from tests.support.browsers import OpenPage, pages_of
from tests.support.desk import account

pytestmark = pytest.mark.asyncio(loop_scope="session")

WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

Shoot = Callable[[Page, str], Awaitable[None]]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def street() -> AsyncIterator[Street]:
    """The chat and the desk beside one bot."""
    async with open_street() as street:
        roles = {OFFICE: frozenset({Role.SUPERVISOR})}
        await street.desk.kept.accounts.save(account("supervisor", roles))
        yield street


@pytest_asyncio.fixture(loop_scope="session")
async def opened(chromium: Browser, street: Street) -> AsyncIterator[OpenPage]:
    """Opens browsers, signed in if a login is given; none may have complained by the end."""
    async with pages_of(chromium, street.url) as open_one:
        yield open_one


async def test_taken_over_and_handed_back(opened: OpenPage, shoot: Shoot) -> None:
    """Who asks for staff in the chat is seen at the desk, answered there and not by the bot, and
    books where they were.
    """
    chat = await opened()
    await chat.goto(f"/chat#{OFFICE}")
    field = chat.locator(".composer textarea")

    async def write(text: str) -> None:
        await field.fill(text)
        await field.press("Enter")

    heard = chat.locator(".log")
    await write("#tgllayanan")
    await expect(heard).to_contain_text("Balas dengan nomornya")
    desk = await opened("supervisor")
    await desk.goto("/desk/conversations")
    await expect(desk.locator("#part")).to_contain_text("Tidak ada yang menunggu")
    await write("#petugas")
    await expect(heard).to_contain_text("akan membalas di sini")
    await expect(desk.locator(".talk.waits")).to_be_visible()
    await shoot(desk, "conversations-waiting")
    await desk.locator(".talk .whose").click()
    await desk.get_by_role("button", name="Ambil alih", exact=True).click()
    await expect(desk.locator("textarea#text")).to_be_visible()
    await write("boleh ajak ibu saya?")
    await expect(heard).to_contain_text("Pesan Anda sudah diterima petugas")
    await expect(desk.locator("#log")).to_contain_text("boleh ajak ibu saya?")
    answer = desk.locator("textarea#text")
    await answer.fill("Boleh, ")
    await write("dan ayah?")
    await expect(desk.locator("#log")).to_contain_text("dan ayah?")
    await expect(answer).to_have_value("Boleh, ")  # what is typed stays
    await answer.press_sequentially("keduanya.")
    await answer.press("Control+Enter")
    await expect(heard).to_contain_text("Boleh, keduanya.")
    await expect(heard.locator(".bubble.staff")).to_contain_text("Petugas")
    await expect(desk.locator("textarea#text")).to_have_value("")
    await expect(desk.locator("#log")).to_contain_text("Boleh, keduanya.")
    await shoot(desk, "conversation")
    await desk.get_by_role("button", name="Kembalikan ke bot").click()
    await expect(heard).to_contain_text("Petugas sudah selesai membantu")
    await write("2")
    await expect(heard).to_contain_text("kirim nama lengkap")
    await write("#RINA FIKTIF#25011987")
    await expect(heard).to_contain_text("Kode persetujuan")
    await write("oke setuju")
    await expect(heard).to_contain_text("Kode booking")
    await expect(desk.locator("#log")).to_contain_text("Kode booking")
    assert await heard.locator(".bubble:has-text('sudah diterima petugas')").count() == 1


@pytest.mark.parametrize(("size", "theme"), LOOKS)
async def test_for_everybody(size: str, theme: str, opened: OpenPage, shoot: Shoot) -> None:
    """List and conversation keep nobody out, and nothing is cut off."""
    chat = await opened(size=size, theme=theme)
    await chat.goto(f"/chat#{OFFICE}")
    await chat.locator(".composer textarea").fill("#petugas qwrtp")
    await chat.locator(".composer textarea").press("Enter")
    await chat.locator(".composer textarea").fill("#petugas")
    await chat.locator(".composer textarea").press("Enter")
    await expect(chat.locator(".log")).to_contain_text("membalas di sini")
    page = await opened("supervisor", size=size, theme=theme)
    await page.goto("/desk/conversations")
    await expect(page.locator(".talk.waits").first).to_be_visible()
    assert await barriers(page) == []
    assert await page.evaluate(WIDE) == 0
    await shoot(page, f"conversations-{size}-{theme}")
    await page.locator(".talk.waits .whose").first.click()
    await page.get_by_role("button", name="Ambil alih", exact=True).click()
    await expect(page.locator("textarea#text")).to_be_visible()
    assert await barriers(page) == []
    assert await page.evaluate(WIDE) == 0
    await shoot(page, f"conversation-{size}-{theme}")
