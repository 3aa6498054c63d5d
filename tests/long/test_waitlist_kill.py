"""A seat freed for somebody who waits, across ``kill -9``: whichever process lives next offers it
to them, once.
"""

from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path

import pytest

from bot.booking.plan import seats_of
from bot.booking.waitlist import WaitState
from bot.clock import system_clock
from bot.graph_stub.server import GraphStandIn
from storage.driver import Database
from storage.mongo import MongoSeats
from storage.waitlist import MongoWaitlist
from tests.end_to_end.conftest import QUICK
from tests.long.test_timers_kill import complaints_in
from tests.support.applicant import Applicant, words_of
from tests.support.mortal import Mortal
from tests.support.service import office_variables
from tests.support.town import repository
from tests.support.webhooks import SENT_AT

TUESDAY = date(2026, 11, 24)
AHEAD = SENT_AT - system_clock()
OFFER, TOLD = "Ada tempat untuk Anda", "sudah dibatalkan"
Bear = Callable[[], Awaitable[Mortal]]


async def one_seat(database: Database) -> None:
    """Tuesday has one seat."""
    office = repository()[0].offices.get("jakarta_pusat")
    assert office
    seats = MongoSeats(database)
    await seats.prepare()
    await seats.lay_out(office.id, TUESDAY, list(seats_of(office, TUESDAY))[:1])


@pytest.mark.parametrize(
    ("last", "times"),
    [
        ("seats.update_one", 1),  # the seat is free, and not yet offered
        ("seats.update_one", 2),  # it is held for who waits, whose place does not say so
        ("waitlist.update_one", 1),  # offered, and nobody is told
        ("notices.insert_missing", 1),  # the notice waits
        ("waitlist.update_one", 2),  # and the place says that it does
    ],
)
async def test_offered_and_told_once(
    last: str,
    times: int,
    graph: GraphStandIn,
    embedded_mongo: str,
    database_name: str,
    database: Database,
    applicant: Callable[..., Applicant],
    tmp_path: Path,
) -> None:
    """Killed anywhere between the seat freed and the offer told."""
    await one_seat(database)
    variables = office_variables(
        graph.url, **QUICK, MONGODB_URI=embedded_mongo, ANTRE_STORAGE_DATABASE=database_name
    )
    bot = await Mortal.born(variables, log=tmp_path / "0.log", ahead=AHEAD)
    try:
        rina = applicant(lambda: bot.url, ahead=AHEAD, sender="6281200000071")
        budi = applicant(lambda: bot.url, ahead=AHEAD, sender="6281200000072")
        await rina.book("RINA WULANDARI", "17081990", TUESDAY)
        await budi.say("tgl 24")
        await budi.hears("sudah penuh")
        await budi.say("daftar tunggu tgl 24")
        await budi.hears("urutan *1*")
        await rina.say("#batal")
        await rina.hears("Batalkan booking")
        bot.dies_after_call(last, times)
        body = rina.body(rina.message("ya"))
        killed = bot
        await rina.try_once(body)
        assert await killed.dies()
        bot = await Mortal.born(variables, log=tmp_path / "1.log", ahead=AHEAD)
        await rina.insist(body)
        await budi.hears(OFFER)
        await budi.say("ya")
        await budi.hears("Sekarang kirim nama")
        await rina.hears(TOLD)
    finally:
        await bot.kill()
    heard = [words_of(message) for message in budi.heard()]
    assert sum(OFFER in words for words in heard) == 1
    # An answer that Meta has and we had not yet marked as sent is sent once more.
    assert sum(TOLD in words_of(message) for message in rina.heard()) in {1, 2}
    (wait,) = await MongoWaitlist(database).of_sender("whatsapp:6281200000072")
    assert (wait.state, wait.offers) == (WaitState.TAKEN, 1)
    seat = await MongoSeats(database).seat(wait.seat)
    assert seat
    assert seat.key == wait.key
    assert complaints_in(tmp_path) == []
