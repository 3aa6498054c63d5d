"""A recording made of a live conversation, from what the journal keeps of it.

What people sent stands in it with nobody's name and number; what actions came to is taken from the
journal, so it does not matter who else was about. What the bot says to that is then written by
replaying it, as ``--update`` does, so it is right at once; where the conversation goes another way
than it went then, other names are invented, and if that does not help, it is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from ruamel.yaml import YAML

from bot.definitions import Definitions
from bot.dialogue.events import SILENT
from bot.dialogue.store import Contact
from bot.errors import AntreError
from bot.replay.anonymous import Anonymous, anonymous, people_in
from bot.replay.personal import spans_of
from bot.replay.player import play
from bot.replay.recording import Recording
from bot.replay.said import MEDIA, TAP, TEXT
from bot.replay.suite import Stage
from bot.replay.updating import update

SEEDS: Final = 4
"""How often other names are invented before a conversation is written as it goes today."""

_UNITS: Final = (("days", 86400), ("hours", 3600), ("minutes", 60), ("seconds", 1))
_MOST: Final = 9999
_PLACE: Final = {"latitude": -6.17, "longitude": 106.83}


class CannotRecordError(AntreError):
    """There is nothing to record, or somebody would still be found in it."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recording that was made.

    Args:
        turns: messages, timers and notices in it.
        left_out: what is not in it, in words.
        differs: what goes otherwise than it went then, in words.
    """

    text: str
    turns: int
    left_out: tuple[str, ...] = ()
    differs: tuple[str, ...] = ()


async def recorded(
    contact: Contact,
    records: Sequence[Mapping[str, Any]],
    definitions: Definitions,
    stage: Stage,
    public: str,
) -> Recorded:
    """Make the recording of a conversation.

    Args:
        records: of the journal, in any order.
        stage: where it is replayed.
        public: what everybody is told: :func:`public_text`.

    Raises:
        CannotRecordError: it has no messages (any more), or what is personal stays in it.
    """
    kept, left_out = _kept(records)
    if not kept:
        raise CannotRecordError("nothing of this conversation is kept that could be replayed")
    office = definitions.offices.get(contact.office)
    if office is None:
        raise CannotRecordError(f"office {contact.office!r} is not there any more")
    now = kept[0]["at"].astimezone(office.zone).replace(microsecond=0)
    best: Recorded | None = None
    for seed in range(1, SEEDS + 1):
        mask = anonymous(kept, people_in(contact), definitions.offices, public, now, seed)
        text = _written(contact, kept, mask, now)
        made, differs = await _answered(text, kept, definitions, stage)
        if best is None or len(differs) < len(best.differs):
            found = mask.left(made)
            if not found:
                best = Recorded(made, len(kept), left_out, differs)
        if best is not None and not best.differs:
            break
    if best is None:
        kinds = f"{len(found)} of what is known of people"
        raise CannotRecordError(f"not written: {kinds} would still stand in it")
    return best


def public_text(folder: Path) -> str:
    """What staff have written for everybody to read.

    Args:
        folder: of flows, replies and offices.
    """
    return "\n".join(path.read_text("utf-8-sig") for path in sorted(folder.rglob("*.yml")))


def _kept(
    records: Sequence[Mapping[str, Any]],
) -> tuple[list[Mapping[str, Any]], tuple[str, ...]]:
    """Records that can be replayed, oldest first, and what cannot."""
    kept, left_out = [], []
    for record in sorted(records, key=lambda each: (each["at"], each["turn"])):
        what = None
        if record.get("redacted"):
            what = "its words are not kept any more"
        elif record.get("failed"):
            what = "the bot failed and apologised"
        elif not record.keys() & {"message", "timer", "notice"}:
            what = "nothing was answered" if "noted" in record else "no message"
        if what:
            left_out.append(f"turn {record['turn']}: {what}")
        else:
            kept.append(record)
    return kept, tuple(left_out)


def _written(
    contact: Contact, records: Sequence[Mapping[str, Any]], mask: Anonymous, now: datetime
) -> str:
    """The recording without answers."""
    sender = contact.phone or contact.sender
    sender = mask.text(sender) if sender.isdecimal() else "tamu-1"
    party = {"channel": contact.channel, "sender": sender}
    if contact.profile:
        party["profile"] = mask.name(contact.profile)
    turns: list[dict[str, Any]] = []
    clock = now
    for record in records:
        at = record["at"].replace(microsecond=0)
        turns += [{"wait": length} for length in _lengths(at - clock)]
        clock = max(at, clock)
        turns.append(_turn(record, mask))
    document = {
        "title": f"Recorded at {contact.office}, {now:%Y-%m-%d}",
        "now": now.isoformat(),
        "office": contact.office,
        "contact": party,
        "journal": True,
        "turns": turns,
    }
    yaml, out = YAML(), StringIO()
    yaml.width = 2**20
    yaml.dump(document, out)
    return out.getvalue()


def _lengths(gap: timedelta) -> Iterator[str]:
    left = int(gap.total_seconds())
    for name, length in _UNITS:
        count = min(left // length, _MOST)
        if count:
            yield f"{count} {name}"
            left -= count * length


def _turn(record: Mapping[str, Any], mask: Anonymous) -> dict[str, Any]:
    turn: dict[str, Any]
    if "message" in record:
        turn = {"user": _said(record, mask)}
    elif "timer" in record:
        turn = {"timer": True}
    else:
        heard = mask.value(record.get("heard", {}))
        turn = {"notice": {"name": record["notice"], **({"heard": heard} if heard else {})}}
    done = [
        {"action": each["action"], "outcome": each["outcome"]}
        | ({"values": values} if (values := _plain(mask.value(each["values"]))) else {})
        for each in record.get("actions", ())
    ]
    return turn | ({"done": done} if done else {})


def _said(record: Mapping[str, Any], mask: Anonymous) -> Any:
    message = record["message"]
    kind, spans = message["kind"], spans_of(record)
    text = mask.text(message["text"], spans).replace("{{", "{ {")
    if kind == TEXT:
        return text
    if kind == TAP:
        return {"tap": mask.text(message.get("title", ""), spans), "payload": text}
    if kind == "location":
        return {"location": dict(_PLACE)}
    return {kind if kind in MEDIA and kind not in SILENT else "unsupported": text}


def _plain(value: Any) -> Any:
    """A value as YAML keeps it; what looks like a captured value is somebody's words."""
    match value:
        case str():
            return value.replace("{{", "{ {")
        case Mapping():
            return {name: _plain(each) for name, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
        case datetime():
            return value.isoformat()
        case _:
            return value


async def _answered(
    text: str, records: Sequence[Mapping[str, Any]], definitions: Definitions, stage: Stage
) -> tuple[str, tuple[str, ...]]:
    """The recording with what the bot says, and where it goes another way than then."""
    with TemporaryDirectory(prefix="antre-record-") as folder:
        path = Path(folder) / "recording.yml"
        path.write_text(text, encoding="utf-8")
        recording = Recording.read(path)
        async with stage() as rehearse:
            played = await play(recording, definitions, rehearse)
        for exchange in played.exchanges:
            if exchange.problem:
                raise CannotRecordError(f"{exchange.prompt}: {exchange.problem}")
        differs = tuple(_differences(recording, records, played.exchanges))
        update(played)
        return path.read_text(encoding="utf-8"), differs


def _differences(
    recording: Recording, records: Sequence[Mapping[str, Any]], exchanges: Sequence[Any]
) -> Iterator[str]:
    """Where what is said today is of another shape than what was said then: as many messages, as
    many lines, the same buttons.
    """
    told = {exchange.at: exchange.told for exchange in exchanges}
    happening = [at for at, turn in enumerate(recording.script.turns) if not turn.wait]
    for at, record in zip(happening, records, strict=True):
        now = [_shape(each.reply.as_document()) for each in told.get(at, ())]
        if now != [_shape(each) for each in record["replies"]]:
            yield f"turn {record['turn']}: {recording.script.turns[at].prompt[:60]}"


def _shape(reply: Mapping[str, Any]) -> tuple[int, int]:
    """How many lines and buttons a message has."""
    return str(reply["text"]).count("\n"), len(reply.get("buttons") or ())
