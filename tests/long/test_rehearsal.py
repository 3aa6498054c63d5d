"""An office rehearsed without Meta: `antre serve`, `antre graph-stub`, a browser as the phone."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright

from tests.end_to_end.test_browser import ARGUMENTS, CHROMIUM
from tests.support.service import ANTRE, ROOT, Service, environment, free_port

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(
        not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}; apt-get install chromium"
    ),
]


@asynccontextmanager
async def office(data: Path, models: Path, *bad_day: str) -> AsyncIterator[str]:
    """A bot and a stand-in, started as the stand-in advises; the page's address."""
    port = free_port()
    webhook = f"http://127.0.0.1:{port}/webhooks/whatsapp"
    stub = await asyncio.create_subprocess_exec(
        *(ANTRE, "graph-stub", "--port", "0", "--webhook", webhook, *bad_day),
        cwd=ROOT,
        env=environment(),
        stdout=asyncio.subprocess.PIPE,
    )
    assert stub.stdout
    try:
        lines = [(await stub.stdout.readline()).decode() for _ in range(6)]
        advised = dict(re.findall(r"((?:WHATSAPP|MONGODB)_\w+)=(\S*)", "".join(lines)))
        variables = {**advised, "ANTRE_NLU_MODELS": str(models)}
        service = await Service.start("serve", "--data", str(data), variables=variables, port=port)
        try:
            yield lines[0].split()[1].rpartition("/")[0]
        finally:
            await service.stop()
            sys.stderr.write("\n".join(service.output))
    finally:
        stub.terminate()
        await stub.wait()


async def book(page: Page) -> str:
    """Register on the phone by tapping and typing; the booking code."""
    await page.click("text=Open phone")
    await say(page, "Pagi")
    await page.click("#lines button:has-text('Lihat tanggal')")
    await page.click("#lines summary:has-text('Pilih tanggal')")
    await page.click("#lines button.row >> nth=0")
    await page.wait_for_selector("#lines li.bot:has-text('nama') >> nth=-1")
    await say(page, "Budi Santoso, 25-01-1987")
    await page.click("#lines button:has-text('Setuju')")
    card = page.locator("#lines li.bot:has-text('Kode booking:')").first
    found = re.search(r"[A-Z]{3}-\w{5}-\w{5}", await card.inner_text())
    assert found
    return found[0]


async def say(page: Page, words: str) -> None:
    """Type and send."""
    await page.fill("#words", words)
    await page.keyboard.press("Enter")


async def test_on_a_bad_day(tmp_path: Path, models: Path) -> None:
    """One call in five fails, statuses come in any order: somebody books with a browser all the
    same, reads the code, and finds it again by asking.
    """
    bad_day = ("--fail", "0.2", "--odd-statuses", "0.5")
    async with office(tmp_path / "data", models, *bad_day) as url, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = await browser.new_page()
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(url)
        code = await book(page)
        await say(page, "#status")
        await page.wait_for_selector(f"#lines li.bot:has-text('{code}') >> nth=1")
        assert complaints == []
        await browser.close()
