"""A turn's document as lines for the terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

MARKS: Final[Mapping[str, str]] = {
    "take": "taken",
    "hold": "holds, not taken",
    "refuse": "refused",
    "go": "into",
    "open": "opened",
    "end": "ended",
    "close": "closed",
    "fill": "filled",
    "decline": "not accepted",
    "remind": "reminder",
}


def in_short(turn: Mapping[str, Any]) -> str:
    """One line of a list of turns."""
    said, took = turn["said"] or {}, turn["microseconds"]
    parts = [
        f"{turn['turn']:>4}  {turn['at'][:19].replace('T', ' ')}",
        f"{turn['kind']:<8}",
        said.get("title") or said.get("text") or turn["named"],
        f"({turn['intent']})" if turn["intent"] else "",
        "→ " + " → ".join(turn["entered"]) if turn["entered"] else "",
        f"{took / 1000:.1f} ms" if took is not None else "",
        "FAILED" if turn["failed"] else "",
    ]
    return _flat("  ".join(part for part in parts if part))


def at_length(turn: Mapping[str, Any]) -> Iterator[str]:
    """All of a turn."""
    yield in_short(turn)
    yield f"version     {turn['version']}"
    if heard := turn["understood"]:
        sure = f" {heard['confidence']:.2f}" if heard["confidence"] is not None else ""
        by = f" by {heard['source']}" if heard["source"] else ""
        yield f"understood  {heard['intent']}{sure}{by}"
        for each in heard["candidates"]:
            yield f"            perhaps {each['intent']} {each['confidence']:.2f}"
        for each in heard["entities"]:
            yield _flat(f"            {each['type']} = {each.get('value', '')}")
        for each in heard["problems"]:
            yield _flat(f"            wrong: {each['part']} {each['reason']}")
    yield f"before      {_stack(turn['before'])}"
    for line in turn["way"]:
        yield f"  {MARKS[line['verb']]:<16} {_line(line)}"
    if not turn["traced"]:
        yield "  the way was not noted in this turn"
    yield f"after       {_stack(turn['after'])}"
    for each in turn["actions"]:
        spent = each["microseconds"]
        took = f" in {spent / 1000:.1f} ms" if spent is not None else ""
        values = json.dumps(each["values"], ensure_ascii=False, default=str)
        yield _flat(f"action      {each['action']} → {each['outcome']}{took} {values}")
    for each in turn["replies"]:
        yield _flat(f"reply       {each['key']}: {each['text']}")
    if cost := turn["cost"]:
        parts = ("understanding", "deciding", "rendering", "total", "median")
        told = [f"{part} {cost[part] / 1000:.1f}" for part in parts if cost.get(part) is not None]
        yield f"cost        {', '.join(told)} ms, without the save"


def _stack(places: list[str]) -> str:
    return " > ".join(places) or "no flow"


def _line(line: Mapping[str, Any]) -> str:
    if line["slot"]:
        return f"{line['slot']} {line['detail']}".rstrip()
    if not line["event"]:
        return f"{line['flow']}.{line['state']} {line['detail']}".rstrip()
    which = f" ({line['number']} of {line['of']})" if line["of"] > 1 else ""
    guard = f" when {line['guard']}" if line["guard"] else ""
    over = ", too often" if line["over"] else ""
    return f"{line['state']}: {line['event']}{which}{guard}{over}  {line['place']}".rstrip()


def _flat(text: str) -> str:
    """One line of it, with nothing a terminal would obey."""
    return "".join(each if each.isprintable() else " " for each in text)
