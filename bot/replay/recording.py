"""A recorded conversation: what stands in its file.

One YAML file a conversation. The header says where and when it takes place and what is different
about the world (``fixtures``); ``turns`` says what happens and what the bot answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

from bot.booking.session import Id, Words
from bot.clock import moment_of
from bot.document import Document, Loc, Part, meant
from bot.errors import AntreError, Finding, Place
from bot.replay.answer import Answer, Told
from bot.replay.captured import used_in
from bot.replay.fixtures import Fixtures, Party
from bot.replay.said import AGAIN, MEDIA, TAP, TEXT, Said
from bot.replay.turns import Turn

__all__ = [
    "AGAIN",
    "MEDIA",
    "TAP",
    "TEXT",
    "Answer",
    "Fixtures",
    "Party",
    "Recording",
    "RecordingError",
    "Said",
    "Script",
    "Told",
    "Turn",
    "recordings_in",
]

CURRENT = "current"
"""A version that is always the newest."""


class RecordingError(AntreError):
    """A recording cannot be used; one line a :class:`Finding`, in reading order."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        places = sorted(findings, key=lambda f: (f.place.file, f.place.line, f.place.column))
        super().__init__("\n".join(str(finding) for finding in places))
        self.findings = tuple(places)

    def __reduce__(self) -> tuple[type[RecordingError], tuple[tuple[Finding, ...]]]:
        """For processes that hand it on."""
        return type(self), (self.findings,)


def _moment(value: object) -> datetime:
    moment = moment_of(value.isoformat() if isinstance(value, datetime) else str(value))
    return datetime.fromisoformat(moment.isoformat())


_MOMENT = {
    "type": "string",
    "pattern": r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$",
}
Moment = Annotated[datetime, BeforeValidator(_moment), WithJsonSchema(_MOMENT)]


def _some(turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
    if not turns:
        raise ValueError("nothing happens in this recording; write '- user: Pagi' under it")
    return turns


class Script(Part):
    """A recorded conversation: what an applicant wrote, and what the bot must answer.

    Args:
        title: what it shows, in one line.
        now: the moment it begins, with its zone: `2026-11-23T09:00+07:00`; time stands still but
            for `wait`.
        office: its id in `flows/offices.yml`.
        contact: the applicant's end of the line.
        flow: name of the flow it was recorded on, for the reader.
        version: of the flows it was recorded on, for the reader, or `current`; another one is no
            difference.
        journal: it was made of a live conversation: actions end as its turns say, and nothing
            rings or is told but in its own turn.
        seed: of approval and booking codes.
        fixtures: what is different about the office.
        turns: what happens, in order.
    """

    title: Words
    now: Moment
    office: Id
    contact: Party
    flow: str = ""
    version: Annotated[str, BeforeValidator(str)] = ""
    journal: bool = False
    seed: int = 1
    fixtures: Fixtures = Fixtures()
    turns: Annotated[tuple[Turn, ...], AfterValidator(_some)]


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording as read.

    Args:
        document: where everything in it stands.
    """

    path: Path
    document: Document
    script: Script

    @classmethod
    def read(cls, path: Path) -> Recording:
        """Read a file.

        Raises:
            RecordingError: with every mistake in it.
        """
        try:
            return cls.of(path, Document.read(path))
        except Finding as finding:
            raise RecordingError([finding]) from None
        except ExceptionGroup as group:
            raise RecordingError(e for e in group.exceptions if isinstance(e, Finding)) from None

    @classmethod
    def of(cls, path: Path, document: Document) -> Recording:
        """The recording that a file's content is.

        Raises:
            ExceptionGroup: of :class:`Finding`, one for each mistake.
            RecordingError: it uses values that were not captured.
        """
        recording = cls(path, document, document.validate(Script))
        if unknown := list(_unknown_values(recording)):
            raise RecordingError(unknown)
        return recording

    def mistake(self, message: str, *loc: Any) -> RecordingError:
        """A complaint about the part at ``loc``."""
        return RecordingError([self.document.finding(message, loc)])


def _unknown_values(recording: Recording) -> Iterator[Finding]:
    """Complaints about ``{{ names }}`` that no turn before has captured."""
    script = recording.script
    known = {each.capture for each in script.fixtures.bookings if each.capture}
    for at, turn in enumerate(script.turns):
        later = known | turn.capture.keys()
        for loc, name in used_in(turn):
            if loc[0] in {"was", "capture"}:
                continue
            if name not in (later if loc[0] == "expect" else known):
                where: Loc = ("turns", at, *loc)
                message = f"nothing was captured as {name!r} by then{meant(name, sorted(known))}"
                yield recording.document.finding(message, where)
        known = later


def recordings_in(paths: Sequence[Path]) -> list[Path]:
    """The files meant by ``paths``: files as they are, and every ``.yml`` under a folder, sorted.

    Raises:
        RecordingError: a path is not there, or a folder holds no recording.
    """
    found: list[Path] = []
    for path in paths:
        inside = sorted(path.rglob("*.yml")) if path.is_dir() else [path]
        if not inside:
            message = "this folder holds no recording (*.yml)"
            raise RecordingError([Finding(message, Place(str(path)))])
        found += inside
    return list(dict.fromkeys(found))
