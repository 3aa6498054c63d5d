"""The token dies and comes back in the middle of traffic, over real HTTP."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from aiohttp import ClientSession
from structlog.testing import capture_logs

from bot.app import Bot, assemble
from bot.booking.barcode import barcode_png
from bot.channels.inbound import Inbound
from bot.channels.whatsapp.graph import GraphClient
from bot.channels.whatsapp.sender import WhatsAppSender
from bot.dialogue.events import Message
from bot.dialogue.store import Contact
from bot.graph_stub.server import TOKEN, GraphStandIn
from storage.stores import stores_in_memory
from tests.support.office_door import SETTINGS, definitions
from tests.support.shell import Clock

PEOPLE = 6


async def no_picture(_: str) -> bytes | None:
    """No reply shows one."""
    return None


def bot_of(session: ClientSession, graph: GraphStandIn, clock: Clock) -> Bot:
    """A bot as it is served, on stores in memory."""
    client = GraphClient(session, graph.url, TOKEN)
    sender = WhatsAppSender(client, barcode_png, no_picture, clock=clock)
    return assemble(
        definitions(),
        SETTINGS,
        stores=stores_in_memory(),
        clock=clock,
        random=Random(1),
        senders={"whatsapp": sender},
    )


def words(graph: GraphStandIn, number: int) -> list[Any]:
    """What somebody was sent, in order."""
    return [
        {key: value for key, value in body.items() if key != "biz_opaque_callback_data"}
        for body in graph.messages
        if body["to"] == f"62812000000{number:02d}"
    ]


async def write(bot: Bot, clock: Callable[[], Any], text: str, id_: str) -> None:
    """All people write the same, one after the other."""
    for number in range(PEOPLE):
        account = f"1000{number % 2}"
        contact = Contact(
            "whatsapp", f"62812000000{number:02d}", "jakarta_pusat", account, heard_at=clock()
        )
        await bot.turns.hear(Inbound(contact, Message(id_, "text", text, clock())))


async def test_in_the_middle_of_traffic(session: ClientSession, graph: GraphStandIn) -> None:
    """Who writes while it is dead is answered later, in order, as if nothing had been."""
    clock = Clock()
    bot = bot_of(session, graph, clock)
    with capture_logs() as logs:
        await write(bot, clock, "Pagi", "m1")
        await bot.outbox.close()
        graph.token = "a new one"
        await write(bot, clock, "#tgllayanan", "m2")
        await write(bot, clock, "syaratnya apa?", "m3")
        for _ in range(12):
            clock.move(minutes=6)
            await bot.sweeper.sweep()
            await bot.outbox.close()
        refused = [call for call in graph.calls if call.kind == "message" and not call.taken]
        graph.token = TOKEN
        await write(bot, clock, "Siang", "m4")
        await bot.outbox.close()
        clock.move(minutes=7)
        await bot.sweeper.sweep()
        await bot.outbox.close()
    assert len(refused) < 60  # of two numbers, in more than an hour
    assert [line["code"] for line in logs if line.get("alarm")] == [190]
    first = words(graph, 0)
    assert len(first) > 4
    for number in range(PEOPLE):
        told = words(graph, number)
        assert [{**body, "to": ""} for body in told] == [{**body, "to": ""} for body in first]
        conversation = f"whatsapp:jakarta_pusat:62812000000{number:02d}"
        stored = await bot.stores.conversations.load(conversation)
        assert stored
        assert stored.outbox == ()
    assert await bot.stores.letters.dead() == []
