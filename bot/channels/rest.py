"""The REST door, shaped like Rasa's REST channel, so that its clients fit.

``POST /webhooks/rest/webhook``::

    {"sender": "rina", "message": "halo", "metadata": {"office": "jakarta_pusat"}}

answers with what the bot says to it::

    [{"recipient_id": "rina", "text": "Selamat pagi!",
      "buttons": [{"title": "Daftar", "payload": "/ask_dates"}]}]

Beside ``text``, ``image`` and ``buttons`` there may be ``attachment`` (the address of a document)
and ``custom`` with ``location`` (``latitude``, ``longitude``, ``name``, ``address``), ``contact``
(``name``, ``phones``) or ``reaction`` (``emoji``, ``to``: id of the message it is put on).

A ``message`` that begins with ``/`` is the payload of a button. ``message_id`` (at the top or in
``metadata``) names the message: sent again under the same id it changes nothing, so a client that
got no answer may safely repeat itself.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

import orjson
from aiohttp import web

from bot.channels.inbound import Collects, Hears, Inbound
from bot.channels.media import barcode_path, document_path, picture_path
from bot.channels.refusal import STORAGE_DOWN, Refusal
from bot.dialogue.events import Message
from bot.dialogue.reply import Reply
from bot.dialogue.store import Contact
from bot.errors import StorageUnavailable

PATH = "/webhooks/rest/webhook"
BODY_LIMIT_BYTES = 64 * 1024
TEXT_LIMIT = 4096
NAME_LIMIT = 128


def rest_routes(
    hears: Hears,
    collects: Collects,
    offices: Collection[str],
    token: str | None,
    clock: Callable[[], datetime],
    default_office: str = "",
) -> list[web.RouteDef]:
    """The REST channel's route.

    Args:
        offices: ids of all offices; looked at anew for each message.
        token: what clients must send as ``Authorization: Bearer``; ``None`` asks for nothing.
        clock: aware UTC.
        default_office: for messages that name none; an only office needs no naming.
    """

    async def webhook(request: web.Request) -> web.Response:
        if token is not None:
            _check_token(request, token)
        inbound = _decode(await _body(request), offices, default_office, clock())
        try:
            await hears.hear(inbound)
            replies = await collects.collect(inbound.contact.conversation_id)
        except StorageUnavailable as down:
            raise Refusal(503, STORAGE_DOWN, {"Retry-After": "3"}) from down
        sender = inbound.contact.sender
        answers = [_answer(sender, reply, lambda: str(request.url.origin())) for reply in replies]
        return web.Response(body=orjson.dumps(answers), content_type="application/json")

    return [web.post(PATH, webhook)]


def _check_token(request: web.Request, token: str) -> None:
    given = request.headers.get("Authorization", "").encode(errors="surrogateescape")
    if not hmac.compare_digest(given, f"Bearer {token}".encode()):
        text = "send the header Authorization: Bearer TOKEN with the token of this server"
        raise Refusal(401, text, {"WWW-Authenticate": "Bearer"})


async def _body(request: web.Request) -> bytes:
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > BODY_LIMIT_BYTES:
            raise Refusal(413, f"the body is over {BODY_LIMIT_BYTES // 1024} KiB; send less")
    return bytes(body)


def _decode(body: bytes, offices: Collection[str], default_office: str, now: datetime) -> Inbound:
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Refusal(400, f"the body is not JSON: {error}") from error
    if not isinstance(document, dict):
        raise Refusal(400, 'send an object: {"sender": "...", "message": "..."}')
    metadata = document.get("metadata") or {}
    if not isinstance(metadata, dict):
        raise Refusal(400, 'metadata: must be an object, as in {"office": "..."}')
    fields = _Fields(document, metadata)
    text = fields.text()
    message_id = fields.name("message_id") or str(uuid4())
    sender = fields.name("sender", 'sender: missing; say who writes, as in "sender": "rina"')
    office = _office(fields.name("office"), offices, default_office)
    kind = "tap" if text.startswith("/") else "text"
    contact = Contact("rest", sender, office, heard_at=now)
    return Inbound(contact, Message(message_id, kind, text, now))


@dataclass(frozen=True, slots=True)
class _Fields:
    """A request's fields; what Rasa does not know may stand in ``metadata`` or at the top."""

    document: dict[str, Any]
    metadata: dict[str, Any]

    def text(self) -> str:
        text = self.document.get("message")
        if not isinstance(text, str) or not text.strip():
            raise Refusal(400, 'message: missing; send text, or a payload that begins with "/"')
        if len(text) > TEXT_LIMIT:
            raise Refusal(400, f"message: at most {TEXT_LIMIT} characters, not {len(text)}")
        return text

    def name(self, field: str, missing: str = "") -> str:
        """A field that names something; empty when absent and nothing is said about that."""
        value = self.document.get(field) or self.metadata.get(field) or ""
        if not value and missing:
            raise Refusal(400, missing)
        if not isinstance(value, str) or len(value) > NAME_LIMIT or not value.isprintable():
            raise Refusal(
                400, f"{field}: must be a string of 1 to {NAME_LIMIT} printable characters"
            )
        return value


def _office(named: str, offices: Collection[str], default_office: str) -> str:
    office = named or default_office or (next(iter(offices)) if len(offices) == 1 else "")
    if office in offices:
        return office
    known = ", ".join(sorted(offices))
    if not office:
        raise Refusal(400, f"metadata.office: missing; name one of {known}")
    raise Refusal(400, f'metadata.office: there is no "{office}"; name one of {known}')


def _answer(recipient: str, reply: Reply, origin: Callable[[], str]) -> dict[str, Any]:
    answer: dict[str, Any] = {"recipient_id": recipient, "text": reply.text}
    if reply.barcode:
        answer["image"] = origin() + barcode_path(reply.barcode)
    elif reply.picture:
        answer["image"] = origin() + picture_path(reply.picture)
    if reply.document:
        answer["attachment"] = origin() + document_path(reply.document)
    if custom := _custom(reply):
        answer["custom"] = custom
    if reply.buttons:
        answer["buttons"] = [{"title": b.title, "payload": b.payload} for b in reply.buttons]
    return answer


def _custom(reply: Reply) -> dict[str, Any]:
    """What Rasa's format has no field for."""
    if not (reply.location or reply.contact or reply.reaction):
        return {}
    found = reply.as_document()
    return {part: found[part] for part in ("location", "contact", "reaction") if part in found}
