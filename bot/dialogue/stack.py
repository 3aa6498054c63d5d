"""The flows open in one conversation, and the slots they share or have set aside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.dialogue.conversation import Conversation, Frame
from bot.dialogue.events import Outcome
from bot.dialogue.expression import Variables, value_of
from bot.dialogue.flow import Call, Flow, State
from bot.dialogue.flowset import FlowSet
from bot.dialogue.timing import timer_of
from bot.dialogue.trace import CLOSE, END, GO, OPEN, Move

MAX_DEPTH = 5
"""Flows that may be open at once; a call beyond that only asks the open question again."""


class Leaving(Exception):
    """A state is being left whose action has not been run; carries the action's name."""


class Stack:
    """Frames and slots of a conversation while an event is at work on it.

    Args:
        flows: the flow set of the conversation's version.
        now: aware UTC; timers count from it.
        left: outcomes of the actions of states that this event leaves, in order.

    Attributes:
        moves: what was done so far, in order.
    """

    def __init__(
        self,
        flows: FlowSet,
        conversation: Conversation,
        now: datetime,
        left: Iterable[Outcome] = (),
    ) -> None:
        self._flows = flows
        self._now = now
        self._left = iter(left)
        self._root = conversation.root
        self.entries = conversation.entries
        self.frames = list(conversation.frames)
        self.slots: dict[str, Any] = dict(conversation.slots)
        self.moves: list[Move] = []

    @property
    def flow(self) -> Flow:
        """The flow on top of the stack."""
        return self._flows.flows[self.frames[-1].flow]

    @property
    def state(self) -> State:
        """The open state."""
        frame = self.frames[-1]
        return self._flows.flows[frame.flow].states[frame.state]

    def state_of(self, frame: Frame) -> State:
        """The state a frame stands in."""
        return self._flows.flows[frame.flow].states[frame.state]

    def begin(self) -> None:
        """Stand at the beginning of the root flow, saying nothing yet."""
        self.open(self._root, {}, {})

    def forget(self) -> None:
        """Leave every open flow and forget everything."""
        self.close(0)
        self.slots.clear()

    def leave(self) -> None:
        """Leave the state on top; what its action gives is known from here on.

        Raises:
            Leaving: that action has to be run first.
        """
        if action := self.state.leave:
            outcome = next(self._left, None)
            if outcome is None:
                raise Leaving(action)
            self.slots |= outcome.values

    def open(self, flow: str, outer: Variables, into: Mapping[str, str]) -> None:
        """Put a flow on the stack, in its initial state, saying nothing yet; see :class:`Frame`."""
        frame = self._entry(flow, self._flows.flows[flow].initial, outer, into)
        self.frames.append(frame)
        self.moves.append(Move(OPEN, frame))

    def move(self, state: str) -> None:
        """Stand in a state of the flow on top: a new entry with its own timer and counts."""
        left = self.frames[-1]
        frame = self._entry(left.flow, state, left.outer, left.into)
        self.frames[-1] = frame
        self.moves.append(Move(GO, frame))

    def may_call(self, flow: str) -> bool:
        """Whether there is room for a flow; none is open twice."""
        return len(self.frames) < MAX_DEPTH and flow not in (frame.flow for frame in self.frames)

    def call(self, call: Call, known: Variables) -> None:
        """Open a sub-flow: its own slots begin empty, then take the arguments."""
        given = {slot: value_of(value, known) for slot, value in call.given.items()}
        own = [name for name, slot in self._flows.flows[call.flow].slots.items() if slot.own]
        outer = {name: self.slots.get(name) for name in own}
        self.slots |= {**dict.fromkeys(own), **given}
        self.open(call.flow, outer, call.into)

    def end(self) -> Frame:
        """Take the flow on top off the stack, and copy its results; where it ended."""
        self.leave()
        ended = self.frames.pop()
        self.moves.append(Move(END, ended))
        results = {slot: self.slots.get(result) for slot, result in ended.into.items()}
        self.slots |= {**ended.outer, **results}
        return ended

    def close(self, depth: int) -> None:
        """Take the flows from ``depth`` on off the stack; what they set aside comes back."""
        while len(self.frames) > depth:
            self.leave()
            closed = self.frames.pop()
            self.moves.append(Move(CLOSE, closed))
            self.slots |= closed.outer

    def reminded(self, depth: int) -> None:
        """A reminder of the flow at ``depth`` has rung; set its next timer."""
        frame = self.frames[depth]
        state, since, reminded = self.state_of(frame), frame.since or self._now, frame.reminded + 1
        timer = timer_of(state, self.slots, since, reminded)
        self.frames[depth] = replace(frame, reminded=reminded, timer=timer)

    def renew(self) -> None:
        """Let every open state's timer count from now, as if it had just been entered."""
        for depth, frame in enumerate(self.frames):
            if frame.timer is None:
                continue
            state = self.state_of(frame)
            since = self._now.replace(microsecond=0) if state.remind else frame.since
            timer = timer_of(state, self.slots, since or self._now, frame.reminded)
            self.frames[depth] = replace(frame, since=since, timer=timer)

    def _entry(self, flow: str, state: str, outer: Variables, into: Mapping[str, str]) -> Frame:
        """A new entry of a state, with its own number and timer."""
        self.entries += 1
        entered = self._flows.flows[flow].states[state]
        since = self._now.replace(microsecond=0) if entered.remind else None
        timer = timer_of(entered, self.slots, since or self._now)
        return Frame(flow, state, self.entries, timer=timer, since=since, outer=outer, into=into)
