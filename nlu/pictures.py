"""What is sent with a caption: that is understood like any text; a picture is one thing more.

What cannot be understood is told apart by its kind, so that flows can say what to do instead:
a voice note wants to be typed, a document to be sent as a photo.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.dialogue.events import Entity, Message, Understood

SENT: Final = frozenset({
    "image",
    "video",
    "audio",
    "voice",
    "document",
    "sticker",
    "location",
    "contacts",
    "order",
    "form",
    "call",
})  # fmt: skip
"""Kinds that the entity ``sent`` names; every other is ``unsupported``."""

_CHATTER: Final = frozenset({"greet", "thanks", "approve"})
"""What a caption says that only hands the picture over: ``ini ya pak``."""


def pictured(understood: Understood, message: Message) -> Understood:
    """What was understood of a caption, with the picture it came with."""
    if message.kind != "text" and understood.intent == "none":
        understood = Understood("send_media")
    if message.media is not None and message.media.is_picture:
        if understood.intent in _CHATTER:
            understood = Understood("send_media")
        understood = _with(understood, Entity("photo", message.media.id))
    if understood.intent == "send_media":
        understood = _with(understood, Entity("sent", _kind(message)))
    return understood


def _with(understood: Understood, entity: Entity) -> Understood:
    return replace(understood, entities=(*understood.entities, entity))


def _kind(message: Message) -> str:
    return message.kind if message.kind in SENT else "unsupported"
