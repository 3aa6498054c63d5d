"""What members of staff, or time in their place, do in a conversation when it is gone through
again.
"""

from __future__ import annotations

from typing import Final

from bot.attending import Attending

DID: Final = {
    "took": "take",
    "replied": "reply",
    "handed_back": "hand_back",
    "settled": "hand_back",
    "lapsed": "lapse",
    "closed": "lapse",
    "called": "ask_to_write",
}
"""What a recording calls what the journal says was done."""

VERBS: Final = tuple(dict.fromkeys(DID.values()))

UNSAID: Final = "…"
"""Stands for what a person wrote: it is nobody's but theirs."""


async def deal(
    attending: Attending, conversation: str, verb: str, by: str, key: str, text: str = UNSAID
) -> str:
    """Do it; why it is refused, or nothing.

    Args:
        verb: one of :data:`VERBS`.
        by: login of who does it.
        key: of this step.
        text: what they write.
    """
    if verb == "reply":
        return await attending.reply(conversation, by, key, text) or ""
    does = {
        "take": attending.take,
        "hand_back": attending.hand_back,
        "lapse": attending.lapse,
        "ask_to_write": attending.call,
    }
    return await does[verb](conversation, by, key) or ""
