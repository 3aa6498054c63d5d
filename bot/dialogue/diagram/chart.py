"""A flow as boxes and arrows, in the words staff wrote it in, before anything is drawn."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Literal

from bot.dialogue.flow import Flow, State, Step, Steps, Timeout
from bot.dialogue.machine import (
    FILLED,
    TIMEOUT,
    intent_event,
    returned_event,
    steps_of,
    way_of,
)

Shape = Literal["state", "flow", "restart", "everywhere"]

_UNITS = (
    ("week", timedelta(weeks=1)),
    ("day", timedelta(days=1)),
    ("hour", timedelta(hours=1)),
    ("minute", timedelta(minutes=1)),
    ("second", timedelta(seconds=1)),
)

RESTART = "start over"
"""The box a step with ``restart`` leads to."""

EVERYWHERE = "in every state"
"""The box from which arrows go to states that no state of its own leads to."""


@dataclass(frozen=True, slots=True)
class Box:
    """A state, a sub-flow that is called, the start over, or "in every state".

    Args:
        name: unique in its chart; sub-flows carry the state that calls them as well.
        title: what is written in it.
        does: the actions run on entering and leaving.
        exercised: whether recordings came here; ``None`` when nobody asked.
    """

    name: str
    title: str
    shape: Shape = "state"
    does: str = ""
    initial: bool = False
    end: bool = False
    exercised: bool | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """One event on an arrow.

    Args:
        text: the event: an intent, an outcome, ``timeout 2 hours`` …
        outcome: whether it is how an action or a sub-flow ended, not something heard.
        does: the action run when it is heard.
        guard: the condition under which it counts.
        exercised: as of :class:`Box`.
        way: names its step in the flow: :func:`way_key`.
    """

    text: str
    outcome: bool = False
    does: str = ""
    guard: str = ""
    exercised: bool | None = None
    way: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Arrow:
    """From one box to another or itself, for every event that leads this way."""

    source: str
    target: str
    labels: tuple[Label, ...]

    @property
    def exercised(self) -> bool | None:
        """Whether any of its events was."""
        asked = [label.exercised for label in self.labels if label.exercised is not None]
        return any(asked) if asked else None


@dataclass(frozen=True, slots=True)
class Chart:
    """A flow, ready to be drawn.

    Args:
        boxes: in the order of the file, the initial state first.
        arrows: at most one from any box to any other.
        everywhere: what is heard in every state, a line each.
    """

    title: str
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    everywhere: tuple[str, ...]


def way_key(state: str, event: str, step: Step, *, over: bool = False) -> str:
    """What a step's label is found by.

    Args:
        state: that takes it; empty for one that every state takes.
        over: it stayed as often as it may, and goes on.
    """
    return f"{state}: {way_of(event, step)}{', too often' if over else ''}"


def chart_of(flow: Flow, missed: Collection[str] | None = None) -> Chart:
    """The chart of a flow, its includes resolved.

    Args:
        missed: what recordings never passed: names of states, and ``state: event`` for steps,
            as ``welcome: intent.greet``; ``None`` draws no coverage.
    """
    drawing = _Drawing(flow, missed)
    for name, state in flow.states.items():
        drawing.state(name, state)
    drawing.everywhere()
    boxes = sorted(drawing.boxes.values(), key=lambda box: not box.initial)
    arrows = tuple(Arrow(*ends, tuple(labels)) for ends, labels in drawing.arrows.items())
    return Chart(flow.flow, tuple(boxes), arrows, tuple(_everywhere(flow)))


class _Drawing:
    """Boxes and arrows collected so far."""

    def __init__(self, flow: Flow, missed: Collection[str] | None) -> None:
        self.boxes: dict[str, Box] = {}
        self.arrows: dict[tuple[str, str], list[Label]] = {}
        self._flow = flow
        self._missed = missed
        everywhere = [*flow.always.values(), flow.misunderstood, flow.unsure]
        self._wide = [step for steps in everywhere for step in steps]

    def state(self, name: str, state: State) -> None:
        """Add a state and the arrows its own steps make."""
        initial = name == self._flow.initial
        passed = self._passed(name)
        leaving = f"leaving: {state.leave}" if state.leave else ""
        does = ", ".join(filter(None, (state.do, leaving)))
        self.boxes[name] = Box(name, name, "state", does, initial, state.end, passed)
        for event, step in steps_of(self._flow, state):
            if not self._is_wide(step) and not event.startswith("returned."):
                label = self._label(event, step)
                way = way_key(name, event, step, over=bool(step.at_most))
                label = replace(label, exercised=self._passed(way), way=way)
                self._step(name, name, label, step)

    def everywhere(self) -> None:
        """Add arrows to the states that only steps heard in every state lead to."""
        reached = {target for source, target in self.arrows if source != target}
        for intent, steps in self._flow.always.items():
            for label, then in _last_steps(intent, steps):
                if then.go and then.go not in reached | {self._flow.initial}:
                    self.boxes[EVERYWHERE] = Box(EVERYWHERE, EVERYWHERE, "everywhere")
                    self._arrow(EVERYWHERE, then.go, label)

    def _step(self, state: str, source: str, label: Label, step: Step) -> None:
        """Add the arrow of a step taken in ``state`` and drawn from the box ``source``."""
        if step.call:
            called = f"{state} {step.called}"
            self.boxes[called] = Box(called, step.called, "flow")
            self._arrow(source, called, label)
            for end, steps in step.returned.items():
                for then in steps:
                    way = way_key(state, returned_event(step.called, end), then)
                    ended = Label(end, outcome=True, guard=_guard(then), way=way)
                    self._step(state, called, ended, then)
            return
        if step.restart:
            self.boxes[RESTART] = Box(RESTART, RESTART, "restart")
        self._arrow(source, RESTART if step.restart else step.go or state, label)

    def _arrow(self, source: str, target: str, label: Label) -> None:
        labels = self.arrows.setdefault((source, target), [])
        if label not in labels:
            labels.append(label)

    def _passed(self, name: str) -> bool | None:
        return None if self._missed is None else name not in self._missed

    def _is_wide(self, step: Step) -> bool:
        return any(step is one for one in self._wide)

    def _label(self, event: str, step: Step) -> Label:
        kind, _, name = event.partition(".")
        text = name or kind
        if event == TIMEOUT and isinstance(step, Timeout) and (step.after or step.until):
            text = f"timeout {_length(step.after)}" if step.after else f"timeout at {step.until}"
        if event == FILLED:
            text = "all known"
        if step.at_most:
            text += f" > {step.at_most} times"
        return Label(text, kind == "outcome", step.do or "", _guard(step))


def _guard(step: Step) -> str:
    return step.when or ""


def _length(length: timedelta) -> str:
    """A duration in the words it is written in."""
    unit, one = next((unit, one) for unit, one in _UNITS if not length % one)
    count = length // one
    return f"{count} {unit}{'s' * (count != 1)}"


def _everywhere(flow: Flow) -> Iterator[str]:
    """What a flow hears in every state, in words."""
    answered: dict[str, None] = {}
    for intent, steps in flow.always.items():
        for step in steps:
            if step.call:
                yield f"{intent} → flow {step.called}"
        for label, then in _last_steps(intent, steps):
            if then.go or then.restart:
                yield f"{label.text} → {then.go or RESTART}"
            elif label.text == intent:
                answered[intent] = None
    unclear = {"misunderstood": flow.misunderstood, "unsure": flow.unsure}
    yield from (f"{event} → {step.go}" for event in unclear for step in unclear[event] if step.go)
    if answered:
        yield f"only answered: {', '.join(answered)}"


def _last_steps(event: str, steps: Steps) -> Iterator[tuple[Label, Step]]:
    """The steps themselves, or those after the sub-flows they call."""
    for step in steps:
        if not step.call:
            way = way_key("", intent_event(event), step)
            yield Label(event, guard=_guard(step), way=way), step
        for end, then in step.returned.items():
            yield from _last_steps(f"{event}, then {end}", then)
