"""Every kind of body at a real service: `antre serve`, its database, and what reaches Graph."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.channels.whatsapp.webhook import PATH
from bot.graph_stub.server import GraphStandIn
from storage.driver import Database
from storage.mongo import MongoConversations
from tests.end_to_end.conftest import House
from tests.support.bodies import every_change
from tests.support.service import Service
from tests.support.webhooks import change, signed_headers, text, webhook_body

QUIET = {"reaction", "revoke", "system"}


def from_somebody_new(told: dict[str, Any], first: int) -> list[str]:
    """Let everybody in a change be somebody else; the numbers of those who want an answer."""
    value, waiting = told["value"], []
    if told["field"] not in {"messages", "calls"}:
        return []
    for at, message in enumerate(value.get("messages", value.get("calls", []))):
        message["from"] = f"62813{first + at:08d}"
        if message.get("type") not in QUIET and "group_id" not in message:
            waiting.append(message["from"])
    value["contacts"] = [{"wa_id": sender, "profile": {"name": "Rina"}} for sender in waiting]
    return waiting


async def deliver(session: ClientSession, service: Service, body: bytes) -> int:
    """Deliver a signed body; the status of the answer."""
    url, headers = service.url + PATH, signed_headers(body)
    async with session.post(url, data=BytesIO(body), headers=headers) as response:
        return response.status


@pytest.mark.long
async def test_everybody_is_answered(
    on_mongo: House, graph: GraphStandIn, session: ClientSession, database: Database
) -> None:
    """Whoever wrote, sent or rang gets an answer from Graph, and the journal has them all."""
    service = await on_mongo.serve()
    waiting: list[str] = []
    for at, told in enumerate(every_change()):
        if told["field"] not in {"messages", "calls"}:
            continue
        waiting += from_somebody_new(told, 10 * at)
        assert await deliver(session, service, webhook_body(told)) == 200
    odd = change(text("odd", "syarat", sender="6281399999999"), account="<PHONE_NUMBER_ID>")
    assert await deliver(session, service, webhook_body(odd)) == 200
    waiting.append("6281399999999")
    await graph.until(lambda: {*waiting} <= {message["to"] for message in graph.messages}, 60)
    conversations = MongoConversations(database)
    for sender in waiting:
        assert await conversations.transcript(f"whatsapp:jakarta_pusat:{sender}")
