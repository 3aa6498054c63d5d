"""What one WhatsApp message says: its kind, its words and what it brings, out of some twenty forms.

A form that is known keeps its values, typed and cut to size (``attachments``); one that is not, now
or yet to be invented, keeps its JSON. Either way it is a message that can be answered.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Final

from bot.channels.whatsapp.attachments import (
    cards_in,
    form_in,
    location_in,
    order_in,
    reaction_in,
    revoked_in,
    unreadable,
    words_at,
)
from bot.channels.whatsapp.wire import id_at, text_at, true_at, value_at
from bot.dialogue.attachment import Attachment, Context, Referral
from bot.dialogue.events import WELCOME, Media

TEXT_KEPT = 10_000
"""Characters kept of an incoming text; WhatsApp's own limit for typed text is 4096."""

KIND_KEPT = 40
MIME_KEPT = 80
NAME_KEPT = 200
URL_KEPT = 500

MEDIA_ID = re.compile(r"[A-Za-z0-9_-]{1,120}")
"""It becomes a part of a URL."""

CALL = "call"

_HEX = re.compile(r"[0-9a-f]{64}")

_MEDIA: Final = ("image", "video", "document", "audio", "voice", "sticker")


@dataclass(frozen=True, slots=True)
class Content:
    """The fields of :class:`bot.dialogue.events.Message` that a wire form decides."""

    kind: str
    text: str = ""
    title: str = ""
    media: Media | None = None
    attachment: Attachment | None = None
    context: Context | None = None
    referral: Referral | None = None
    edits: str = ""


def content_of(message: Mapping[str, Any]) -> Content:
    """Read one message object of a webhook.

    Taps come as ``tap`` with the payload, WhatsApp Flows as ``form``, voice notes as ``voice``, and
    what Meta or we cannot read as ``unsupported``; the rest keeps its wire name, with its caption
    where it has one. An edited message is what it says now. Types yet to be invented are no error.
    """
    if text_at(message, "type") == "edit":
        return _edited(message)
    kind = _kind(message)
    content = _READERS.get(kind, _unsupported)(message, kind)
    context, referral = _context(message), _referral(message)
    return replace(content, context=context, referral=referral) if context or referral else content


def _kind(message: Mapping[str, Any]) -> str:
    """Its type; when it does not say, the type whose object it has."""
    kind = text_at(message, "type")[:KIND_KEPT]
    if kind:
        return kind
    return next((known for known in _READERS if message.get(known)), "")


def _edited(message: Mapping[str, Any]) -> Content:
    """What a message says after its sender corrected it, within fifteen minutes.

    Whoever corrects expects an answer to the right words, also when the wrong ones were answered.
    The correction has an id of its own, so it is heard once however often it is delivered, and a
    second correction is heard once more.
    """
    now = value_at(message, "edit", "message")
    if not isinstance(now, dict) or text_at(now, "type") == "edit":
        return _unsupported(message, "edit")
    return replace(content_of(now), edits=id_at(message, "edit", "original_message_id")[:NAME_KEPT])


def _text(message: Mapping[str, Any], _: str) -> Content:
    return Content("text", _words(message, "text", "body") or _words(message, "text"))


def _file(message: Mapping[str, Any], kind: str) -> Content:
    """A file. Sound recorded in the chat is ``voice``, sound that was attached is ``audio``."""
    shown = "voice" if true_at(message, kind, "voice") else kind
    return Content(shown, _words(message, kind, "caption"), media=_media(message, kind))


def _media(message: Mapping[str, Any], kind: str) -> Media | None:
    """The file a message brings; WhatsApp tells its size only when it is fetched."""
    media_id = id_at(message, kind, "id")
    if not MEDIA_ID.fullmatch(media_id):
        return None
    mime = text_at(message, kind, "mime_type").partition(";")[0].strip().lower()
    return Media(
        media_id,
        mime[:MIME_KEPT],
        hash_of(text_at(message, kind, "sha256")),
        filename=text_at(message, kind, "filename")[:NAME_KEPT],
        animated=true_at(message, kind, "animated"),
    )


