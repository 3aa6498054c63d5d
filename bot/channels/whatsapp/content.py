"""What one WhatsApp message says: its kind and its words, out of some twenty wire forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.channels.whatsapp.wire import text_at

TEXT_KEPT = 10_000
"""Characters kept of an incoming text; WhatsApp's own limit for typed text is 4096."""

KIND_KEPT = 40

SILENT = frozenset({"reaction", "system"})
"""Wire types nobody expects an answer to: a thumb under a message, news of a changed number."""


@dataclass(frozen=True, slots=True)
class Content:
    """The fields of :class:`bot.dialogue.events.Message` that a wire form decides."""

    kind: str
    text: str = ""
    title: str = ""


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
            return Content(kind, text_at(message, kind, "caption")[:TEXT_KEPT])
        case _:
            return Content(kind or "unknown")


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
