"""Rules of waiting: people found every date full and gave up, so whoever wants waits for a seat.
Source: 003, DOMAIN.md.
"""

from datetime import date

import pytest

from tests.support.town import TOMORROW, Caller, Town

TUESDAY = date(2026, 11, 24)
ONE_SEAT = {
    "id": "pagi",
    "name": {"id": "Pagi"},
    "from": "08:00",
    "until": "09:00",
    "seats": 1,
}
OFFER, GONE, NAME = "Ada tempat untuk Anda", "sudah tidak tersedia", "Sekarang kirim nama"


async def full(waiting: int = 2, **rules: object) -> tuple[Town, list[Caller]]:
    """An office whose only seat of Tuesday Rina booked, and those who wait for it."""
    town = Town(sessions=[ONE_SEAT], **rules)
    await town.caller(1).books("Rina Wulandari")
    callers = [town.caller(2 + number) for number in range(waiting)]
    for number, caller in enumerate(callers, start=1):
        assert "sudah penuh" in await caller.says("tgl 24")
        assert f"urutan *{number}*" in await caller.says("daftar tunggu tgl 24")
    return town, callers


async def freed(town: Town) -> None:
    """Rina does not come, and the service looks at its waitlists."""
    await town.caller(1).says("#batal")
    await town.caller(1).says("ya")
    await looks(town)


async def looks(town: Town) -> None:
    """The service looks at its waitlists: an offer that is over is passed on by the next look."""
    for _ in range(2):
        await town.bot.sweeper.sweep()


class TestHowLong:
    """A seat offered is held so long for one person, then for the next."""

    @pytest.mark.parametrize(("minutes", "passed_on"), [(10, True), (60, False)])
    async def test_minutes(self, minutes: int, *, passed_on: bool) -> None:
        """``waitlist_minutes``: half an hour later it is the next one's, or still the first's."""
        town, (first, second) = await full(waitlist_minutes=minutes)
        await freed(town)
        assert OFFER in await first.hears()
        await town.until("23 10:30")
        await looks(town)
        assert (OFFER in await second.hears()) is passed_on
        assert (GONE if passed_on else NAME) in await first.says("ya")
        assert await town.taken(TUESDAY) == [1]

    @pytest.mark.parametrize("answer", ["ya", "tidak", "oke siap"])
    async def test_answered_too_late(self, answer: str) -> None:
        """Who answers what ended in silence hears that it did, once; then all goes on."""
        town, (first, _) = await full(waitlist_minutes=10)
        await freed(town)
        await town.until("23 10:11")
        assert "Waktunya habis" in await first.hears()
        assert GONE in await first.says(answer)
        assert GONE not in await first.says(answer)


class TestWhen:
    """Offers are made while people are awake; what is freed at night is kept until then."""

    @pytest.mark.parametrize(("opens", "at_once"), [("07:00", True), ("12:00", False)])
    async def test_hours(self, opens: str, *, at_once: bool) -> None:
        """``waitlist_hours``: freed at ten it is offered at once, or at noon, and until then it is
        nobody else's.
        """
        town, (first,) = await full(1, waitlist_hours={"from": opens, "until": "20:00"})
        await freed(town)
        assert (OFFER in await first.hears()) is at_once
        passer = await town.caller(9).says(f"#Siti Aminah#17081990#{TOMORROW}")
        assert "sudah penuh" in passer
        await town.until("23 12:00")
        await looks(town)
        assert (OFFER in await first.hears()) is not at_once


class TestInTheMiddle:
    """An offer may come while something else is asked."""

    @pytest.mark.parametrize("said", ["hapus data saya", "pindah kantor mana"])
    async def test_taken(self, said: str) -> None:
        """Who takes it is asked whose seat it is, and books it."""
        town, (first,) = await full(1)
        await first.says(said)
        await freed(town)
        assert OFFER in await first.hears()
        assert NAME in await first.taps("Ambil")
        assert "Kode persetujuan" in await first.says("#Budi Santoso#17081990")
        assert "Kode booking" in await first.says("setuju")

    async def test_typed(self) -> None:
        """What stands on the buttons may be typed."""
        town, (first, second) = await full()
        await freed(town)
        await first.hears()
        assert "orang berikutnya" in await first.says("Lewati")
        await looks(town)
        assert OFFER in await second.hears()
        assert NAME in await second.says("ambil")
