"""Goes through a conversation's turns once more: a bot in memory, at the times of then.

The messages are those that were sent, so nothing is understood otherwise because a name is another
one; they are in memory only, and what is told of it is made anonymous (``showing.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Final

from bot.booking.notices import Notice
from bot.channels.inbound import Inbound
from bot.definitions import Definitions
from bot.dialogue.conversation import Conversation, Frame
from bot.dialogue.events import Media, Message
from bot.dialogue.store import NEVER, Contact, Stored, TurnSave
from bot.errors import Place
from bot.record import record_of
from bot.replay.in_chat import DID, deal
from bot.replay.points import Atlas
from bot.replay.scene import Rehearsal, Rehearse
from bot.replay.traffic.change import NOWHERE, Record, Went, stands_now
from bot.replay.traffic.watching import Ears, NoOutcomeError, Remembered, Trail
from bot.replay.world import StandingClock

BEFORE: Final = "before"
"""Id of the turn that stands for all that nobody goes through again."""


class Cast:
    """What all conversations are gone through with.

    Args:
        definitions: the edited ones.
        rehearse: makes bots whose interpreter is ``ears``'.
    """

    def __init__(
        self, definitions: Definitions, atlas: Atlas, rehearse: Rehearse, ears: Ears
    ) -> None:
        self.trail = Trail(definitions, atlas)
        self.remembered = Remembered()
        self.definitions = self.remembered.over(self.trail.watched)
        self.rehearse = rehearse
        self.ears = ears

    @property
    def language(self) -> str:
        """In which people are greeted."""
        return next(iter(self.definitions.flows.replies))


class Reenactment:
    """One conversation.

    Args:
        contact: as it is stored; their office must be there.
    """

    def __init__(self, cast: Cast, contact: Contact) -> None:
        self._cast = cast
        # Whoever else they are plays no part, so nobody is looked up.
        sender = contact.phone or contact.sender
        self._contact = replace(contact, sender=sender, ids=None, left=(), also=(), into="")
        self._clock = StandingClock(contact.heard_at)
        self._bot: Rehearsal

    async def begin(self, first: Record, language: str = "") -> None:
        """Stand before ``first``, where an episode had ended or none had begun, knowing nothing.

        Args:
            language: in which they were talked to until then; empty for the first turn there was.
        """
        cast, self._clock.now = self._cast, first["at"]
        random = Random(1)  # noqa: S311 - no action is run, so no code is drawn
        self._bot = cast.rehearse(cast.definitions, self._clock, random)
        if not language:
            return
        flows, root = cast.definitions.flows, cast.definitions.venue_of(self._contact).flow
        ended = [each.partition(".") for each in stands_now(first["before"], flows.flows)]
        known = Conversation(
            self._contact.conversation_id,
            root,
            version=flows.version,
            frames=tuple(Frame(flow, state, 1) for flow, _, state in ended),
            entries=1,
            language=language,
        )
        before = Stored(known, self._contact)
        save = TurnSave(
            before=before,
            conversation=known,
            contact=self._contact,
            handled=BEFORE,
            outbox=(),
            journal=record_of(before, known, BEFORE, self._contact.office, first["at"]),
            due_at=NEVER,
            leased_by=before.leased_by,
            leased_until=before.leased_until,
        )
        await self._bot.stores.conversations.save(save)
        await self._written()

    async def go(self, then: Record) -> Went:
        """Let happen what happened in a turn."""
        cast, self._clock.now = self._cast, then["at"]
        stood = self._place(then)
        cast.trail.steps.clear()
        cast.ears.take()
        if "timer" not in then and await self._rings():
            return Went(rang=True, passed=self._passed(), stood=stood)
        cast.remembered.follow(then.get("actions", ()))
        wanting = ""
        try:
            await self._happen(then)
        except NoOutcomeError as error:
            wanting = str(error)
        records = () if wanting else await self._written()
        heard = cast.ears.take()
        understood = heard.as_document() if heard else None
        return Went(
            records=records,
            understood=records[-1].get("understood") if records else understood,
            wanting=wanting,
            unasked=cast.remembered.left(),
            passed=self._passed(),
            stood=stood,
        )

    async def attend(self, then: Record) -> None:
        """Let a member of staff do what they did; what they wrote is not the flows'."""
        self._clock.now = then["at"]
        self._cast.remembered.follow(())
        id_, did = self._contact.conversation_id, then["staff"]
        key = f"{then['turn']}"
        await deal(self._bot.attending, id_, DID[did["did"]], did["by"] or "staff", key)
        await self._written()

    async def _rings(self) -> bool:
        """Whether a timer is due, which did not ring then."""
        self._cast.remembered.follow(())
        try:
            await self._bot.turns.ring(self._contact.conversation_id)
        except NoOutcomeError:
            return True
        return bool(await self._written())

    async def _happen(self, then: Record) -> None:
        id_, turns = self._contact.conversation_id, self._bot.turns
        if "message" in then:
            message = message_from(then["message"])
            contact = replace(self._contact, heard_at=message.at)
            await turns.hear(Inbound(contact, message, then.get("language", "")))
        elif "timer" in then:
            await turns.ring(id_)
        else:
            turn = str(then["_id"]).removeprefix(f"{then['conversation']}|")
            await turns.tell(Notice(turn, id_, then["notice"], then.get("heard", {})))

    async def _written(self) -> Sequence[Record]:
        """What was written into the journal since last asked; nothing stays to be sent."""
        store = self._bot.stores.conversations
        stored = await store.load(self._contact.conversation_id)
        if stored is None:
            return ()
        await store.mark_sent(
            stored.conversation.id,
            stored.leased_by,
            stored.revision,
            [item.id for item in stored.outbox],
            [record["_id"] for record in stored.journal],
            stored.due_at,
        )
        return stored.journal

    def _passed(self) -> Sequence[Place]:
        return [point.place for point in dict.fromkeys(self._cast.trail.steps)]

    def _place(self, then: Record) -> Place:
        """Where the state that was open, or in which they begin, stands in the edited files."""
        definitions = self._cast.definitions
        flows, root = definitions.flows.flows, definitions.venue_of(self._contact).flow
        before = [*then["before"]] or [f"{root}.{flows[root].initial}"]
        flow, _, state = stands_now(before, flows)[-1].partition(".")
        point = self._cast.trail.atlas.states.get((flow, state))
        return point.place if point else NOWHERE


def message_from(document: Record) -> Message:
    """A message as the journal has it, as far as it is understood."""
    media = document.get("media")
    return Message(
        document["id"],
        document["kind"],
        document["text"],
        document["at"],
        document.get("title", ""),
        Media(**media) if media else None,
    )
