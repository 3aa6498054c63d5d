"""What one WhatsApp message says: its kind and its words, out of some twenty wire forms."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from bot.channels.whatsapp.wire import text_at
from bot.dialogue.events import Media

TEXT_KEPT = 10_000
"""Characters kept of an incoming text; WhatsApp's own limit for typed text is 4096."""

KIND_KEPT = 40
MIME_KEPT = 80

MEDIA_ID = re.compile(r"[A-Za-z0-9_-]{1,120}")
"""It becomes a part of a URL."""

SILENT = frozenset({"reaction", "system"})
"""Wire types nobody expects an answer to: a thumb under a message, news of a changed number."""


@dataclass(frozen=True, slots=True)
class Content:
    """The fields of :class:`bot.dialogue.events.Message` that a wire form decides."""

    kind: str
    text: str = ""
    title: str = ""
    media: Media | None = None


def content_of(message: Mapping[str, Any]) -> Content:
    """Read one message object of a webhook.

    Taps come as ``tap`` with the payload, WhatsApp Flows as ``flow``; every other type keeps its
    wire name, with its caption where it has one. Types yet to be invented are no error.
    """
    kind = text_at(message, "type")[:KIND_KEPT]
    match kind:
        case "text":
            return Content("text", text_at(message, "text", "body")[:TEXT_KEPT])
        case "interactive":
            return _interactive(message)
        case "button":
            return _template_button(message)
        case "image" | "video" | "document":
            caption = text_at(message, kind, "caption")[:TEXT_KEPT]
            return Content(kind, caption, media=_media(message, kind))
        case _:
            return Content(kind or "unknown")


def _media(message: Mapping[str, Any], kind: str) -> Media | None:
    """The file a message brings; WhatsApp tells its size only when it is fetched."""
    media_id = text_at(message, kind, "id")
    if not MEDIA_ID.fullmatch(media_id):
        return None
    mime = text_at(message, kind, "mime_type").partition(";")[0].strip().lower()
    return Media(media_id, mime[:MIME_KEPT], _hex(text_at(message, kind, "sha256")))


def _hex(digest: str) -> str:
    """A SHA-256 as hex; Meta writes base64. Empty when it is neither."""
    try:
        raw = b64decode(digest, validate=True)
    except ValueError:
        return ""
    return raw.hex() if len(raw) == sha256().digest_size else ""


def _interactive(message: Mapping[str, Any]) -> Content:
    form = text_at(message, "interactive", "type")
    if form in {"button_reply", "list_reply"}:
        return Content(
            "tap",
            text_at(message, "interactive", form, "id"),
            text_at(message, "interactive", form, "title"),
        )
    return Content("flow" if form == "nfm_reply" else "interactive")


def _template_button(message: Mapping[str, Any]) -> Content:
    """A template's quick reply; without a payload of its own it is as if its text were typed."""
    payload, title = text_at(message, "button", "payload"), text_at(message, "button", "text")
    return Content("tap", payload, title) if payload else Content("text", title)
