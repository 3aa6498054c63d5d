"""The applicants' page over plain HTTP: dates, the step into the chat, cards, codes, cancelling."""

from collections.abc import AsyncIterator

import pytest

from bot.booking.life import SeatState
from tests.support.applicants import DAY, OFFICE, SEAT, Street, open_street


@pytest.fixture
async def street() -> AsyncIterator[Street]:
    """A page of this test's own."""
    async with open_street() as street:
        yield street


async def test_offices_show_where_they_are_and_what_is_free(street: Street) -> None:
    """Every office stands in the list with its quarter, if one is known, and its next free date."""
    async with street.passer_by() as visitor:
        page = await visitor.text("/")
        for office in street.bot.offices:
            assert f'href="/offices/{office.id}"' in page
        assert "Kemayoran" in page
        assert "Terdekat: Rabu, 25 November 2026" in page
        await visitor.post("/language", language="en", next="/")
        assert "Next: Wednesday, 25 November 2026" in await visitor.text("/")


async def test_only_days_with_seats_lead_on(street: Street) -> None:
    """A weekend, a holiday and what lies too far cannot be chosen, however it is asked for."""
    async with street.passer_by() as visitor:
        page = await visitor.text(f"/offices/{OFFICE}")
        assert f'href="/offices/{OFFICE}/{DAY}"' in page
        assert f'href="/offices/{OFFICE}/2026-11-28"' not in page
        assert "Tutup: Hari Raya Natal" in page
        for day, said in (
            ("2026-11-28", "kantor tutup"),
            ("2026-11-23", "sudah lewat"),
            ("2026-11-24", "terlalu dekat"),
            ("2027-03-01", "belum dibuka"),
        ):
            assert (await visitor.get(f"/offices/{OFFICE}/{day}")).status == 409
            assert said in visitor.read
        for path in ("/offices/nowhere", f"/offices/{OFFICE}/tomorrow", "/offices/nowhere/x"):
            assert (await visitor.get(path)).status == 404


async def test_a_day_shows_what_is_left_by_session(street: Street) -> None:
    """Pagi and Siang with their own seats; one less when somebody has booked."""
    async with street.passer_by() as visitor, street.passer_by() as other:
        assert "<dd>150</dd>" in await visitor.text(f"/offices/{OFFICE}/{DAY}")
        await other.book()
        page = await visitor.text(f"/offices/{OFFICE}/{DAY}")
        assert "<dd>149</dd>" in page
        assert "<dd>100</dd>" in page


async def test_a_full_day_offers_neighbours_and_the_waitlist(street: Street) -> None:
    """Where nothing is left, nearby offices stand with their next date, and the chat takes over."""
    office = street.bot.offices.get(OFFICE)
    assert office
    async with street.passer_by() as visitor:
        await street.bot.queue().lay_out(office, street.clock().date().replace(day=30))
        for seat in await street.stores.seats.of_day(OFFICE, street.clock().date().replace(day=30)):
            await street.stores.seats.withdraw(seat.id, street.clock())
        page = await visitor.text(f"/offices/{OFFICE}/{DAY}")
        assert "Tanggal ini penuh" in page
        assert 'href="/offices/jakarta_utara/2026-11-25"' in page
        await visitor.post(f"/offices/{OFFICE}/choose", key=visitor.key, day=DAY)
        assert "penuh" in "\n".join(await visitor.said())


async def test_a_date_goes_on_in_the_chat_once(street: Street) -> None:
    """The date is said in the browser's own conversation; sent twice, it is said once."""
    async with street.passer_by() as visitor:
        await visitor.text(f"/offices/{OFFICE}/{DAY}")
        key = visitor.key
        for _ in range(2):
            answer = await visitor.post(f"/offices/{OFFICE}/choose", key=key, day=DAY)
            assert answer.status == 303
            assert answer.headers["Location"] == f"/chat#{OFFICE}"
        said = await visitor.said()
        assert len([each for each in said if "nama" in each.lower()]) == 1, said
        stored = await street.stores.conversations.load(f"web:{OFFICE}:{visitor.sender}")
        assert stored
        assert stored.conversation.slots["service_date"] == DAY


@pytest.mark.parametrize("comes_by", ["page", "chat"])
async def test_the_chat_speaks_the_language_of_the_page(street: Street, comes_by: str) -> None:
    """Who reads the page in English is greeted in English; who changed back since stays there."""
    async with street.passer_by() as visitor:
        await visitor.text("/")
        await visitor.post("/language", language="en", next="/")
        if comes_by == "page":
            await visitor.choose()
        else:
            await visitor.write("halo")
        stored = await street.stores.conversations.load(f"web:{OFFICE}:{visitor.sender}")
        assert stored
        assert stored.conversation.language == "en"
        assert "date" in "\n".join(await visitor.said()).lower()
        await visitor.text("/")
        await visitor.post("/language", language="id", next="/")
        await visitor.write("halo")
        stored = await street.stores.conversations.load(f"web:{OFFICE}:{visitor.sender}")
        assert stored
        assert stored.conversation.language == "en"


@pytest.mark.parametrize("office", ["jakarta_pusat", "tangerang", "batam", "bogor"])
async def test_every_dialogue_takes_the_date(street: Street, office: str) -> None:
    """Whichever dialogue an office has, choosing a date on the page is answered there."""
    async with street.passer_by() as visitor:
        assert (await visitor.choose(office)).status == 303
        assert await visitor.said(office)


