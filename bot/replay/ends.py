"""In which states a sub-flow can end, where no flow can be open twice."""

from __future__ import annotations

from collections.abc import Mapping

from bot.dialogue.flow import Flow
from bot.dialogue.machine import steps_of

RETURNED = "returned."


def can_return(event: str, flow: str, flows: Mapping[str, Flow]) -> bool:
    """Whether a step of ``flow`` for the event ``event`` can ever be taken.

    ``returned.cancel.taken`` can not where ``cancel`` ends in ``taken`` only by calling a flow that
    is open below it; such steps stand in flow files because the files say what else may be.
    """
    if not event.startswith(RETURNED):
        return True
    called, _, end = event.removeprefix(RETURNED).partition(".")
    return end in _ends(called, frozenset({flow}), flows)


def _ends(called: str, below: frozenset[str], flows: Mapping[str, Flow]) -> set[str]:
    """The states a flow may end in, called where ``below`` are open."""
    flow, here = flows[called], below | {called}
    reached, coming = set[str](), [flow.initial]
    ends: dict[str, set[str]] = {}
    while coming:
        name = coming.pop()
        if name in reached:
            continue
        reached.add(name)
        for event, step in steps_of(flow, flow.states[name]):
            if event.startswith(RETURNED):
                other, _, end = event.removeprefix(RETURNED).partition(".")
                if other not in ends:
                    ends[other] = set() if other in here else _ends(other, here, flows)
                if end not in ends[other]:
                    continue
            if step.go:
                coming.append(step.go)
    return {name for name in reached if flow.states[name].end}
