"""Walks one flow along every way it may take, and notes what is known where something is said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.dialogue.actions import Action
from bot.dialogue.events import OPTION
from bot.dialogue.filling import entity_of
from bot.dialogue.flow import Call, Flow, Step, Steps
from bot.dialogue.knowledge import (
    AS_BEFORE,
    KNOWN,
    REFUSED,
    UNKNOWN,
    Knowledge,
    after_action,
    after_set,
    called_with,
    joined,
    perhaps_with,
    where,
    with_known,
    written_is,
)
from bot.dialogue.machine import (
    MISUNDERSTOOD,
    TIMEOUT,
    UNSURE,
    intent_event,
    returned_event,
    steps_of,
)
from bot.dialogue.slot_type import SlotType

Ends = Mapping[str, Knowledge]
"""What is known where a flow ends, by end state."""


@dataclass(frozen=True, slots=True)
class World:
    """What all flows share.

    Args:
        slots: all there are.
        carried: entities that an intent always brings, as far as is known.
        ends: of the flows, as far as they have been walked.
    """

    flows: Mapping[str, Flow]
    actions: Mapping[str, Action]
    slot_types: Mapping[str, SlotType]
    slots: frozenset[str]
    carried: Mapping[str, frozenset[str]]
    ends: Mapping[str, Ends] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Place:
    """A moment in a state: ``enter`` it, ``go on`` in it, ``hear`` something, ``call`` a flow."""

    what: str
    state: str
    call: Call | None = field(default=None, compare=False)
    called: str = ""


class Walk:
    """One flow, walked.

    Args:
        is_root: whether episodes begin with it.

    Attributes:
        said: what may be known, by ``(reply, state)``.
        ends: what may be known, by end state.
        calls: what may be known where a flow is called, by flow.
    """

    def __init__(self, flow: Flow, world: World, *, is_root: bool) -> None:
        self._flow, self._world, self._is_root = flow, world, is_root
        self._steps: dict[str, dict[str, list[Step]]] = {}
        for name, state in flow.states.items():
            tried = self._steps[name] = {}
            for event, step in steps_of(flow, state):
                tried.setdefault(event, []).append(step)
        self._known: dict[_Place, Knowledge] = {}
        self._due: list[_Place] = []
        self._hears: list[_Place] = []
        self.said: dict[tuple[str, str], Knowledge] = {}
        self.ends: dict[str, Knowledge] = {}
        self.calls: dict[str, Knowledge] = {}
        beginning = Knowledge.of(world.slots, AS_BEFORE).but({REFUSED: UNKNOWN})
        self._come(_Place("enter", flow.initial), beginning)
        if is_root:  # the first message is heard before anything is said
            self._come(_Place("hear", flow.initial), beginning)
        while self._due or self._hears:
            # To hear everything that may be said is dear: first all ways lead there.
            place = self._due.pop() if self._due else self._hears.pop()
            self._on(place, self._known[place])

    def _come(self, place: _Place, known: Knowledge) -> None:
        """Walk on from a place, if more may be unknown there than on the ways before."""
        now = joined(self._known.get(place), known)
        if place.state in self._flow.states and now != self._known.get(place):
            self._known[place] = now
            due = self._hears if place.what == "hear" else self._due
            if place not in due:
                due.append(place)

    def _on(self, place: _Place, known: Knowledge) -> None:
        if place.call:
            self._returned(place.state, place.call, known)
        elif place.what == "enter":
            self._arrive(place.state, known)
        elif place.what == "go on":
            self._ask(place.state, known)
        else:
            self._hear(place.state, known)

    def _go_on(self, name: str, known: Knowledge) -> None:
        self._come(_Place("go on", name), known)

    def _say(self, state: str, replies: Iterable[str | None], known: Knowledge) -> None:
        for reply in replies:
            if reply:
                at = (reply, state)
                self.said[at] = joined(self.said.get(at), known)

    def _arrive(self, name: str, known: Knowledge) -> None:
        state = self._flow.states[name]
        self._say(name, state.say, known)
        if state.do:
            self._act(name, state.do, known)
            return
        if state.end:
            self.ends[name] = joined(self.ends.get(name), self._left(name, known))
        if self._is_root or not state.end:
            self._go_on(name, known)

    def _ask(self, name: str, known: Knowledge) -> None:
        """All is known that the state collects, or it asks."""
        state = self._flow.states[name]
        missing = [slot for slot in state.collect if known.get(slot, UNKNOWN) != KNOWN]
        if state.filled:
            if not any(known.get(slot, 0) == UNKNOWN for slot in missing):
                self._take(name, state.filled, with_known(known, missing))
            if not missing:
                return
        for slot in missing:
            alone = with_known(known, state.collect).but({slot: UNKNOWN})
            declared = self._flow.slots.get(slot)
            self._say(name, (declared.ask if declared else None,), alone)
        self._say(name, (state.ask,), known)
        self._come(_Place("hear", name), known)

    def _hear(self, name: str, known: Knowledge) -> None:
        """A message comes, or time passes."""
        flow, state = self._flow, self._flow.states[name]
        for remind in state.remind:
            self._say(name, remind.say, known)
        wrong = (slot.wrong for slot in flow.slots.values())
        self._say(name, wrong, known.but({REFUSED: KNOWN}))
        heard = perhaps_with(known, (*flow.slots, *state.options))
        if state.collect:
            self._go_on(name, heard)
        for event, steps in self._steps[name].items():
            if event == TIMEOUT:
                self._take(name, steps, known)
            elif event in {MISUNDERSTOOD, UNSURE}:
                self._take(name, steps, heard)
        for intent in {*state.on, *flow.always}:
            steps = self._steps[name][intent_event(intent)]
            self._take(name, steps, with_known(heard, self._brought(name, intent)))

    def _brought(self, name: str, intent: str) -> set[str]:
        """Slots that a message with this intent fills."""
        entities = self._world.carried.get(intent, frozenset())
        types = self._world.slot_types
        slots = {
            slot
            for slot, declared in self._flow.slots.items()
            if declared.type in types and entity_of(slot, declared, types) in entities
        }
        return slots | (set(self._flow.states[name].options) if OPTION in entities else set())

    def _take(self, name: str, tried: Steps | list[Step], known: Knowledge) -> None:
        """The first step whose guard holds."""
        left: Knowledge | None = known
        for step in tried:
            if left is None:
                return
            if (here := where(left, step.when, holds=True)) is not None:
                self._do(name, step, here)
            left = where(left, step.when, holds=False)

    def _do(self, name: str, step: Step, before: Knowledge) -> None:
        known = after_set(before, {s: v for s, v in step.set.items() if s in before})
        forgotten = {slot: before[slot] for slot in step.set if known.get(slot, 0) == UNKNOWN}
        self._say(name, step.say, known.but(forgotten))
        if step.at_most:
            self._go_on(name, known)
            known = before
        if step.do:
            self._act(name, step.do, known)
        elif step.call and step.called in self._world.flows and step.called != self._flow.flow:
            self._come(_Place("call", name, step.call, str(step.call)), known)
        elif step.go:
            self._come(_Place("enter", step.go), self._left(name, known))
        elif not step.restart:
            self._go_on(name, known)

    def _act(self, name: str, called: str, known: Knowledge) -> None:
        action = self._world.actions.get(called)
        if action is None:
            return
        for outcome in action.outcomes:
            steps = self._flow.states[name].outcomes.get(outcome, ())
            self._take(name, steps, after_action(known, action, outcome))

    def _left(self, name: str, known: Knowledge) -> Knowledge:
        """What is known once the state is left, its ``leave`` done."""
        state = self._flow.states[name]
        action = self._world.actions.get(state.leave or "")
        if action is None:
            return known
        outcome = next(iter(action.outcomes))  # it has one, or cannot stand under ``leave``
        return after_action(known, action, outcome)

    def _returned(self, name: str, call: Call, known: Knowledge) -> None:
        """A flow is called, and has ended in each of the ways it may."""
        sub = self._world.flows[call.flow]
        own = {slot for slot, declared in sub.slots.items() if declared.own}
        given = {s: written_is(v, known) for s, v in call.given.items() if s in known}
        inside = known.but({**dict.fromkeys(own, UNKNOWN), **given})
        self.calls[call.flow] = joined(self.calls.get(call.flow), inside)
        for end, ended in self._world.ends.get(call.flow, {}).items():
            after = called_with(ended, inside)
            results = {s: after[r] for s, r in call.into.items() if s in after and r in after}
            back = after.but({**{slot: known[slot] for slot in own}, **results})
            steps = self._steps[name].get(returned_event(call.flow, end))
            if steps:
                self._take(name, steps, back)
            else:
                self._go_on(name, back)
