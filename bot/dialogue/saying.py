"""Finds what is wrong with what is said: data not known yet, and what a channel cannot show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bot.dialogue.actions import Action
from bot.dialogue.checking import APOLOGY
from bot.dialogue.flow import Flow
from bot.dialogue.measuring import Stage, measure_findings
from bot.dialogue.replies import Replies
from bot.dialogue.slot_type import SlotType
from bot.dialogue.unfilled import unfilled_findings
from bot.errors import Finding
from bot.told import tell

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
    unfilled = list(unfilled_findings(flows, replies, actions, slot_types, slots))
    yield from unfilled
    if not any(finding.loc[:1] == (APOLOGY,) for finding in unfilled):
        yield from _unsayable_apologies(replies.values())
    if stage:
        yield from measure_findings(flows, replies, actions, stage)


def _unsayable_apologies(replies: Iterable[Replies]) -> Iterator[Finding]:
    """What is said when all else has failed is tried out: it speaks of nothing that may change."""
    for language in replies:
        mentions = (m for m in language.mentions if m.kind == "variable")
        if APOLOGY not in language.sentences or any(m.loc[0] == APOLOGY for m in mentions):
            continue  # which is told already
        for variant in range(language.variants(APOLOGY)):
            try:
                language.render(APOLOGY, {}, variant)
            except Exception as error:  # noqa: BLE001 - whatever a template may do
                message = tell(
                    "the reply {key!r} cannot be said: {error}", key=APOLOGY, error=error
                )
                yield language.document.finding(message, (APOLOGY,))
