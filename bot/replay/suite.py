"""Replays one file, and says how it went."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.definitions import Definitions
from bot.replay.coverage import Passes, Watch, passes_of
from bot.replay.player import play
from bot.replay.recording import Recording, RecordingError
from bot.replay.report import Complaint, complaint_of, complaints_about
from bot.replay.scene import Rehearse
from bot.replay.updating import update

Stage = Callable[[], AbstractAsyncContextManager[Rehearse]]
"""Gives what makes a bot on empty stores, for one recording."""


@dataclass(frozen=True, slots=True)
class Result:
    """How a recording went.

    Args:
        complaints: what is wrong; none when it passed.
        changes: to its file, as a unified diff; nothing when it was not rewritten.
        usable: whether it could be read and played at all.
        passes: what of the flows it passed; nothing when nobody watches.
    """

    path: Path
    title: str
    seconds: float
    complaints: tuple[Complaint, ...] = ()
    changes: str = ""
    usable: bool = True
    passes: Passes = field(default_factory=dict, repr=False)

    @property
    def passed(self) -> bool:
        """Whether everything is as recorded (now)."""
        return not self.complaints

    @property
    def updated(self) -> bool:
        """Whether its file was rewritten."""
        return bool(self.changes)

    def as_document(self) -> dict[str, Any]:
        """JSON-like."""
        return {
            "file": str(self.path),
            "title": self.title,
            "seconds": round(self.seconds, 4),
            "passed": self.passed,
            "usable": self.usable,
            "updated": self.updated,
            "differences": [each.as_document() for each in self.complaints],
        }


async def replay_file(
    path: Path,
    definitions: Definitions,
    stage: Stage,
    *,
    updating: bool = False,
    watch: Watch | None = None,
    live: bool = False,
) -> Result:
    """Replay a recording.

    Args:
        watch: of the flows; then the recording is played on what it watches.
        live: as :func:`bot.replay.player.play` has it.
        updating: write into the file what the bot says; then only what cannot be written is wrong.
    """
    began, title, changes, usable = time.perf_counter(), "", "", True
    passes: Passes = {}
    try:
        recording = Recording.read(path)
        title = recording.script.title
        async with stage() as rehearse:
            if watch:
                watch.take()  # what a recording that could not be played has left
                played = await play(recording, watch.watched, rehearse, watch.take, live=live)
                passes = passes_of(played)
            else:
                played = await play(recording, definitions, rehearse, live=live)
        complaints = complaints_about(played)
        if updating:
            changes = update(played)
            complaints = complaints_about(played, left_over=True)
    except RecordingError as error:
        usable, complaints = False, [complaint_of(finding) for finding in error.findings]
    seconds = time.perf_counter() - began
    return Result(path, title, seconds, tuple(complaints), changes, usable, passes)
