"""A number typed on the page is nobody's until the code that was sent to it came back."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.booking.conduct import Conduct
from bot.booking.notices import Notice, NoticeName
from bot.privacy.erasing import Eraser
from bot.relay import Relay
from tests.support.applicants import DAY, OFFICE, Browser, Street, open_street
from tests.support.phones import PHONE, Meta, from_whatsapp

OTHER_DAY = "2026-12-01"


@pytest.fixture
def meta() -> Meta:
    """What is sent by WhatsApp."""
    return Meta()


@pytest.fixture
async def street(meta: Meta) -> AsyncIterator[Street]:
    """A page of this test's own, with WhatsApp."""
    async with open_street(whatsapp=meta) as street:
        yield street


async def asked(browser: Browser, phone: str = "0812 0000 0001") -> int:
    """Ask for a code; the status."""
    await browser.get("/phone")
    return (await browser.post("/phone", phone=phone, office=OFFICE)).status


async def proved(street: Street, meta: Meta, browser: Browser) -> None:
    """Prove :data:`PHONE`, which has written to the office."""
    assert await asked(browser) == 303
    await settled(street)
    await browser.text("/phone/code")
    answer = await browser.post("/phone/code", code=meta.codes[-1])
    assert answer.headers.get("Location") == "/phone?done=proven", browser.read


async def settled(street: Street) -> None:
    """Codes under way are sent."""
    assert street.desk.applicants
    assert street.desk.applicants.proving
    await street.desk.applicants.proving.close(None)


async def test_until_then_the_browser_books_for_itself(street: Street) -> None:
    """A number that is typed into the chat or asked about counts for nothing: page and WhatsApp
    may have a booking each.
    """
    await from_whatsapp(street, "Pagi")
    async with street.passer_by() as browser:
        assert await asked(browser) == 303
        code = await browser.book(day=DAY)
        seat = await street.stores.seats.by_code(code)
        assert seat
        assert seat.claim
        assert seat.claim.applicant.sender == f"web:{browser.sender}"
        assert "belum" in "\n".join(await from_whatsapp(street, "status")).lower()


async def test_a_proven_number_has_one_booking_both_ways(street: Street, meta: Meta) -> None:
    """After the proof the page books as the number: WhatsApp shows it and gives no second one."""
    await from_whatsapp(street, "Pagi")
    async with street.passer_by() as browser:
        await proved(street, meta, browser)
        assert "+62 812 0000 0001" in await browser.text("/phone")
        code = await browser.book()
        seat = await street.stores.seats.by_code(code)
        assert seat
        assert seat.claim
        assert seat.claim.applicant.sender == f"whatsapp:{PHONE}"
        assert code in "\n".join(await from_whatsapp(street, "status"))
        form = f"#SITI FIKTIF#02-03-1991#{OTHER_DAY[8:]}-{OTHER_DAY[5:7]}-2026"
        assert code in "\n".join(await from_whatsapp(street, form))
        assert code in await browser.text("/booking")


async def test_what_whatsapp_booked_counts_on_the_page(street: Street, meta: Meta) -> None:
    """Who has a booking on WhatsApp gets no second one on the page, and sees it there."""
    await from_whatsapp(street, "Pagi", f"#SITI FIKTIF#02-03-1991#{DAY[8:]}-11-2026", "oke setuju")
    [seat] = await street.stores.seats.of_sender(f"whatsapp:{PHONE}")
    async with street.passer_by() as browser:
        await proved(street, meta, browser)
        assert seat.booking_code in await browser.text("/booking")
        await browser.choose(day=OTHER_DAY)
        replies = await browser.write("Rina Fiktif, lahir 17-08-1990")
        assert seat.booking_code in replies[0]["text"] + "".join(await browser.said())


