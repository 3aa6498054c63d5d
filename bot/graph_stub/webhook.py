"""Tells a bot's webhook what happened, signed as Meta signs it, until it answers 200."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections import deque
from collections.abc import Callable
from typing import Any, Final

import orjson
from aiohttp import ClientError, ClientSession, ClientTimeout

UPDATES_AT_ONCE: Final = 1000
TIMEOUT: Final = ClientTimeout(total=20)
LONGEST_PAUSE_SECONDS: Final = 60.0
BUSINESS_ACCOUNT: Final = "102290129340398"
"""Of the WhatsApp Business Account that all numbers here belong to."""


class Webhook:
    """Delivers in the order given; a body that is not answered 200 is delivered again, as Meta
    does, while later ones go ahead.

    Args:
        url: the bot's, ``…/webhooks/whatsapp``.
        secret: the app secret that signs.
        number_of: the display number of a phone number id.
    """

    def __init__(
        self, session: ClientSession, url: str, secret: str, number_of: Callable[[str], str]
    ) -> None:
        self.url = url
        self.trouble = ""
        self._session = session
        self._secret = secret.encode()
        self._number_of = number_of
        self._waiting: deque[dict[str, Any]] = deque()
        self._put = asyncio.Event()
        self._again: set[asyncio.Task[None]] = set()

    def put_message(self, account: str, message: dict[str, Any], profile: str) -> None:
        """Tell what a person wrote.

        Args:
            account: phone number id of the number written to.
            profile: the name the person gave themselves.
        """
        contact = {"profile": {"name": profile}, "wa_id": message["from"]}
        self._put_value(account, {"contacts": [contact], "messages": [message]})

    def put_status(self, account: str, status: dict[str, Any]) -> None:
        """Tell what became of a message of ours."""
        self._put_value(account, {"statuses": [status]})

    def _put_value(self, account: str, told: dict[str, Any]) -> None:
        metadata = {"display_phone_number": self._number_of(account), "phone_number_id": account}
        value = {"messaging_product": "whatsapp", "metadata": metadata, **told}
        self._waiting.append({"field": "messages", "value": value})
        self._put.set()

    async def run(self) -> None:
        """Deliver for ever; cancel it to stop."""
        try:
            while True:
                await self._put.wait()
                self._put.clear()
                while self._waiting:
                    await self._deliver(self._body())
        finally:
            for task in self._again:
                task.cancel()

    def _body(self) -> bytes:
        some = min(len(self._waiting), UPDATES_AT_ONCE)
        changes = [self._waiting.popleft() for _ in range(some)]
        entry = {"id": BUSINESS_ACCOUNT, "changes": changes}
        return orjson.dumps({"object": "whatsapp_business_account", "entry": [entry]})

    async def _deliver(self, body: bytes) -> None:
        if not await self._is_taken(body):
            task = asyncio.create_task(self._deliver_again(body))
            self._again.add(task)
            task.add_done_callback(self._again.discard)

    async def _deliver_again(self, body: bytes) -> None:
        pause = 1.0
        while True:
            await asyncio.sleep(pause)
            if await self._is_taken(body):
                return
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)

    async def _is_taken(self, body: bytes) -> bool:
        """Deliver once; ``trouble`` says in words why it was not taken."""
        digest = hmac.new(self._secret, body, hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json", "X-Hub-Signature-256": f"sha256={digest}"}
        try:
            async with self._session.post(
                self.url, data=body, headers=headers, timeout=TIMEOUT
            ) as response:
                self.trouble = "" if response.ok else f"{self.url} answers {response.status}"
        except (ClientError, TimeoutError, OSError) as error:
            self.trouble = f"{self.url} cannot be reached: {type(error).__name__}"
        return not self.trouble
