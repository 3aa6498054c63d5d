"""Finds what is wrong with the shape of a flow: places nobody comes to, or never leaves."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from bot.dialogue.flow import Flow, State, Steps
from bot.dialogue.machine import steps_of
from bot.document import Document
from bot.errors import Finding
from bot.told import tell


def reach_findings(
    document: Document, flow: Flow, unsure: Collection[str] | None = frozenset()
) -> Iterator[Finding]:
    """States nothing leads to, states without a way out, rounds that never wait.

    Args:
        flow: includes resolved.
        unsure: states that may lead anywhere; ``None``: all may. So may those that lead to a
            state that is not there.
    """
    if unsure is None or flow.initial not in flow.states:
        return
    unsure = {*unsure, *(name for name, state in flow.states.items() if _leads_astray(flow, state))}
    reached = _reached(flow)
    for name, state in flow.states.items():
        if name not in reached:
            if reached.isdisjoint(unsure):
                message = tell(
                    "nothing leads to the state {name!r}; lead to it with 'go', or remove it",
                    name=name,
                )
                yield document.finding(message, ("states", name))
        elif not (name in unsure or state.end or _leads_out(flow, name)):
            message = tell(
                "nothing leads out of the state {name!r}; add a step with 'go', or 'end: true'",
                name=name,
            )
            yield document.finding(message, ("states", name))
    for name in _never_waiting(flow, unsure):
        message = tell(
            "the state {name!r} goes round without ever waiting for an answer", name=name
        )
        yield document.finding(message, ("states", name))


def _leads_astray(flow: Flow, state: State) -> bool:
    return any(step.go and step.go not in flow.states for _, step in steps_of(flow, state))


def _reached(flow: Flow) -> set[str]:
    reached: set[str] = set()
    coming = [flow.initial, *(new for new in flow.migrate.states.values())]
    while coming:
        name = coming.pop()
        if name not in reached and name in flow.states:
            reached.add(name)
            coming += [step.go for _, step in steps_of(flow, flow.states[name]) if step.go]
    return reached


def _leads_out(flow: Flow, name: str) -> bool:
    steps = [step for _, step in steps_of(flow, flow.states[name])]
    return any(step.restart or (step.go and step.go != name) for step in steps)


def _never_waiting(flow: Flow, unsure: Collection[str]) -> list[str]:
    """States that go on of themselves, in whatever way, to others that do; all slots known."""
    ways = {n: _ways_on(state) for n, state in flow.states.items() if n not in unsure}
    going = {name for name, targets in ways.items() if targets}
    while waiting := {name for name in going if not set(ways[name] or ()) <= going}:
        going -= waiting
    return [name for name in flow.states if name in going]


def _ways_on(state: State) -> list[str] | None:
    """Where a state goes of itself; ``None`` when it may also wait."""
    if state.end:
        return None
    if not state.do:
        return _targets(state.filled)
    on: list[str] = []
    for steps in state.outcomes.values():
        targets = _targets(steps)
        if targets is None:
            return None
        on += targets
    return on or None


def _targets(steps: Steps) -> list[str] | None:
    """Where steps go if all of them go on and none forgets anything."""
    targets = [step.go for step in steps if step.go and not step.set]
    return targets if targets and len(targets) == len(steps) else None
