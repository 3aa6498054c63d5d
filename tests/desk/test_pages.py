"""The desk's pages in a real browser: both themes, phone and desktop, by keyboard."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Page, expect

from tests.desk.conftest import LOOKS, OpenPage, barriers
from tests.support.desk import DeskHouse

pytestmark = pytest.mark.asyncio(loop_scope="session")

Shoot = Callable[[Page, str], Awaitable[None]]
PAGES = ["/desk", "/desk/trail", "/desk/staff", "/desk/password", "/desk/none"]


@pytest.mark.parametrize(("size", "theme"), LOOKS)
async def test_pages_can_be_read_by_everybody(
    open_page: OpenPage, shoot: Shoot, size: str, theme: str
) -> None:
    """No page keeps anybody out: contrast, names and order pass axe; nothing is cut off."""
    page = await open_page("everywhere", size=size, theme=theme)
    for path in PAGES:
        await page.goto(path)
        await shoot(page, f"{path.strip('/').replace('/', '-')}-{theme}-{size}")
        assert await barriers(page) == [], path
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert await page.evaluate(wide) == 0, f"{path} must be scrolled sideways"
    out = await open_page(size=size, theme=theme)
    await out.goto("/desk/sign-in")
    await shoot(out, f"sign-in-{theme}-{size}")
    assert await barriers(out) == []


async def test_the_menu_shows_where_one_is(open_page: OpenPage) -> None:
    """On a phone it is wider than the screen, and moved to the page that is open."""
    page = await open_page("everywhere", size="phone")
    for path in ("/desk", "/desk/staff"):
        await page.goto(path)
        await expect(page.locator(".menu [aria-current]")).to_be_in_viewport(ratio=1)


async def test_a_shift_by_keyboard(open_page: OpenPage) -> None:
    """Signing in, another language, another office, and leaving need no mouse."""
    page = await open_page()
    await page.goto("/desk/trail")
    await expect(page).to_have_title("Masuk · Antre")
    await page.keyboard.type("two")
    await page.keyboard.press("Tab")
    await page.keyboard.type("kopi pagi di loket")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("bukan untuk tugas Anda")
    await page.get_by_role("button", name="English").press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("not for your role")
    await page.get_by_label("Office").select_option("bogor")
    await expect(page.get_by_role("heading", name="What was done")).to_be_visible()
    await expect(page.get_by_role("link", name="Audit")).to_have_attribute("aria-current", "page")
    await page.get_by_role("button", name="Sign out").press("Enter")
    await expect(page).to_have_title("Sign in · Antre")


async def test_who_is_disabled_is_out_at_the_next_click(
    open_page: OpenPage, shared_house: DeskHouse
) -> None:
    """An admin disables somebody; their page asks them to sign in, which they cannot any more."""
    admin, other = await open_page("everywhere"), await open_page("editor")
    await admin.goto("/desk/staff")
    await admin.get_by_role("button", name="Nonaktifkan Editor Contoh").click()
    await expect(admin.get_by_role("button", name="Aktifkan Editor Contoh")).to_be_visible()
    await other.reload()
    await expect(other).to_have_title("Masuk · Antre")
    await admin.get_by_role("button", name="Aktifkan Editor Contoh").click()
    found = await shared_house.kept.accounts.load("editor")
    assert found
    assert not found.disabled
