"""Rules of the day: hours, sessions, quotas, and when the number takes registrations."""

from datetime import date

import pytest

from tests.support.town import TOMORROW, Town

TUESDAY = date(2026, 11, 24)
PAGI = {"id": "pagi", "name": {"id": "Pagi", "en": "Morning"}, "from": "08:00", "until": "10:00"}
SIANG = {"id": "siang", "name": {"id": "Siang", "en": "Afternoon"}, "from": "13:00"}


def a_day(morning: int, afternoon: int = 0) -> list[dict[str, object]]:
    """Sessions of a day with so many seats each."""
    day: list[dict[str, object]] = [{**PAGI, "seats": morning}]
    return [*day, {**SIANG, "until": "15:00", "seats": afternoon}] if afternoon else day


class TestArriveBeforeTheHour:
    """People are to be there some time before they are called. Source: 000, 002, 004."""

    @pytest.mark.parametrize(
        ("minutes", "told"),
        [(30, "Datang pukul 07.30 (30 menit"), (45, "Datang pukul 07.15 (45 menit")],
    )
    async def test_the_card_says_when(self, minutes: int, told: str) -> None:
        """``arrive_minutes``: the hour on the card is counted back from the first call at eight."""
        card = await Town(arrive_minutes=minutes).caller().books("Rina Wulandari")
        assert told in card
        assert "Jam: 08.00 WIB" in card

    @pytest.mark.parametrize(("minutes", "told"), [(30, "07.30"), (0, "08.00")])
    async def test_the_reminder_says_it_again(self, minutes: int, told: str) -> None:
        """``arrive_minutes`` counts in the reminder of the day before too."""
        town = Town(arrive_minutes=minutes)
        await town.caller().books("Rina Wulandari")
        await town.until("23 16:00")
        assert f"Datang pukul {told} dengan dokumen asli" in await town.caller().hears()


class TestSpreadOverTheDay:
    """It is a queue that spreads people over the hours, and nothing of the passport itself.
    Source: 002.
    """

    @pytest.mark.parametrize(
        ("minutes", "hours"),
        [(60, ["08.00", "08.00", "09.00", "09.00"]), (30, ["08.00", "08.30", "09.00", "09.30"])],
    )
    async def test_hours(self, minutes: int, hours: list[str]) -> None:
        """``slot_minutes``: four seats in two hours are called two by two, or one by one."""
        town = Town(sessions=a_day(4), slot_minutes=minutes)
        cards = [await town.caller(n).books(f"Pemohon {'ABCD'[n]}") for n in range(4)]
        assert all(f"Jam: {hour} WIB" in card for hour, card in zip(hours, cards, strict=True))

    @pytest.mark.parametrize(
        ("flow", "asked"),
        [("passport_guided", "Setuju"), ("passport_one_shot", "Setuju")],
    )
    async def test_only_a_queue(self, flow: str, asked: str) -> None:
        """What is asked for is who comes and when; nothing is paid, uploaded or applied for."""
        caller = Town(flow=flow).caller()
        said = await caller.says(f"#Rina Wulandari#17081990#{TOMORROW}")
        assert asked in [button.title for button in caller.shown]
        assert not {"NIK", "Alamat", "bayar"} & set(said.split())
        assert "hanya untuk mengambil antrean" in await caller.says("#bantuan")


