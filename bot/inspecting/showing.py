"""What happened in a turn, as a document: the page, the JSON of it and the terminal show the same.

::

    {"turn": 3, "at": "2026-11-24T09:00:00+07:00", "kind": "message", "failed": false,
     "version": "1f…", "before": ["passport_guided.choosing_date"], "after": [...],
     "said": {"kind": "text", "text": "nomor 2", "title": ""},
     "understood": {"intent": "choose_option", "confidence": 1.0, "source": "exact",
                    "candidates": [{"intent": "…", "confidence": 0.61}],
                    "entities": [{"type": "option_number", "value": 2, "text": "nomor 2"}],
                    "problems": []},
     "traced": true,
     "way": [{"verb": "take", "flow": "passport_guided", "state": "choosing_date",
              "event": "intent.choose_option", "number": 0, "of": 1, "over": false, "slot": "",
              "detail": "", "guard": "", "place": "passport_guided.yml:61"}],
     "actions": [{"action": "hold_seat", "outcome": "held", "values": {}, "microseconds": 812}],
     "replies": [{"key": "confirm", "text": "…"}],
     "cost": {"understanding": 120, "deciding": 80, "rendering": 200, "actions": [812],
              "total": 1212, "median": 1100}}

Times are microseconds; ``cost`` is null where nobody measured.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.dialogue.machine import tried_at
from bot.dialogue.trace import DECLINE, FILL, HOLD, REFUSE, TAKE, Trod
from bot.inspecting.journey import Journey, Turn
from bot.inspecting.leaf import Leaves


async def shown(journey: Journey, turn: Turn, leaves: Leaves, zone: ZoneInfo) -> dict[str, Any]:
    """A turn as a document, see above."""
    record = turn.record
    return {
        **summary(turn, zone),
        "version": turn.versions[1],
        "before": list(turn.before),
        "after": list(turn.after),
        "notice": _plain(record["heard"]) if "heard" in record else None,
        "understood": _understood(record.get("understood")),
        "traced": turn.traced,
        "way": [await _line(turn, trod, leaves) for trod in turn.way],
        "actions": _actions(record),
        "replies": [_reply(each) for each in record.get("replies") or ()],
        "cost": _cost(journey, turn),
    }


def summary(turn: Turn, zone: ZoneInfo) -> dict[str, Any]:
    """The same in short, for a list of turns."""
    record = turn.record
    message = record.get("message") or record.get("noted")
    understood = record.get("understood") or {}
    return {
        "turn": turn.number,
        "at": turn.at.astimezone(zone).isoformat(),
        "kind": turn.kind,
        "failed": bool(record.get("failed")),
        "said": _said(message) if message else None,
        "named": str(record.get("notice") or (record.get("staff") or {}).get("did", "")),
        "intent": str(understood.get("intent", "")),
        "entered": list(turn.entered),
        "microseconds": turn.took,
    }


def _said(message: Mapping[str, Any]) -> dict[str, str]:
    return {part: str(message.get(part) or "") for part in ("kind", "text", "title")}


def _understood(understood: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if not understood:
        return None
    candidates = [each.rpartition(" ") for each in understood.get("candidates") or ()]
    return {
        "intent": understood.get("intent", ""),
        "confidence": understood.get("confidence"),
        "source": understood.get("source", ""),
        "candidates": [{"intent": one, "confidence": float(share)} for one, _, share in candidates],
        "guesses": list(understood.get("guesses") or ()),
        "entities": [dict(each) for each in understood.get("entities") or ()],
        "problems": [dict(each) for each in understood.get("problems") or ()],
    }


async def _line(turn: Turn, trod: Trod, leaves: Leaves) -> dict[str, Any]:
    line: dict[str, Any] = {
        "verb": trod.verb,
        "flow": trod.flow,
        "state": trod.state,
        "event": trod.word if trod.verb in (TAKE, HOLD, REFUSE) else "",
        "number": trod.number,
        "of": 0,
        "over": trod.over,
        "slot": trod.word if trod.verb in (FILL, DECLINE) else "",
        "detail": trod.detail,
        "guard": "",
        "place": "",
    }
    if not line["event"]:
        return line
    leaf = await leaves.of(turn.version_of(trod), trod.flow)
    step = leaf.step(trod) if leaf else None
    if leaf and step:
        tried = tried_at(leaf.flow, leaf.flow.states[trod.state], trod.word)
        line |= {"of": len(tried), "guard": step.when or "", "place": leaf.place(step)}
    return line


def _actions(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    took: Sequence[int] = (record.get("cost") or {}).get("actions", ())
    return [
        {
            "action": each["action"],
            "outcome": each["outcome"],
            "values": _plain(each.get("values") or {}),
            "microseconds": took[at] if at < len(took) else None,
        }
        for at, each in enumerate(record.get("actions") or ())
    ]


def _reply(reply: Mapping[str, Any]) -> dict[str, str]:
    origin = reply.get("origin") or {}
    return {"key": str(origin.get("key", "")), "text": str(reply.get("text") or "")}


def _cost(journey: Journey, turn: Turn) -> dict[str, Any] | None:
    cost = turn.record.get("cost")
    if not cost:
        return None
    return {**cost, "total": turn.took, "median": journey.median_took}


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    match value:
        case Mapping():
            return {str(name): _plain(each) for name, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
        case datetime():
            return value.isoformat()
        case _:
            return value
