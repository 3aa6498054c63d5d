"""Finds slots that nothing uses, and slots that bear a name of ours."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches

from bot.dialogue.actions import Action
from bot.dialogue.expression import CLOCK, compiled, source_of
from bot.dialogue.filling import VALUE
from bot.dialogue.flow import Flow, Shared, Slot, State, Step
from bot.dialogue.machine import steps_of
from bot.dialogue.replies import SURROUNDINGS, Replies
from bot.document import Document
from bot.errors import Finding
from bot.told import tell

RESERVED = SURROUNDINGS | CLOCK | {VALUE, "say"}
"""Names that replies and expressions use for something else."""


def usage_findings(
    parts: Mapping[str, tuple[Document, Shared]],
    flows: Iterable[Flow],
    replies: Iterable[Replies],
    actions: Mapping[str, Action],
    loose: Collection[str] | None = frozenset(),
) -> Iterator[Finding]:
    """Slots never used and slots with a reserved name.

    Args:
        parts: flows and included files as written.
        flows: includes resolved.
        loose: names that may be used where nothing could be read; ``None``: any.
    """
    used = {m.name for each in replies for m in each.mentions if m.kind == "variable"}
    used |= {slot for action in actions.values() for slot in action.gives}
    used |= {slot for action in actions.values() for slot in action.reads}
    for flow in flows:
        for state in flow.states.values():
            used |= _used_in(state)
            for _, step in steps_of(flow, state):
                used |= _used_by(step)
        for slot in flow.slots.values():
            used |= _named(slot.check)
    declared = {slot for _, part in parts.values() for slot in part.slots}
    strays = used - declared  # a slip in a name is told as one, and not as a slot without use
    for document, part in parts.values():
        for slot_name, slot in part.slots.items():
            is_used = loose is None or slot_name in used or slot_name in loose
            is_used = is_used or bool(get_close_matches(slot_name, strays, n=1))
            yield from _slot(document, slot_name, slot, is_used)


def _slot(document: Document, name: str, slot: Slot, used: bool) -> Iterator[Finding]:  # noqa: FBT001 - a fact
    loc = ("slots", name)
    if name in RESERVED:
        yield document.finding(
            tell("{name!r} means something else in replies; choose another name", name=name), loc
        )
    elif not (used or slot.own):
        message = tell(
            "nothing uses the slot {name!r}: no state collects it, no reply speaks of it", name=name
        )
        yield document.finding(message, loc)


def _used_in(state: State) -> set[str]:
    until = [timeout.until for timeout in state.timeout if timeout.until]
    return {*state.collect, *state.options, *state.options.values(), *until}


def _used_by(step: Step) -> set[str]:
    used = {*step.set, *_named(step.when)}
    values = [*step.set.values()]
    if step.call:
        used |= {*step.call.given, *step.call.into, *step.call.into.values()}
        values += step.call.given.values()
    return used.union(*(_named(source_of(value)) for value in values))


def _named(source: str | None) -> set[str]:
    return {name for name, _ in compiled(source).names} if source else set()