class TestServiceHours:
    """A number may take registrations at some hours only, or always. Source: 002, 003."""

    @pytest.mark.parametrize(
        ("hours", "told"),
        [(None, "Tanggal layanan yang masih tersedia"), (("07:30", "10:00"), "besok")],
    )
    async def test_at_noon(self, hours: tuple[str, str] | None, told: str) -> None:
        """``service_hours``: at noon one office shows its dates, the other says when to write."""
        window = {"from": hours[0], "until": hours[1]} if hours else None
        town = Town(now="2026-11-23T12:00+07:00", service_hours=window)
        said = await town.caller().says("mau daftar paspor")
        told = "24 November 2026 mulai pukul 07.30" if told == "besok" else told
        assert told in said

    @pytest.mark.parametrize(("now", "open_"), [("09:59", True), ("10:00", False)])
    async def test_batam(self, now: str, *, open_: bool) -> None:
        """Batam's own file: from half past seven to ten."""
        town = Town("batam", f"2026-11-23T{now}+07:00")
        said = await town.caller().shows("#RINA WULANDARI#17081990#JL MELATI 5 BATAM")
        assert ("Kode persetujuan" in said) is open_
        assert ("Silakan kirim pesan lagi" in said) is not open_

    async def test_what_was_booked_is_answered_at_any_hour(self) -> None:
        """Outside the hours a booking is still shown, and cancelled."""
        town = Town(service_hours={"from": "07:30", "until": "11:00"})
        caller = town.caller()
        await caller.books("Rina Wulandari")
        await town.until("23 15:00")
        assert "Nomor antrean: *1*" in await caller.says("#status")
        await caller.says("#batal")
        assert "sudah dibatalkan" in await caller.says("ya")


class TestQuotas:
    """So many seats a day, each office its own, more before holidays. Source: 000, 001, 002,
    003, 004.
    """

    @pytest.mark.parametrize(("seats", "told"), [(1, "sudah penuh"), (2, "Nomor antrean: *2*")])
    async def test_seats_of_a_day(self, seats: int, told: str) -> None:
        """``sessions``: with one seat the second comer is told that the day is full."""
        town = Town(sessions=a_day(seats))
        await town.caller(1).books("Rina Wulandari")
        assert told in await town.caller(2).books("Budi Santoso")
        assert len(await town.taken(TUESDAY)) == seats

    @pytest.mark.parametrize(
        ("quotas", "hour"),
        [({}, "08.00"), ({"2026-11-24": {"pagi": 0, "siang": 4}}, "13.00")],
    )
    async def test_seats_of_one_date(self, quotas: dict[str, dict[str, int]], hour: str) -> None:
        """``quotas``: a date may have other numbers; a session with none is left out."""
        card = await Town(sessions=a_day(4, 4), quotas=quotas).caller().books("Rina Wulandari")
        assert f"Jam: {hour} WIB" in card

    @pytest.mark.parametrize(
        ("show", "row"),
        [(True, "2026 (Pagi 3, Siang 2)"), (False, "1. Selasa, 24 November 2026\n")],
    )
    async def test_each_session_has_its_own(self, row: str, *, show: bool) -> None:
        """``show_remaining``: what is left of *Pagi* and *Siang*, after one of *Pagi* is taken."""
        town = Town(sessions=a_day(4, 2), show_remaining=show)
        await town.caller(1).books("Rina Wulandari")
        assert row in await town.caller(2).says("#tgllayanan")

    @pytest.mark.parametrize(
        ("day", "seats", "last"), [("04122026", 250, "14.00"), ("07122026", 400, "17.00")]
    )
    async def test_tangerang_before_holidays(self, day: str, seats: int, last: str) -> None:
        """``seasons`` of Tangerang's own file: 250 ordinarily, 400 before Christmas, into the
        evening.
        """
        town = Town("tangerang")
        await town.caller().books("Rina Wulandari", day=day)
        on = date(int(day[4:]), int(day[2:4]), int(day[:2]))
        laid = await town.stores.seats.of_day("tangerang", on)
        assert (len(laid), f"{laid[-1].hour:%H.%M}") == (seats, last)

    @pytest.mark.parametrize(
        ("office", "seats"), [("jakarta_pusat", 250), ("bogor", 150), ("batam", 150)]
    )
    async def test_of_the_reports(self, office: str, seats: int) -> None:
        """An ordinary day of the offices whose quotas were reported."""
        town = Town(office, "2026-11-23T08:00+07:00")
        assert town.office.quota_on(TUESDAY) == seats
