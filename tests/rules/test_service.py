"""Rules of the service: what it is for, who comes by hand, and what is written down."""

from datetime import date
from typing import get_args

import pytest

from bot.booking.counter import NoNumber
from bot.booking.life import Act, Step
from bot.booking.rules import WalkInKind
from bot.booking.seats import Seat
from bot.reports.funnel import ends_of
from bot.reports.report import report_on
from tests.support.town import RINA, TOMORROW, Town, code_in, repository

TUESDAY = date(2026, 11, 24)
FLOWS = ["passport_guided", "passport_one_shot", "passport_photo"]


class TestDamagedOrLost:
    """Damaged and lost passports are none of its business: the counter's. Source: 004. No
    setting.
    """

    @pytest.mark.parametrize("flow", FLOWS)
    @pytest.mark.parametrize("words", ["paspor saya hilang", "pasporku rusak kena air"])
    async def test_sent_to_the_counter(self, flow: str, words: str) -> None:
        """Said at once, in every dialogue, and no seat is held for it."""
        town = Town(flow=flow)
        told = await town.caller().says(words)
        assert "tidak dapat didaftarkan lewat chat" in told
        assert "loket" in told
        assert not await town.taken(TUESDAY)

    async def test_in_the_middle(self) -> None:
        """At the confirmation too; the seat held for somebody else's passport stays held."""
        town = Town()
        await town.caller().says(f"#Rina Wulandari#17081990#{TOMORROW}")
        told = await town.caller().says("paspor adik saya hilang gimana")
        assert "tidak dapat didaftarkan lewat chat" in told
        assert "Kode persetujuan" in told or "kode persetujuan" in told
        assert await town.taken(TUESDAY) == [1]


class TestNewAndRenewed:
    """It is for new passports and for renewals. Source: 000, 002."""

    @pytest.mark.parametrize(("ask", "told"), [(True, "baru atau perpanjangan"), (False, "Kode")])
    async def test_asked(self, told: str, *, ask: bool) -> None:
        """``ask_kind``: an office that wants to know asks before a seat is held."""
        town = Town(ask_kind=ask)
        assert told in await town.caller().says(f"#Rina Wulandari#17081990#{TOMORROW}")
        assert len(await town.taken(TUESDAY)) == (not ask)

    @pytest.mark.parametrize(("tap", "kind"), [("Paspor baru", "new"), ("Perpanjangan", "renewal")])
    async def test_either(self, tap: str, kind: str) -> None:
        """Both get a seat, and the counter sees which it is."""
        town = Town(ask_kind=True)
        await town.caller().says(f"#Rina Wulandari#17081990#{TOMORROW}")
        assert "Kode persetujuan" in await town.caller().taps(tap)
        seat = (await town.stores.seats.of_day(town.office.id, TUESDAY))[0]
        assert seat.claim
        assert seat.claim.applicant.details["kind"] == kind

    @pytest.mark.parametrize(
        ("words", "old"), [("syarat paspor baru", False), ("syarat perpanjangan paspor", True)]
    )
    async def test_documents(self, words: str, *, old: bool) -> None:
        """What to bring differs: the old passport for a renewal."""
        assert ("• Paspor lama" in await Town().caller().says(words)) is old


class TestWalkingIn:
    """The old and the young may still queue by hand, in numbers of their own. Source: 000, 002."""

    @pytest.mark.parametrize(("seats", "given"), [(0, []), (2, [1, 2])])
    async def test_their_own_numbers(self, seats: int, given: list[int]) -> None:
        """``walk_in_seats``: so many a day, and none of those given out by chat."""
        town = Town(walk_in_seats=seats)
        await town.caller().books("Rina Wulandari")
        await town.until("24 07:40")
        found = [await self.walks_in(town, "elderly") for _ in range(3)]
        assert [seat.number for seat in found if isinstance(seat, Seat)] == given
        assert found[-1] is NoNumber.NONE_LEFT
        assert await town.taken(TUESDAY) == [1]

    @pytest.mark.parametrize("kind", get_args(WalkInKind))
    async def test_who(self, kind: WalkInKind) -> None:
        """``walk_in_for``: an office says who, everybody else is sent to the chat."""
        everybody, nobody_else = (
            Town(walk_in_seats=5),
            Town(walk_in_seats=5, walk_in_for=["elderly"]),
        )
        for town in (everybody, nobody_else):
            await town.until("24 07:40")
        assert isinstance(await self.walks_in(everybody, kind), Seat)
        found = await self.walks_in(nobody_else, kind)
        assert isinstance(found, Seat) is (kind == "elderly")

    @pytest.mark.parametrize(
        ("seats", "who", "told"),
        [
            (5, ["elderly", "children"], True),
            (5, ["children"], False),
            (0, ["elderly", "children"], False),
        ],
    )
    async def test_told(self, seats: int, who: list[str], *, told: bool) -> None:
        """The elderly are told of it only where the office does it."""
        caller = Town(walk_in_seats=seats, walk_in_for=who).caller()
        said = await caller.says("syarat untuk lansia apa?")
        assert ("mengantre langsung di kantor" in said) is told

    async def walks_in(self, town: Town, kind: WalkInKind) -> Seat | NoNumber:
        """Somebody stands at the counter."""
        return await town.queue.walk_in(town.office, TUESDAY, kind, town.act(), town.now)


