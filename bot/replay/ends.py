"""In which states a sub-flow can end, where no flow can be open twice."""

from __future__ import annotations

from collections.abc import Mapping

from bot.dialogue.flow import Flow
from bot.dialogue.machine import steps_of

RETURNED = "returned."


class Ends:
    """Where sub-flows of some flows can end; asked for often, so each is looked for once."""

    def __init__(self, flows: Mapping[str, Flow]) -> None:
        self._flows = flows
        self._found: dict[tuple[str, frozenset[str]], frozenset[str]] = {}

    def can_return(self, event: str, flow: str) -> bool:
        """Whether a step of ``flow`` for the event ``event`` can ever be taken.

        ``returned.cancel.taken`` can not where ``cancel`` ends in ``taken`` only by calling a flow
        that is open below it; such steps stand in flow files because the files say what else may
        be.
        """
        if not event.startswith(RETURNED):
            return True
        called, _, end = event.removeprefix(RETURNED).partition(".")
        return end in self._of(called, frozenset({flow}))

    def _of(self, called: str, below: frozenset[str]) -> frozenset[str]:
        """The states a flow may end in, called where ``below`` are open."""
        if called in below:
            return frozenset()
        if (called, below) not in self._found:
            self._found[called, below] = self._looked_for(called, below)
        return self._found[called, below]

    def _looked_for(self, called: str, below: frozenset[str]) -> frozenset[str]:
        flow, here = self._flows[called], below | {called}
        reached, coming = set[str](), [flow.initial]
        while coming:
            name = coming.pop()
            if name in reached:
                continue
            reached.add(name)
            for event, step in steps_of(flow, flow.states[name]):
                if event.startswith(RETURNED):
                    other, _, end = event.removeprefix(RETURNED).partition(".")
                    if end not in self._of(other, here):
                        continue
                if step.go:
                    coming.append(step.go)
        return frozenset(name for name in reached if flow.states[name].end)
