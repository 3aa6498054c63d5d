"""Notices with real processes: each has one effect, whoever tells it and whoever is killed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from bot.booking.life import Act, staff
from bot.booking.notices import Notice
from bot.booking.office import Offices
from bot.booking.queue import Queue
from bot.booking.seats import Seat
from bot.clock import system_clock
from bot.graph_stub.faults import Fault
from bot.graph_stub.server import GraphStandIn
from storage.driver import Database
from storage.mongo import MongoConversations
from storage.mongo_notices import MongoNotices
from storage.stores import stores_in
from tests.end_to_end.conftest import House
from tests.support.applicant import Applicant, words_of
from tests.support.counter import person
from tests.support.desk import shipped_offices
from tests.support.service import run
from tests.support.webhooks import APPLICANT

CONVERSATION = f"whatsapp:jakarta_pusat:{APPLICANT}"
NOW = datetime(2026, 11, 24, 0, 50, tzinfo=UTC)
"""Tuesday, ten minutes before the first hour in Jakarta."""

DAY = date(2026, 11, 24)
Making = Callable[..., Applicant]


def nearly(*numbers: int) -> Sequence[Notice]:
    """Notices that these numbers are nearly up, due now."""
    return [
        Notice(
            id=f"k{number}/nearly",
            conversation=CONVERSATION,
            name="notice_nearly_called",
            values={"number": number, "called": number - 1},
            due_at=system_clock(),
        )
        for number in numbers
    ]


def numbers_told(applicant: Applicant) -> Counter[int]:
    """How often each number was told that it is nearly up."""
    found = (re.search(r"\*(\d+)\*, hampir", words_of(each)) for each in applicant.heard())
    return Counter(int(match[1]) for match in found if match)


async def records_of(database: Database) -> Counter[str]:
    """How often each notice stands in the journal."""
    transcript = await MongoConversations(database).transcript(CONVERSATION)
    return Counter(record["_id"] for record in transcript if "notice" in record)


@pytest.mark.long
async def test_two_processes(
    on_mongo: House, applicant: Making, graph: GraphStandIn, database: Database
) -> None:
    """Two processes find the same notices due: everything is told once."""
    service, _ = await on_mongo.serve(), await on_mongo.serve()
    rina = applicant(lambda: service.url)
    await rina.say("Pagi, Pak")
    await rina.hears("Cara mendaftar")
    wanted = range(101, 121)
    await MongoNotices(database).add(nearly(*wanted))
    await graph.until(lambda: len(numbers_told(rina)) == len(wanted))
    assert set(numbers_told(rina).values()) == {1}
    records = await records_of(database)
    assert len(records) == len(wanted)
    assert set(records.values()) == {1}


@pytest.mark.long
async def test_killed_while_telling(
    on_mongo: House, applicant: Making, graph: GraphStandIn, database: Database
) -> None:
    """Both processes are killed in the middle of it; the next one tells what is left, once."""
    services = [await on_mongo.serve(), await on_mongo.serve()]
    rina = applicant(lambda: services[-1].url)
    await rina.say("Pagi, Pak")
    await rina.hears("Cara mendaftar")
    notices, wanted = MongoNotices(database), range(101, 121)
    graph.fail(Fault(how="none", only="message"), 3)
    graph.fail(Fault(how="hang", only="message"))
    await notices.add(nearly(*wanted))
    await graph.hanging.wait()
    for service in services:
        await service.kill()
    services.append(await on_mongo.serve())
    await graph.until(lambda: len(numbers_told(rina)) == len(wanted))
    records = await records_of(database)
    assert len(records) == len(wanted)
    assert set(records.values()) == {1}
    # What was sent and not yet marked when it died may come twice, nothing is lost.
    assert sum(numbers_told(rina).values()) <= len(wanted) + 3


async def test_outside_the_window(
    on_mongo: House, applicant: Making, graph: GraphStandIn, database: Database
) -> None:
    """To somebody who wrote a day ago the registered template goes out, alone."""
    service = await on_mongo.serve()
    rina = applicant(lambda: service.url)
    await rina.say("Pagi, Pak")
    await rina.hears("Cara mendaftar")
    yesterday = system_clock() - timedelta(hours=25)
    conversations = database.collection("conversations")
    await conversations.update_one({"_id": CONVERSATION}, {"$set": {"contact.heard_at": yesterday}})
    graph.heard[APPLICANT] = yesterday
    graph.templates = {("nearly_called", "id"): (3, 0)}
    before = len(rina.heard())
    await MongoNotices(database).add(nearly(101))
    await graph.until(lambda: len(rina.heard()) > before)
    (message,) = rina.heard()[before:]
    assert message["template"]["name"] == "nearly_called"
    assert words_of(message) == "101 100 Jakarta Pusat"


@pytest.mark.long
async def test_antre_call(on_mongo: House) -> None:
    """`antre call` finds nothing to call on a day without a queue, and names what is wrong."""
    code, said = await run("call", "jakarta_pusat", "1", **on_mongo.variables)
    assert code == 1
    assert "Jakarta Pusat has no number 1 on" in said
    code, said = await run("call", "jakarta_pusad", "1", **on_mongo.variables)
    assert code == 1
    assert "did you mean 'jakarta_pusat'" in said


@pytest.mark.long
async def test_antre_call_next(on_mongo: House, database: Database) -> None:
    """`antre call --next` calls whoever has come to the counter that is said."""
    stores, office = await stores_in(database), shipped_offices().get("jakarta_pusat")
    assert office
    queue, before = Queue(Offices([office]), stores.seats), NOW - timedelta(days=1)
    held = await queue.hold(office, DAY, person(1), "k", Random(1), before)
    assert isinstance(held, Seat)
    booked = await queue.approve(office, held.id, "k", "a", Random(1), before)
    assert booked
    await queue.check_in(office, booked.booking_code, Act("here", staff("rina")), NOW)
    asked = ("call", office.id, "--next", "--counter", "2", "--now", NOW.isoformat())
    code, said = await run(*asked, **on_mongo.variables)
    assert (code, said) == (0, "Jakarta Pusat: number 1 is called to counter 2\n")
    there = await stores.seats.at_counter(office.id, DAY, 2)
    assert there
    assert there.number == 1
