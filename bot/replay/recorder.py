"""A recording made of a live conversation, from what the journal keeps of it.

What people sent stands in it with nobody's name and number; what actions came to is taken from the
journal, so it does not matter who else was about. What the bot says to that is then written by
replaying it, as ``--update`` does, so it is right at once; where the conversation goes another way
than it went then, other names are invented, and if that does not help, it is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from bot.booking.seats import Seat
from bot.definitions import Definitions
from bot.dialogue.store import Contact
from bot.document import Document
from bot.errors import AntreError
from bot.replay.anonymous import Anonymous, anonymous, people_in
from bot.replay.answer import Answer
from bot.replay.extent import WHOLE, Extent
from bot.replay.player import play
from bot.replay.recording import Recording
from bot.replay.straying import Stray, strays
from bot.replay.suite import Stage
from bot.replay.trails import staff_acts
from bot.replay.transcribing import Moment, as_yaml, moments, plain, replayable, transcribed
from bot.replay.updating import update
from nlu.examples import ANYBODY

SEEDS: Final = 4
"""How often other names are invented before a conversation is written as it goes today."""

OTHERWISE: Final = "Today this goes otherwise than it went"
"""How the comment above such a turn begins."""


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
    seats: Sequence[Seat] = (),
    extent: Extent = WHOLE,
) -> Recorded:
    """Make the recording of a conversation.

    Args:
        records: of the journal, in any order.
        stage: where it is replayed.
        public: what everybody is told: :func:`public_text`.
        seats: that they have or had, for what staff did with them.
        extent: how much of it.

    Raises:
        CannotRecordError: it has no messages (any more), or what is personal stays in it.
    """
    kept, left_out = replayable(records)
    kept = extent.of(kept, definitions.flows.flows)
    if not kept:
        raise CannotRecordError("nothing of this conversation is kept that could be replayed")
    office = definitions.offices.get(contact.office)
    if office is None:
        raise CannotRecordError(f"office {contact.office!r} is not there any more")
    codes = {seat.booking_code for seat in seats} - {""}
    people = {**people_in(contact), "codes": codes}
    now = kept[0]["at"].astimezone(office.zone).replace(microsecond=0)
    done = [each for each in staff_acts(seats) if each.at >= kept[0]["at"]]
    happened = sorted([*done, *moments(kept)], key=lambda each: each.at)
    # Who has written before knows what is done with their data, and may have chosen a language; who
    # is new may have chosen one on the page they come from.
    is_new, spoken = kept[0]["turn"] == 1, list(definitions.flows.replies)
    languages = ["", *spoken[1:]] if is_new else spoken
    tries = product(languages, range(1, SEEDS + 1))
    best: Recorded | None = None
    left: list[str] = []
    for language, seed in tries:
        mask = anonymous(kept, people, definitions.offices, public, now, seed)
        document = transcribed(contact, happened, mask, now)
        if language:
            document["contact"]["language"] = language
        if not is_new:
            document["fixtures"] = {"known": True}
        made, found = await _answered(document, happened, definitions, stage, mask)
        differs = tuple(map(_told, found))
        if best is None or len(differs) < len(best.differs):
            left = mask.left(made)
            if not left:
                best = Recorded(made, len(kept), left_out, differs)
        if best is not None and not best.differs:
            break
    if best is None:
        kinds = f"{len(left)} of what is known of people"
        raise CannotRecordError(f"not written: {kinds} would still stand in it")
    return best


def public_text(folder: Path) -> str:
    """What everybody may be told: what staff have written, and the example of a form.

    Args:
        folder: of flows, replies and offices.
    """
    written = [path.read_text("utf-8-sig") for path in sorted(folder.rglob("*.yml"))]
    return "\n".join([*written, ANYBODY])


def _told(stray: Stray) -> str:
    """A turn that goes otherwise, in words."""
    return f"turn {stray.turn}: {stray}"


async def _answered(
    document: dict[str, Any],
    happened: Sequence[Moment],
    definitions: Definitions,
    stage: Stage,
    mask: Anonymous,
) -> tuple[str, tuple[Stray, ...]]:
    """The recording with what the bot says, and where it goes another way than then."""
    with TemporaryDirectory(prefix="antre-record-") as folder:
        path = Path(folder) / "recording.yml"
        path.write_text(as_yaml(document), encoding="utf-8")
        recording = Recording.read(path)
        async with stage() as rehearse:
            played = await play(recording, definitions, rehearse)
        for exchange in played.exchanges:
            if exchange.problem:
                raise CannotRecordError(f"{exchange.prompt}: {exchange.problem}")
        found = tuple(strays(recording.script.turns, happened, played.records, mask))
        if found:
            for stray in found:
                was = document["turns"][stray.at].setdefault("was", [])
                was += [plain(_was(each)) for each in stray.was]
            path.write_text(as_yaml(document), encoding="utf-8")
            played = replace(played, recording=Recording.read(path))
        update(played)
        return _marked(path.read_text(encoding="utf-8"), path, found), found


def _was(answer: Answer) -> Any:
    """A message as it stands under ``was``."""
    parts = answer.model_dump(exclude_defaults=True)
    return answer.text if parts.keys() == {"text"} else parts


def _marked(text: str, path: Path, found: Sequence[Stray]) -> str:
    """The recording with a comment above every turn that goes otherwise than it went."""
    if not found:
        return text
    lines = text.split("\n")
    document = Recording.of(path, Document.parse(text, path.name)).document
    for stray in reversed(found):
        place = document.place(("turns", stray.at))
        comment = f"# {OTHERWISE}: {stray}"
        lines.insert(place.line - 1, " " * (place.column - 3) + comment.replace("\n", " "))
    return "\n".join(lines)
