"""An office on WhatsApp with staff at the desk: the doors it serves with, and Meta's side."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from random import Random
from typing import Any

from aiohttp import ClientSession

from bot.app import Bot, assemble
from bot.channels.whatsapp.webhook import PATH
from bot.doors import ServeDoors
from bot.graph_stub.calls import Call
from bot.graph_stub.server import TOKEN, GraphStandIn
from bot.graph_stub.statuses import status
from bot.metrics import Metrics
from bot.settings import Secrets
from bot.share import ALONE
from storage.stores import stores_in_memory
from tests.support.applicant import words_of
from tests.support.desk import NOW, DeskHouse, open_house
from tests.support.inbox import RINA, Inbox, shipped_definitions
from tests.support.room import shipped_settings
from tests.support.shell import Tapped
from tests.support.webhooks import (
    APP_SECRET,
    VERIFY_TOKEN,
    change,
    signed_headers,
    text,
    webhook_body,
)

STAFF_ANSWER = {("staff_answer", "id"): (1, 0), ("staff_answer", "en"): (1, 0)}
"""The template of ``docs/operations.md``, as it is registered."""


@dataclass
class StaffedOffice:
    """A desk, two processes of one bot over one database, and an applicant's telephone.

    Attributes:
        store: of the conversations, tapped: the first process works on it.
        bots: the first hears what comes in and has the desk; the second is another process.
    """

    house: DeskHouse
    bots: tuple[Bot, Bot]
    store: Tapped
    graph: GraphStandIn
    http: ClientSession
    given: dict[int, str] = field(default_factory=dict)
    _written: int = 0

    @property
    def inbox(self) -> Inbox:
        """What the supervisor does in it."""
        return Inbox(self.house, self.bots[0])

    async def writes(self, words: str) -> None:
        """Rina writes; when this returns Meta has its 200, and everything said is sent."""
        self._written += 1
        moment = self.house.moment
        self.graph.heard[RINA.sender] = moment
        await self._delivers(change(text(f"wamid.{self._written}", words, at=moment)))

    async def reaches(self, number: int, state: str) -> None:
        """Meta tells how far the message of that number, counted from 0, got."""
        sent = self.graph.messages[number]
        at = int(self.house.moment.timestamp())
        await self._delivers(change(statuses=[status(self.given[number], state, sent, at)]))

    async def sent(self) -> list[str]:
        """What has arrived on the telephone, once nothing more waits; of a template its name."""
        for bot in self.bots:
            await bot.outbox.close()
        return [
            body["template"]["name"] if body["type"] == "template" else words_of(body)
            for body in self.graph.messages
        ]

    async def _delivers(self, told: dict[str, Any]) -> None:
        body = webhook_body(told)
        url, headers = self.house.url + PATH, signed_headers(body)
        async with self.http.post(url, data=body, headers=headers) as answer:
            assert answer.status == 200


@asynccontextmanager
async def open_staffed_office() -> AsyncIterator[StaffedOffice]:
    """Serve it; by the end Meta refused nothing."""
    houses: list[DeskHouse] = []

    def clock() -> datetime:
        return houses[0].moment if houses else NOW

    async def no_picture(_: str) -> bytes | None:
        return None

    graph = GraphStandIn(clock=clock)
    graph.templates = STAFF_ANSWER
    given: dict[int, str] = {}

    def taken(call: Call, answer: Any) -> None:
        if call.kind == "message":
            given[len(given)] = answer["messages"][0]["id"]

    graph.on_taken = taken
    stores = stores_in_memory()
    store = Tapped(stores.conversations)
    async with graph.serving(), ClientSession() as http:
        secrets = Secrets(
            whatsapp_app_secret=APP_SECRET,
            whatsapp_verify_token=VERIFY_TOKEN,
            whatsapp_access_token=TOKEN,
            whatsapp_graph_url=graph.url,
        )
        settings = shipped_settings().model_copy(update={"secrets": secrets})
        async with ServeDoors(settings, clock, no_picture, ALONE, Metrics()) as doors:
            first, second = (
                assemble(
                    shipped_definitions(),
                    settings,
                    stores=each,
                    clock=clock,
                    random=Random(1),
                    senders=doors.senders,
                    noticed=doors.noticed,
                )
                for each in (replace(stores, conversations=store), stores)
            )
            beside = doors.routes(first, first.turns, clock)
            async with open_house(first.stores, attending=first.attending, beside=beside) as house:
                houses.append(house)
                yield StaffedOffice(house, (first, second), store, graph, http, given)
                for bot in (first, second):
                    await bot.outbox.close()
    assert [call for call in graph.calls if not call.taken] == []