class TestFromOutside:
    """People from elsewhere are welcome at every office. Source: 001, 004. No setting."""

    @pytest.mark.parametrize("office", ["jakarta_pusat", "batam", "makassar"])
    @pytest.mark.parametrize(
        "words",
        [
            "saya dari luar kota, boleh daftar di sini?",
            "ktp saya luar daerah bs bikin paspor dsini gak?",
            "apa harus sesuai domisili?",
        ],
    )
    async def test_asked(self, office: str, words: str) -> None:
        """Whoever asks is told so."""
        town = Town(office, "2026-11-23T08:30+07:00")
        assert "menerima pemohon dari luar daerah" in await town.caller().says(words)

    async def test_an_address_elsewhere(self) -> None:
        """An address in Medan books in Batam."""
        caller = Town("batam", "2026-11-23T08:30+07:00").caller()
        said = await caller.shows("#RINA WULANDARI#17081990#JL MERPATI 5 MEDAN")
        assert "Kode persetujuan" in said

    async def test_sent_to_neighbours(self) -> None:
        """Where all is full, the offices around are named, for everybody."""
        session = {"id": "pagi", "name": {"id": "Pagi"}, "from": "08:00", "until": "09:00"}
        town = Town(sessions=[{**session, "seats": 1}], horizon_days=1)
        await town.caller(1).books("Rina Wulandari")
        told = await town.caller(2).says("#tgllayanan")
        assert "kantor lain" in told
        assert "dari luar daerah" in told


class TestWrittenDown:
    """Whatever happens to a booking is recorded, and by whom. Source: 001, 004. No setting."""

    async def test_of_a_booking(self) -> None:
        """From the hold to the counter: step by step, each with who and when."""
        town = Town()
        code = code_in(await town.caller().books("Rina Wulandari"))
        await town.until("24 07:40")
        seat = await town.check_in(code)
        assert isinstance(seat, Seat)
        await town.until("24 08:05")
        served = await town.queue.serve(seat, town.act(), town.now)
        assert served
        steps = [event.step for event in served.trail]
        assert steps == [Step.HELD, Step.APPROVED, Step.CHECKED_IN, Step.SERVED]
        by = [event.by for event in served.trail]
        assert by[2:] == [RINA, RINA]
        assert RINA not in by[:2]
        minutes = (served.trail[-1].at - served.trail[-2].at).total_seconds() / 60
        assert minutes == 25
        assert len({event.who for event in served.trail}) == 1
        identity = ("RINA WULANDARI", town.caller().sender)
        assert not any(word in event.who for event in served.trail for word in identity)

    @pytest.mark.parametrize(
        ("say", "step"), [("#batal", Step.CANCELLED), ("#ulang", Step.RELEASED)]
    )
    async def test_of_what_ends_early(self, say: str, step: Step) -> None:
        """A seat given back keeps its story."""
        town = Town()
        await town.caller().says(f"#Rina Wulandari#17081990#{TOMORROW}")
        await town.caller().says(say)
        seat = (await town.stores.seats.of_day(town.office.id, TUESDAY))[0]
        assert seat.trail[-1].step in {step, Step.RELEASED}
        assert not seat.key

    async def test_in_the_report(self) -> None:
        """How many came and how fast each member of staff was, from chat and counter alone."""
        town = Town()
        code = code_in(await town.caller(1).books("Rina Wulandari"))
        await town.caller(2).books("Budi Santoso")
        await town.until("24 07:40")
        seat = await town.check_in(code)
        assert isinstance(seat, Seat)
        await town.until("24 08:05")
        assert await town.queue.serve(seat, town.act(), town.now)
        await town.until("24 17:00")
        found = await report_on(
            town.office,
            town.stores,
            TUESDAY,
            TUESDAY,
            "staff",
            ends=ends_of(town.bot.library.current.flows),
            now=town.now,
        )
        rows = {row.key: row.figures for row in found.rows}
        rina = rows[RINA]
        assert (rina["checked_in"], rina["served"], rina["wait_mean"]) == (1, 1, 25.0)
        assert rows["system"]["voids"] == 1

    async def test_staff_by_name(self) -> None:
        """What staff do for an applicant is written down as staff's."""
        town = Town(cancel="never")
        code = code_in(await town.caller().books("Rina Wulandari"))
        seat = await town.stores.seats.by_code(code)
        assert seat
        act = Act("desk-1", RINA, reason="pemohon menelepon")
        assert await town.queue.cancel(seat.id, seat.key, act, town.now)
        freed = await town.stores.seats.seat(seat.id)
        assert freed
        assert (freed.trail[-1].by, freed.trail[-1].reason) == (RINA, "pemohon menelepon")


class TestOffices:
    """The offices that the press named, each with what was reported of it and nothing made up.
    Source: 000, 001, 002.
    """

    @pytest.mark.parametrize(
        ("office", "numbers"),
        [
            ("jakarta_pusat", ("6281299004406",)),
            ("tangerang", ("628118119000",)),
            ("bogor", ("628111100333",)),
            ("batam", ("6282288862017", "6282288822017")),
            ("depok", ()),
        ],
    )
    def test_numbers(self, office: str, numbers: tuple[str, ...]) -> None:
        """Four offices' numbers are known."""
        found = repository()[0].offices.get(office)
        assert found
        assert found.numbers == numbers

    @pytest.mark.parametrize(
        ("office", "zone"), [("medan", "WIB"), ("makassar", "WITA"), ("denpasar", "WITA")]
    )
    async def test_time_zones(self, office: str, zone: str) -> None:
        """``time_zone``: hours are the office's own, and say so."""
        assert f"Jam: 08.00 {zone}" in await Town(office).caller().books("Rina Wulandari")
