"""Moving a conversation onto another version of its flows.

A conversation stays on the version its episode began with. Only when that one cannot be had, or
the episode has ended, does it move: by the names of its states, or by what ``migrate:`` says has
become of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from bot.dialogue.conversation import Conversation, Frame
from bot.dialogue.flow import Flow
from bot.document import Document, meant
from bot.errors import Finding
from bot.told import tell


def has_ended(conversation: Conversation, flows: Mapping[str, Flow]) -> bool:
    """Whether the episode is over: the root flow alone is open, in an end state."""
    if len(conversation.frames) != 1:
        return False
    frame = conversation.frame
    state = flows[frame.flow].states.get(frame.state) if frame.flow in flows else None
    return state is not None and state.end


def migrated(conversation: Conversation, flows: Mapping[str, Flow]) -> Conversation | None:
    """The conversation, standing where it stood, on ``flows``.

    Timers go on where the new state has a ``timeout`` too.

    Returns:
        ``None`` when one of its places is not there any more and no ``migrate:`` tells of it.
    """
    frames = []
    for frame in conversation.frames:
        flow = flows.get(frame.flow)
        moved = _moved(frame, flow) if flow else None
        if moved is None:
            return None
        frames.append(replace(moved, outer=_renamed(frame.outer, flows)))
    return replace(conversation, frames=tuple(frames), slots=_renamed(conversation.slots, flows))


def begun_again(conversation: Conversation, flows: Mapping[str, Flow]) -> Conversation:
    """The conversation before its first message on ``flows``; what is known stays known.

    That includes what a sub-flow with slots of its own had set aside for its caller.
    """
    slots = dict(conversation.slots)
    for frame in reversed(conversation.frames):
        slots |= frame.outer
    return replace(conversation, frames=(), slots=_renamed(slots, flows))


def migration_findings(document: Document, flow: Flow, slots: Collection[str]) -> Iterator[Finding]:
    """What is wrong with a flow's ``migrate:``: it leads nowhere, or from what is still there.

    Args:
        slots: every slot there is.
    """
    tables = (
        ("states", tell("state"), flow.migrate.states, flow.states),
        ("slots", tell("slot"), flow.migrate.slots, slots),
    )
    for key, kind, table, known in tables:
        for old, new in table.items():
            loc = ("migrate", key, old)
            if old in known:
                message = tell(
                    "the {kind} {name!r} is still there; only what is gone can be moved",
                    kind=kind,
                    name=old,
                )
                yield document.finding(message, loc)
            if new not in known:
                yield document.finding(
                    tell(
                        "no {kind} {name!r}{meant}",
                        kind=kind,
                        name=new,
                        meant=meant(new, sorted(known)),
                    ),
                    loc,
                )


def _moved(frame: Frame, flow: Flow) -> Frame | None:
    name = flow.migrate.states.get(frame.state, frame.state)
    state = flow.states.get(name)
    if state is None:
        return None
    timer = frame.timer if state.timeout or state.remind else None
    return replace(frame, state=name, timer=timer)


def _renamed(slots: Mapping[str, Any], flows: Mapping[str, Flow]) -> dict[str, Any]:
    """The slots by the names they have on ``flows``; those without one stay as they are."""
    slots = dict(slots)
    for flow in flows.values():
        for old, new in flow.migrate.slots.items():
            if slots.get(new) is None and old in slots:
                slots[new] = slots.pop(old)
    return slots
