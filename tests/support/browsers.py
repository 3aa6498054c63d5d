"""Pages in browsers of their own, of a size and a theme, that must not complain."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Final, TypeAlias

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page

from tests.support.chromium import PATIENCE_MS
from tests.support.desk import PASSWORD

OpenPage: TypeAlias = Callable[..., Awaitable[Page]]
"""``page = await open_page("counter", size="phone", theme="dark")``, signed in if a login is
given; ``script=False`` for a browser without JavaScript.
"""

ANSWERS: Final = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")
"""A page that says no is no mistake of the page's."""

SIZES: Final = {"phone": (360, 740), "desktop": (1280, 800)}


@asynccontextmanager
async def pages_of(chromium: Browser, url: str) -> AsyncIterator[OpenPage]:
    """What opens pages of a site; no browser may have complained by the end."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def note(said: ConsoleMessage) -> None:
        if said.type in {"error", "warning"} and not ANSWERS.match(said.text):
            complaints.append(said.text)

    async def open_page(
        login: str = "", *, size: str = "desktop", theme: str = "light", script: bool = True
    ) -> Page:
        width, height = SIZES[size]
        options: dict[str, Any] = {"color_scheme": theme, "locale": "id-ID"}
        context = await chromium.new_context(
            base_url=url,
            viewport={"width": width, "height": height},
            java_script_enabled=script,
            **options,
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        page = await context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", note)
        if login:
            await page.goto("/desk/sign-in")
            await page.locator("#login").fill(login)
            await page.locator("#password").fill(PASSWORD)
            await page.keyboard.press("Enter")
            await page.wait_for_url("**/desk")
        return page

    yield open_page
    for context in contexts:
        await context.close()
    assert complaints == []
