"""Finds what is wrong with what is said: data not known yet, and what a channel cannot show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.dialogue.actions import Action
from bot.dialogue.flow import Flow
from bot.dialogue.measuring import Stage, measure_findings
from bot.dialogue.replies import Replies
from bot.dialogue.slot_type import SlotType
from bot.dialogue.unfilled import unfilled_findings
from bot.errors import Finding

__all__ = ["Stage", "reply_findings"]


def reply_findings(
    flows: Mapping[str, Flow],
    replies: Mapping[str, Replies],
    actions: Mapping[str, Action],
    slot_types: Mapping[str, SlotType],
    slots: frozenset[str],
    stage: Stage | None,
) -> Iterator[Finding]:
    """What is wrong with replies whose names all lead somewhere.

    Args:
        flows: includes resolved.
        slots: all that a flow declares or an action gives.
        stage: where replies are said; they are measured if it is given.
    """
    yield from unfilled_findings(flows, replies, actions, slot_types, slots)
    if stage:
        yield from measure_findings(flows, replies, actions, stage)
