"""`kill -9` of the bot, its database, or both: nothing is lost, all arrives in order."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.booking.seats import SeatState
from bot.graph_stub.faults import Fault
from bot.graph_stub.server import GraphStandIn
from storage.driver import Database
from storage.folder import Folder
from storage.mongo import MongoConversations, MongoSeats
from tests.end_to_end.conftest import House
from tests.support.applicant import Applicant, approval_code_in, booking_in, dates_in, words_of
from tests.support.webhooks import APPLICANT

CONVERSATION = f"whatsapp:jakarta_pusat:{APPLICANT}"
HANG = Fault(how="hang", only="message")
Making = Callable[..., Applicant]


def told(applicant: Applicant) -> list[str]:
    """The first lines of what the applicant was sent; a message that came twice counts once."""
    return list(dict.fromkeys(words_of(message).split("\n")[0] for message in applicant.heard()))


async def test_killed_between_two_messages(
    on_mongo: House, applicant: Making, database: Database
) -> None:
    """A new process goes on where the dead one was, at every step of a booking."""
    service = await on_mongo.serve()
    rina = applicant(lambda: service.url)
    await rina.say("Pagi, Pak")
    await rina.hears("Cara mendaftar")
    await service.kill()

    service = await on_mongo.serve()
    await rina.say("#tgllayanan")
    offered = dates_in(await rina.hears("Tanggal layanan yang masih tersedia"))
    await service.kill()

    service = await on_mongo.serve()
    await rina.say(f"#RINA WULANDARI#17081990#{offered[0]:%d%m%Y}")
    code = approval_code_in(await rina.hears("balas dengan kode persetujuan"))
    await service.kill()

    service = await on_mongo.serve()
    await rina.say(code)
    booking = booking_in(await rina.hears("Kode booking:"))
    await rina.hears("Bawa dokumen asli")
    await service.kill()

    seats = await MongoSeats(database).of_day("jakarta_pusat", offered[0])
    taken = [seat for seat in seats if seat.state is not SeatState.FREE]
    assert [(seat.number, seat.booking_code) for seat in taken] == [(1, booking.code)]
    transcript = await MongoConversations(database).transcript(CONVERSATION)
    assert [record["turn"] for record in transcript] == [1, 2, 3, 4]


async def test_killed_with_its_own_database(house: House, applicant: Making, data: Path) -> None:
    """Without MONGODB_URI the database dies with the bot; both come back with all they had."""
    service = await house.serve("--data", str(data))
    rina = applicant(lambda: service.url)
    await rina.say("Pagi, Pak")
    await rina.say("#tgllayanan")
    offered = dates_in(await rina.hears("Tanggal layanan yang masih tersedia"))
    await rina.say(f"#RINA WULANDARI#17081990#{offered[0]:%d%m%Y}")
    await service.kill()

    service = await house.serve("--data", str(data))
    await rina.say(approval_code_in(await rina.hears("balas dengan kode persetujuan")))
    booking = booking_in(await rina.hears("Kode booking:"))
    await rina.hears("Bawa dokumen asli")
    await service.kill()

    service = await house.serve("--data", str(data))
    await rina.say("#status")
    assert booking_in(await rina.hears("Kode booking:")) == booking


async def test_the_database_alone_is_killed(house: House, applicant: Making, data: Path) -> None:
    """The bot starts its database again; a message sent meanwhile is answered once it is there."""
    service = await house.serve("--data", str(data))
    rina = applicant(lambda: service.url)
    await rina.say("Pagi, Pak")
    await rina.hears("Cara mendaftar")
    listening = Folder(data).listening
    assert listening
    os.kill(listening.process_id, signal.SIGKILL)
    await rina.say("#tgllayanan")
    await rina.hears("Tanggal layanan yang masih tersedia")
    assert await service.stop() == 0


@pytest.mark.parametrize("successor", ["started anew", "already running"])
async def test_killed_before_anything_was_sent(
    successor: str, on_mongo: House, applicant: Making, graph: GraphStandIn
) -> None:
    """Answered 200, then killed while Graph hangs: another process sends all of it, in order."""
    service = await on_mongo.serve()
    other = await on_mongo.serve() if successor == "already running" else None
    rina = applicant(lambda: service.url)
    graph.fail(HANG)
    await rina.say("Pagi, Pak")
    await rina.say("#bantuan")
    await rina.say("#tgllayanan")
    await graph.hanging.wait()
    await service.kill()

    service = other or await on_mongo.serve()
    await rina.hears("Tanggal layanan yang masih tersedia")
    assert [line.split(" ")[0] for line in told(rina)][:3] == ["Selamat", "Cara", "*Bantuan*"]
    assert told(rina)[-1] == "Tanggal layanan yang masih tersedia di Jakarta Pusat:"


async def test_killed_half_way_through_an_answer(
    on_mongo: House, applicant: Making, graph: GraphStandIn, database: Database
) -> None:
    """One message out, the next hanging: both arrive, in order; only the first may come twice."""
    service = await on_mongo.serve()
    rina = applicant(lambda: service.url)
    await rina.say("Pagi, Pak")
    await rina.hears("Cara mendaftar")
    await rina.say("#tgllayanan")
    offered = dates_in(await rina.hears("Tanggal layanan yang masih tersedia"))
    earlier = len(rina.heard())
    graph.fail(Fault(how="none", only="message"))
    graph.fail(HANG)
    await rina.say(f"#RINA WULANDARI#17081990#{offered[0]:%d%m%Y}")
    await graph.hanging.wait()
    await service.kill()

    service = await on_mongo.serve()
    code = approval_code_in(await rina.hears("balas dengan kode persetujuan"))
    sent = [words_of(message) for message in rina.heard()[earlier:]]
    first, second = dict.fromkeys(sent)
    assert first.startswith("*Konfirmasi penjadwalan")
    assert second.startswith("Bila semua benar")
    assert sent == [first, first, second]
    seats = await MongoSeats(database).of_day("jakarta_pusat", offered[0])
    assert [seat.claim.approval_code for seat in seats if seat.claim] == [code]
