"""The socket of one page: messages in, acknowledgements and turns out.

A page speaks for the browser that holds the visitor's cookie, within what its address may do.

In: ``{"id", "kind": "text" | "tap", "text", "title"?}``, or a picture sent before with its caption:
``{"id", "kind": "image", "text", "media": {"id", "mime"}}``. Out, one of::

    {"type": "turns", "turns": [...]}                    news; the first one ends catching up
    {"type": "ack", "id"}                                the message is saved for good
    {"type": "error", "id", "text", "retry_seconds"?}    not saved; without a pause: do not retry
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import orjson
from aiohttp import WSCloseCode, WSMsgType, web

from bot.channels.inbound import Collects, Hears, Inbound
from bot.channels.refusal import Refusal
from bot.channels.web.crowd import Crowd
from bot.channels.web.sender import Looker, WebSender
from bot.channels.web.turns import Transcript
from bot.channels.web.visitor import Visitors
from bot.dialogue.events import Media, Message
from bot.dialogue.store import Contact
from bot.errors import StorageUnavailable

FRAME_LIMIT_BYTES = 16 * 1024
TEXT_LIMIT = 4096
NAME_LIMIT = 256
SHA256 = re.compile(r"[0-9a-f]{64}")
HEARTBEAT_SECONDS = 25.0
RETRY_SECONDS = 3
CLOSE_SECONDS = 1.0
"""How long a page may take to say goodbye; a dead one must not hold up the next."""

RATE_MESSAGES = 20
RATE_WINDOW = timedelta(seconds=10)

STORAGE_DOWN = "Penyimpanan sedang terganggu, pesan dikirim ulang otomatis. (Trying again.)"
TOO_FAST = "Pesan terlalu cepat, tunggu sebentar. (Too fast, one moment.)"
TOO_MANY = (
    "Terlalu banyak pemohon baru dari jaringan Anda. Coba lagi nanti, atau tulis lewat WhatsApp. "
    "(Too many newcomers from your network. Try again later, or write on WhatsApp.)"
)
BUSY_NETWORK = "Jaringan Anda sedang ramai, sebentar. (Your network is busy, one moment.)"
MALFORMED = "Pesan ini tidak dapat dikirim. (This message cannot be sent.)"


class ChatSocket:
    """``GET /chat/socket?office&after``; ``after`` is the last turn the page has.

    Args:
        crowd: counts what one network address does.
        clock: aware UTC.
    """

    def __init__(
        self,
        hears: Hears,
        collects: Collects,
        transcript: Transcript,
        sender: WebSender,
        visitors: Visitors,
        crowd: Crowd,
        clock: Callable[[], datetime],
    ) -> None:
        self._hears = hears
        self._collects = collects
        self._transcript = transcript
        self._sender = sender
        self._visitors = visitors
        self._crowd = crowd
        self._clock = clock

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one page until it leaves."""
        contact = await self._visitors.contact(request)
        with self._crowd.following(request) as may_stay:
            if not may_stay:
                raise Refusal(429, "too many pages are open in your network", {"Retry-After": "60"})
            return await self._serve(request, contact)

    async def _serve(self, request: web.Request, contact: Contact) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(
            heartbeat=HEARTBEAT_SECONDS,
            timeout=CLOSE_SECONDS,
            max_msg_size=FRAME_LIMIT_BYTES,
            compress=False,
        )
        await socket.prepare(request)
        seen = request.query.get("after", "")
        looker = Looker(socket, contact.conversation_id, self._transcript, seen)
        with self._sender.looking(looker):
            await self._sender.make_room(contact.conversation_id)
            try:
                # What waited stands in the transcript too: collecting takes it off the outbox.
                await self._collects.collect(contact.conversation_id)
                await looker.catch_up()
                await self._listen(request, socket, looker, contact)
            except StorageUnavailable:
                await looker.close(WSCloseCode.TRY_AGAIN_LATER, "storage")
            except ConnectionError:
                pass  # the page is gone; its unacknowledged messages come with the next socket
        return socket

    async def _listen(
        self,
        request: web.Request,
        socket: web.WebSocketResponse,
        looker: Looker,
        contact: Contact,
    ) -> None:
        rate, language = _Rate(), self._visitors.language(request)
        async for frame in socket:
            if frame.type is WSMsgType.ERROR:
                return
            now = self._clock()
            message = _message(frame.data, now)
            if message is None:
                await looker.say(type="error", id=_id_of(frame.data), text=MALFORMED)
            elif not rate.allows(now):
                pause = RATE_WINDOW.total_seconds()
                await looker.say(type="error", id=message.id, text=TOO_FAST, retry_seconds=pause)
            elif not self._crowd.may_write(request):
                pause = RATE_WINDOW.total_seconds()
                await looker.say(
                    type="error", id=message.id, text=BUSY_NETWORK, retry_seconds=pause
                )
            elif looker.is_new and not self._crowd.may_begin(request):
                await looker.say(type="error", id=message.id, text=TOO_MANY)
            else:
                who = replace(await self._visitors.as_proven(contact), heard_at=now)
                await self._hear(looker, Inbound(who, message, language))

    async def _hear(self, looker: Looker, inbound: Inbound) -> None:
        message_id = inbound.message.id
        try:
            await self._hears.hear(inbound)
        except StorageUnavailable:
            error = {"text": STORAGE_DOWN, "retry_seconds": RETRY_SECONDS}
            await looker.say(type="error", id=message_id, **error)
        else:
            await looker.say(type="ack", id=message_id)


class _Rate:
    """At most ``RATE_MESSAGES`` messages in any ``RATE_WINDOW``."""

    def __init__(self) -> None:
        self._times: deque[datetime] = deque(maxlen=RATE_MESSAGES)

    def allows(self, now: datetime) -> bool:
        if len(self._times) == RATE_MESSAGES and now - self._times[0] < RATE_WINDOW:
            return False
        self._times.append(now)
        return True


def _document(data: Any) -> dict[str, Any]:
    try:
        document = orjson.loads(data)
    except orjson.JSONDecodeError:
        return {}
    return document if isinstance(document, dict) else {}


def _id_of(data: Any) -> str:
    return str(_document(data).get("id", ""))[:NAME_LIMIT]


def _message(data: Any, now: datetime) -> Message | None:
    document = _document(data)
    message_id, kind = document.get("id"), document.get("kind")
    text, title = document.get("text"), document.get("title", "")
    media = _media(document) if kind == "image" else None
    if (
        isinstance(message_id, str)
        and isinstance(text, str)
        and isinstance(title, str)
        and (kind in ("text", "tap") or media)  # not a set: it may be anything, unhashable too
        and 1 <= len(message_id) <= NAME_LIMIT
        and len(title) <= NAME_LIMIT
        and len(text) <= TEXT_LIMIT
        and (text.strip() or media)
    ):
        return Message(message_id, str(kind), text, now, title, media)
    return None


def _media(document: dict[str, Any]) -> Media | None:
    """The picture a message names, as the upload's answer did."""
    match document.get("media"):
        case {"id": str(digest), "mime": str(mime)} if SHA256.fullmatch(digest):
            media = Media(digest, mime, digest)
            return media if media.is_picture else None
    return None
