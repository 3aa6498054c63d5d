"""A seat booked over WhatsApp: `antre serve`, signed webhooks, Graph's limits, a real database."""

import asyncio
from collections.abc import Callable
from datetime import date

import pytest
from aiohttp import ClientSession

from bot.booking.seats import SeatState
from bot.channels.whatsapp.webhook import PATH
from bot.graph_stub.server import GraphStandIn
from storage.driver import Database
from storage.mongo import MongoConversations, MongoSeats
from tests.end_to_end.conftest import House
from tests.support.applicant import Applicant, approval_code_in, booking_in, dates_in, words_of
from tests.support.webhooks import (
    APPLICANT,
    VERIFY_TOKEN,
    change,
    sign,
    signed_headers,
    text,
    webhook_body,
)

OFFICE = "jakarta_pusat"
CONVERSATION = f"whatsapp:{OFFICE}:{APPLICANT}"
Making = Callable[..., Applicant]


async def test_a_seat_is_booked(
    on_mongo: House, applicant: Making, graph: GraphStandIn, database: Database
) -> None:
    """Hello, dates, identity, approval code: the card, its picture, the seat in the database."""
    service = await on_mongo.serve()
    rina = applicant(lambda: service.url)

    await rina.say("Pagi, Pak")
    greeting = await rina.hears("Layanan Antrean Paspor")
    assert "Kantor Imigrasi Kelas I Jakarta Pusat" in words_of(greeting)
    await rina.hears("#nama#tanggal lahir#tanggal yang dipilih")

    await rina.say("#tgllayanan")
    offered = dates_in(await rina.hears("Tanggal layanan yang masih tersedia"))
    assert len(offered) == 5
    assert offered == sorted(set(offered))

    await rina.say(f"#Rina Wulandari#17081990#{offered[2]:%d%m%Y}")
    confirmation = await rina.hears("Konfirmasi penjadwalan")
    for part in (f"+{APPLICANT}", "RINA WULANDARI", "17-08-1990"):
        assert part in words_of(confirmation)
    code = approval_code_in(confirmation)
    assert approval_code_in(await rina.hears("balas dengan kode persetujuan")) == code

    await rina.say(code)
    card = await rina.hears("Kode booking:")
    booking = booking_in(card)
    assert booking.number == 1
    assert "RINA WULANDARI" in booking.text
    assert "Datang pukul 07.30 (30 menit lebih awal)" in booking.text
    assert graph.media[card["image"]["id"]].startswith(b"\x89PNG")
    await rina.hears("Bawa dokumen asli")

    seats = await MongoSeats(database).of_day(OFFICE, offered[2])
    (seat,) = (seat for seat in seats if seat.state is not SeatState.FREE)
    assert (seat.state, seat.number, seat.booking_code) == (SeatState.BOOKED, 1, booking.code)
    assert seat.claim
    assert seat.claim.applicant.name == "RINA WULANDARI"
    assert seat.claim.applicant.birth_date == date(1990, 8, 17)
    assert seat.claim.applicant.sender == f"whatsapp:{APPLICANT}"
    assert len(rina.heard()) == 7
    assert await service.stop() == 0
    read = [call.body["message_id"] for call in graph.calls if call.kind == "read"]
    assert len(read) == len(set(read)) == 4  # what she sent, each once


async def test_by_tapping(on_mongo: House, applicant: Making) -> None:
    """Buttons and list rows do what the words do, and a name in plain words is understood."""
    service = await on_mongo.serve()
    budi = applicant(lambda: service.url)
    await budi.say("Pagi, Pak")
    await budi.tap(await budi.hears("Cara mendaftar"), "Lihat tanggal")
    listed = await budi.hears("Tanggal layanan yang masih tersedia")
    second = listed["interactive"]["action"]["sections"][0]["rows"][1]["title"]
    await budi.tap(listed, second)
    await budi.hears("Sekarang kirim nama lengkap")
    await budi.say("#BUDI SANTOSO#25011987")
    await budi.tap(await budi.hears("balas dengan kode persetujuan"), "Setuju")
    booking = booking_in(await budi.hears("Kode booking:"))
    assert "BUDI SANTOSO" in booking.text


