"""What every reader makes of its file: who said what, when, and what could not be taken over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.errors import AntreError, Place
from bot.replay.said import TEXT


class ImportingError(AntreError):
    """A file cannot be imported as it is; says what to do."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was left out, or taken over otherwise than it stands there.

    Args:
        line: 1-based; 0 for the file as a whole.
        message: what, and why.
        left_out: whether it is missing from the recording.
    """

    line: int
    message: str
    left_out: bool = True

    def at(self, file: str) -> str:
        """As a line for the terminal: ``FILE:LINE: what, why``."""
        return f"{Place(file, self.line)}: {self.message}"


@dataclass(frozen=True, slots=True)
class Utterance:
    """One message.

    Args:
        line: where it begins in its file, 1-based.
        by_office: whether the office or its bot said it; else the applicant.
        text: its words, or the caption of a picture.
        kind: as :attr:`bot.replay.said.Said.kind`.
        at: on the clock of the phone it was exported from, without a zone, or aware where the file
            says the zone; ``None`` where it does not say when.
        choices: what could be tapped below it.
    """

    line: int
    by_office: bool
    text: str
    kind: str = TEXT
    at: datetime | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Conversation:
    """What became of a file, or of one of several conversations in it.

    Args:
        name: what the file calls it; empty if it does not.
        utterances: in the order they were made.
        notes: what is not in ``utterances``, in the order of the file.
        people: names of those who speak, to be replaced; the applicant's first.
        offices: what may tell which office it is: a name or a number, the surest first.
    """

    name: str
    utterances: Sequence[Utterance]
    notes: Sequence[Note] = ()
    people: Sequence[str] = ()
    offices: Sequence[str] = ()

    def noting(self, notes: Iterable[Note]) -> Conversation:
        """The same with further notes, sorted in."""
        every = sorted((*self.notes, *notes), key=lambda note: note.line)
        return Conversation(self.name, self.utterances, every, self.people, self.offices)