def hash_of(digest: str) -> str:
    """A SHA-256 as hex; Meta writes base64 in webhooks. Empty when it is neither."""
    if _HEX.fullmatch(digest.lower()):
        return digest.lower()
    try:
        raw = b64decode(digest, validate=True)
    except ValueError:
        return ""
    return raw.hex() if len(raw) == sha256().digest_size else ""


def _interactive(message: Mapping[str, Any], _: str) -> Content:
    form = text_at(message, "interactive", "type")
    if form in {"button_reply", "list_reply"}:
        tapped = value_at(message, "interactive", form)
        return _tap(text_at(tapped, "id"), _words(tapped, "title"))
    if form == "nfm_reply":
        return Content("form", attachment=form_in(message))
    return _unsupported(message, "interactive")


def _button(message: Mapping[str, Any], _: str) -> Content:
    """A template's quick reply."""
    return _tap(text_at(message, "button", "payload"), _words(message, "button", "text"))


def _tap(payload: str, title: str) -> Content:
    """A tap. One whose payload is not of our making (of a template that was made in Meta's manager,
    or of the bot that had this number before) is as if its words were typed.
    """
    if payload.startswith("/"):
        return Content("tap", payload[:TEXT_KEPT], title[:NAME_KEPT])
    return Content("text", title or payload[:TEXT_KEPT])


def _location(message: Mapping[str, Any], kind: str) -> Content:
    return Content(kind, attachment=location_in(message))


def _contacts(message: Mapping[str, Any], kind: str) -> Content:
    return Content(kind, attachment=cards_in(message))


def _order(message: Mapping[str, Any], kind: str) -> Content:
    return Content(kind, _words(message, "order", "text"), attachment=order_in(message))


def _reaction(message: Mapping[str, Any], kind: str) -> Content:
    return Content(kind, attachment=reaction_in(message))


def _revoked(message: Mapping[str, Any], _: str) -> Content:
    return Content("revoked", attachment=revoked_in(message))


def _welcome(_: Mapping[str, Any], __: str) -> Content:
    return Content(WELCOME)


def _unsupported(message: Mapping[str, Any], kind: str) -> Content:
    """What is left is answered all the same; words that stand where others have theirs are read."""
    words = (_words(message, kind, key) for key in ("body", "text", "caption"))
    return Content("unsupported", next(filter(None, words), ""), attachment=unreadable(message))


def _words(message: Any, *path: str) -> str:
    return words_at(message, *path)[:TEXT_KEPT]


_READERS: Final[Mapping[str, Callable[[Mapping[str, Any], str], Content]]] = {
    "text": _text,
    "interactive": _interactive,
    "button": _button,
    **dict.fromkeys(_MEDIA, _file),
    "location": _location,
    "contacts": _contacts,
    "order": _order,
    "reaction": _reaction,
    "revoke": _revoked,
    "request_welcome": _welcome,
}


def _context(message: Mapping[str, Any]) -> Context | None:
    told = message.get("context")
    if not told:
        return None
    often = true_at(told, "frequently_forwarded")
    context = Context(
        id_at(told, "id")[:NAME_KEPT],
        often or true_at(told, "forwarded"),
        often,
        id_at(told, "referred_product", "product_retailer_id")[:NAME_KEPT],
    )
    return context if context != _NO_CONTEXT else None


def _referral(message: Mapping[str, Any]) -> Referral | None:
    if not message.get("referral"):
        return None
    return Referral(
        text_at(message, "referral", "source_type")[:KIND_KEPT],
        id_at(message, "referral", "source_id")[:NAME_KEPT],
        text_at(message, "referral", "source_url")[:URL_KEPT],
        text_at(message, "referral", "headline")[:NAME_KEPT],
        text_at(message, "referral", "body")[:URL_KEPT],
        text_at(message, "referral", "ctwa_clid")[:NAME_KEPT],
    )


_NO_CONTEXT = Context()
