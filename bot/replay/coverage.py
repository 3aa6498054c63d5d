"""What of the flows was exercised: states entered, steps taken, replies said.

Flows are watched from outside: machines get a listener, and replies note what they are asked for.
The bot itself runs as it always does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from statemachine.transition import Transition

from bot.definitions import Definitions
from bot.dialogue.flow import Flow, State, Step
from bot.dialogue.flowset import FlowSet
from bot.dialogue.machine import FlowMachine, machine_of, steps_of, way_of
from bot.dialogue.replies import Replies
from bot.dialogue.reply import Reply

REPLIES = "replies"
EVERY_FLOW = "common"
"""Where steps stand that several flows include."""


@dataclass(frozen=True, slots=True)
class Point:
    """Something that a conversation can pass.

    Args:
        part: the flow it belongs to, :data:`EVERY_FLOW` or :data:`REPLIES`.
        kind: ``state``, ``step`` or ``reply``.
        name: ``booked``, ``welcome: intent.greet`` …
    """

    part: str
    kind: str
    name: str


class Coverage:
    """Watches definitions while recordings are played on them."""

    def __init__(self, definitions: Definitions) -> None:
        flows = definitions.flows
        self._steps = dict(_steps(flows.flows))
        self._passed: dict[Point, bool] = dict.fromkeys(_points(flows, self._steps), False)
        machines = {name: machine_of(flow) for name, flow in flows.flows.items()}
        for name, machine in machines.items():
            listener = _Listener(self, name, machine)
            machine.add_listener(listener)  # type: ignore[no-untyped-call] # the library's
        replies = {language: _Watched(each, self) for language, each in flows.replies.items()}
        watched = replace(flows, machines=machines, replies=replies)
        self.watched = replace(definitions, flows=watched)
        """The definitions to play on."""

    def note(self, point: Point) -> None:
        """Something was passed."""
        self._passed[point] = True

    def note_all(self, points: Iterable[Point]) -> None:
        """All of these were passed."""
        self._passed.update(dict.fromkeys(points, True))

    def forget(self) -> None:
        """Nothing was passed yet; watching begins anew."""
        self._passed = dict.fromkeys(self._passed, False)

    def note_step(self, flow: str, state: str, event: str, step: Step) -> None:
        """A step was taken."""
        at_its_limit = Point(flow, "step", f"{state}: {way_of(event, step)}, too often")
        self.note(self._steps.get(id(step), at_its_limit))

    def parts(self) -> Mapping[str, Mapping[str, tuple[int, int]]]:
        """``{part: {kind: (passed, there are)}}``, flows first."""
        counted: dict[str, dict[str, tuple[int, int]]] = {}
        for point, passed in self._passed.items():
            kinds = counted.setdefault(point.part, {})
            done, there_are = kinds.get(point.kind, (0, 0))
            kinds[point.kind] = (done + passed, there_are + 1)
        return counted

    @property
    def passed(self) -> list[Point]:
        """What was passed."""
        return [point for point, passed in self._passed.items() if passed]

    @property
    def missed(self) -> list[Point]:
        """What was never passed."""
        return [point for point, passed in self._passed.items() if not passed]

    @property
    def percent(self) -> float:
        """How much of everything was passed; 0 to 100."""
        return 100 * sum(self._passed.values()) / len(self._passed)


class _Listener:
    """Hears a machine's transitions; the library calls its method by name.

    A sub-flow's first state is opened rather than gone to, so the state left counts as well.
    """

    def __init__(self, coverage: Coverage, flow: str, machine: FlowMachine) -> None:
        self._coverage = coverage
        self._flow = flow
        self._machine = machine

    def after_transition(
        self, event: str, source: Any, target: Any, transition: Transition
    ) -> None:
        """A transition was taken."""
        step = self._machine.steps[id(transition)]
        self._coverage.note_step(self._flow, source.name, str(event), step)
        for state in (source, target):
            self._coverage.note(Point(self._flow, "state", state.name))


class _Watched(Replies):
    """Replies that note what was said, also by one reply within another."""

    def __init__(self, replies: Replies, coverage: Coverage) -> None:
        super().__init__(replies.language, replies.document, replies.first)
        self._coverage = coverage

    def render(self, key: str, variables: Mapping[str, Any], variant: int = 0) -> Reply:
        """Say ``key``, and note it."""
        self._coverage.note(Point(REPLIES, "reply", key))
        return super().render(key, variables, variant)

    def _say(self, key: str, **variables: Any) -> str:
        self._coverage.note(Point(REPLIES, "reply", key))
        return super()._say(key, **variables)


def _points(flows: FlowSet, steps: Mapping[int, Point]) -> Iterator[Point]:
    """Everything there is to pass, each once, a flow's own together."""
    for name, flow in flows.flows.items():
        yield from (Point(name, "state", state) for state in flow.states)
        yield from (point for point in steps.values() if point.part == name)
        yield from (
            Point(name, "step", f"{state_name}: {way_of(event, step)}, too often")
            for state_name, state in flow.states.items()
            for event, step in steps_of(flow, state)
            if step.at_most
        )
    yield from (point for point in steps.values() if point.part == EVERY_FLOW)
    yield from (Point(REPLIES, "reply", key) for key in next(iter(flows.replies.values())))


def _steps(flows: Mapping[str, Flow]) -> Iterator[tuple[int, Point]]:
    """Every step once by its identity; included and ``always`` steps are one wherever heard."""
    users: dict[int, set[str]] = {}
    for name, flow in flows.items():
        for state in flow.states.values():
            for _, step in steps_of(flow, state):
                users.setdefault(id(step), set()).add(name)
    for name, flow in flows.items():
        for state_name, state in flow.states.items():
            for event, step in steps_of(flow, state):
                where = f"{state_name}: " if _is_own(step, state) else ""
                part = EVERY_FLOW if len(users[id(step)]) > 1 else name
                yield id(step), Point(part, "step", f"{where}{way_of(event, step)}")


def _is_own(step: Step, state: State) -> bool:
    """Whether a step is written in this state, not heard in every one."""
    own = [*state.on.values(), *state.outcomes.values(), state.filled]
    own += [state.misunderstood, state.timeout]
    return any(step is one for steps in own for one in steps)
