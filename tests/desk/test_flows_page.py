"""Flows in a real browser: mistakes seen at their line, mended, published, and taken back."""

import re
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Page, expect

from tests.desk.conftest import LOOKS, SCREENSHOTS, OpenPage, barriers
from tests.support.desk import DeskHouse
from tests.support.house import House

pytestmark = pytest.mark.asyncio(loop_scope="session")

Shoot = Callable[[Page, str], Awaitable[None]]
WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


async def clean(house: DeskHouse) -> None:
    """No drafts of other tests."""
    drafts = house.kept.drafts
    for head in await drafts.heads():
        await drafts.delete(head.id, head.revision)


async def begun(page: Page, title: str) -> str:
    """Begin a draft; its address."""
    await page.goto("/desk/flows")
    await page.get_by_label("Tentang apa").fill(title)
    await page.get_by_role("button", name="Mulai draf").click()
    await expect(page.get_by_role("heading", name=title)).to_be_visible()
    return page.url


async def talk(open_page: OpenPage) -> Page:
    """An applicant's window on the web chat, greeted."""
    window = await open_page(size="phone")
    await window.goto("/chat#jakarta_pusat")
    await write(window, "halo", "one v1")
    return window


async def write(window: Page, words: str, *answers: str) -> None:
    """What an applicant says, and what the last bubbles then hold."""
    await window.get_by_label("Tulis pesan").fill(words)
    await window.keyboard.press("Enter")
    await expect(window.locator(".own[data-state=answered] .words").last).to_have_text(words)
    for number, answer in enumerate(reversed(answers), 1):
        bubble = window.locator(".bubble:not(.typing) .words").nth(-number)
        await expect(bubble).to_have_text(answer)


async def replaced(page: Page, old: str, new: str) -> None:
    """Type over the first place where ``old`` stands."""
    text = page.locator("#text")
    await text.evaluate(
        """(area, old) => { const at = area.value.indexOf(old); area.focus();
        area.setSelectionRange(at, at + old.length) }""",
        old,
    )
    await page.keyboard.insert_text(new)


@pytest.mark.parametrize(("size", "theme"), LOOKS)
async def test_pages_can_be_read_by_everybody(
    open_page: OpenPage,
    shared_house: DeskHouse,
    shared_project: House,
    shoot: Shoot,
    size: str,
    theme: str,
) -> None:
    """Every page of flows passes axe and is not cut: contrast, names, order."""
    if not await shared_project.versions.history():
        await shared_project.publish("yang pertama")
    page = await open_page("editor", size=size, theme=theme)
    place = await begun(page, "Salam yang lebih singkat")
    await page.goto(f"{place}/talk.yml")
    await expect(page.locator("#diagram svg")).to_be_visible()
    await replaced(page, "go: last", "go: lsat")
    await page.keyboard.press("Control+s")
    await expect(page.locator("#state")).to_contain_text("Tersimpan")
    pages = {"edit": f"{place}/talk.yml"}
    if size == "phone" or SCREENSHOTS:
        pages |= {"list": "/desk/flows", "draft": f"{place}?check=1"}
        pages |= {"publish": f"{place}/publish", "history": "/desk/flows/history"}
    for name, path in pages.items():
        await page.goto(path)
        if name == "edit":
            await expect(page.locator(".gutter li.mistake")).to_have_text("8")
        await shoot(page, f"flows-{name}-{theme}-{size}")
        assert await barriers(page) == [], name
        assert await page.evaluate(WIDE) == 0, f"{name} must be scrolled sideways"
    await clean(shared_house)


