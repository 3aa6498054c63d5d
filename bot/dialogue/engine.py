"""What a turn decides: ``decide(conversation, event) → Decision``.

Pure: no I/O, no clock, no chance. An action the flow wants run stands in the decision, and its
outcome is fed back as the next event.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.dialogue.conversation import Conversation, Frame
from bot.dialogue.deciding import Deciding
from bot.dialogue.decision import Decision
from bot.dialogue.events import (
    CHOOSE_OPTION,
    OPTION,
    Begun,
    Event,
    Expectation,
    Noticed,
    Outcome,
    TimerRang,
    Understood,
)
from bot.dialogue.filling import Filling
from bot.dialogue.flow import State
from bot.dialogue.flowset import FlowSet
from bot.dialogue.machine import MISUNDERSTOOD, intent_event, outcome_event
from bot.dialogue.stack import Leaving
from bot.dialogue.trace import CLOSE, Move

LANGUAGE = "language"
"""The entity that switches the conversation's language."""

NO_OPTION = "no_option"
"""Why a list's slot is not filled: no number, or none of the list."""

NOTHING_HEARD: dict[str, Any] = {
    "heard": {},
    "problems": (),
    "example": "",
    "refused": {},
    "guesses": (),
}
"""What replies may refer to besides slots, when no message led to them."""


