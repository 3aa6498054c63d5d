"""A turn's record without who and without words: what statistics need of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

KEPT: Final = (
    *("turn", "at", "office", "version", "language"),
    *("before", "after", "trace", "cost", "notice", "timer", "failed", "attended"),
)
"""Fields of a record that say nothing about a person."""

HOW: Final = ("confidence", "source", "candidates")
"""What else of an understanding says nothing about a person."""


def redacted(record: Mapping[str, Any], pseudonym: str, record_id: str) -> dict[str, Any]:
    """The record as it is kept for good; redacting one again gives the same.

    Args:
        pseudonym: of the conversation.
        record_id: pseudonym of the record's own id; turns are counted anew after an erasure.
    """
    kept = {name: record[name] for name in KEPT if name in record}
    actions = [
        {"action": each["action"], "outcome": each["outcome"]} for each in record.get("actions", ())
    ]
    whole: dict[str, Any] = {
        "_id": f"{pseudonym}|{record_id}",
        "conversation": pseudonym,
    }
    whole |= {**kept, "actions": actions, "redacted": True}
    if message := record.get("message"):
        whole["message"] = {"kind": message.get("kind", "")}
    if understood := record.get("understood"):
        found = [{"type": each.get("type", "")} for each in understood.get("entities", ())]
        whole["understood"] = {"intent": understood.get("intent", ""), "entities": found}
        whole["understood"] |= {part: understood[part] for part in HOW if part in understood}
    return whole
