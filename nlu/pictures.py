"""What is sent with a caption: that is understood like any text; a picture is one thing more."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.dialogue.events import Entity, Message, Understood

_CHATTER: Final = frozenset({"greet", "thanks", "approve"})
"""What a caption says that only hands the picture over: ``ini ya pak``."""


def pictured(understood: Understood, message: Message) -> Understood:
    """What was understood of a caption, with the picture it came with."""
    if message.kind != "text" and understood.intent == "none":
        understood = Understood("send_media")
    if message.media is None or not message.media.is_picture:
        return understood
    if understood.intent in _CHATTER:
        understood = Understood("send_media")
    photo = Entity("photo", message.media.id)
    return replace(understood, entities=(*understood.entities, photo))
