"""Finds guards whose answer is known beforehand."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.dialogue.expression import compiled, source_of
from bot.dialogue.flow import Flow, Shared, Steps
from bot.dialogue.machine import steps_of
from bot.document import Document, Loc, meant
from bot.errors import Finding
from bot.told import tell

Choices = Mapping[str, frozenset[str]]
"""What each slot that chooses may hold."""


def choices_in(flows: Mapping[str, Flow], given: frozenset[str]) -> Choices:
    """The slots that hold one of their ``choices`` and nothing else, in all flows.

    Args:
        given: slots that actions fill, with whatever they like.
    """
    found: dict[str, set[str]] = {}
    open_ended = set(given)
    for flow in flows.values():
        for name, slot in flow.slots.items():
            found.setdefault(name, set()).update(slot.choices)
            if not slot.choices:
                open_ended.add(name)
        for state in flow.states.values():
            open_ended |= {*state.options}
            for _, step in steps_of(flow, state):
                written = {**step.set, **(step.call.given if step.call else {})}
                for name, value in written.items():
                    if source_of(value) is not None:
                        open_ended.add(name)
                    elif isinstance(value, str):
                        found.setdefault(name, set()).add(value)
                open_ended |= {*(step.call.into if step.call else ())}
    return {name: frozenset(values) for name, values in found.items() if name not in open_ended}


def steps_in(part: Flow | Shared) -> Iterator[tuple[Steps, Loc]]:
    """The steps of every event in a file, and where they stand."""
    for intent, steps in part.always.items():
        yield steps, ("always", intent)
    yield part.misunderstood, ("misunderstood",)
    yield part.unsure, ("unsure",)
    for name, state in part.states.items() if isinstance(part, Flow) else ():
        at = ("states", name)
        yield from ((steps, (*at, "on", intent)) for intent, steps in state.on.items())
        yield from ((steps, (*at, "outcomes", out)) for out, steps in state.outcomes.items())
        yield state.filled, (*at, "filled")
        yield state.misunderstood, (*at, "misunderstood")
        yield state.timeout, (*at, "timeout")


def guard_findings(
    document: Document, steps: Steps, loc: Loc, choices: Choices
) -> Iterator[Finding]:
    """Guards among the steps of one event that always hold, never do, or are never asked."""
    before: dict[str, int] = {}
    for at, step in enumerate(steps):
        for end, then in step.returned.items():
            yield from guard_findings(document, then, (*loc, at, "returned", end), choices)
        if step.when is None:
            continue
        here = (*loc, at, "when")
        source = step.when.strip()
        if source in before:
            message = tell("the same 'when' stands at a step before, so this one is never taken")
            yield document.finding(message, here)
        elif not compiled(source).names:
            message = (
                tell("{guard!r} always holds; leave it out; compare with a slot", guard=source)
                if compiled(source).evaluate({})
                else tell("{guard!r} never holds; compare with a slot", guard=source)
            )
            yield document.finding(message, here)
        before.setdefault(source, at)
        yield from choice_findings(document, source, here, choices)


def self_call_findings(document: Document, steps: Steps, loc: Loc, flow: str) -> Iterator[Finding]:
    """Steps of a flow's own states that call the flow itself, which never happens."""
    for at, step in enumerate(steps):
        if step.called == flow and loc[0] == "states":
            message = tell(
                "the flow {flow!r} is open here, and none is open twice; lead on with 'go'",
                flow=flow,
            )
            yield document.finding(message, (*loc, at, "call"))


def choice_findings(
    document: Document, source: str, loc: Loc, choices: Choices
) -> Iterator[Finding]:
    """Comparisons of a slot with what it never holds."""
    for node in ast.walk(ast.parse(source.strip(), mode="eval")):
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            yield from _compared(document, node, loc, choices)


def _compared(
    document: Document, node: ast.Compare, loc: Loc, choices: Choices
) -> Iterator[Finding]:
    left, right = node.left, node.comparators[0]
    if isinstance(node.ops[0], ast.Eq | ast.NotEq) and isinstance(right, ast.Name):
        left, right = right, left
    if not isinstance(left, ast.Name) or left.id not in choices:
        return
    values: Sequence[Any] = ()
    if isinstance(node.ops[0], ast.Eq | ast.NotEq):
        values = [right]
    elif isinstance(node.ops[0], ast.In | ast.NotIn) and isinstance(right, ast.List | ast.Tuple):
        values = right.elts
    for value in values:
        if isinstance(value, ast.Constant) and value.value is not None:
            said, known = value.value, sorted(choices[left.id])
            if said not in known:
                message = tell(
                    "the slot {slot!r} is never {value!r}{meant}",
                    slot=left.id,
                    value=said,
                    meant=meant(str(said), known),
                )
                yield document.finding(message, loc)
