"""A whole office behind its webhook, in memory: bodies go in, answers are looked at."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from random import Random

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.app import Bot, rehearsal
from bot.channels.whatsapp.webhook import PATH, Webhook
from bot.definitions import Definitions, load_definitions
from bot.settings import Flows, Settings
from tests.support.webhooks import (
    APP_SECRET,
    APPLICANT,
    JSON,
    SENT_AT,
    VERIFY_TOKEN,
    change,
    signed_headers,
    webhook_body,
)

OFFICE = "jakarta_pusat"
SETTINGS = Settings(flows=Flows(folder=Path(__file__).parents[2] / "flows"))


@lru_cache
def definitions() -> Definitions:
    """The shipped flows."""
    return load_definitions(SETTINGS.flows)


@dataclass
class OfficeDoor:
    """The office of :data:`tests.support.webhooks.OFFICE_NUMBER`, and Meta's HTTP client."""

    bot: Bot
    meta: TestClient[web.Request, web.Application]

    async def post(self, body: bytes) -> int:
        """Deliver signed bytes; the status of the answer."""
        headers = signed_headers(body)
        async with self.meta.post(PATH, data=BytesIO(body), headers=headers) as response:
            return response.status

    async def deliver(self, *messages: JSON) -> int:
        """Deliver messages in one change; the status of the answer."""
        return await self.post(webhook_body(change(*messages)))

    async def answers(self, sender: str = APPLICANT, office: str = OFFICE) -> list[str]:
        """What was answered since the last look, in order."""
        replies = await self.bot.outbox.collect(f"whatsapp:{office}:{sender}")
        return [reply.text for reply in replies]

    async def journal(self, sender: str = APPLICANT) -> list[JSON]:
        """Turn records, oldest first."""
        id_ = f"whatsapp:{OFFICE}:{sender}"
        return [dict(record) for record in await self.bot.stores.conversations.transcript(id_)]


@asynccontextmanager
async def office_door() -> AsyncIterator[OfficeDoor]:
    """Open it."""
    bot = rehearsal(definitions(), SETTINGS, lambda: SENT_AT, Random(1))
    webhook = Webhook(
        bot.turns,
        lambda number: office.id if (office := bot.offices.by_number(number)) else None,
        app_secret=APP_SECRET,
        verify_token=VERIFY_TOKEN,
        now=lambda: SENT_AT,
        pseudonym=lambda name: f"{hash(name):x}",
    )
    app = web.Application()
    app.add_routes(webhook.routes())
    async with TestClient(TestServer(app)) as meta:
        yield OfficeDoor(bot, meta)
