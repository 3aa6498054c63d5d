"""Rules of the code: late, its date, who shows it, and with which documents."""

from datetime import date

import pytest

from bot.booking.counter import NotCheckedIn, TurnedAway
from bot.booking.life import SeatState, Step
from bot.booking.seats import Seat
from tests.support.town import Town, code_in

WEDNESDAY = "25112026"


async def booked(town: Town, name: str = "Rina Wulandari") -> str:
    """The code of a booking for Tuesday at eight."""
    return code_in(await town.caller().books(name))


class TestLate:
    """Who comes late has lost the code, and may register again. Source: 000, 002, 004."""

    @pytest.mark.parametrize(
        ("grace", "state", "told"),
        [(15, SeatState.VOID, "Kode booking"), (30, SeatState.CHECKED_IN, "sudah punya booking")],
    )
    async def test_twenty_minutes(self, grace: int, state: SeatState, told: str) -> None:
        """``late_grace_minutes``: twenty minutes after the hour one office lets in, the other
        does not; who was sent away books anew by chat.
        """
        town = Town(late_grace_minutes=grace)
        code = await booked(town)
        await town.until("24 08:20")
        shown = await town.check_in(code)
        assert isinstance(shown, Seat) is (state is SeatState.CHECKED_IN)
        seat = await town.stores.seats.by_code(code)
        assert seat
        assert seat.state is state
        assert told in await town.caller().books("Rina Wulandari", day=WEDNESDAY)

    @pytest.mark.parametrize(("grace", "told"), [(15, "25 November"), (60, "sudah punya booking")])
    async def test_who_never_came_books_anew(self, grace: int, told: str) -> None:
        """``late_grace_minutes``: nobody has to go to the office to be late."""
        town = Town(late_grace_minutes=grace)
        code = await booked(town)
        await town.until("24 08:20")
        assert told in await town.caller().books("Rina Wulandari", day=WEDNESDAY)
        assert (Step.VOIDED in await town.steps(code)) is (grace == 15)

    @pytest.mark.parametrize(
        ("grace", "told"), [(15, "sudah hangus"), (30, "Nomor antrean: *1*")], ids=["15", "30"]
    )
    async def test_status(self, grace: int, told: str) -> None:
        """``late_grace_minutes``: who asks is not shown a code that opens nothing any more, nor
        asked whether to cancel it.
        """
        town = Town(late_grace_minutes=grace)
        await booked(town)
        town.now = town.now.replace(day=24, hour=8, minute=20)  # before it is void in the books
        assert told in await town.caller().says("#status")
        assert ("sudah hangus" in await town.caller().says("#batal")) is (grace == 15)

    @pytest.mark.parametrize("grace", [15, 30])
    async def test_staff_make_no_exception(self, grace: int) -> None:
        """``late_grace_minutes``: staff can take the void back, and yet the code lets nobody in;
        whom to wait for is the office's setting, the same for everybody.
        """
        town = Town(late_grace_minutes=grace)
        code = await booked(town)
        await town.until("24 08:20")
        shown = await town.check_in(code)
        if isinstance(shown, TurnedAway):
            assert shown.seat
            undone = await town.queue.undo(shown.seat, town.act(), town.now)
            assert undone
            shown = await town.check_in(code)
        assert (isinstance(shown, TurnedAway) and shown.why is NotCheckedIn.LATE) is (grace == 15)
        told = "belum punya booking" if grace == 15 else "Nomor antrean: *1*"
        assert told in await town.caller().says("#status")

    @pytest.mark.parametrize("minutes", [30, 60])
    async def test_asked(self, minutes: int) -> None:
        """Who asks what happens then is told the rule, and the office's minutes."""
        told = await Town(arrive_minutes=minutes).caller().says("kalau telat gimana?")
        assert "hangus dan Anda dapat mendaftar lagi" in told
        assert f"datang {minutes} menit sebelum" in told


class TestOnItsDate:
    """A code opens the counter on its date and on no other. Source: K. No setting."""

    @pytest.mark.parametrize(
        ("moment", "why"),
        [("23 15:00", NotCheckedIn.OTHER_DAY), ("24 07:30", None), ("25 07:30", "other_day")],
    )
    async def test_shown(self, moment: str, why: NotCheckedIn | None) -> None:
        """The day before and the day after it opens nothing."""
        town = Town()
        code = await booked(town)
        await town.until(moment)
        shown = await town.check_in(code)
        assert (shown.why if isinstance(shown, TurnedAway) else None) == why

    async def test_told(self) -> None:
        """When the day is over, the applicant has no booking any more, and makes another."""
        town = Town()
        await booked(town)
        await town.until("25 09:00")
        assert "belum punya booking" in await town.caller().says("#status")
        assert "26 November" in await town.caller().books("Rina Wulandari", day="26112026")


class TestIdentity:
    """The counter compares who comes with the name the code was given to. Source: 004. No
    setting.
    """

    async def test_the_code_names_the_person(self) -> None:
        """Whoever shows the code, the counter sees the name and birth date it belongs to."""
        town = Town()
        code = await booked(town, "Drs. Rina Wulandari")
        await town.until("24 07:40")
        seat = await town.check_in(code)
        assert isinstance(seat, Seat)
        assert seat.claim
        who = seat.claim.applicant
        assert (who.name, who.birth_date) == ("RINA WULANDARI", date(1990, 8, 17))

    async def test_a_code_works_once(self) -> None:
        """Who borrows a code that was shown already is not let in, nor who makes one up."""
        town = Town()
        code = await booked(town)
        await town.until("24 07:40")
        await town.check_in(code)
        again, made_up = await town.check_in(code), await town.check_in("JKT-00000-00000")
        assert isinstance(again, TurnedAway)
        assert again.why is NotCheckedIn.OVER
        assert made_up == TurnedAway(NotCheckedIn.UNKNOWN)


class TestDocuments:
    """Originals, complete, all saying the same; else the counter turns people away. Source: 004."""

    @pytest.mark.parametrize(
        ("note", "told"), [({}, False), ({"id": "Fotokopi KTP, kertas A4"}, True)]
    )
    async def test_requirements(self, note: dict[str, str], *, told: bool) -> None:
        """``requirements_note``: what an office wants beside the usual documents."""
        said = await Town(requirements_note=note).caller().says("syaratnya apa saja?")
        assert "Semua data harus sama" in said
        assert "(asli)" in said
        assert ("Fotokopi KTP, kertas A4" in said) is told

    @pytest.mark.parametrize("unasked", [True, False])
    async def test_listed_with_the_barcode(self, *, unasked: bool) -> None:
        """``list_requirements``: Bogor sends the list with the barcode, others when asked."""
        caller = Town("bogor", list_requirements=unasked).caller()
        said = await caller.says("#Rina Wulandari#17081990#24112026")
        assert ("Yang perlu dibawa" in said) is unasked

    async def test_turned_away(self) -> None:
        """Rejected at the counter with a reason: the trail has it, and they register again."""
        town = Town()
        code = await booked(town)
        await town.until("24 07:40")
        seat = await town.check_in(code)
        assert isinstance(seat, Seat)
        reason = "kartu keluarga tidak sama"
        rejected = await town.queue.reject(seat, town.act(reason), town.now)
        assert rejected
        assert rejected.trail[-1].reason == reason
        assert "belum punya booking" in await town.caller().says("#status")
        assert "25 November" in await town.caller().books("Rina Wulandari", day=WEDNESDAY)
