"""Debian's Chromium, driven by Playwright; no browser is downloaded."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import Browser, Playwright, expect

CHROMIUM: Final = Path("/usr/bin/chromium")
PATIENCE_MS: Final = 20_000
"""How long a page may take to show what is expected: a busy machine is no mistake."""

ARGUMENTS: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--use-fake-device-for-media-stream",  # a camera that shows a test picture
    "--use-fake-ui-for-media-stream",  # and may be opened
]


@asynccontextmanager
async def launched(playwright: Playwright) -> AsyncIterator[Browser]:
    """A browser without a window. Where there is none, the test fails and says what to install."""
    if not CHROMIUM.exists():
        pytest.fail(f"no browser at {CHROMIUM}; apt-get install chromium", pytrace=False)
    expect.set_options(timeout=PATIENCE_MS)
    browser = await playwright.chromium.launch(
        executable_path=CHROMIUM, args=ARGUMENTS, headless=True
    )
    try:
        yield browser
    finally:
        await browser.close()
