"""Rules of the number: how many bookings it may have, for whom, and when it is turned away."""

from datetime import date

import pytest

from bot.booking.family import FamilyProblem
from bot.booking.members import FamilyProblemKind
from bot.booking.seats import Applicant, Seat
from tests.support.town import RINA, Town, code_in

TUESDAY = date(2026, 11, 24)
WEDNESDAY = "25112026"


class TestOneActiveBooking:
    """A number has so many bookings at a time, until their dates have passed. Source: K."""

    @pytest.mark.parametrize(
        ("bookings", "told"), [(1, "hanya boleh punya 1 booking"), (2, "Rabu, 25 November 2026")]
    )
    async def test_a_second_one(self, bookings: int, told: str) -> None:
        """``active_per_sender``: the second is refused and the first shown, or made."""
        town = Town(active_per_sender=bookings)
        await town.caller().books("Rina Wulandari")
        assert told in await town.caller().books("Budi Santoso", day=WEDNESDAY)
        assert len(await town.taken(date(2026, 11, 25))) == bookings - 1

    @pytest.mark.parametrize(
        ("day", "told"), [("24 17:00", "sudah punya booking"), ("25 00:01", "26 November 2026")]
    )
    async def test_until_its_date_has_passed(self, day: str, told: str) -> None:
        """Who was let in keeps the number busy for that day, and is free after midnight."""
        town = Town()
        await town.caller().books("Rina Wulandari")
        await town.until("24 07:40")
        seat = (await town.stores.seats.of_day(town.office.id, TUESDAY))[0]
        await town.check_in(seat.booking_code)
        await town.until(day)
        assert told in await town.caller().books("Rina Wulandari", day="26112026")

    async def test_one_person_has_one_seat_a_day(self) -> None:
        """Another number gets none for the same person, and learns nothing of the first."""
        town = Town()
        await town.caller(1).books("Rina Wulandari")
        told = await town.caller(2).books("Rina Wulandari")
        assert "tidak dapat diterima" in told
        assert "Kode booking" not in told


class TestFamily:
    """One phone registers its family, side by side on one day. Source: 000. The
    recordings of families tell it in chat; here it is what the queue itself allows.
    """

    @pytest.mark.parametrize(("size", "seats"), [(7, 7), (5, 0)])
    async def test_seven(self, size: int, seats: int) -> None:
        """``family_size``: seven people are taken, or one is told to be too many."""
        town = Town("tangerang", family_size=size)
        held = await town.queue.hold_group(
            town.office, TUESDAY, people(town, [30] * 7), "k", town.random, town.now
        )
        taken = held if isinstance(held, list) else []
        assert len(taken) == seats
        if not taken:
            assert held == FamilyProblem(FamilyProblemKind.TOO_MANY, size)

    @pytest.mark.parametrize(("members", "allowed"), [("anyone", True), ("dependents", False)])
    async def test_a_grown_up_brother(self, members: str, *, allowed: bool) -> None:
        """``family_members``: who may be registered by phone of another. Source: 004."""
        assert await self.takes(Town(family_members=members), 30, 28) is allowed

    @pytest.mark.parametrize(
        ("below", "allowed"), [(5, False), (6, True)], ids=["below 5", "below 6"]
    )
    async def test_a_child_of_five(self, below: int, *, allowed: bool) -> None:
        """``child_below``: up to which age a parent's phone will do. Source: 004."""
        assert await self.takes(Town(family_members="dependents", child_below=below), 30, 5) is (
            allowed
        )

    @pytest.mark.parametrize(
        ("since", "allowed"), [(60, True), (65, False)], ids=["from 60", "from 65"]
    )
    async def test_a_mother_of_sixty_two(self, since: int, *, allowed: bool) -> None:
        """``elderly_from``: from which age close family may register somebody. Source: 004."""
        assert await self.takes(Town(family_members="dependents", elderly_from=since), 30, 62) is (
            allowed
        )

    async def takes(self, town: Town, *ages: int) -> bool:
        """Whether the office holds seats for the owner of the number and others of these ages."""
        held = await town.queue.hold_group(
            town.office, TUESDAY, people(town, ages), "k", town.random, town.now
        )
        return isinstance(held, list)


