"""A flow as a python-statemachine machine.

The machine owns which state follows which; what to say and do on the way is left to the turn that
drives it. Events are named ``intent.greet``, ``outcome.found``, ``returned.cancel.kept``,
``filled``, ``misunderstood`` and ``timeout``: the prefixes keep staff's words apart from the
library's own names, and so does that of states (one may be called ``send`` or ``model``).

Classes are built only when flows are loaded. The library keeps every class under its name, so a
flow's class is always named alike and a reload replaces it instead of piling up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import new_class
from typing import Any, Protocol

from statemachine import State as MachineState
from statemachine import StateMachine
from statemachine.states import States
from statemachine.transition import Transition

from bot.dialogue.flow import Flow, State, Step

FILLED = "filled"
MISUNDERSTOOD = "misunderstood"
TIMEOUT = "timeout"


def intent_event(intent: str) -> str:
    """Event of an intent."""
    return f"intent.{intent}"


def outcome_event(outcome: str) -> str:
    """Event of an action's outcome."""
    return f"outcome.{outcome}"


def returned_event(flow: str, end: str) -> str:
    """Event of a sub-flow that ended in state ``end``."""
    return f"returned.{flow}.{end}"


class Driver(Protocol):
    """The turn that drives a machine."""

    def count(self, event: str) -> int:
        """How often a limited event stayed in this state since it was entered."""
        ...

    def take(self, event: str, step: Step) -> None:
        """A transition with this step is taken; ``enter`` follows if it leaves the state."""
        ...

    def enter(self, state: str) -> None:
        """The machine went into this state."""
        ...


class FlowMachine(StateMachine):
    """Base of all flows' machines; one instance serves every conversation of its flow."""

    validate_trap_states = False  # a question nobody answers is the flow checker's finding
    validate_disconnected_states = False  # likewise

    steps: dict[int, Step]
    heard: dict[str, frozenset[str]]

    def within_limit(self, driver: Driver, event: str, transition: Transition) -> bool:
        """Guard of a step with ``at_most``."""
        return driver.count(str(event)) < (self.steps[id(transition)].at_most or 0)

    def on_transition(self, driver: Driver, event: str, transition: Transition) -> None:
        """Hand the transition's step to the turn."""
        driver.take(str(event), self.steps[id(transition)])

    def on_enter_state(self, target: MachineState, driver: Driver | None = None) -> None:
        """Tell the turn; without one the machine is only being built."""
        if driver is not None:
            driver.enter(target.name)

    def hears(self, state: str, event: str) -> bool:
        """Whether ``state`` has a transition for ``event``."""
        return event in self.heard[state]

    def drive(self, state: str, event: str, driver: Driver) -> None:
        """Send ``event`` in ``state``."""
        self.current_state_value = _value(state)
        self.send(event, driver=driver)


def _value(state: str) -> str:
    """What the library calls a state; never one of its own names."""
    return f"state_{state}"


def machine_of(flow: Flow) -> FlowMachine:
    """Build the machine of a flow whose targets are known to exist."""
    nodes = {
        name: MachineState(name, value=_value(name), initial=name == flow.initial)
        for name in flow.states
    }
    steps: dict[int, Step] = {}
    heard: dict[str, set[str]] = {name: set() for name in flow.states}

    def connect(source: str, event: str, step: Step, *, stay: bool, guarded: bool = False) -> None:
        node = nodes[source]
        extra: dict[str, Any] = {"cond": "within_limit"} if guarded else {}
        transitions = (
            node.to(node, event=event, internal=True, **extra)
            if stay or step.go is None
            else node.to(nodes[step.go], event=event, **extra)
        )
        steps.update((id(transition), step) for transition in transitions)
        heard[source].add(event)

    for name, state in flow.states.items():
        for event, step in steps_of(flow, state):
            if step.at_most is None:
                connect(name, event, step, stay=False)
            else:
                connect(name, event, step, stay=True, guarded=True)
                connect(name, event, Step(go=step.go), stay=False)

    body = {
        "__module__": __name__,
        "nodes": States({_value(name): node for name, node in nodes.items()}),
        "steps": steps,
        "heard": {name: frozenset(events) for name, events in heard.items()},
    }
    built = new_class(
        f"FlowMachine_{flow.flow}", (FlowMachine,), exec_body=lambda ns: ns.update(body)
    )
    machine: FlowMachine = built()
    return machine


def steps_of(flow: Flow, state: State) -> Iterator[tuple[str, Step]]:
    """Every event a state hears, once, with its step; the state's own before the flow's."""
    steps = dict(_own_steps_of(flow, state))
    yield from steps.items()
    yield from dict(returns_of(steps.values())).items()


def returns_of(steps: Iterable[Step]) -> Iterator[tuple[str, Step]]:
    """The steps that follow the sub-flows ``steps`` call, by event."""
    for step in steps:
        for end, then in step.returned.items():
            yield returned_event(step.call or "", end), then
        yield from returns_of(step.returned.values())


def _own_steps_of(flow: Flow, state: State) -> Iterator[tuple[str, Step]]:
    always = {i: step for i, step in flow.always.items() if i not in state.on}
    for intent, step in [*state.on.items(), *always.items()]:
        yield intent_event(intent), step
    for outcome, step in state.outcomes.items():
        yield outcome_event(outcome), step
    if state.filled:
        yield FILLED, state.filled
    if misunderstood := state.misunderstood or flow.misunderstood:
        yield MISUNDERSTOOD, misunderstood
    if state.timeout:
        yield TIMEOUT, state.timeout
