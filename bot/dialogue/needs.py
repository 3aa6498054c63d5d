"""Finds actions that nobody gives what they need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.dialogue.actions import Action
from bot.dialogue.flow import Flow
from bot.dialogue.names import Names
from bot.document import Document, Loc, meant
from bot.errors import Finding
from bot.told import tell


def need_findings(
    document: Document, flow: Flow, actions: Mapping[str, Action], names: Names
) -> Iterator[Finding]:
    """Slots an action ``uses`` that no flow declares and no other action in use gives."""
    declared = {slot for each in names.flows.values() for slot in each.slots}
    given = {name: actions[name].gives for name in _in_use(names.flows) if name in actions}
    for name, loc in _dos(flow):
        if name not in actions:
            continue
        theirs = declared.union(*(gives for other, gives in given.items() if other != name))
        for slot in sorted(actions[name].uses - theirs):
            if names.slots.perhaps is None or slot in names.slots.perhaps:
                continue
            message = tell(
                "the action {name} needs the slot {slot!r}, which no flow has and no other "
                "action gives{meant}",
                name=name,
                slot=slot,
                meant=meant(slot, sorted(theirs)),
            )
            yield document.finding(message, loc)


def _in_use(flows: Mapping[str, Flow]) -> set[str]:
    return {name for flow in flows.values() for name, _ in _dos(flow)}


def _dos(flow: Flow) -> Iterator[tuple[str, Loc]]:
    for state_name, state in flow.states.items():
        if state.do:
            yield state.do, ("states", state_name, "do")
        for intent, steps in state.on.items():
            for at, step in enumerate(steps):
                if step.do:
                    yield step.do, ("states", state_name, "on", intent, at, "do")
