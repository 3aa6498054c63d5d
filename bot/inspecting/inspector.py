"""Where one conversation's way is looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from bot.booking.office import Offices
from bot.dialogue.store import Contact, ConversationStore
from bot.inspecting.drawing import drawn, flows_of
from bot.inspecting.hiding import Hiding
from bot.inspecting.journey import Journey, Turn, journey_of
from bot.inspecting.leaf import Leaves, Texts

Disguise: TypeAlias = Callable[[Mapping[str, Any]], dict[str, Any]]
"""Takes a turn's document, and gives what of it may be seen."""


@dataclass(frozen=True, slots=True)
class Found:
    """A conversation that was looked up.

    Args:
        contact: whose it is; read from its id where its document is not kept any more.
    """

    contact: Contact
    journey: Journey


class Inspector:
    """Reads conversations and the flows they ran on.

    Args:
        texts: of versions of flows.
        public: what everybody is told: :func:`bot.replay.recorder.public_text`.
    """

    def __init__(
        self,
        conversations: ConversationStore,
        texts: Texts,
        offices: Callable[[], Offices],
        public: Callable[[], str],
    ) -> None:
        self.leaves = Leaves(texts)
        self._conversations = conversations
        self._offices = offices
        self._public = public

    async def find(self, conversation_id: str) -> Found | None:
        """A conversation of which anything is kept; costs three finds by index.

        Raises:
            StorageUnavailable: the database does not answer.
        """
        stored = await self._conversations.load(conversation_id)
        records = await self._conversations.transcript(conversation_id)
        parts = conversation_id.split(":", 2)
        if len(parts) != len(("channel", "office", "sender")) or not (stored or records):
            return None
        channel, office, sender = parts
        contact = stored.contact if stored else Contact(channel, sender, office)
        return Found(contact, journey_of(records))

    def hiding(self, found: Found) -> Disguise:
        """What hides the people of a conversation."""
        return Hiding(found.journey, found.contact, self._offices(), self._public())

    async def picture(
        self, found: Found, turn: Turn, flow: str, *, whole: bool
    ) -> tuple[str, list[str]]:
        """The way up to a turn over the picture of a flow, and the flows that may be looked at.

        Args:
            flow: the one to draw; the first of those that the turn had to do with if it is none of
                them.
            whole: all of it, not only what is near.

        Returns:
            An SVG picture, empty where nobody has the flow any more, and names; the first is drawn.
        """
        flows = flows_of(turn)
        flows.sort(key=lambda each: each != flow)  # the others keep their order
        if not flows:
            return "", []
        on = next((turn.version_of(e) for e in turn.way if e.flow == flows[0]), turn.versions[1])
        leaf = await self.leaves.of(on, flows[0])
        if leaf is None:
            return "", flows
        return await drawn(leaf, found.journey.until(turn), whole=whole), flows
