"""What the form of a talk carries: the whole talk, for nothing of it is kept."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import Any, Final, cast

from bot.booking.office import Office
from bot.desk.visit import StaffVisit
from bot.dialogue.versions import Files
from bot.drafting.talk import LONGEST_INPUT, MOST_INPUTS, WAITS, Input, Kind, Talk, Talked
from bot.drafting.texts import tidy

KINDS: Final = ("text", "tap", "wait")
MINUTE: Final = "%Y-%m-%dT%H:%M"
LONGEST: Final = 200_000
"""Characters of a field; a talk of :data:`MOST_INPUTS` has less."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was shown before.

    Args:
        of: names the draft's texts that it was shown of.
        marks: of its turns: :attr:`bot.drafting.talk.TalkTurn.mark`.
        changed: which turns went otherwise than on the texts before.
    """

    of: str = ""
    marks: tuple[str, ...] = ()
    changed: frozenset[int] = frozenset()

    def after(self, talked: Talked, of: str) -> Seen:
        """What is shown now: turns that go otherwise on other texts are marked until the texts are
        others again.
        """
        marks = tuple(turn.mark for turn in talked.turns)
        if of == self.of or not self.of:
            return Seen(of, marks, frozenset(at for at in self.changed if at < len(marks)))
        pairs = enumerate(zip(self.marks, marks, strict=False))
        return Seen(of, marks, frozenset(at for at, (old, new) in pairs if old != new))

    def as_json(self) -> str:
        """As a form carries it."""
        return json.dumps({"of": self.of, "marks": self.marks, "changed": sorted(self.changed)})


@dataclass(frozen=True, slots=True)
class TalkForm:
    """A talk and what the page knows beside.

    Args:
        talk: with what was just said or tapped.
        files: of the draft, with what is typed and not saved.
    """

    talk: Talk
    office: Office
    files: Files
    seen: Seen = field(default_factory=Seen)
    full: bool = False

    @property
    def of(self) -> str:
        """Names the texts."""
        digest = sha256()
        for name, text in sorted(self.files.items()):
            digest.update(f"{len(name)}:{len(text)}:{name}{text}".encode())
        return digest.hexdigest()[:12]

    @property
    def inputs_json(self) -> str:
        """As the form carries them."""
        return json.dumps([[each.kind, each.text] for each in self.talk.inputs])

    @property
    def at(self) -> str:
        """When it begins, on the office's clock."""
        return self.talk.now.astimezone(self.office.zone).strftime(MINUTE)


async def talk_form_of(visit: StaffVisit, files: Files) -> TalkForm:
    """What was sent, with what was done last; whatever makes no sense is left out.

    Args:
        files: of the draft as it is saved.
    """
    fields = {name: await visit.field(name) for name in ("office", "at", "language", "inputs")}
    office = visit.desk.offices().get(fields["office"]) or visit.office
    before = inputs_from(fields["inputs"])
    inputs = await _gone_on(visit, before)
    name, text = await visit.field("file"), await visit.field("text")
    if name in files:
        files = {**files, name: tidy(text)}
    talk = Talk(office.id, _moment(fields["at"], office, visit.now), inputs[:MOST_INPUTS])
    if fields["language"] in {"id", "en"}:
        talk = replace(talk, language=fields["language"])
    seen = seen_from(await visit.field("seen"))
    return TalkForm(talk, office, files, seen, full=len(inputs) > MOST_INPUTS)


async def _gone_on(visit: StaffVisit, before: Sequence[Input]) -> tuple[Input, ...]:
    tap, wait = await visit.field("tap"), await visit.field("wait")
    said = (await visit.field("say")).strip()[:LONGEST_INPUT]
    match await visit.field("do"):
        case "restart":
            return ()
        case "back":
            return tuple(before[:-1])
        case "again":
            return tuple(before)
    if tap:
        return (*before, Input("tap", tap[:LONGEST_INPUT]))
    if wait in WAITS:
        return (*before, Input("wait", wait))
    return (*before, Input("text", said)) if said else tuple(before)


def inputs_from(text: str) -> list[Input]:
    """The inputs a form carries."""
    listed = _read(text)
    found = []
    for each in listed if isinstance(listed, list) else []:
        match each:
            case [str(kind), str(said)] if kind in KINDS and said.strip():
                found.append(Input(cast("Kind", kind), said[:LONGEST_INPUT]))
    return [each for each in found if each.kind != "wait" or each.text in WAITS]


def seen_from(text: str) -> Seen:
    """What a form says was shown before."""
    match _read(text):
        case {"of": str(of), "marks": list(marks), "changed": list(changed)}:
            numbers = frozenset(each for each in changed if isinstance(each, int))
            return Seen(of, tuple(map(str, marks)), numbers)
    return Seen()


def _read(text: str) -> Mapping[str, Any] | list[Any] | None:
    try:
        read = json.loads(text) if len(text) <= LONGEST else None
    except (ValueError, RecursionError):
        return None
    return read if isinstance(read, dict | list) else None


def _moment(text: str, office: Office, now: datetime) -> datetime:
    """When a talk begins: as typed, on the office's clock; now when that makes no sense."""
    try:
        return datetime.strptime(text, MINUTE).replace(tzinfo=office.zone)
    except ValueError:
        return now.replace(second=0, microsecond=0)