async def test_three_mistakes_are_mended_and_published(
    open_page: OpenPage, shared_project: House
) -> None:
    """An editor sees each mistake at its line, mends them, publishes with a note; who is talking in
    another window finishes on the old version, who begins gets the new one; two clicks go back.
    """
    if not await shared_project.versions.history():
        await shared_project.publish("yang pertama")
    old = await talk(open_page)
    page = await open_page("editor")
    await begun(page, "Tiga kesalahan")
    await page.get_by_role("link", name="talk.yml", exact=True).click()
    marks = page.locator(".gutter li.mistake")
    await expect(page.locator("#found .right")).to_be_visible()
    await replaced(page, "go: second", "go: secnd")
    await expect(marks).to_have_text("5")
    await replaced(page, "10 minutes", "ten minutes")
    await expect(marks).to_have_text(["5", "9"])
    await replaced(page, "say: done", "say: dnoe")
    await expect(marks).to_have_text(["5", "9", "10"])
    await expect(page.locator(".paint .mistake .complaint").first).to_contain_text(
        "maksudnya 'second'?"
    )
    await expect(page.locator("#picture-old")).to_be_visible()  # the last that was right stays
    await page.keyboard.press("F8")
    await expect(page.locator(".gutter li.here")).to_have_text("5")
    await page.keyboard.press("F8")
    await expect(page.locator(".gutter li.here")).to_have_text("9")
    for wrong, right in (("secnd", "second"), ("ten minutes", "20 minutes"), ("dnoe", "done")):
        await replaced(page, wrong, right)
    await expect(marks).to_have_count(0)
    await expect(page.locator("#picture-old")).to_be_hidden()
    await page.get_by_role("button", name="Ke keadaan last").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator(".gutter li.here")).to_have_text("10")
    await page.keyboard.press("Control+s")
    await expect(page.locator("#state")).to_contain_text("Tersimpan")
    await page.locator(".other-files").get_by_role("link", name="replies/id.yml").click()
    await expect(page.locator("#found .right")).to_be_visible()
    await replaced(page, "two v1", "kedua")
    await page.get_by_role("link", name="Terbitkan …").click()  # what was typed is saved first
    await expect(page.get_by_text("two: kedua")).to_be_visible()
    await page.get_by_label("Catatan (untuk riwayat)").fill("kalimat kedua")
    await page.get_by_role("button", name="Terbitkan", exact=True).click()
    await expect(page.locator(".card.now")).to_contain_text("kalimat kedua")
    new = await talk(open_page)
    await write(new, "ya", "kedua")
    await write(old, "ya", "two v1")
    await write(old, "ya", "done v1")
    await page.get_by_role("link", name="Riwayat").click()
    await page.get_by_role("link", name="Kembali ke sini").first.click()
    await page.get_by_role("button", name="Kembali ke sini").click()
    await expect(page.locator(".card.now")).to_contain_text("kembali ke terbitan")
    await write(new, "qwrtp", "qwrtp", "sorry v1", "kedua")  # still on the version it began with
    await write(old, "halo", "one v1")
    await write(old, "ya", "two v1")


async def test_words_are_completed_by_keyboard(
    open_page: OpenPage, shared_house: DeskHouse, shared_project: House
) -> None:
    """What may stand there comes while one types and with Ctrl+Space; arrows and Tab take it, Esc
    does not; Tab indents, and leaves the text after Esc.
    """
    if not await shared_project.versions.history():
        await shared_project.publish("yang pertama")
    page = await open_page("editor")
    place = await begun(page, "Kata")
    await page.goto(f"{place}/talk.yml")
    text, offers = page.locator("#text"), page.locator("#offers li")
    await replaced(page, "go: last", "go: ")
    await page.keyboard.press("Control+Space")
    await expect(offers).to_have_text(
        [re.compile("^first"), re.compile("^second"), re.compile("^last")]
    )
    await page.keyboard.type("l")
    await expect(offers).to_have_count(1)
    await page.keyboard.press("Tab")
    await expect(text).to_have_value(re.compile(r"on: \{approve: \{go: last\}\}"))
    await page.keyboard.press("Control+End")
    await page.keyboard.type("  late")
    await page.keyboard.type(":")
    await page.keyboard.press("Enter")
    await page.keyboard.type("sa")
    await expect(offers.first).to_contain_text("say")
    await page.keyboard.press("Escape")
    await expect(offers).to_have_count(0)
    assert (await text.input_value()).endswith("  late:\n    sa")
    await page.keyboard.press("Control+Space")
    await expect(offers.first).to_have_attribute("aria-selected", "true")
    await page.keyboard.press("Enter")
    await expect(text).to_have_value(re.compile(r"\n    say: $"))
    await page.keyboard.press("Escape")
    await page.keyboard.press("Escape")
    await page.keyboard.press("Tab")
    await expect(text).not_to_be_focused()
    await clean(shared_house)
