"""From a file of somebody else's to recordings: which reader reads it, for which office it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Final

from bot.booking.finding import find_offices
from bot.booking.office import Office, Offices
from bot.replay.importing.conversation import (
    Conversation,
    ImportingError,
    Note,
    Utterance,
)
from bot.replay.importing.disguise import disguise_of
from bot.replay.importing.masking import Masking, as_written
from bot.replay.importing.order import Order
from bot.replay.importing.rasa import read_rasa
from bot.replay.importing.source import read_source
from bot.replay.importing.transcript import read_transcript
from bot.replay.importing.whatsapp import read_whatsapp
from bot.replay.importing.writing import recording_of, started_at
from bot.tree import MAX_LENGTH, MAX_PARTS

_PARTS_A_LINE: Final = 2
_SLUG: Final = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What somebody says that a file does not tell, or that is to be otherwise.

    Args:
        office: id of the office; else recognised by name or number, else the first.
        bots: names that speak for the office.
        applicants: whose messages are played, by every name they had.
        order: of day, month and year.
        since: messages before this day are left out, and
        until: those after this one.
        story: name of the one conversation that is wanted of several.
        as_is: whatever is personal stays.
    """

    office: str = ""
    bots: Sequence[str] = ()
    applicants: tuple[str, ...] = ()
    order: Order | None = None
    since: date | None = None
    until: date | None = None
    story: str = ""
    as_is: bool = False


@dataclass(frozen=True, slots=True)
class Imported:
    """A recording that was made.

    Args:
        name: for a file, without ending.
        text: the recording.
        turns: messages of the applicant in it.
        notes: what is not in it, or is otherwise, in the order of the file.
    """

    name: str
    text: str
    turns: int
    notes: Sequence[Note]


def imported(
    path: Path, offices: Offices, now: datetime, wishes: Wishes, told: str
) -> list[Imported]:
    """Make recordings of a file: an exported chat, a transcript, or stories.

    Args:
        told: what everybody is told: :func:`bot.replay.recorder.public_text`.
        now: when it is imported (aware); conversations that do not say when they were, begin then.

    Raises:
        ImportingError: it cannot be read, or something must be said first.
    """
    made = []
    for number, conversation in enumerate(_read(path, offices, now, wishes), start=1):
        if wishes.story and wishes.story != conversation.name:
            continue
        name = _SLUG.sub("_", conversation.name.lower()).strip("_") or f"conversation_{number}"
        try:
            made.append(_made(name, conversation, offices, now, wishes, told))
        except ImportingError as error:
            raise ImportingError(f"{path}: {error}") from None
    if not made:
        raise ImportingError(f"{path}: no story {wishes.story!r} is in it")
    return made


def _read(path: Path, offices: Offices, now: datetime, wishes: Wishes) -> list[Conversation]:
    source = read_source(path)
    try:
        if path.suffix.lower() in {".yml", ".yaml"}:
            return read_rasa(source.text, path)
        if path.suffix.lower() in {".transcript", ".json"}:
            return [read_transcript(source)]
        chat = read_whatsapp(
            source,
            offices,
            now.date(),
            order=wishes.order,
            bots=wishes.bots,
            applicants=wishes.applicants,
        )
    except ImportingError as error:
        raise ImportingError(f"{path}: {str(error).removeprefix(f'{path}: ')}") from None
    return [chat]


def _made(
    name: str,
    conversation: Conversation,
    offices: Offices,
    now: datetime,
    wishes: Wishes,
    told: str,
) -> Imported:
    notes: list[Note] = []
    office = _office(conversation, offices, wishes, notes)
    conversation = _within(conversation, wishes, notes)
    turns = sum(not each.by_office for each in conversation.utterances)
    if not turns:
        raise ImportingError("the applicant says nothing that could be played")
    began = started_at(conversation, office, now)
    mask: Masking = as_written
    if not wishes.as_is:
        mask = disguise_of(conversation, offices, told, began)
        mask.check(conversation)
    text, left_out = recording_of(conversation, office, began, mask)
    parts = text.count("\n") * _PARTS_A_LINE
    if len(text) > MAX_LENGTH or parts > MAX_PARTS:
        message = "longer than a recording may be; import a part of it with --since and --until"
        notes.append(Note(0, message, left_out=False))
    return Imported(name, text, turns, conversation.noting([*notes, *left_out]).notes)


def _office(
    conversation: Conversation, offices: Offices, wishes: Wishes, notes: list[Note]
) -> Office:
    if wishes.office:
        found = offices.get(wishes.office)
        if found is None:
            known = ", ".join(office.id for office in offices)
            raise ImportingError(f"--office: no office {wishes.office!r}; there are {known}")
        return found
    for clue in conversation.offices:
        by_number = offices.by_number(clue) if sum(map(str.isdigit, clue)) > 7 else None  # noqa: PLR2004 - of a number
        near = [by_number] if by_number else find_offices(offices, clue)
        if len(near) == 1:
            return near[0]
    first = next(iter(offices))
    message = f"nothing tells which office it is; {first.id} is taken, else say --office"
    notes.append(Note(0, message, left_out=False))
    return first


def _within(conversation: Conversation, wishes: Wishes, notes: list[Note]) -> Conversation:
    """The messages of the days that are wanted."""
    if not (wishes.since or wishes.until):
        return conversation
    kept = [each for each in conversation.utterances if _is_within(each, wishes)]
    if passed := len(conversation.utterances) - len(kept):
        notes.append(Note(0, f"{passed} messages of other days than --since and --until say"))
    return replace(conversation, utterances=kept)


def _is_within(each: Utterance, wishes: Wishes) -> bool:
    day = each.at.date() if each.at else None
    after = wishes.since is None or (day is not None and day >= wishes.since)
    return after and (wishes.until is None or (day is not None and day <= wishes.until))
