"""Webhook bodies in the shape Meta sends them, and their signature."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import orjson

APP_SECRET = "app-secret-of-the-tests"
VERIFY_TOKEN = "verify-token-of-the-tests"
OFFICE_NUMBER = "6281299004406"
ACCOUNT = "106540352242922"
APPLICANT = "6281200000001"
SENT_AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)

JSON = dict[str, Any]


def sign(body: bytes, secret: str = APP_SECRET) -> str:
    """The value of ``X-Hub-Signature-256``."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def signed_headers(body: bytes, secret: str = APP_SECRET) -> dict[str, str]:
    """All headers of Meta's request that matter."""
    return {"Content-Type": "application/json", "X-Hub-Signature-256": sign(body, secret)}


def message(id_: str, sender: str = APPLICANT, at: datetime = SENT_AT, **content: Any) -> JSON:
    """One message object; ``content`` holds ``type`` and what belongs to it."""
    return {"from": sender, "id": id_, "timestamp": str(int(at.timestamp())), **content}


def text(id_: str, body: str, sender: str = APPLICANT, at: datetime = SENT_AT) -> JSON:
    """A typed message."""
    return message(id_, sender, at, type="text", text={"body": body})


def list_reply(
    id_: str, payload: str, title: str, sender: str = APPLICANT, at: datetime = SENT_AT
) -> JSON:
    """A tap on a list row."""
    return _tap(id_, "list_reply", payload, title, sender, at)


def button_reply(
    id_: str, payload: str, title: str, sender: str = APPLICANT, at: datetime = SENT_AT
) -> JSON:
    """A tap on a reply button."""
    return _tap(id_, "button_reply", payload, title, sender, at)


def _tap(id_: str, form: str, payload: str, title: str, sender: str, at: datetime) -> JSON:
    tapped = {"type": form, form: {"id": payload, "title": title}}
    return message(id_, sender, at, type="interactive", interactive=tapped)


def image(id_: str, caption: str = "", sender: str = APPLICANT, at: datetime = SENT_AT) -> JSON:
    """A photo, with or without words."""
    media = {"mime_type": "image/jpeg", "sha256": "c2hhMjU2", "id": "1037543291543636"}
    content = {**media, "caption": caption} if caption else media
    return message(id_, sender, at, type="image", image=content)


def status(
    id_: str, state: str, code: int | None = None, recipient: str = APPLICANT, label: str = ""
) -> JSON:
    """How far a message of ours got."""
    found: JSON = {
        "id": id_,
        "status": state,
        "timestamp": str(int(SENT_AT.timestamp())),
        "recipient_id": recipient,
    }
    if label:
        found["biz_opaque_callback_data"] = label
    if code is not None:
        found["errors"] = [{"code": code, "title": f"told about {recipient}"}]
    return found


def change(
    *messages: JSON,
    statuses: Sequence[JSON] = (),
    number: str = OFFICE_NUMBER,
    account: str = ACCOUNT,
    profile: str = "Rina",
) -> JSON:
    """One change of the field ``messages``, with a contact for every sender."""
    value: JSON = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": number, "phone_number_id": account},
    }
    if messages:
        senders = dict.fromkeys(item["from"] for item in messages if "from" in item)
        value["contacts"] = [{"profile": {"name": profile}, "wa_id": sender} for sender in senders]
        value["messages"] = list(messages)
    if statuses:
        value["statuses"] = list(statuses)
    return {"field": "messages", "value": value}


def webhook_body(*changes: JSON) -> bytes:
    """A whole body; every change stands in an entry of its own, as in Meta's batches."""
    return orjson.dumps(
        {
            "object": "whatsapp_business_account",
            "entry": [{"id": "102290129340398", "changes": [item]} for item in changes],
        }
    )
