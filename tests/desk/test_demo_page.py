"""The demo's start page: both sides in frames, here alone."""

import pytest
from playwright.async_api import Browser, expect

from bot.desk.house import DemoLogin
from bot.desk.roles import Role
from tests.desk.conftest import barriers
from tests.support.browsers import SIZES
from tests.support.desk import PASSWORD, DeskHouse, open_house

LOGINS = (DemoLogin("supervisor", "Bagus Contoh", PASSWORD, Role.SUPERVISOR),)
FRAMED = "frame-ancestors 'self'"


async def test_where_logins_are_real_there_is_none(house: DeskHouse) -> None:
    """Neither the page nor a frame around any other."""
    async with house.visitor() as visitor:
        answer = await visitor.get("/desk/demo")
        assert answer.status == 404
        assert FRAMED not in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Frame-Options"] == "DENY"


async def test_only_our_own_pages_frame_the_demo() -> None:
    """Every page may be shown in a frame of this very origin, and of no other."""
    async with open_house(demo=LOGINS) as house, house.visitor() as visitor:
        for path in ("/desk/demo", "/desk/sign-in"):
            answer = await visitor.get(path)
            assert answer.status == 200
            assert FRAMED in answer.headers["Content-Security-Policy"]
            assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
        assert PASSWORD in await visitor.text("/desk/demo")


@pytest.mark.asyncio(loop_scope="session")
async def test_one_click_signs_in_beside_the_guide(chromium: Browser) -> None:
    """In the frame for staff a login is a button; on a phone nothing is cut off."""
    async with open_house(demo=LOGINS) as house:
        width, height = SIZES["phone"]
        size = {"width": width, "height": height}
        context = await chromium.new_context(base_url=house.url, viewport=size, locale="id-ID")
        page = await context.new_page()
        await page.goto("/desk/demo")
        desk = page.frame_locator("iframe[name=desk]")
        await desk.get_by_role("button", name="Masuk: Penyelia").click()
        await expect(desk.get_by_role("heading", name="Antrean hari ini")).to_be_visible()
        assert await barriers(page) == []
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert await page.evaluate(wide) == 0
        await context.close()
