"""The calendar at the desk: what it shows, and that a change is done as it was shown, once."""

import asyncio
import re
from collections.abc import Mapping
from datetime import date, timedelta
from html import unescape
from random import Random

import pytest

from bot.booking.occupancy import Occupancy
from bot.booking.seats import Applicant, Seat
from bot.booking.waitlist import Wait, WaitState
from bot.day_worker import DayWorker
from bot.desk.figures import FRESH, DayFigures
from bot.errors import StorageUnavailable
from tests.support.desk import OFFICE, DeskHouse, Visitor, shipped_offices

FRIDAY, MONDAY = date(2026, 11, 27), date(2026, 11, 30)
PATH = f"/desk/calendar/{FRIDAY}"
FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
CLOSING = f"{PATH}/change?step=closed&reason=Banjir&move=yes"


async def book(house: DeskHouse, number: int, day: date = FRIDAY, name: str = "") -> Seat:
    """Somebody has a booking."""
    office = shipped_offices().get(OFFICE)
    queue, random = house.desk.queue(), Random(number)
    sender = f"whatsapp:62812000{number:05d}"
    who = Applicant(
        name or f"PEMOHON {number}",
        date(1990, 1, 1),
        sender,
        f"{sender.replace(':', f':{OFFICE}:')}",
    )
    held = await queue.hold(office, day, who, f"k{number}", random, house.moment)
    assert isinstance(held, Seat)
    booked = await queue.approve(
        office, held.id, held.claim.key, f"a{number}", random, house.moment
    )
    assert booked
    return booked


def fields_of(page: str) -> Mapping[str, str]:
    """What the form of a page would send."""
    form = page[page.rindex('<form method="post"') :]
    return {name: unescape(value) for name, value in FIELD.findall(form)}


async def confirm(visitor: Visitor, page: str, **instead: str) -> tuple[int, str]:
    """Send the form of a page; the status of the answer, and the answer."""
    fields = {**fields_of(page), **instead}
    found = re.search(rf'action="({PATH}/\w+)"', page)
    assert found
    answer = await visitor.post(found[1], fields.pop("csrf"), **fields)
    return answer.status, unescape(await answer.text())


async def carry_out(house: DeskHouse) -> int:
    """Let the process beside the pages do its work."""
    offices = shipped_offices()
    worker = DayWorker(
        house.stores.calendar, lambda: offices, house.desk.days, lambda: house.moment
    )
    return await worker.tend()