async def test_a_booking_is_shown_kept_and_cancelled(street: Street) -> None:
    """This browser shows its own card; another one needs the code and the birth date or name."""
    async with street.passer_by() as visitor, street.passer_by() as other:
        code = await visitor.book()
        page = await visitor.text("/booking")
        assert code in page
        assert f'href="/media/barcode/{code}.png" download="{code}.png"' in page
        async with visitor.http.get(f"/media/barcode/{code}.png") as picture:
            assert picture.status == 200

        assert code not in await other.text("/booking")
        for right in ({"born": "1990-08-17"}, {"name": "rina  fiktif"}):
            answer = await other.post("/booking", code=code.lower().replace("-", " "), **right)
            assert answer.status == 200
            assert "RINA FIKTIF" in other.read
        found = SEAT.search(other.read)
        assert found
        fields = {"key": other.key, "seat": found[1], "code": code, "name": "Rina Fiktif"}
        for _ in range(2):  # a double click
            answer = await other.post("/booking/cancel", **fields)
            assert answer.headers["Location"] == "/booking?done=cancelled"
        seat = await street.stores.seats.seat(found[1])
        assert seat
        assert seat.state is SeatState.FREE
        assert [each.step for each in seat.trail].count("cancelled") == 1
        assert await street.stores.notices.of_conversation(f"web:{OFFICE}:{visitor.sender}") == []
        assert code not in await visitor.text("/booking")


async def test_a_code_alone_says_nothing(street: Street) -> None:
    """A code that exists, with wrong details, and one that does not are answered alike."""
    async with street.passer_by() as visitor, street.passer_by() as other:
        code = await visitor.book()
        await other.text("/booking")
        answers = set()
        for tried in (code, "JKP-00000-00000"):
            answer = await other.post("/booking", code=tried, born="1990-08-18")
            answers.add((answer.status, other.read.replace(tried, "").split("<form")[0]))
            answer = await other.post("/booking", code=tried)
            assert answer.status == 400
        assert len({status for status, _ in answers}) == 1
        assert next(iter(answers))[0] == 404
        found = await street.stores.seats.by_code(code)
        assert found
        fields = {"key": "k" * 43, "seat": found.id, "code": code}
        assert (await other.post("/booking/cancel", **fields, born="1990-08-18")).status == 404
        assert (await other.post("/booking/cancel", **fields)).status == 404
        kept = await street.stores.seats.by_code(code)
        assert kept
        assert kept.state is SeatState.BOOKED


async def test_guesses_are_slowed_down(street: Street) -> None:
    """After five wrong guesses at a code comes a pause; the right answer is not told in it."""
    async with street.passer_by() as visitor, street.passer_by() as other:
        code = await visitor.book()
        await other.text("/booking")
        for day in range(1, 7):
            await other.post("/booking", code=code, born=f"1980-01-{day:02d}")
        answer = await other.post("/booking", code=code, born="1990-08-17")
        assert answer.status == 429
        assert "RINA" not in other.read
        street.clock.wait(minutes=1)
        answer = await other.post("/booking", code=code, born="1990-08-17")
        assert answer.status == 200


async def test_an_office_that_lets_nobody_cancel_says_so(street: Street) -> None:
    """On its day a booking stays: there is no button, and the form is refused."""
    async with street.passer_by() as visitor:
        code = await visitor.book(day="2026-11-25")
        found = await street.stores.seats.by_code(code)
        assert found
        street.clock.wait(hours=23)
        assert "Batalkan booking" not in await visitor.text("/booking")
        fields = {"key": "k" * 43, "seat": found.id, "code": code}
        assert (await visitor.post("/booking/cancel", **fields)).status == 409


async def test_forms_are_ours_alone(street: Street) -> None:
    """Without its token, or from another site, no form does anything; nor does a bent way on."""
    async with street.passer_by() as visitor:
        await visitor.text(f"/offices/{OFFICE}/{DAY}")
        key = visitor.key
        visitor.read = ""
        answer = await visitor.post(f"/offices/{OFFICE}/choose", key=key, day=DAY)
        assert answer.status == 403
        await visitor.text(f"/offices/{OFFICE}/{DAY}")
        fields, elsewhere = {"key": visitor.key, "day": DAY}, {"Origin": "https://evil.example"}
        answer = await visitor.post(f"/offices/{OFFICE}/choose", elsewhere, **fields)
        assert answer.status == 403
        await visitor.text("/")
        for bent in ("//evil.example", "https://evil.example", "/desk", "/offices/../desk", "/\\x"):
            answer = await visitor.post("/language", language="en", next=bent)
            assert answer.headers["Location"] == "/"


async def test_what_people_write_is_text_on_the_card(street: Street) -> None:
    """Markup in a name stays a name."""
    async with street.passer_by() as visitor:
        code = await visitor.book()
        seat = await street.stores.seats.by_code(code)
        assert seat
        answer = await visitor.post("/booking", code="<script>x</script>", name='"><b>x</b>')
        raw = await answer.text()
        assert "<script>x" not in raw
        assert "<b>x" not in raw


async def test_a_thousand_cookies_from_one_address() -> None:
    """Who writes for the first time is counted by network address: a script with a cookie for each
    visit is stopped, in the form as in the chat, while who is known goes on.
    """
    async with (
        open_street(visitors_an_hour=3, messages_a_minute=60) as street,
        street.passer_by() as known,
    ):
        assert (await known.choose()).status == 303
        statuses = []
        for _ in range(4):
            async with street.passer_by() as script:
                statuses.append((await script.choose()).status)
        assert statuses == [303, 303, 429, 429]
        async with street.passer_by() as script:
            with pytest.raises(AssertionError, match="WhatsApp"):
                await script.write("halo")
            assert script.sender
            made = f"web:{OFFICE}:{script.sender}"
            assert await street.stores.conversations.load(made) is None
        assert (await known.choose(day="2026-12-01")).status == 303
        assert await known.write("Rina Fiktif, lahir 17-08-1990")
