"""One event at work on one conversation: the mutable inside of a decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from types import MappingProxyType
from typing import Any
from zlib import crc32

from bot.dialogue.conversation import Conversation
from bot.dialogue.decision import Decision, Saying
from bot.dialogue.events import Outcome
from bot.dialogue.expression import clock_of, holds, value_of
from bot.dialogue.filling import Refusal
from bot.dialogue.flow import Remind, Step
from bot.dialogue.flowset import FlowSet
from bot.dialogue.machine import (
    FILLED,
    MISUNDERSTOOD,
    TIMEOUT,
    UNSURE,
    intent_event,
    returned_event,
)
from bot.dialogue.replies import Replies
from bot.dialogue.stack import Stack
from bot.dialogue.timing import reminds
from bot.dialogue.trace import DECLINE, FILL, HOLD, REFUSE, REMIND, TAKE, Move

NOTHING: Mapping[str, Any] = MappingProxyType({})

OFFERED = 2
"""Meanings of an unclear message that are offered to tap."""

UNCLEAR = (MISUNDERSTOOD, UNSURE)

MAX_STEPS = 32
"""State entries one event may cause; more is a loop in the flow."""


class LoopError(RuntimeError):
    """A flow went round without ever waiting for the applicant; a mistake in the flow."""


class Deciding(Stack):
    """Drives the machine for one event and collects what follows (:class:`machine.Driver`).

    Args:
        flows: the flow set of the conversation's version.
        now: aware, in the zone whose date is ``today``.
        said: what replies may refer to besides slots: ``heard``, ``problems``, ``example`` …
        left: outcomes of the actions of states that this event leaves, in order.
        begins: whether the next episode may begin on these flows.

    Attributes:
        refused: whether a value of this message was refused, and that said.
        quiet: the open question is not asked again; a new one is.
    """

    def __init__(
        self,
        flows: FlowSet,
        conversation: Conversation,
        now: datetime,
        said: Mapping[str, Any],
        left: Iterable[Outcome] = (),
        *,
        begins: bool = True,
    ) -> None:
        super().__init__(flows, conversation, now.astimezone(UTC), left)
        self._conversation = conversation
        self._begins = begins
        self._said = dict(said)
        self._local = now
        self.refused = False
        self.quiet = False
        self.language = conversation.language
        self._variants = dict(conversation.variants)
        self._says: list[Saying] = []
        self._action: str | None = None
        self._step: Step | None = None
        self._entered = False
        self._tried = ""

    def hears(self, event: str) -> bool:
        """Whether the open state has a step for ``event``."""
        self._tried = event
        return self._flows.machines[self.flow.flow].hears(self.frames[-1].state, event, self)

    def hears_on_condition(self, intent: str) -> bool:
        """Whether the open flow hears an intent everywhere on a condition that holds now."""
        self._tried = intent_event(intent)
        return any(step.when and self.holds(step) for step in self.flow.always.get(intent, ()))

    def send(self, event: str) -> None:
        """Drive the open state's machine with ``event``, and do all that follows of itself."""
        self._drive(event)
        self._settle()

    def enter_open_state(self) -> None:
        """Enter the state on top as if the machine had just gone there, and settle."""
        self.move(self.frames[-1].state)
        self._arrive()
        self._settle()

    def go_on(self) -> None:
        """Go on from the open state with what is known now."""
        self.frames[-1] = replace(self.frames[-1], counts=self._counts_after(FILLED))
        if self._go_on():
            self._settle()

    def asks_back(self, guesses: Sequence[str]) -> bool:
        """Ask which of its likeliest meanings a message has; whether that was asked.

        It is asked once: what is unclear again is misunderstood. The open question waits.
        """
        replies = {reply for step in self.flow.unsure for reply in step.say}
        titled = {intent for reply in replies for intent in self._replies.meanings(reply)}
        heard = [g for g in guesses if g in titled and self.hears(intent_event(g))][:OFFERED]
        if len(heard) < OFFERED or self.count(UNSURE) or not self.hears(UNSURE):
            return False
        self._said["guesses"] = heard
        self._drive(UNSURE)
        step = self._step
        if step and (step.go or step.call or step.do or step.restart):
            self._settle()
        else:
            frame = self.frames[-1]
            self.frames[-1] = replace(frame, counts={**frame.counts, UNSURE: 1})
        return True

    def refuse(self, refusals: Iterable[Refusal]) -> None:
        """Say of values that they do not fill their slots."""
        for refusal in refusals:
            self._said["refused"] = {"value": refusal.value, "reason": refusal.reason}
            self._say((refusal.wrong,))
            self.refused = True

    def note_filling(self, filled: Iterable[str], declined: Iterable[tuple[str, str]]) -> None:
        """Note what of the message went into slots.

        Args:
            declined: slots that did not take what was heard, each with the reason.
        """
        frame = self.frames[-1]
        self.moves += [Move(DECLINE, frame, slot, detail=why) for slot, why in declined]
        self.moves += [Move(FILL, frame, slot) for slot in filled]

    def ring(self, entry: int) -> None:
        """The timer set in state entry ``entry`` rings: a reminder, or the timeout.

        A reminder of a flow that waits for its sub-flow is passed over: something else is asked.
        A timer of an entry that is no longer open is dropped.
        """
        timed = [frame.entry if frame.timer else None for frame in self.frames]
        if entry not in timed:
            return
        depth = timed.index(entry)
        frame = self.frames[depth]
        state = self.state_of(frame)
        if not reminds(state, frame):
            self.close(depth + 1)
            if self.hears(TIMEOUT):
                self.send(TIMEOUT)
            return
        if depth == len(self.frames) - 1:
            self._flows.machines[frame.flow].remind(frame.state, frame.reminded, self)
        self.reminded(depth)

    def resume(self, event: str) -> None:
        """Go on where a person took over, who hands the conversation back.

        Time with them was no silence, so whatever counts from a state's entry counts anew. What
        was to last until a moment that has passed (``timeout: {until: …}``) ends now: asking on
        for it would ask for something that is not there any more.
        """
        self.renew()
        past = [frame for frame in self.frames if frame.timer and frame.timer <= self._now]
        if heard := self.hears(event):
            self._drive(event)
        if past and not self._entered:
            self.ring(past[0].entry)
        elif heard:
            self._settle()
        else:
            self.go_on()

    def decision(self) -> Decision:
        """What it came to."""
        conversation = Conversation(
            id=self._conversation.id,
            root=self._conversation.root,
            version=self._flows.version,
            frames=tuple(self.frames),
            entries=self.entries,
            slots=self.slots,
            language=self.language,
            variants=self._variants,
        )
        return Decision(conversation, tuple(self._says), self._action, moves=tuple(self.moves))

    def before_leaving(self, action: str) -> Decision:
        """The action of a state being left is wanted, with what is known at that moment."""
        conversation = replace(self._conversation, slots=self.slots)
        return Decision(conversation, action=action, leaving=True, moves=tuple(self.moves))

    # The machine calls these five.

    def holds(self, step: Step) -> bool:
        """Whether the step's guard holds with what is known now."""
        if step.when is None:
            return True
        held = holds(step.when, self._known())
        self.moves.append(Move(HOLD if held else REFUSE, self.frames[-1], self._tried, step))
        return held

    def count(self, event: str) -> int:
        """How often a limited event stayed in this state since it was entered."""
        return self.frames[-1].counts.get(event, 0)

    def take(self, event: str, step: Step) -> None:
        """A transition is taken: set, say, and remember what the step does next."""
        frame = self.frames[-1]
        self.moves.append(Move(TAKE, frame, event, step))
        counts = self._counts_after(event)
        if step.at_most:
            counts[event] = self.count(event) + 1
        timer = None if event == TIMEOUT else frame.timer
        if (counts, timer) != (frame.counts, frame.timer):
            self.frames[-1] = replace(frame, counts=counts, timer=timer)
        forgotten: dict[str, Any] = {}
        for slot, value in step.set.items():
            new = value_of(value, self._known()) if isinstance(value, str) else value
            before, self.slots[slot] = self.slots.get(slot), new
            if self.slots[slot] is None:
                forgotten[slot] = before
        self._say(step.say, forgotten)
        self._step = step

    def enter(self, state: str) -> None:
        """The machine went into ``state``: a new entry with its own timer and counts."""
        self.leave()
        self.move(state)
        self._arrive()

    def remind(self, remind: Remind) -> None:
        """Nothing was heard for so long."""
        frame = self.frames[-1]
        self.moves.append(Move(REMIND, frame, detail=str(frame.reminded + 1)))
        self._say(remind.say)

    # What follows of itself.

    def _arrive(self) -> None:
        self._say(self.state.say)
        self._entered = True

    def _drive(self, event: str) -> None:
        self._step, self._entered, self._tried = None, False, event
        self._flows.machines[self.flow.flow].drive(self.frames[-1].state, event, self)

    def _settle(self) -> None:
        for _ in range(MAX_STEPS):
            entered, step = self._entered, self._step
            self._entered, self._step = False, None
            if not (self._settle_entry() if entered else self._settle_step(step)):
                return
        raise LoopError(f"{self.flow.flow}.{self.frames[-1].state} goes round without waiting")

    def _settle_step(self, step: Step | None) -> bool:
        """Finish a step that stayed in its state; whether something more follows."""
        if step is None:
            return False
        if step.do:
            self._action = step.do
        elif step.restart:
            self.forget()
            if self._begins:
                self.begin()
                self._arrive()
            return self._begins
        elif step.call and self.may_call(step.call.flow):
            self.call(step.call, self._known())
            self._arrive()
            return True
        else:
            return self._go_on(again=True)
        return False

    def _settle_entry(self) -> bool:
        """Finish entering the open state; whether something more follows."""
        if self.state.do:
            self._action = self.state.do
            return False
        if self.state.end and len(self.frames) > 1:
            return self._return()
        return self._go_on()

    def _go_on(self, *, again: bool = False) -> bool:
        """Leave the open state if all it collects is known, else ask; whether it was left.

        Args:
            again: what is asked was asked before.
        """
        state = self.state
        if state.filled and not self.missing():
            self._drive(FILLED)
            return True
        if not (again and self.quiet):
            self._ask(again=again)
        return False

    def _return(self) -> bool:
        ended = self.end()
        event = returned_event(ended.flow, ended.state)
        if self.hears(event):
            self._drive(event)
            return True
        return self._go_on(again=True)

    def missing(self) -> list[str]:
        """Slots the open state collects and does not have."""
        return [slot for slot in self.state.collect if self.slots.get(slot) is None]

    def _ask(self, *, again: bool) -> None:
        missing = self.missing()
        only = self.flow.slots[missing[0]].ask if len(missing) == 1 else None
        if question := only or self.state.ask:
            self._say((question,), again=again)

    def _say(
        self,
        replies: tuple[str, ...],
        forgotten: Mapping[str, Any] = NOTHING,
        *,
        again: bool = False,
    ) -> None:
        """Say replies; they still speak of what their own step forgets."""
        if not replies:
            return
        variables = {**self._flows.unfilled, **self.slots, **forgotten, **self._said}
        sentences = self._replies
        for reply in replies:
            for each in sentences.each(reply, variables):
                variant = self._variant(sentences, reply)
                self._says.append(Saying(reply, sentences, each, variant, again))

    @property
    def _replies(self) -> Replies:
        return self._flows.replies_in(self.language)

    def _variant(self, sentences: Replies, reply: str) -> int:
        """Which way to say it: one after the other, from one that differs by conversation."""
        if sentences.variants(reply) == 1:
            return 0
        said = self._variants.get(reply, 0)
        self._variants[reply] = said + 1
        return crc32(self._conversation.id.encode()) + said

    def _known(self) -> dict[str, Any]:
        """What expressions may speak of."""
        return {**self.slots, **self._said, **self._clock}

    @cached_property
    def _clock(self) -> Mapping[str, str]:
        return clock_of(self._local)

    def _counts_after(self, event: str) -> dict[str, int]:
        """The open state's counts; being understood ends a row of misunderstandings."""
        counts = dict(self.frames[-1].counts)
        if counts and event not in UNCLEAR:
            for unclear in UNCLEAR:
                counts.pop(unclear, None)
        return counts