class TestMonth:
    async def test_how_full_each_day_is(self, house: DeskHouse) -> None:
        """Taken of quota by session, holidays by name, weekends, and who waits."""
        await book(house, 1)
        wait = Wait(OFFICE, FRIDAY, "whatsapp:1", "whatsapp:x:1")
        await house.stores.waitlist.save(wait.to(WaitState.WAITING, house.moment, "x", "k"))
        async with house.visitor("supervisor") as visitor:
            page = await visitor.text("/desk/calendar")
            assert "November 2026" in page
            day = page[page.index(f'{PATH}"') :].partition("</li>")[0]
            assert f'data-figure="{FRIDAY}/pagi">1/' in day
            assert "1 menunggu" in day
            december = await visitor.text("/desk/calendar?month=2026-12")
            assert "Hari Raya Natal" in december
            assert "Tidak ada layanan" in december

    async def test_figures_are_a_few_seconds_old_at_most(self, house: DeskHouse) -> None:
        """What others booked is seen at the next look."""
        async with house.visitor("supervisor") as visitor:
            assert f'{FRIDAY}/pagi">0/' in await visitor.text("/desk/calendar")
            await book(house, 1)
            house.wait(seconds=FRESH.total_seconds() + 1)
            assert f'{FRIDAY}/pagi">1/' in await visitor.text("/desk/calendar")

    @pytest.mark.parametrize("month", ["2026-13", "0001-01", "9999-12", "x", "%00"])
    async def test_a_month_that_is_none(self, house: DeskHouse, month: str) -> None:
        """What is out of reach is this month."""
        async with house.visitor("supervisor") as visitor:
            assert "November 2026" in await visitor.text(f"/desk/calendar?month={month}")

    async def test_a_page_does_not_wait_for_a_slow_database(
        self, house: DeskHouse, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What is being read is not there yet, is read once, and is there for the next page."""
        seats, figures, go_on, reads = house.stores.seats, DayFigures(), asyncio.Event(), []

        async def slow(_: str, month: date) -> Occupancy:
            reads.append(month)
            await go_on.wait()
            return Occupancy((), {})

        monkeypatch.setattr(seats, "occupied", slow)
        for _ in range(2):
            assert await figures.of_days(seats, OFFICE, [FRIDAY], house.moment, 0.001) == {}
        go_on.set()
        assert await figures.of_days(seats, OFFICE, [FRIDAY], house.moment, 5) == {FRIDAY: {}}
        assert reads == [FRIDAY.replace(day=1)]

    async def test_a_database_that_fails_is_asked_again(
        self, house: DeskHouse, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Nothing is remembered of a day that could not be read."""
        seats, figures = house.stores.seats, DayFigures()

        async def down(*_: object) -> None:
            raise StorageUnavailable("down")

        monkeypatch.setattr(seats, "occupied", down)
        assert await figures.of_days(seats, OFFICE, [FRIDAY], house.moment) == {}
        monkeypatch.undo()
        assert await figures.of_days(seats, OFFICE, [FRIDAY], house.moment) == {FRIDAY: {}}


class TestDay:
    async def test_hour_by_hour(self, house: DeskHouse) -> None:
        """Numbers, taken and free of each hour; a name cannot bring a script along."""
        await book(house, 1, name="<script>alert(1)</script>")
        async with house.visitor("supervisor") as visitor:
            page = await visitor.text(PATH)
            assert "Jumat, 27 November 2026" in page
            assert re.search(r">08\.00</td><td[^>]*>1\W\d+</td><td>1</td><td>0</td>", page)
            answer = await visitor.get(CLOSING)
            assert "<script>alert" not in await answer.text()

    @pytest.mark.parametrize(
        "day", ["2026-11-31", "20261127", "2026-W48-5", "0001-01-01", "9999-12-31", "x"]
    )
    async def test_a_day_that_is_none(self, house: DeskHouse, day: str) -> None:
        """It is not there, whoever asks."""
        async with house.visitor("supervisor") as visitor:
            for path in ("", "/change?step=opened"):
                assert (await visitor.get(f"/desk/calendar/{day}{path}")).status == 404

    async def test_what_has_passed_is_only_looked_at(self, house: DeskHouse) -> None:
        """No form, and no change without one."""
        async with house.visitor("supervisor") as visitor:
            page = await visitor.text("/desk/calendar/2026-11-20")
            assert "/change" not in page
            answer = await visitor.get("/desk/calendar/2026-11-20/change?step=closed&reason=x")
            assert answer.status == 422


class TestChange:
    async def test_a_closing_from_the_first_look_to_the_last_booking(
        self, house: DeskHouse
    ) -> None:
        """The effect is shown, confirmed, saved, carried out beside; the trail says by whom."""
        for number in (1, 2):
            await book(house, number)
        async with house.visitor("supervisor") as visitor:
            shown = await visitor.text(CLOSING)
            assert "2 booking terkena" in shown
            assert "2 pindah ke Kamis, 26 November 2026" in shown
            assert "PEMOHON 1" in shown
            assert (await confirm(visitor, shown))[0] == 303
            page = await visitor.text(PATH)
            assert "Tutup: Banjir" in page
            assert "sedang dipindahkan" in page
            assert await carry_out(house) == 1
            page = await visitor.text(PATH)
            assert "sedang dipindahkan" not in page
            assert "Selesai dikerjakan: 2 booking dipindah<" in page
            assert "<code>supervisor</code>" in page
            assert "diubah" in await visitor.text("/desk/calendar")
            trail = await visitor.text("/desk/trail")
            assert "Menutup tanggal" in trail
            assert f"day:{OFFICE}/{FRIDAY}" in trail

    async def test_sent_twice_it_is_done_once(self, house: DeskHouse) -> None:
        """A double click leads to the same page and leaves one trace."""
        async with house.visitor("admin") as visitor:
            shown = await visitor.text(CLOSING)
            assert [(await confirm(visitor, shown))[0] for _ in range(2)] == [303, 303]
            (days,) = await house.stores.calendar.all()
            assert days.revision == 1
            assert (await visitor.text("/desk/trail")).count("Menutup tanggal") == 1

    async def test_what_changed_meanwhile_is_shown_anew(self, house: DeskHouse) -> None:
        """Somebody books between the look and the click: nothing is done until it was seen."""
        async with house.visitor("supervisor") as visitor:
            shown = await visitor.text(CLOSING)
            assert "Tidak ada booking yang terkena" in shown
            await book(house, 1)
            status, anew = await confirm(visitor, shown)
            assert (status, await house.stores.calendar.all()) == (409, [])
            assert "berubah sejak Anda melihatnya" in anew
            assert "1 booking terkena" in anew
            assert (await confirm(visitor, anew))[0] == 303

    async def test_who_cannot_be_moved_is_named(
        self, house: DeskHouse, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Where nothing is free elsewhere it is said before, and whom to call after."""
        booked = await book(house, 1)
        monkeypatch.setattr("bot.booking.effect.bookable_days", lambda *_: ())
        monkeypatch.setattr("bot.booking.relocating.bookable_days", lambda *_: ())
        async with house.visitor("supervisor") as visitor:
            shown = await visitor.text(CLOSING)
            assert "1 tidak bisa dipindah" in shown
            await confirm(visitor, shown)
            await carry_out(house)
            page = await visitor.text(PATH)
            assert "1 booking masih pada tanggal ini" in page
            assert booked.booking_code in page

    async def test_opening_a_holiday_and_closing_it_again(self, house: DeskHouse) -> None:
        """A Saturday is opened: it has the seats of any day."""
        saturday = f"/desk/calendar/{FRIDAY + timedelta(days=1)}"
        async with house.visitor("supervisor") as visitor:
            shown = await visitor.text(f"{saturday}/change?step=opened")
            fields = dict(fields_of(shown))
            answer = await visitor.post(f"{saturday}/opened", fields.pop("csrf"), **fields)
            assert answer.status == 303
            assert "Tutup:" not in await visitor.text(saturday)
            assert "Dibuka" in await visitor.text(saturday)
            again = await visitor.get(f"{saturday}/change?step=opened")
            assert again.status == 422

    async def test_a_quota_is_changed(self, house: DeskHouse) -> None:
        """Seats by session, before and after; the free ones go once it is carried out."""
        await book(house, 1)
        async with house.visitor("supervisor") as visitor:
            form = f"{PATH}/change?step=reseated&seats.pagi=1&seats.siang=5"
            shown = await visitor.text(form)
            assert "kursi kosong ditarik" in shown
            assert (await confirm(visitor, shown))[0] == 303
            await carry_out(house)
            page = await visitor.text(PATH)
            assert "<dd>1/1</dd>" in page
            assert "Kuota diubah: pagi 1, siang 5" in page
        there = await house.stores.seats.of_day(OFFICE, FRIDAY)
        assert len(there) == 6

    @pytest.mark.parametrize(
        ("query", "said"),
        [
            ("step=closed&reason=+", "Tulis alasannya"),
            ("step=closed&reason=" + "x" * 121, "terlalu panjang"),
            ("step=opened", "sudah dibuka"),
            ("step=reseated&seats.pagi=0&seats.siang=0", "Tidak ada kursi yang tersisa"),
            ("step=reseated&seats.pagi=5", "dengan angka"),
            ("step=reseated&seats.pagi=-1&seats.siang=2", "dengan angka"),
            ("step=reseated&seats.pagi=" + "9" * 5000 + "&seats.siang=2", "dengan angka"),
            ("step=reseated&seats.malam=1&seats.pagi=1&seats.siang=2", "dengan angka"),
            ("step=reseated&seats.pagi=1&seats.siang=2&move=yes", "Tulis alasannya"),
        ],
    )
    async def test_what_is_wrong_is_said(self, house: DeskHouse, query: str, said: str) -> None:
        """What is wrong and what to do, in words."""
        async with house.visitor("supervisor") as visitor:
            answer = await visitor.get(f"{PATH}/change?{query}")
            assert answer.status == 422
            assert said in await answer.text()
            assert await house.stores.calendar.all() == []