async def test_a_second_booking_is_refused_with_the_first(
    on_mongo: House, applicant: Making
) -> None:
    """One active booking a number: who asks again is shown what they have."""
    service = await on_mongo.serve()
    rina = applicant(lambda: service.url)
    first = await rina.book("RINA WULANDARI", "17081990")
    await rina.say("#tgllayanan")
    await rina.hears("sudah punya booking")
    assert booking_in(await rina.hears("Kode booking:")).code == first.code


@pytest.mark.long
async def test_what_comes_again_changes_nothing(
    on_mongo: House, applicant: Making, graph: GraphStandIn, database: Database
) -> None:
    """Redelivered: after all is done, all at once, twice in one body, to a bot started anew."""
    service = await on_mongo.serve()
    rina = applicant(lambda: service.url)
    await rina.book("RINA WULANDARI", "17081990")
    bodies = [*rina.written]
    store = MongoConversations(database)
    await rina.say("#bantuan")
    await rina.hears("Bantuan")
    said = [words_of(message) for message in rina.heard()]
    before, sent = await store.load(CONVERSATION), [*graph.calls]

    for body in bodies:
        assert await rina.deliver(body) == 200
    assert set(await asyncio.gather(*(rina.deliver(body) for body in bodies * 5))) == {200}
    hello = text(f"wamid.{APPLICANT}.1", "Pagi, Pak")
    assert await rina.deliver(webhook_body(change(hello, hello), change(hello))) == 200
    await service.kill()
    service = await on_mongo.serve()
    for body in reversed(bodies):
        assert await rina.deliver(body) == 200

    after = await store.load(CONVERSATION)
    assert before
    assert after
    assert (after.revision, after.handled) == (before.revision, before.handled)
    assert after.conversation == before.conversation
    assert graph.calls == sent
    # Its answer comes after all that a wrongly handled repetition would have sent.
    await rina.say("#bantuan")
    await rina.hears("Bantuan")
    assert [words_of(message) for message in rina.heard()] == [*said, said[-1]]


@pytest.mark.long
async def test_a_new_message_delivered_several_times_at_once(
    on_mongo: House, applicant: Making, database: Database
) -> None:
    """To two processes at the same time, or twice in one body: answered once."""
    services = [await on_mongo.serve(), await on_mongo.serve()]
    rina = applicant(lambda: services[0].url)
    andi = applicant(lambda: services[1].url)
    hello = text(f"wamid.{APPLICANT}.hello", "Pagi, Pak")
    once, twice = webhook_body(change(hello)), webhook_body(change(hello, hello), change(hello))
    deliveries = [each.deliver(body) for each in (rina, andi) for body in (once, twice)]
    more = [each.deliver(once) for each in (rina, andi) for _ in range(10)]
    assert set(await asyncio.gather(*deliveries, *more)) == {200}

    await rina.say("#bantuan")
    await rina.hears("Bantuan")
    said = [words_of(message).split("\n")[0] for message in rina.heard()]
    assert len(said) == len(set(said))
    stored = await MongoConversations(database).load(CONVERSATION)
    assert stored
    assert stored.handled == (hello["id"], f"wamid.{APPLICANT}.1")


async def test_only_meta_is_let_in(
    on_mongo: House, applicant: Making, session: ClientSession, graph: GraphStandIn
) -> None:
    """A wrong signature or none is 401 and nobody hears of it; GET gives the challenge back."""
    service = await on_mongo.serve()
    url = service.url + PATH
    body = webhook_body(change(text("wamid.forged", "Pagi, Pak")))
    for headers in (
        {},
        {"X-Hub-Signature-256": ""},
        {"X-Hub-Signature-256": sign(body, "another secret")},
        {"X-Hub-Signature-256": sign(body + b" ")},
        {"X-Hub-Signature-256": "sha256=é"},
    ):
        async with session.post(url, data=body, headers=headers) as answer:
            assert answer.status == 401, headers
    asked = {"hub.mode": "subscribe", "hub.challenge": "1158201444"}
    async with session.get(url, params=asked | {"hub.verify_token": VERIFY_TOKEN}) as answer:
        assert (answer.status, await answer.text()) == (200, "1158201444")
    async with session.get(url, params=asked | {"hub.verify_token": "guessed"}) as answer:
        assert answer.status == 403
    # The same message, signed, is new to the bot: nothing of the forged ones was kept.
    async with session.post(url, data=body, headers=signed_headers(body)) as answer:
        assert answer.status == 200
    rina = applicant(lambda: service.url)
    await rina.hears("Cara mendaftar")
    assert len([call for call in graph.calls if call.kind == "message"]) == 2