class Engine:
    """Runs conversations on one flow set.

    Args:
        begins: whether episodes may begin on it; where not, a start over leaves the conversation
            before its first message.
    """

    def __init__(self, flows: FlowSet, *, begins: bool = True) -> None:
        self.flows = flows
        self._begins = begins
        self._intents: dict[tuple[str, str], frozenset[str]] = {}
        self._takes: dict[str, frozenset[str]] = {}

    def decide(
        self,
        conversation: Conversation,
        event: Event,
        now: datetime,
        left: Iterable[Outcome] = (),
    ) -> Decision:
        """Decide what ``event`` leads to.

        Args:
            now: aware, in the zone whose date is ``today``; timers count from it.
            left: how the actions ended that this event asked for, of states it leaves; in order.

        Raises:
            LoopError: the flow goes round without waiting.
        """
        stood, conversation = conversation, self._adopted(conversation)
        said = _said(event)
        turn = Deciding(self.flows, conversation, now, said, left, begins=self._begins)
        if conversation is not stood:
            turn.moves += [Move(CLOSE, frame) for frame in reversed(stood.frames)]
        try:
            match event:
                case Understood():
                    self._hear(turn, event, now)
                case Outcome():
                    turn.slots.update(event.values)
                    turn.send(outcome_event(event.name))
                case TimerRang():
                    turn.ring(event.entry)
                case Noticed():
                    lost = tuple(turn.moves)
                    if not _notice(turn, event):
                        return Decision(conversation, moves=lost)
                case Begun():
                    turn.begin()
                    turn.enter_open_state()
        except Leaving as leaving:
            return turn.before_leaving(str(leaving))
        finally:
            if self.flows.watch:
                self.flows.watch(turn.moves)
        return turn.decision()

    def expectation(self, conversation: Conversation, venue: str = "") -> Expectation:
        """What the conversation waits for: the context to understand the next message in.

        Args:
            venue: id of the place that was written to.
        """
        conversation = self._adopted(conversation)
        if not conversation.frames:
            initial = Frame(conversation.root, self.flows.flows[conversation.root].initial, 0)
            conversation = replace(conversation, frames=(initial,))
        flow = self.flows.flows[conversation.frame.flow]
        state = flow.states[conversation.frame.state]
        slots, entities = conversation.slots, self.flows.entities[flow.flow]
        return Expectation(
            state=conversation.frame.state,
            intents=self._intents_of(conversation.frame, state),
            missing=tuple(entities[name] for name in state.collect if slots.get(name) is None),
            options=len(self._options(conversation)[1]),
            known={
                entity: value
                for name, entity in entities.items()
                if (value := slots.get(name)) is not None
            },
            venue=venue,
            takes=self._taken_by(flow.flow),
            tappable=lambda: self._tappable(conversation),
        )

    def _intents_of(self, frame: Frame, state: State) -> frozenset[str]:
        """The intents that a state handles itself; made once."""
        key = frame.flow, frame.state
        if key not in self._intents:
            self._intents[key] = frozenset(state.on)
        return self._intents[key]

    def _taken_by(self, flow: str) -> frozenset[str]:
        """The entity types that fill a slot of a flow; made once."""
        if flow not in self._takes:
            self._takes[flow] = frozenset(self.flows.entities[flow].values())
        return self._takes[flow]

    def _tappable(self, conversation: Conversation) -> dict[str, str]:
        """Payloads of what the open state offers to tap, by title."""
        flow = self.flows.flows[conversation.frame.flow]
        state = flow.states[conversation.frame.state]
        asked = [slot.ask for name in state.collect if (slot := flow.slots[name]).ask]
        replies = self.flows.replies_in(conversation.language)
        known = {**self.flows.unfilled, **conversation.slots, **NOTHING_HEARD}
        taps: dict[str, str] = {}
        for key in (*state.say, *asked, state.ask):
            if key:
                taps |= replies.payloads(key, known)
        return taps

    def _hear(self, turn: Deciding, heard: Understood, now: datetime) -> None:
        values = heard.values()
        event = intent_event(heard.intent)
        if fresh := not turn.frames:
            turn.begin()
        elif fresh := self._begins_anew(turn, heard):
            turn.forget()
            turn.begin()
        if values.get(LANGUAGE) in self.flows.replies:
            turn.language = str(values[LANGUAGE])
        filled = self._fill(turn, heard, now)
        if filled is None:
            turn.send(MISUNDERSTOOD)
        elif turn.refused and not fresh:
            turn.go_on()
        elif turn.hears(event):
            turn.send(event)
        elif fresh:
            turn.enter_open_state()
        elif filled and turn.state.collect:
            turn.go_on()
        elif not turn.asks_back(heard.guesses):
            turn.send(MISUNDERSTOOD)

    def _begins_anew(self, turn: Deciding, heard: Understood) -> bool:
        """Whether a message after the end of an episode begins the next one.

        It does not where it answers something that is still open: a reminder, an offer.
        """
        if len(turn.frames) > 1 or not turn.state.end or heard.intent in turn.state.on:
            return False
        if turn.hears_on_condition(heard.intent):
            return False
        if heard.intent in turn.flow.states[turn.flow.initial].on:
            return True
        return not turn.state.misunderstood and not turn.hears(intent_event(heard.intent))

    def _fill(self, turn: Deciding, heard: Understood, now: datetime) -> bool | None:
        """Fill slots from the message's entities.

        Where a value is refused, a state that only listens takes none of the others either: what
        it has shown and what it knows would part ways.

        Returns:
            Whether any was filled; ``None`` when the message chose an option that is not there, or
            did not say which.
        """
        values = heard.values()
        filling = Filling(self.flows.slot_types, turn.slots, now)
        filling.hear(turn.flow.slots, self.flows.entities[turn.flow.flow], values)
        number = values.get(OPTION)
        name, options = self._options(turn)
        chooses = isinstance(number, int) or heard.intent == CHOOSE_OPTION
        if chooses and name and name not in filling.filled:
            if not isinstance(number, int) or not 1 <= number <= len(options):
                turn.note_filling((), [(name, NO_OPTION)])
                return None
            filling.choose(name, turn.flow.slots[name], options[number - 1])
        turn.refuse(filling.refused)
        if filling.refused and not turn.state.collect:
            turn.note_filling((), filling.declined)
            return False
        if filling.filled or filling.declined:
            turn.note_filling(filling.filled, filling.declined)
        turn.slots.update(filling.filled)
        return bool(filling.filled)

    def _options(self, where: Conversation | Deciding) -> tuple[str | None, Sequence[Any]]:
        """The slot a number fills in the open state, and the list it counts in."""
        frame = where.frames[-1]
        options = self.flows.flows[frame.flow].states[frame.state].options
        for slot, listed in options.items():
            if where.slots.get(listed):
                return slot, where.slots[listed]
        return None, ()

    def _adopted(self, conversation: Conversation) -> Conversation:
        """The conversation on this flow set: begun again if it stands where nothing is now."""
        flows = self.flows.flows
        for frame in conversation.frames:
            state = flows[frame.flow].states.get(frame.state) if frame.flow in flows else None
            if state is None or (frame.timer and not (state.timeout or state.remind)):
                aside = {
                    k: v for each in reversed(conversation.frames) for k, v in each.outer.items()
                }
                return replace(conversation, frames=(), slots={**conversation.slots, **aside})
        return conversation


def _notice(turn: Deciding, notice: Noticed) -> bool:
    """Say what the flow makes of a notice and ask the open question again; whether it is heard."""
    if not turn.frames:
        turn.begin()
    turn.quiet = notice.quiet
    if notice.resumes:
        turn.resume(intent_event(notice.name))
        return True
    if not turn.hears(intent_event(notice.name)):
        return False
    turn.send(intent_event(notice.name))
    return True


def _said(event: Event) -> Mapping[str, Any]:
    """What replies may refer to besides slots, after an event."""
    match event:
        case Understood():
            heard = event.values()
            found = {"heard": heard, "problems": event.problems, "example": event.example}
            return NOTHING_HEARD | found
        case Noticed():
            return NOTHING_HEARD | {"heard": event.values}
        case _:
            return NOTHING_HEARD
