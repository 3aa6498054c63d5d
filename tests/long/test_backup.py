"""A backup of a real office under traffic: another one goes on from it."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.end_to_end.conftest import House
from tests.support.applicant import Applicant, Booking, approval_code_in, booking_in
from tests.support.service import run

pytestmark = pytest.mark.long
Making = Callable[..., Applicant]


async def test_goes_on(house: House, applicant: Making, tmp_path: Path, data: Path) -> None:
    """Bookings made before the backup are read after the restore, their numbers taken; who stood
    in the middle goes on with the code they had.
    """
    service = await house.serve("--data", str(data))
    booked: list[tuple[Applicant, Booking]] = []

    def person(number: int) -> Applicant:
        return applicant(lambda: service.url, sender=f"62812000010{number:02}")

    async def come(number: int) -> None:
        name, born = f"BUDI {'ABCDEFGHIJKLMNOPQRST'[number % 20] * 3}", f"{number + 1:02}081990"
        somebody = person(number)
        booked.append((somebody, await somebody.book(name, born)))

    await asyncio.gather(*(come(number) for number in range(8)))
    before = list(booked)
    half_way = person(90)
    await half_way.say("#SITI RAHAYU#17081990#tgl 30")
    code = approval_code_in(await half_way.hears("balas dengan kode persetujuan"))
    file = tmp_path / "office.backup"
    traffic = asyncio.gather(*(come(number) for number in range(8, 20)))
    exit_code, said = await run("backup", str(file), "--data", str(data))
    assert exit_code == 0, said
    await traffic
    assert await service.stop() == 0

    restored = tmp_path / "restored"
    exit_code, said = await run("restore", str(file), "--data", str(restored))
    assert exit_code == 0, said
    service = await house.serve("--data", str(restored))
    for somebody, booking in before:
        await somebody.say("#status")
        assert booking_in(await somebody.hears("Kode booking:")).code == booking.code
    await half_way.say(code)
    taken = booking_in(await half_way.hears("Kode booking:"))
    newcomer = await person(91).book("WATI LESTARI", "03031991")
    assert newcomer.code not in {taken.code, *(booking.code for _, booking in before)}
