"""A flow as a python-statemachine machine.

The machine owns which state follows which; what to say and do on the way is left to the turn that
drives it. Events are named ``intent.greet``, ``outcome.found``, ``returned.cancel.kept``,
``filled``, ``misunderstood``, ``unsure`` and ``timeout``: the prefixes keep staff's words apart
from the library's own names, and so does that of states (one may be called ``send`` or ``model``).

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

from bot.dialogue.flow import Flow, Remind, State, Step, Steps, merged

FILLED = "filled"
MISUNDERSTOOD = "misunderstood"
UNSURE = "unsure"
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

    def holds(self, step: Step) -> bool:
        """Whether the step's guard holds now."""
        ...

    def count(self, event: str) -> int:
        """How often a limited event stayed in this state since it was entered."""
        ...

    def take(self, event: str, step: Step) -> None:
        """A transition with this step is taken; ``enter`` follows if it leaves the state."""
        ...

    def enter(self, state: str) -> None:
        """The machine went into this state, out of the one that was open."""
        ...

    def remind(self, remind: Remind) -> None:
        """Nothing was heard for so long; the state stays open."""
        ...


class FlowMachine(StateMachine):
    """Base of all flows' machines; one instance serves every conversation of its flow."""

    validate_trap_states = False  # a question nobody answers is the flow checker's finding
    validate_disconnected_states = False  # likewise

    steps: dict[int, Step]
    heard: dict[str, frozenset[str]]
    guarded: dict[tuple[str, str], tuple[Step, ...]]
    reminders: dict[str, tuple[Remind, ...]]

    def allowed(self, driver: Driver, transition: Transition) -> bool:
        """Guard of a step with ``when``."""
        return driver.holds(self.steps[id(transition)])

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

    def hears(self, state: str, event: str, driver: Driver) -> bool:
        """Whether ``state`` has a step for ``event`` whose guard holds."""
        steps = self.guarded.get((state, event))
        return event in self.heard[state] if steps is None else any(map(driver.holds, steps))

    def drive(self, state: str, event: str, driver: Driver) -> None:
        """Send ``event`` in ``state``."""
        self.current_state_value = _value(state)
        self.send(event, driver=driver)

    def remind(self, state: str, at: int, driver: Driver) -> None:
        """Hand a state's reminder to the turn."""
        driver.remind(self.reminders[state][at])


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
    heard: dict[tuple[str, str], list[Step]] = {}

    def connect(source: str, event: str, step: Step, *, within_limit: bool = False) -> None:
        node = nodes[source]
        guards = ["allowed"] * bool(step.when) + ["within_limit"] * within_limit
        extra: dict[str, Any] = {"cond": guards} if guards else {}
        transitions = (
            node.to(node, event=event, internal=True, **extra)
            if within_limit or step.go is None
            else node.to(nodes[step.go], event=event, **extra)
        )
        steps.update((id(transition), step) for transition in transitions)

    for name, state in flow.states.items():
        for event, step in steps_of(flow, state):
            heard.setdefault((name, event), []).append(step)
            if step.at_most is not None:
                connect(name, event, step, within_limit=True)
                connect(name, event, Step(when=step.when, go=step.go))
            else:
                connect(name, event, step)

    body = {
        "__module__": __name__,
        "nodes": States({_value(name): node for name, node in nodes.items()}),
        "steps": steps,
        "heard": {
            name: frozenset(event for state, event in heard if state == name)
            for name in flow.states
        },
        "reminders": {name: state.remind for name, state in flow.states.items()},
        "guarded": {key: tuple(steps) for key, steps in heard.items() if steps[-1].when},
    }
    built = new_class(
        f"FlowMachine_{flow.flow}", (FlowMachine,), exec_body=lambda ns: ns.update(body)
    )
    machine: FlowMachine = built()
    return machine


def steps_of(flow: Flow, state: State) -> Iterator[tuple[str, Step]]:
    """Every step a state may take, with its event; of one event in the order they are tried."""
    steps = dict(_own_steps_of(flow, state))
    steps |= dict(returns_in(steps.values()))
    for event, tried in steps.items():
        for step in tried:
            yield event, step
            if step.when is None:
                break


def tried_at(flow: Flow, state: State, event: str) -> Steps:
    """The steps a state may take at one event, in the order they are tried."""
    kind, _, name = event.partition(".")
    match kind:
        case "intent":
            steps = state.on.get(name, ()) + flow.always.get(name, ())
        case "outcome":
            steps = state.outcomes.get(name, ())
        case _:
            own = dict(_own_steps_of(flow, state))
            steps = own.get(event) or dict(returns_in(own.values())).get(event, ())
    last = next((at for at, step in enumerate(steps) if step.when is None), len(steps))
    return steps[: last + 1]


def way_of(event: str, step: Step) -> str:
    """A step's name among those of its state."""
    return f"{event}, when {step.when}" if step.when else event


def returns_of(steps: Iterable[Step]) -> Iterator[tuple[str, Steps]]:
    """The steps that follow the sub-flows ``steps`` call, by event."""
    for step in steps:
        for end, then in step.returned.items():
            yield returned_event(step.called, end), then
            yield from returns_of(then)


def returns_in(tried: Iterable[Steps]) -> Iterator[tuple[str, Steps]]:
    """The same for the steps of many events."""
    return returns_of(step for steps in tried for step in steps)


def _own_steps_of(flow: Flow, state: State) -> Iterator[tuple[str, Steps]]:
    """By event; where no guard of a state holds, what is heard everywhere is tried."""
    for intent, steps in merged(state.on, flow.always).items():
        yield intent_event(intent), steps
    for outcome, steps in state.outcomes.items():
        yield outcome_event(outcome), steps
    if state.filled:
        yield FILLED, state.filled
    if misunderstood := state.misunderstood + flow.misunderstood:
        yield MISUNDERSTOOD, misunderstood
    if flow.unsure:
        yield UNSURE, flow.unsure
    if state.timeout:
        yield TIMEOUT, state.timeout
