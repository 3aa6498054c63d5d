"""Recordings that are kept in the database: editors of an office have no folder of them at hand.

What counts is the folder (``flows.recordings``) overlaid by these: one of the same path stands in
for the file, one without a text takes it away. ``antre recordings export`` writes them out for who
keeps recordings in a repository.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Protocol

from bot.errors import AntreError

LARGEST: Final = 2**20
"""Bytes of a recording's text."""

SAVED: Final = "saved"
"""The folder of those that somebody saves of a conversation."""

_PATH: Final = re.compile(r"(?:[A-Za-z0-9_-]{1,80}/){0,4}[A-Za-z0-9_-]{1,80}\.yml")
_NOT_IN_A_NAME: Final = re.compile(r"[^a-z0-9]+")
_NAME_LENGTH: Final = 60


@dataclass(frozen=True, slots=True)
class KeptRecording:
    """A recording in the database.

    Args:
        path: within the folder of recordings, ``family/late.yml``.
        text: of the file; empty: the folder's file of this path does not count any more.
        by: login of who kept it.
        at: when, aware UTC, to the millisecond.
        note: why.

    Raises:
        AntreError: no file can be called so, or it is too large.
    """

    path: str
    text: str
    by: str
    at: datetime
    note: str = ""

    def __post_init__(self) -> None:
        if not _PATH.fullmatch(self.path):
            raise AntreError(f"{self.path}: a recording is called like family/late.yml")
        if len(self.text.encode()) > LARGEST:
            raise AntreError(f"{self.path}: larger than {LARGEST // 2**20} MiB; make it shorter")


class RecordingStore(Protocol):
    """Recordings in the database; every method raises ``StorageUnavailable`` when it does not
    answer.
    """

    async def all(self) -> Sequence[KeptRecording]:
        """All of them, by path."""
        ...

    async def load(self, path: str) -> KeptRecording | None:
        """The one of this path."""
        ...

    async def add(self, recording: KeptRecording) -> bool:
        """Keep a new one; ``False`` when there is one of this path, which stays."""
        ...

    async def put(self, recordings: Iterable[KeptRecording]) -> None:
        """Keep these, in the place of those there are of the same paths; done twice it is done
        once.
        """
        ...

    async def forget(self, recording: KeptRecording) -> bool:
        """Let one go, unless another was kept under its path since; the folder's counts again."""
        ...


async def keep_new(
    store: RecordingStore, name: str, text: str, *, by: str, now: datetime, note: str = ""
) -> str:
    """Keep a recording that somebody has made; its path, in which no other one is.

    Args:
        name: what it is called, in words.

    Raises:
        AntreError: it is too large.
    """
    for path in paths_for(name):
        if await store.add(KeptRecording(path, text, by, now, note)):
            return path
    raise AssertionError  # they do not end


def paths_for(name: str) -> Iterator[str]:
    """Where a recording that is called so in words may be, without end."""
    slug = _NOT_IN_A_NAME.sub("_", name.lower())[:_NAME_LENGTH].strip("_") or "conversation"
    for number in count(1):
        yield f"{SAVED}/{slug}{f'_{number}' if number > 1 else ''}.yml"


def texts_in(folder: Path) -> dict[str, str]:
    """The recordings in a folder, by path in it; none if there is no such folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8-sig")
        for path in sorted(folder.rglob("*.yml"))
    }


def overlaid(texts: Mapping[str, str], over: Mapping[str, str]) -> dict[str, str]:
    """Recordings by path with others over them; an empty text takes one away."""
    found = {path: text for path, text in {**texts, **over}.items() if text}
    return dict(sorted(found.items()))


@contextmanager
def laid_out(folder: Path, kept: Iterable[KeptRecording]) -> Iterator[list[Path]]:
    """The files that count: the folder's, and those that are kept instead or beside, which are
    written out as long as this is open.
    """
    over = {each.path: each.text for each in kept}
    with TemporaryDirectory(prefix="recordings-") as made:
        places = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.yml")}
        for name, text in over.items():
            places[name] = Path(made) / name
            if text:
                write_in(Path(made), name, text)
        yield [places[name] for name in sorted(places) if over.get(name, name)]


def write_in(folder: Path, name: str, text: str) -> Path:
    """Write a recording into a folder; its file."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