async def test_what_the_page_booked_before_counts_afterwards(street: Street, meta: Meta) -> None:
    """A booking made before the proof is the number's, too: seen on WhatsApp, and the only one."""
    await from_whatsapp(street, "Pagi")
    async with street.passer_by() as browser:
        code = await browser.book()
        await proved(street, meta, browser)
        assert code in "\n".join(await from_whatsapp(street, "status"))
        form = f"#SITI FIKTIF#02-03-1991#{OTHER_DAY[8:]}-12-2026"
        assert code in "\n".join(await from_whatsapp(street, form))
        assert await street.stores.seats.of_sender(f"whatsapp:{PHONE}") == []


async def test_a_blocked_number_is_blocked_on_the_page(street: Street, meta: Meta) -> None:
    """Nobody gets round a block by proving their number, nor do strikes of the browser vanish."""
    await from_whatsapp(street, "Pagi")
    async with street.passer_by() as browser:
        await proved(street, meta, browser)
        conduct = Conduct(street.stores.people)
        await conduct.block(f"whatsapp:{PHONE}", "calo", "staff:admin", street.clock(), days=30)
        await browser.choose()
        replies = await browser.write("Rina Fiktif, lahir 17-08-1990")
        assert "calo" in replies[0]["text"]


async def test_a_strangers_number_is_sent_nothing_and_told_of_nothing(
    street: Street, meta: Meta
) -> None:
    """Who never wrote to the office gets no message; the pages are the same as for who did."""
    await from_whatsapp(street, "Pagi")
    pages = []
    for phone in ("0812 0000 0001", "0812 0000 0002"):
        async with street.passer_by() as browser:
            assert await asked(browser, phone) == 303
            await settled(street)
            page = await browser.text("/phone/code")
            await browser.post("/phone/code", code="000000")
            pages.append([text.replace(phone[5:], "") for text in (page, browser.read)])
    assert [_plain(text) for text in pages[0]] == [_plain(text) for text in pages[1]]
    assert {contact.sender for contact, _ in meta.sent if contact.sender} == {PHONE}


def _plain(page: str) -> str:
    """A page without its token and number."""
    return re.sub(r'value="[^"]*"|\+62 [\d ]+', "", page)


async def test_a_code_is_good_for_five_tries(street: Street, meta: Meta) -> None:
    """Wrong ones are counted before they are looked at, many at once too; then it is over, and the
    right one proves nothing.
    """
    await from_whatsapp(street, "Pagi")
    async with street.passer_by() as browser:
        await asked(browser)
        await settled(street)
        await browser.text("/phone/code")
        right = meta.codes[-1]
        wrong = [f"{(int(right) + ahead) % 10**6:06d}" for ahead in range(1, 40)]
        await asyncio.gather(*(browser.post("/phone/code", code=each) for each in wrong))
        answer = await browser.post("/phone/code", code=right)
        assert answer.status == 409
        proof = await street.stores.proofs.load(browser.sender)
        assert proof.proven is None


async def test_a_code_ends_and_the_next_one_takes_its_place(street: Street, meta: Meta) -> None:
    """After ten minutes it is over; asked for again, only the new one counts, in this browser."""
    await from_whatsapp(street, "Pagi")
    async with street.passer_by() as browser, street.passer_by() as other:
        await asked(browser)
        await settled(street)
        street.clock.wait(minutes=11)
        await browser.text("/phone/code")
        assert (await browser.post("/phone/code", code=meta.codes[0])).status == 409
        await asked(browser)
        await settled(street)
        first, second = meta.codes
        await other.get("/phone")
        assert (await other.post("/phone/code", code=second)).status == 409
        await browser.text("/phone/code")
        if first != second:
            assert (await browser.post("/phone/code", code=first)).status == 409
        assert (await browser.post("/phone/code", code=second)).status == 303


async def test_a_code_is_kept_nowhere(street: Street, meta: Meta) -> None:
    """What is stored is a hash with the cookie as its key; no journal has the code."""
    await from_whatsapp(street, "Pagi")
    async with street.passer_by() as browser:
        await asked(browser)
        await settled(street)
        proof = await street.stores.proofs.load(browser.sender)
        records = await street.stores.conversations.transcript(f"whatsapp:{OFFICE}:{PHONE}")
        assert meta.codes[-1] not in repr(proof)
        assert meta.codes[-1] not in repr(records)
        assert browser.cookie not in repr(proof)


