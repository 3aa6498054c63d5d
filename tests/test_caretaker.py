"""The caretaker: what time does to seats."""

from datetime import date, timedelta

from bot.booking.life import SeatState, Step
from bot.booking.people import StrikeKind
from bot.booking.seats import Applicant, Seat
from tests.support.town import Town, code_in

TUESDAY = date(2026, 11, 24)


async def somebody_came(town: Town) -> None:
    """Another applicant books and is let in on the day, so the office is known to check in."""
    code = code_in(await town.caller(99).books("Budi Santoso"))
    await town.until("24 07:40")
    assert isinstance(await town.check_in(code), Seat)


async def test_a_family_that_stays_away_does_so_once() -> None:
    """Three seats are void, and the number has one no-show."""
    town = Town()
    contact = town.caller().contact
    people = [
        Applicant(f"PEMOHON {n}", date(1990, 1, n), contact.address, contact.conversation_id)
        for n in (1, 2, 3)
    ]
    held = await town.queue.hold_group(town.office, TUESDAY, people, "k", town.random, town.now)
    assert isinstance(held, list)
    seats = [(seat.id, seat.key) for seat in held]
    assert await town.queue.approve_group(town.office, seats, "a", town.random, town.now)
    await somebody_came(town)
    await town.until("24 17:00")
    states = [(await town.stores.seats.seat(seat)).state for seat, _ in seats]  # type: ignore[union-attr] # there they are
    assert states == [SeatState.VOID] * 3
    strikes = (await town.conduct.of(contact.address)).strikes
    assert [strike.kind for strike in strikes] == [StrikeKind.NO_SHOW]
    assert await town.bot.caretaker.look_after() == 0


async def test_where_nobody_checks_in_nobody_is_missed() -> None:
    """An office that lets nobody in says nothing about who came."""
    town = Town()
    await town.caller().books("Rina Wulandari")
    await town.until("24 17:00")
    assert not (await town.conduct.of(town.caller().contact.address)).strikes


async def test_late_at_the_counter_is_no_no_show() -> None:
    """Who came, too late, has lost the code and nothing else."""
    town = Town()
    code = code_in(await town.caller().books("Rina Wulandari"))
    await somebody_came(town)
    town.now += timedelta(hours=2)
    await town.check_in(code)
    await town.until("24 17:00")
    assert (await town.steps(code))[-1] is Step.VOIDED
    assert not (await town.conduct.of(town.caller().contact.address)).strikes


async def test_a_hold_that_ran_out_is_written_down() -> None:
    """Without anybody asking for the seat again, and without its conversation."""
    town = Town()
    contact = town.caller().contact
    who = Applicant("PEMOHON", date(1990, 1, 1), contact.address, contact.conversation_id)
    await town.queue.hold(town.office, TUESDAY, who, "k", town.random, town.now)
    await town.until("23 11:00")
    seat = (await town.stores.seats.of_day(town.office.id, TUESDAY))[0]
    assert (seat.state, seat.trail[-1].step) == (SeatState.FREE, Step.EXPIRED)
