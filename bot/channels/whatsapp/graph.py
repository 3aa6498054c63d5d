"""The client of Meta's Graph API: send a message, upload a file, mark as read."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import orjson
import structlog

from bot.channels.whatsapp.content import hash_of
from bot.channels.whatsapp.faults import fault
from bot.channels.whatsapp.messages import Payload
from bot.channels.whatsapp.rates import PAIR_RATE, Buckets, number_rate
from bot.channels.whatsapp.wire import number_at, objects_at, text_at
from bot.errors import TryLater

TIMEOUT = timedelta(seconds=20)

LONGEST_WAIT = timedelta(seconds=5)
"""A message that Meta's rates hold up longer goes back to the outbox, which can wait better."""

FETCH_TIMEOUT = aiohttp.ClientTimeout(total=5)
"""An applicant waits for the answer meanwhile, and may send the picture again."""

ABOUT_LIMIT_BYTES = 64 * 1024
_METAS_HOSTS = ("fbsbx.com", "facebook.com", "whatsapp.net")
_JSON = {"Content-Type": "application/json"}
_OK = range(200, 300)

log = structlog.get_logger(__name__)


class GraphClient:
    """Speaks to Graph with one access token, within Meta's rates for each number and person.

    A call that times out may have been taken all the same: whoever sends again sends at least
    once, never exactly once. Graph offers no key to prevent that.

    Args:
        base_url: with the version, ``https://graph.facebook.com/v26.0``.
        token: the access token, or what tells it anew for each call.
        token_name: the variable it stands in, told when it is not accepted.
        monotonic, sleep: the clock of the rates and how to wait on it.
        timeout: of one call in all.
        messages_a_second: that one number may send.
        processes: how many send from the same numbers, each its part of a number's rate. A person
            is answered by one process at a time, so the pair's rate is not divided.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        base_url: str,
        token: str | Callable[[], str],
        *,
        token_name: str = "WHATSAPP_ACCESS_TOKEN",  # noqa: S107 - what it is called
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        timeout: timedelta = TIMEOUT,
        processes: int = 1,
        messages_a_second: float = 80,
    ) -> None:
        self._session = session
        self._base_url = base_url.rstrip("/")
        self._token = token
        self._token_name = token_name
        self._sleep = sleep
        self._timeout = aiohttp.ClientTimeout(total=timeout.total_seconds())
        self._of_number = Buckets(number_rate(messages_a_second).part(processes), monotonic)
        self._of_pair = Buckets(PAIR_RATE, monotonic)

    async def send(self, phone_number_id: str, payload: Payload) -> str:
        """Send one message and return Graph's id for it.

        Raises:
            TryLater: not taken now, or nobody knows.
            Throttled, Stopped: nor will anything else be from this number.
            Undeliverable: will never be taken.
        """
        await self._keep_rates(phone_number_id, payload.get("to") or payload.get("recipient"))
        answer = await self._post(f"{phone_number_id}/messages", orjson.dumps(payload), _JSON)
        sent = objects_at(answer, "messages")
        return _id_in(sent[0] if sent else None)

    async def upload(self, phone_number_id: str, content: bytes, mime: str = "image/png") -> str:
        """Upload a file and return its media id, good for 30 days. Raises as :meth:`send`."""
        form = aiohttp.FormData()
        form.add_field("messaging_product", "whatsapp")
        form.add_field("type", mime)
        name = f"file.{mime.rpartition('/')[2]}"
        form.add_field("file", content, filename=name, content_type=mime)
        return _id_in(await self._post(f"{phone_number_id}/media", form))

    async def fetch(self, media_id: str, at_most: int) -> bytes | None:
        """The bytes of a file somebody sent; ``None`` when there are more than ``at_most``.

        Graph first tells an address that is good for five minutes, and the size and SHA-256 of the
        file: bytes that differ from them are not believed. Raises as :meth:`send`.
        """
        told = _json(await self._get(f"{self._base_url}/{media_id}", ABOUT_LIMIT_BYTES) or b"")
        size, url = number_at(told, "file_size"), text_at(told, "url")
        if size is not None and size > at_most:
            return None
        if not _is_metas(url, self._base_url):
            raise TryLater("Graph names no address of its own for a file; check WHATSAPP_GRAPH_URL")
        content = await self._get(url, at_most)
        if content is not None and not _is_as_told(content, told):
            log.warning("file_not_as_told", bytes=len(content))
            raise TryLater("the file is not the one that Graph told of; it may be had once more")
        return content

    async def mark_read(
        self, phone_number_id: str, message_id: str, *, typing: bool = True
    ) -> None:
        """Show the blue ticks, and for up to 25 seconds that we are typing: one call for both.

        Raises as :meth:`send`.
        """
        body: Payload = {
            "messaging_product": "whatsapp",
            "status": "read",
            "message_id": message_id,
        }
        if typing:
            body["typing_indicator"] = {"type": "text"}
        await self._post(f"{phone_number_id}/messages", orjson.dumps(body), _JSON)

    def _authorised(self) -> dict[str, str]:
        token = self._token if isinstance(self._token, str) else self._token()
        return {"Authorization": f"Bearer {token}"}

    async def _keep_rates(self, phone_number_id: str, recipient: object) -> None:
        pair = (phone_number_id, recipient)
        wait = max(self._of_number.wait(phone_number_id), self._of_pair.wait(pair))
        if wait > LONGEST_WAIT.total_seconds():
            raise TryLater(
                "held back by Meta's rate limits", after=timedelta(seconds=wait), counts=False
            )
        self._of_number.take(phone_number_id)
        self._of_pair.take(pair)
        if wait:
            await self._sleep(wait)

    async def _get(self, url: str, at_most: int) -> bytes | None:
        """What stands at a URL of Meta's; ``None`` when it is longer than ``at_most``."""
        read = bytearray()
        try:
            async with self._session.get(
                url, headers=self._authorised(), timeout=FETCH_TIMEOUT, allow_redirects=False
            ) as response:
                async for chunk in response.content.iter_any():
                    read += chunk
                    if len(read) > at_most:
                        return None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise TryLater(f"Graph could not be reached: {type(error).__name__}") from None
        if response.status not in _OK:
            after = response.headers.get("Retry-After")
            raise fault(response.status, _json(bytes(read)), after, token=self._token_name)
        return bytes(read)

    async def _post(
        self, path: str, data: bytes | aiohttp.FormData, headers: dict[str, str] | None = None
    ) -> Any:
        """The answer's JSON."""
        try:
            async with self._session.post(
                f"{self._base_url}/{path}",
                data=data,
                headers={**self._authorised(), **(headers or {})},
                timeout=self._timeout,
                allow_redirects=False,
            ) as response:
                raw = await response.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            # The error's own text may hold the URL; its type says enough.
            raise TryLater(f"Graph could not be reached: {type(error).__name__}") from None
        document = _json(raw)
        if response.status not in _OK:
            after = response.headers.get("Retry-After")
            raise fault(response.status, document, after, token=self._token_name)
        return document


def _json(raw: bytes) -> Any:
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None


def _is_as_told(content: bytes, told: Any) -> bool:
    size, digest = number_at(told, "file_size"), hash_of(text_at(told, "sha256"))
    return size in {None, len(content)} and digest in {"", sha256(content).hexdigest()}


def _is_metas(url: str, base_url: str) -> bool:
    """Whether the token may go there: a host of Meta's by https, or Graph's own."""
    asked, base = urlsplit(url), urlsplit(base_url)
    if asked.netloc and (asked.scheme, asked.netloc) == (base.scheme, base.netloc):
        return True
    host = f".{asked.hostname or ''}"
    return asked.scheme == "https" and host.endswith(tuple(f".{each}" for each in _METAS_HOSTS))


def _id_in(document: Any) -> str:
    if found := text_at(document, "id"):
        return found
    raise TryLater("something other than Graph answered; check WHATSAPP_GRAPH_URL and any proxy")
