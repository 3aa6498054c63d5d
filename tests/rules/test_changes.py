"""Rules of changing one's mind: cancelling and moving."""

from datetime import date

import pytest

from bot.booking.office import Offices
from bot.day_desk import DayDesk, Staff
from tests.support.town import Caller, Town, code_in

TUESDAY, WEDNESDAY, THURSDAY = date(2026, 11, 24), date(2026, 11, 25), date(2026, 11, 26)


class TestCancelling:
    """Bogor keeps a booking until its holder comes; Jakarta Pusat lets go. Source: 004, K."""

    @pytest.mark.parametrize(
        ("office", "told", "seats"),
        [("bogor", "tidak dapat dibatalkan", [1]), ("jakarta_pusat", "Batalkan booking", [])],
    )
    async def test_as_in_the_file(self, office: str, told: str, seats: list[int]) -> None:
        """The two offices of the reports, each by its own file."""
        town = Town(office)
        caller = town.caller()
        await caller.books("Rina Wulandari")
        assert told in await caller.says("#batal")
        await caller.says("ya")
        assert await town.taken(TUESDAY) == seats

    @pytest.mark.parametrize(
        ("cancel", "told", "offered"),
        [("never", "tetap berlaku", False), ("until_day_before", "sudah dibatalkan", True)],
    )
    async def test_one_office(self, cancel: str, told: str, *, offered: bool) -> None:
        """``cancel``: the same office under either rule; what is not possible is not offered."""
        caller = Town(cancel=cancel).caller()
        card = await caller.books("Rina Wulandari")
        assert ("#batal" in card) is offered
        await caller.says("batal aja")
        assert ("sudah dibatalkan" in await caller.says("iya")) is (told == "sudah dibatalkan")
        has = "belum punya booking" if offered else "Nomor antrean: *1*"
        assert has in await caller.says("#status")

    @pytest.mark.parametrize(
        ("moment", "told"), [("23 23:59", "sudah dibatalkan"), ("24 00:01", "tidak dapat")]
    )
    async def test_until_the_day_before(self, moment: str, told: str) -> None:
        """On the day itself it is too late, from midnight of the office on."""
        town = Town()
        await town.caller().books("Rina Wulandari")
        await town.until(moment)
        said = await town.caller().says("#batal") + await town.caller().says("ya")
        assert told in said

    async def test_the_seat_is_anybodys_at_once(self) -> None:
        """What one gives back the next one gets, the number too."""
        town = Town()
        await town.caller(1).books("Rina Wulandari")
        await town.caller(1).says("#batal")
        await town.caller(1).says("ya")
        assert "Nomor antrean: *1*" in await town.caller(2).books("Budi Santoso")


class TestMoving:
    """A booking is rescheduled to another day once, until the day before; today's practice."""

    @pytest.mark.parametrize(
        ("moves", "told", "day"),
        [
            (0, "tidak memindahkan booking lewat chat", TUESDAY),
            (1, "sudah pernah dipindahkan", WEDNESDAY),
            (2, "sudah dipindahkan", THURSDAY),
        ],
    )
    async def test_how_often(self, moves: int, told: str, day: date) -> None:
        """``reschedules``: never, once, twice; asked to move on, day by day."""
        town = Town(reschedules=moves)
        caller = town.caller()
        await caller.books("Rina Wulandari")
        said = [await self.moves(caller, to) for to in (WEDNESDAY, THURSDAY)]
        assert told in said[-1]
        assert f"{day.day} November 2026" in await caller.says("#status")
        assert [len(await town.taken(each)) for each in (TUESDAY, WEDNESDAY, THURSDAY)] == [
            each == day for each in (TUESDAY, WEDNESDAY, THURSDAY)
        ]

    @pytest.mark.parametrize(
        ("moment", "told", "day"),
        [
            ("23 23:59", "sudah dipindahkan", THURSDAY),
            ("24 00:01", "paling lambat sehari sebelumnya", TUESDAY),
        ],
    )
    async def test_until_the_day_before(self, moment: str, told: str, day: date) -> None:
        """On the day itself it stays where it is."""
        town = Town()
        await town.caller().books("Rina Wulandari")
        await town.until(moment)
        assert told in await self.moves(town.caller(), THURSDAY)
        assert await town.taken(day) == [1]

    @pytest.mark.parametrize(
        ("moves", "told"), [(0, "tidak memindahkan"), (1, "Pindah ke tanggal berapa")]
    )
    async def test_moved_by_the_office(self, moves: int, told: str) -> None:
        """``reschedules``: who was moved because staff closed the day is told the new one, and may
        choose another where applicants may.
        """
        town = Town(reschedules=moves)
        old = code_in(await town.caller().books("Rina Wulandari"))
        desk = DayDesk(Offices([town.office]), town.office.id, town.stores, town.random)
        await desk.close(TUESDAY, "Banjir", Staff("rina", town.now), move=True)
        await town.until("23 10:05")
        news = await town.caller().hears()
        assert "tutup pada Selasa, 24 November 2026 (Banjir)" in news
        assert "Tanggal baru: *Rabu, 25 November 2026*" in news
        assert old not in news
        assert await town.taken(WEDNESDAY) == [1]
        assert told in await town.caller().taps("Pilih hari lain")

    async def moves(self, caller: Caller, day: date) -> str:
        """The applicant asks for another day and agrees to whatever is asked."""
        said = await caller.says(f"pindah ke tanggal {day.day}")
        return said + await caller.says("ya")
