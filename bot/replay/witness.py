"""Replies that note which of them was said, and with what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from bot.definitions import Definitions
from bot.dialogue.replies import Replies
from bot.dialogue.reply import Reply
from bot.replay.answer import Told

EVERYWHERE: Final = frozenset({"office", "contact", "now", "hour"})
"""What every reply of a recording may speak of: it is the same in all of them."""


class Witness:
    """Hears what the replies of some definitions are asked to say."""

    def __init__(self) -> None:
        self._heard: list[Told] = []

    def watching(self, definitions: Definitions, language: str = "") -> Definitions:
        """The definitions, watched.

        Args:
            language: the one people are greeted in, if not the first.
        """
        replies = definitions.flows.replies
        order = sorted(replies, key=lambda each: each != language)
        watched = {each: _Watched(replies[each], self._heard) for each in order}
        return replace(definitions, flows=replace(definitions.flows, replies=watched))

    def told(self, replies: Sequence[Reply]) -> tuple[Told, ...]:
        """The messages with what is known of each; what was noted before is forgotten."""
        heard = list(self._heard)
        self._heard.clear()
        found = []
        for reply in replies:
            at = next((n for n, each in enumerate(heard) if _is_same(each.reply, reply)), None)
            found.append(Told(reply) if at is None else replace(heard.pop(at), reply=reply))
        return tuple(found)


def _is_same(said: Reply, delivered: Reply) -> bool:
    """Whether a reply was delivered as it was said; only then is known what is reacted to."""
    return replace(said, reaction=delivered.reaction) == delivered


class _Watched(Replies):
    """Replies as they are, compiled once; only what is rendered is noted."""

    def __init__(self, replies: Replies, heard: list[Told]) -> None:
        self.__dict__.update(replies.__dict__)
        self._replies = replies
        self._heard = heard

    def render(self, key: str, variables: Mapping[str, Any], variant: int = 0) -> Reply:
        """Say ``key``, and note it."""
        reply = self._replies.render(key, variables, variant)
        self._heard.append(Told(reply, key, variables, _named_in(self._replies, key)))
        return reply


def _named_in(replies: Replies, key: str) -> frozenset[str]:
    """What the words of a reply may name, but for what every reply knows: ``hold.name``."""
    if replies.first and key not in set(replies):
        return _named_in(replies.first, key)
    found: set[str] = set()
    for _, needs in replies.needs.get(key, ()):
        parts = {(part.name, f"{part.name}.{part.part}") for part in needs.parts}
        whole = needs.given - {name for name, _ in parts}
        found |= whole | {path for name, path in parts if name not in EVERYWHERE}
    return frozenset(found) - EVERYWHERE
