"""Rules of the number: how many bookings it may have, for whom, and when it is turned away."""

from datetime import date

import pytest

from bot.booking.seats import Seat
from tests.support.town import RINA, TOMORROW, Town, code_in

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


def listed(*born: str) -> str:
    """A line for each of a family, by birth date."""
    return "\n".join(f"Pemohon {'ABCDEFGH'[n]}, {day}" for n, day in enumerate(born))


class TestFamily:
    """One phone may register its family, side by side on one day. Source: 000."""

    @pytest.mark.parametrize(
        ("size", "told", "seats"),
        [(7, "(7/7)", [1, 2, 3, 4, 5, 6, 7]), (5, "paling banyak 5 orang", [1, 2, 3, 4, 5])],
    )
    async def test_seven(self, size: int, told: str, seats: list[int]) -> None:
        """``family_size``: seven people are taken; or five, and who is too many is told so."""
        town = Town("tangerang", family_size=size)
        caller = town.caller()
        said = await caller.says(f"daftar sekeluarga 7 orang {WEDNESDAY}")
        said += await caller.says(WEDNESDAY)
        said += await caller.says(listed(*["01-02-1990"] * 7))
        said += await caller.says("sudah") + await caller.says("oke setuju")
        assert told in said
        assert await town.taken(date(2026, 11, 25)) == seats

    @pytest.mark.parametrize(
        ("size", "told", "seats"),
        [(1, "setiap orang mendaftar sendiri", []), (2, "untuk 2 orang", [1, 2])],
    )
    async def test_alone(self, size: int, told: str, seats: list[int]) -> None:
        """``family_size``: 1 sends everybody to a telephone of their own."""
        town = Town(family_size=size)
        said = await town.caller().says(listed("01-02-1990", "03-04-1992"))
        assert told in said + await town.caller().says(TOMORROW) + await town.caller().says("sudah")
        assert await town.taken(TUESDAY) == seats

    async def test_one_is_booked_already(self) -> None:
        """By another number: the family is refused, nothing of that booking is told, and without
        that one the others get their seats.
        """
        town = Town()
        card = await town.caller(1).books("Rina Wulandari")
        budi = town.caller(2)
        await budi.says("daftar 2 orang")
        await budi.says("1")
        told = await budi.says("Budi Santoso 01-02-1990\nRina Wulandari 17-08-1990")
        assert "salah satu pendaftaran dalam daftar ini" in told
        assert not {code_in(card), town.caller(1).sender} & set(told.replace("*", " ").split())
        assert await town.taken(TUESDAY) == [1]
        await budi.says("hapus nomor 2")
        assert "BUDI SANTOSO" in await budi.says("sudah")
        assert await town.taken(TUESDAY) == [1, 2]


class TestOwnNumber:
    """Own number only; a toddler through a parent's phone, the elderly through close family.
    Source: 004.
    """

    @pytest.mark.parametrize(
        ("members", "seats", "told"),
        [("anyone", [1, 2], "untuk 2 orang"), ("dependents", [1], "dengan nomornya sendiri")],
    )
    async def test_a_grown_up_brother(self, members: str, seats: list[int], told: str) -> None:
        """``family_members``: who may be registered by the phone of another."""
        await self.registers(Town(family_members=members), "Pemohon B 01-02-1998", seats, told)

    @pytest.mark.parametrize(("below", "seats"), [(5, [1]), (6, [1, 2])], ids=["5", "6"])
    async def test_a_child_of_five(self, below: int, seats: list[int]) -> None:
        """``child_below``: up to which age a parent's phone will do."""
        town = Town(family_members="dependents", child_below=below)
        told = "untuk 2 orang" if len(seats) == 2 else f"anak di bawah {below} tahun"
        await self.registers(town, "Pemohon B 24-11-2021", seats, told)

    @pytest.mark.parametrize(("since", "seats"), [(60, [1, 2]), (65, [1])], ids=["60", "65"])
    async def test_a_mother_of_sixty_two(self, since: int, seats: list[int]) -> None:
        """``elderly_from``: from which age close family may register somebody."""
        town = Town(family_members="dependents", elderly_from=since)
        told = "untuk 2 orang" if len(seats) == 2 else f"lansia mulai {since} tahun"
        await self.registers(town, "Pemohon B 01-02-1964", seats, told)

    async def registers(self, town: Town, other: str, seats: list[int], told: str) -> None:
        """The owner of the number and one other register for tomorrow."""
        caller = town.caller()
        await caller.says("daftar 2 orang")
        await caller.says("1")
        said = await caller.says(f"Pemohon A 01-02-1990\n{other}")
        assert told in said + await caller.says("sudah")
        assert await town.taken(TUESDAY) == seats

    @pytest.mark.parametrize("members", ["anyone", "dependents"])
    @pytest.mark.parametrize(
        ("said", "is_dependent"),
        [
            ("adik saya Rina Contoh 3-4-1995", False),
            ("daftarkan anak saya Adi Contoh 3-4-2015", False),
            ("untuk anak saya Adi Contoh 3-4-2023", True),
            ("ibu saya Siti Contoh, 5 Juni 1950", True),
            ("my mother Siti Contoh born 5 june 1950", True),
            ("nama saya Rina Contoh lahir 3-4-1995", True),  # who writes
            ("Rina Contoh 3-4-1995", True),  # nobody says that it is another
        ],
    )
    async def test_one_alone(self, members: str, said: str, *, is_dependent: bool) -> None:
        """``family_members``: somebody else's relation who is neither child nor elderly needs a
        number of their own; who says nothing is taken for its owner.
        """
        town = Town(family_members=members)
        await town.caller().says("#tgllayanan")
        await town.caller().says("1")
        await town.caller().says(said)
        assert await town.taken(TUESDAY) == ([1] if members == "anyone" or is_dependent else [])

    @pytest.mark.parametrize(
        ("members", "told"), [("anyone", "Kode persetujuan"), ("dependents", "nomornya sendiri")]
    )
    async def test_with_a_photo(self, members: str, told: str) -> None:
        """``family_members``: the same where a photo of the card is sent, in Batam."""
        town = Town("batam", "2026-11-23T08:30+07:00", family_members=members)
        await town.caller().says("untuk adik saya")
        assert told in await town.caller().shows("#RINA CONTOH#03041995#JL MELATI 5 BATAM")
        assert await town.taken(TUESDAY) == ([1] if members == "anyone" else [])


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
