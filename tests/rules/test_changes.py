"""Rules of changing one's mind: cancelling and moving."""

from datetime import date

import pytest

from bot.booking.life import APPLICANT, Act
from bot.booking.moving import NotMoved
from bot.booking.seats import Seat
from tests.support.town import Town, code_in

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
    """A booking moves to another day once, until the day before; today's practice."""

    @pytest.mark.parametrize(("moves", "day"), [(0, TUESDAY), (1, WEDNESDAY), (2, THURSDAY)])
    async def test_how_often(self, moves: int, day: date) -> None:
        """``reschedules``: never, once, twice; asked to move on, day by day."""
        town = Town(reschedules=moves)
        card = await town.caller().books("Rina Wulandari")
        for to in (WEDNESDAY, THURSDAY):
            seat = await town.stores.seats.by_code(code_in(card))
            assert seat
            await self.move(town, seat, to)
            card = await town.caller().says("#status")
        assert f"{day.day} November 2026" in card

    @pytest.mark.parametrize(("moment", "moved"), [("23 23:59", True), ("24 00:01", False)])
    async def test_until_the_day_before(self, moment: str, *, moved: bool) -> None:
        """On the day itself it stays where it is."""
        town = Town()
        code = code_in(await town.caller().books("Rina Wulandari"))
        await town.until(moment)
        seat = await town.stores.seats.by_code(code)
        assert seat
        found = await self.move(town, seat, THURSDAY)
        assert isinstance(found, Seat) is moved
        assert moved or found is NotMoved.TOO_LATE

    async def move(self, town: Town, seat: Seat, day: date) -> Seat | NotMoved:
        """The applicant asks for another day."""
        town.count += 1
        act = Act(f"move-{town.count}", APPLICANT, town.caller().contact.address)
        return await town.queue.move(seat.id, seat.key, day, act, town.random, town.now)
