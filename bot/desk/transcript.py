"""A conversation's journal as a chat that somebody reads: who said what, and what became of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from bot.dialogue.deliveries import FAILED, Report, furthest
from bot.dialogue.reply import STAFF, Reply
from bot.dialogue.store import Outgoing

Record = Mapping[str, Any]

SHOWN: Final = 200
"""Turns of a long conversation that are shown, the last ones."""


class Who(StrEnum):
    """Whose a line is."""

    APPLICANT = "applicant"
    BOT = "bot"
    STAFF = "staff"
    NOTE = "note"
    """Nobody's: something happened."""


@dataclass(frozen=True, slots=True)
class Line:
    """One message, or something that happened.

    Args:
        turn: number of the turn it belongs to.
        text: what was said; of a note what happened, as the desk's sentences name it.
        kind: of a message that is no text: ``image``, ``voice`` …
        taps: what can be tapped under it.
        intent, entities: what it was understood as; entities by type.
        missed: nothing of it was understood.
        state: the open state after it, where that has changed.
        by: login of the member of staff.
        got: how far it got: ``waiting``, ``undelivered``, ``sent``, ``delivered``, ``read``.
    """

    who: Who
    at: datetime
    turn: int
    text: str = ""
    kind: str = ""
    taps: tuple[str, ...] = ()
    intent: str = ""
    entities: tuple[tuple[str, str], ...] = ()
    missed: bool = False
    state: str = ""
    by: str = ""
    got: str = ""


def lines(
    records: Sequence[Record], outbox: Sequence[Outgoing] = (), reports: Sequence[Report] = ()
) -> list[Line]:
    """The lines of a transcript, the oldest first.

    Args:
        records: of the journal, the oldest first.
        outbox: what waits to be sent.
        reports: how far messages got.
    """
    got = _reached(records, outbox, reports)
    return [line for record in records if "turn" in record for line in _of(record, got)]


def _of(record: Record, got: Mapping[str, str]) -> Iterator[Line]:
    at, turn = record["at"], record["turn"]
    before, after = _open(record.get("before")), _open(record.get("after"))
    state = after if after != before else ""
    if record.get("redacted"):
        yield Line(Who.NOTE, at, turn, "redacted", state=state)
        return
    if message := record.get("message") or record.get("noted"):
        yield _message(record, message, state)
    elif (told := record.get("staff")) and told["did"] != "replied":
        yield Line(Who.NOTE, at, turn, told["did"], by=told.get("by", ""), state=state)
    elif "timer" in record:
        yield Line(Who.NOTE, at, turn, "timer", state=state)
    elif "notice" in record:
        yield Line(Who.NOTE, at, turn, "notice", kind=record["notice"], state=state)
    elif "identity" in record:
        yield Line(Who.NOTE, at, turn, "identity")
    if record.get("failed"):
        yield Line(Who.NOTE, at, turn, "failed")
    id_ = str(record["_id"]).removeprefix(f"{record['conversation']}|")
    by = record.get("staff", {}).get("by", "")
    for number, document in enumerate(record.get("replies", ())):
        yield _reply(document, at, turn, by, got.get(f"{id_}/{number}", ""))


def _message(record: Record, message: Record, state: str) -> Line:
    understood = record.get("understood") or {}
    found = understood.get("entities", ())
    intent = str(understood.get("intent", ""))
    none = bool(understood) and intent == "none" and not found
    return Line(
        Who.APPLICANT,
        record["at"],
        record["turn"],
        str(message.get("title") or message.get("text") or ""),
        kind="" if message.get("kind") in {"text", "tap"} else str(message.get("kind", "")),
        intent="" if none else intent,
        entities=tuple((str(each["type"]), str(each.get("value", ""))) for each in found),
        missed=none and "attended" not in record,
        state=state,
    )


def _reply(document: Record, at: datetime, turn: int, by: str, got: str) -> Line:
    reply = Reply.from_document(document)
    kinds = ("barcode", "picture", "document", "location", "contact")
    kind = next((each for each in kinds if getattr(reply, each)), "")
    taps = tuple(button.title for button in reply.buttons)
    if reply.by == STAFF:
        return Line(Who.STAFF, at, turn, reply.text, by=by, got=got)
    return Line(Who.BOT, at, turn, reply.text, kind, taps, got=got)


def _reached(
    records: Sequence[Record], outbox: Sequence[Outgoing], reports: Sequence[Report]
) -> Mapping[str, str]:
    """How far messages got, by item of the outbox."""
    by_item: defaultdict[str, list[Report]] = defaultdict(list)
    for report in reports:
        by_item[report.item].append(report)
    got = {item: furthest(some) for item, some in by_item.items()}
    got = {item: "undelivered" if far == FAILED else far for item, far in got.items()}
    got |= {item.id: "waiting" for item in outbox}
    return got | {
        record["undelivered"]["item"]: "undelivered"
        for record in records
        if "item" in record.get("undelivered", {})
    }


def _open(stack: Any) -> str:
    return str(stack[-1]) if stack else ""
