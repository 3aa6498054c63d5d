"""A stand-in that talks back: people write to the bot, and it hears what became of its messages."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from random import Random
from typing import Any, Final

from aiohttp import ClientSession

from bot.errors import AntreError
from bot.graph_stub.applicant import Said, file_content
from bot.graph_stub.calls import Call
from bot.graph_stub.chats import Chats, Line
from bot.graph_stub.server import GraphStandIn
from bot.graph_stub.statuses import reported, status
from bot.graph_stub.webhook import Webhook

STATUS_SECONDS: Final = 0.3
"""Between two reports on one message, at most."""


def account_of(number: str) -> str:
    """The phone number id that a number has here."""
    return f"1{number}"


class Rehearsal:
    """Applicants, the bot's webhook, and the Graph API between them.

    Args:
        graph: takes what the bot sends.
        webhook: told what happens.
        numbers: names of offices by their display number.
    """

    def __init__(
        self, graph: GraphStandIn, webhook: Webhook, numbers: Mapping[str, str], random: Random
    ) -> None:
        self.graph = graph
        self.webhook = webhook
        self.numbers = numbers
        self.chats = Chats()
        self._random = random
        self._written = 0
        # No id comes twice on one database, also when the stand-in is started again.
        self._run = f"{random.getrandbits(48):012x}"
        graph.name = f"BOT{self._run}"
        self._reporting: set[asyncio.Task[None]] = set()
        graph.on_taken = self._taken

    def say(self, said: Said) -> str:
        """Send what somebody said; its id.

        Raises:
            AntreError: nothing is said, or to no number of the offices.
        """
        message = said.message(self._next_id(), self._now())
        if message is None:
            raise AntreError("say something: text, tap or location")
        return self._write(said, message)

    def send_file(self, said: Said, name: str, mime: str, content: bytes) -> str:
        """Send a file, with ``said.text`` as its caption; its id. Raises as :meth:`say`."""
        media = self.graph.keep(content, mime)
        told = file_content(media, mime, content, name, said.text)
        head = {"from": said.person, "id": self._next_id(), "timestamp": str(self._now())}
        return self._write(said, {**head, **told})

    def _write(self, said: Said, message: dict[str, Any]) -> str:
        if said.number not in self.numbers:
            raise AntreError(f"to: {said.number} is no office's; {', '.join(self.numbers)} are")
        account, id_ = account_of(said.number), message["id"]
        self.graph.heard[said.person] = self.graph.clock()
        self.chats.add(Line(id_, account, said.person, "person", message))
        self.webhook.put_message(account, message, said.profile)
        return str(id_)

    def _taken(self, call: Call, answer: Mapping[str, Any]) -> None:
        """Show what the bot did, and report on it."""
        if call.kind == "read":
            self.chats.mark(call.body["message_id"], "read")
        if call.kind != "message":
            return
        id_ = answer["messages"][0]["id"]
        person = call.body.get("to") or call.body["recipient"]
        self.chats.add(Line(id_, call.account, person, "bot", call.body))
        told = asyncio.create_task(self._report(call, id_))
        self._reporting.add(told)
        told.add_done_callback(self._reporting.discard)

    async def _report(self, call: Call, id_: str) -> None:
        for state in reported(self.graph.behaviour, self._random):
            await asyncio.sleep(self._random.random() * STATUS_SECONDS)
            self.chats.mark(id_, state)
            self.webhook.put_status(call.account, status(id_, state, call.body, self._now()))

    def _next_id(self) -> str:
        self._written += 1
        return f"wamid.PERSON{self._run}{self._written:06d}"

    def _now(self) -> int:
        return int(self.graph.clock().timestamp())

    async def stop(self) -> None:
        """Report no more."""
        for task in self._reporting:
            task.cancel()
        await asyncio.gather(*self._reporting, return_exceptions=True)


@asynccontextmanager
async def rehearsing(
    graph: GraphStandIn,
    numbers: Mapping[str, str],
    webhook_url: str,
    app_secret: str,
    random: Random,
) -> AsyncIterator[Rehearsal]:
    """Deliver to the bot's webhook while this is open; ``graph`` is to be served within it."""
    by_account = {account_of(number): number for number in numbers}
    async with ClientSession() as session:
        webhook = Webhook(
            session, webhook_url, app_secret, lambda account: by_account.get(account, account)
        )
        rehearsal = Rehearsal(graph, webhook, numbers, random)
        delivering = asyncio.create_task(webhook.run(), name="webhook")
        try:
            yield rehearsal
        finally:
            await rehearsal.stop()
            delivering.cancel()
            with suppress(asyncio.CancelledError):
                await delivering