def people(town: Town, ages: list[int] | tuple[int, ...]) -> list[Applicant]:
    """People of these ages, registered from one number."""
    contact = town.caller().contact
    return [
        Applicant(
            f"PEMOHON {n}",
            date(TUESDAY.year - age, 1, 1),
            contact.address,
            contact.conversation_id,
        )
        for n, age in enumerate(ages)
    ]


class TestPranksters:
    """Who plays with seats is found, marked and kept off; staff clear it again. Source: 004."""

    @pytest.mark.parametrize(("strikes", "told"), [(2, "beberapa kali tidak datang"), (3, "Kode")])
    async def test_who_does_not_come(self, strikes: int, told: str) -> None:
        """``no_show_strikes``: twice not come, on days when others were let in."""
        town = Town(no_show_strikes=strikes)
        for day in (24, 25):
            await town.caller(1).books("Rina Wulandari", day=f"{day}112026")
            code = code_in(await town.caller(day).books("Budi Santoso", day=f"{day}112026"))
            await town.until(f"{day} 08:10")
            assert isinstance(await town.check_in(code), Seat)
            await town.until(f"{day} 16:00")
        assert told in await town.caller(1).books("Rina Wulandari", day="30112026")

    @pytest.mark.parametrize(("strikes", "told"), [(1, "berulang kali menahan"), (2, "Kode")])
    async def test_who_lets_seats_lapse(self, strikes: int, told: str) -> None:
        """``abandoned_strikes``: a seat held and left to itself."""
        town = Town(abandoned_strikes=strikes)
        await town.caller().says(f"#Rina Wulandari#17081990#{WEDNESDAY}")
        await town.until("23 11:00")
        assert told in await town.caller().books("Rina Wulandari", day=WEDNESDAY)

    @pytest.mark.parametrize(("days", "until"), [(30, "23 Desember 2026"), (7, "30 November 2026")])
    async def test_for_how_long(self, days: int, until: str) -> None:
        """``block_days``: the applicant is told until when."""
        town = Town(abandoned_strikes=1, block_days=days)
        await town.caller().says(f"#Rina Wulandari#17081990#{WEDNESDAY}")
        await town.until("23 11:00")
        assert until in await town.caller().books("Rina Wulandari", day=WEDNESDAY)

    @pytest.mark.parametrize(("days", "told"), [(3, "Kode persetujuan"), (30, "berulang kali")])
    async def test_old_strikes(self, days: int, told: str) -> None:
        """``strike_days``: what was long ago counts no more."""
        town = Town(abandoned_strikes=2, strike_days=days)
        for moment in ("23 11:00", "27 11:00", "27 12:00"):
            said = await town.caller().says("#Rina Wulandari#17081990#01122026")
            await town.until(moment)
            if moment.startswith("23"):
                await town.until("27 10:00")
        assert told in said

    @pytest.mark.parametrize(("holds", "told"), [(2, "batas 2 kali"), (3, "Kode persetujuan")])
    async def test_one_seat_after_the_other(self, holds: int, told: str) -> None:
        """``holds_per_day``: seats one number takes hold of within a day. Source: K."""
        caller = Town(holds_per_day=holds).caller()
        for day in ("24", "25"):
            await caller.says(f"#Rina Wulandari#17081990#{day}112026")
        assert told in await caller.says("#Rina Wulandari#17081990#26112026")

    async def test_staff_mark_block_and_clear(self) -> None:
        """Staff block a number with a reason that it reads, and take that back."""
        town = Town()
        address = town.caller().contact.address
        await town.conduct.mark(address, "memesan untuk orang lain", RINA, town.now)
        await town.conduct.block(address, "memakai data orang lain", RINA, town.now, days=7)
        told = await town.caller().books("Rina Wulandari")
        assert "memakai data orang lain" in told
        assert "petugas dapat membuka blokir" in told
        assert not await town.taken(TUESDAY)
        await town.conduct.clear(address, RINA, town.now)
        assert "Kode booking" in await town.caller().books("Rina Wulandari")
