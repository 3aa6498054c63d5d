"""Replays of drafts: how far one is, and what it found. Kept, so that any process shows it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Protocol

from bot.dialogue.versions import Files
from bot.drafting.replayed import Covered, Replayed, Step, Updated
from bot.settings import RECORDINGS, TRAFFIC
from bot.told import tell

SILENT: Final = timedelta(seconds=60)
"""A run that says nothing for so long has ended with its process."""

SHOWN_WHOLE: Final = 40
"""Recordings that differ and are shown with what was expected; of others there is the headline."""


@dataclass(frozen=True, slots=True)
class Run:
    """A replay of all recordings on a draft.

    Args:
        draft: its id.
        of: names what was replayed: :func:`texts_named`.
        at: when something of it was heard last, aware UTC.
        expected: how many recordings there are; 0 until that is known.
        results: so far.
        covered: once all are done.
        mistakes: of the draft, which keep it from being replayed.
        trouble: why it ended before its end.
    """

    draft: str
    of: str
    at: datetime
    expected: int = 0
    results: tuple[Replayed, ...] = ()
    covered: Covered | None = None
    mistakes: int = 0
    trouble: str = ""

    @property
    def is_over(self) -> bool:
        """Whether nothing more comes."""
        return bool(self.covered or self.mistakes or self.trouble)

    @property
    def is_whole(self) -> bool:
        """Whether every recording was replayed."""
        return self.covered is not None

    @property
    def differing(self) -> Sequence[Replayed]:
        """Recordings that are not as recorded."""
        return [each for each in self.results if each.trouble]

    def after(self, step: Step, now: datetime) -> Run:
        """With what was told next."""
        match step:
            case Replayed():
                return replace(self, at=now, results=(*self.results, self._short(step)))
            case Covered():
                return replace(self, at=now, covered=step)
            case _:
                return replace(self, at=now, expected=step.of, mistakes=step.mistakes)

    def given_up(self, now: datetime) -> Run:
        """As it is shown: one whose process has ended says so."""
        if self.is_over or now - self.at < SILENT:
            return self
        return replace(self, trouble="the process that replayed has ended; begin again")

    def with_updates(self, updates: Sequence[Updated], of: str, now: datetime) -> Run:
        """The run as it would be with these recordings, which agree by the way they were made."""
        done = {each.path for each in updates if not each.trouble}
        results = tuple(
            replace(each, trouble=None) if each.path in done else each for each in self.results
        )
        return replace(self, of=of, at=now, results=results)

    def _short(self, result: Replayed) -> Replayed:
        """A result, without the comparison where there are many."""
        if not result.trouble or len(self.differing) < SHOWN_WHOLE:
            return result
        return replace(result, trouble=replace(result.trouble, rows=()))


class RunStore(Protocol):
    """The last run of each draft; every method raises ``StorageUnavailable`` when the database does
    not answer.
    """

    async def load(self, draft: str) -> Run | None:
        """The last of a draft."""
        ...

    async def put(self, run: Run) -> None:
        """Keep a run in the place of the one before."""
        ...

    async def purge(self, before: datetime) -> None:
        """Forget those of which nothing was heard since."""
        ...


def texts_named(files: Files, over: Mapping[str, str]) -> str:
    """Names what is replayed: a draft's files, and the recordings over the folder's."""
    digest = hashlib.sha256()
    for texts in (files, over):
        for name, text in sorted(texts.items()):
            digest.update(f"{len(name)}:{len(text)}:{name}{text}".encode())
        digest.update(b"|")
    return digest.hexdigest()[:24]


def objections(run: Run | None, required: Collection[str]) -> Sequence[str]:
    """What speaks against publishing a draft where something must agree first, in a few words each.

    Args:
        run: of what the draft is now, if there is one.
        required: :data:`bot.settings.RECORDINGS` and :data:`bot.settings.TRAFFIC`, or one of them.
    """
    told: list[str] = []
    if RECORDINGS in required:
        if run is None or not run.is_whole:
            told.append(tell("recordings were not replayed on it"))
        elif run.differing:
            message = tell(
                "{count} of {of} recordings differ", count=len(run.differing), of=len(run.results)
            )
            told.append(message)
    if TRAFFIC in required:
        told.append(tell("stored conversations were not replayed on it"))
    return told
