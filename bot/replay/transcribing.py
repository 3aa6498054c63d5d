"""A conversation's journal as a recording without answers: what people sent, with nobody in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import StringIO
from typing import Any, Final

from ruamel.yaml import YAML

from bot.dialogue.events import PICTURES, SILENT
from bot.dialogue.store import Contact
from bot.replay.anonymous import Anonymous
from bot.replay.in_chat import DID, UNSAID
from bot.replay.personal import read_in, spans_of
from bot.replay.said import AT_ONCE, IMAGE, MEDIA, TAP, TEXT

HAPPENS: Final = frozenset({"message", "timer", "notice"})
"""What the record of a turn has in which something was answered."""

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Moment:
    """What happened at once: records of one turn or more, or something that staff did.

    Args:
        records: messages that were all sent before the first was answered, or one of any kind.
        staff: as it stands under ``staff``.
    """

    at: datetime
    records: tuple[Record, ...] = ()
    staff: Mapping[str, Any] | None = None


AT_ONCE_WITHIN: Final = timedelta(seconds=2)
"""How long after the first a message may be heard that was sent at the same time."""

_UNITS: Final = (("days", 86400), ("hours", 3600), ("minutes", 60), ("seconds", 1))
_MOST: Final = 9999
_PLACE: Final = {"latitude": -6.17, "longitude": 106.83}


def replayable(records: Sequence[Record]) -> tuple[list[Record], tuple[str, ...]]:
    """Records that can be replayed, oldest first, and what cannot, in words."""
    kept, left_out = [], []
    for record in sorted(records, key=lambda each: (each["at"], each["turn"])):
        what = None
        if record.get("redacted"):
            what = "its words are not kept any more"
        elif record.get("failed"):
            what = "the bot failed and apologised"
        elif "staff" in record:
            what = None
        elif not record.keys() & HAPPENS:
            what = "nothing was answered" if "noted" in record else "no message"
        if what:
            left_out.append(f"turn {record['turn']}: {what}")
        else:
            kept.append(record)
    return kept, tuple(left_out)


def moments(records: Sequence[Record]) -> list[Moment]:
    """Records one after the other; messages that were sent before the one before them was answered
    belong together.

    Args:
        records: that :func:`replayable` kept.
    """
    found: list[Moment] = []
    for record in records:
        if "staff" in record:
            verb = DID[record["staff"]["did"]]
            found.append(Moment(record["at"], staff={verb: UNSAID if verb == "reply" else True}))
            continue
        last = found[-1].records if found else ()
        if last and _is_at_once(last[0], record):
            found[-1] = Moment(found[-1].at, (*last, record))
        else:
            found.append(Moment(record["at"], (record,)))
    return found


def _is_at_once(first: Record, then: Record) -> bool:
    if "message" not in first or "message" not in then:
        return False
    is_soon = then["at"] - first["at"] < AT_ONCE_WITHIN
    return is_soon and bool(then["message"]["at"] < first["at"])


def transcribed(
    contact: Contact, happened: Sequence[Moment], mask: Anonymous, now: datetime
) -> dict[str, Any]:
    """The recording without answers, as a document.

    Args:
        happened: in order.
        now: when the first of it was, on the office's clock.
    """
    sender = contact.phone or contact.sender
    sender = mask.text(sender) if sender.isdecimal() else "tamu-1"
    party = {"channel": contact.channel, "sender": sender}
    if contact.profile:
        party["profile"] = mask.name(contact.profile)
    turns: list[dict[str, Any]] = []
    clock = now
    for moment in happened:
        at = moment.at.replace(microsecond=0)
        turns += [{"wait": length} for length in _lengths(at - clock)]
        clock = max(at, clock)
        turns.append(_turn(moment, mask))
    return {
        "title": f"Recorded at {contact.office}, {now:%Y-%m-%d}",
        "now": now.isoformat(),
        "office": contact.office,
        "contact": party,
        "journal": True,
        "turns": turns,
    }


def as_yaml(document: Mapping[str, Any]) -> str:
    """A document as its file has it."""
    yaml, out = YAML(), StringIO()
    yaml.width = 2**20
    yaml.dump(document, out)
    return out.getvalue()


def plain(value: Any) -> Any:
    """A value as YAML keeps it; what looks like a captured value is somebody's words."""
    match value:
        case str():
            return value.replace("{{", "{ {")
        case Mapping():
            return {name: plain(each) for name, each in value.items()}
        case list() | tuple():
            return [plain(each) for each in value]
        case datetime():
            return value.isoformat()
        case _:
            return value


def _lengths(gap: timedelta) -> Iterator[str]:
    left = int(gap.total_seconds())
    for name, length in _UNITS:
        count = min(left // length, _MOST)
        if count:
            yield f"{count} {name}"
            left -= count * length


def _turn(moment: Moment, mask: Anonymous) -> dict[str, Any]:
    if moment.staff is not None:
        acts = moment.staff.items()
        return {"staff": {k: mask.text(v) if isinstance(v, str) else v for k, v in acts}}
    turn: dict[str, Any]
    record = moment.records[0]
    if len(moment.records) > 1:
        turn = {"user": {AT_ONCE: [_said(each, mask) for each in moment.records]}}
    elif "message" in record:
        turn = {"user": _said(record, mask)}
    elif "timer" in record:
        turn = {"timer": True}
    else:
        heard = mask.value(record.get("heard", {}))
        turn = {"notice": {"name": record["notice"], **({"heard": heard} if heard else {})}}
    done = [
        {"action": each["action"], "outcome": each["outcome"]}
        | ({"values": values} if (values := plain(mask.value(each["values"]))) else {})
        for record in moment.records
        for each in record.get("actions", ())
    ]
    return turn | ({"done": done} if done else {})


def _said(record: Record, mask: Anonymous) -> Any:
    message = record["message"]
    kind, spans = message["kind"], spans_of(record)
    text = mask.text(message["text"], spans, read_in(record)).replace("{{", "{ {")
    if kind == TEXT:
        return text
    if kind == TAP:
        return {"tap": mask.text(message.get("title", ""), spans), "payload": text}
    media = message.get("media") or {}
    if media.get("mime") in PICTURES:
        return {IMAGE: text}
    if kind == IMAGE:
        return {IMAGE: text, "file": "missing"}
    if kind == "location" and message.get("attachment") and not text:
        return {"location": dict(_PLACE)}
    return {kind if kind in MEDIA and kind not in SILENT else "unsupported": text}