async def test_nobody_is_flooded_with_codes(street: Street, meta: Meta) -> None:
    """However many browsers ask, a number gets a handful a day; each pause is longer."""
    await from_whatsapp(street, "Pagi")
    refused = 0
    for _ in range(60):
        async with street.passer_by() as browser:
            refused += await asked(browser) == 429
        street.clock.wait(minutes=20)
    await settled(street)
    assert len(meta.codes) <= 10
    assert refused >= 50


async def test_one_browser_cannot_try_many_numbers(street: Street, meta: Meta) -> None:
    """Codes to ever other numbers are counted by browser, and by address."""
    async with street.passer_by() as browser:
        statuses = [await asked(browser, f"0812 0000 00{n:02d}") for n in range(10, 20)]
    assert statuses.count(303) <= 4
    statuses = []
    for n in range(20, 50):
        async with street.passer_by() as browser:
            statuses.append(await asked(browser, f"0812 0000 00{n}"))
    assert statuses.count(429) >= 10
    assert meta.codes == []


async def test_news_of_a_booking_rings_on_whatsapp(street: Street, meta: Meta) -> None:
    """Who has proven a number is reminded there, though the booking was made on the page."""
    await from_whatsapp(street, "Pagi")
    async with street.passer_by() as browser:
        await proved(street, meta, browser)
        code = await browser.book()
    seat = await street.stores.seats.by_code(code)
    assert seat
    street.clock.wait(days=5, hours=8)
    await street.bot.sweeper.sweep()
    await street.bot.outbox.close(timedelta(seconds=1))
    assert any(code in reply.text for _, reply in meta.sent), [r.text for _, r in meta.sent]
    waiting = f"web:{OFFICE}:{browser.sender}"
    assert not any(
        "notice" in record for record in await street.stores.conversations.transcript(waiting)
    )


async def test_an_offered_seat_stays_where_it_waits(street: Street, meta: Meta) -> None:
    """The seat is held in the page's conversation, so the page tells of it."""
    await from_whatsapp(street, "Pagi")
    async with street.passer_by() as browser:
        await proved(street, meta, browser)
        id_ = f"web:{OFFICE}:{browser.sender}"
        place = Relay(street.stores.conversations, street.stores.proofs, street.clock).place
        for name in (NoticeName.SEAT_OFFERED, NoticeName.MOVED):
            told = await place(Notice("1", id_, name.value))
            wanted = id_ if name is NoticeName.SEAT_OFFERED else f"whatsapp:{OFFICE}:{PHONE}"
            assert told.conversation == wanted


async def test_who_is_erased_leaves_no_proof(street: Street, meta: Meta) -> None:
    """Erasing the number takes the proof, and what the browser did is found from it."""
    await from_whatsapp(street, "Pagi")
    async with street.passer_by() as browser:
        await proved(street, meta, browser)
        await browser.write("halo")
        addresses = await street.bot.identities.addresses("whatsapp", PHONE)
        assert f"web:{browser.sender}" in addresses
        eraser = Eraser(street.stores, street.bot.queue())
        for address in addresses:
            await eraser.erase(address, street.clock())
        assert await street.stores.conversations.of_sender("web", browser.sender) == []
        proof = await street.stores.proofs.load(browser.sender)
        assert proof.proven is None


async def test_a_proof_does_not_last_for_ever(street: Street, meta: Meta) -> None:
    """After ninety days the number has to be proven anew."""
    await from_whatsapp(street, "Pagi")
    async with street.passer_by() as browser:
        await proved(street, meta, browser)
        street.clock.wait(days=91)
        assert "+62 812 0000 0001" not in await browser.text("/phone")


async def test_without_whatsapp_there_is_no_such_page() -> None:
    """In the demo nothing can be sent, so nothing is offered."""
    async with open_street() as street, street.passer_by() as browser:
        assert (await browser.get("/phone")).status == 404
        assert "/phone" not in await browser.text("/")
