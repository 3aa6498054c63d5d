"""Plays many recordings one after the other: the command ``antre replay``."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.text import Text

from bot.definitions import Definitions
from bot.replay.player import Played, Rehearse, play
from bot.replay.recording import Recording, RecordingError
from bot.replay.report import Complaint, complaint_of, complaints_about, show
from bot.replay.updating import update


@dataclass(frozen=True, slots=True)
class Result:
    """How a recording went.

    Args:
        complaints: what is wrong; none when it passed.
        updated: whether its file was rewritten.
    """

    path: Path
    title: str
    seconds: float
    complaints: tuple[Complaint, ...] = ()
    updated: bool = False

    @property
    def passed(self) -> bool:
        """Whether everything is as recorded (now)."""
        return not self.complaints


async def replay(
    paths: Sequence[Path],
    definitions: Definitions,
    rehearse: Rehearse,
    console: Console,
    *,
    updating: bool = False,
) -> list[Result]:
    """Play the recordings in ``paths``, printing a line for each and what differs.

    Args:
        updating: write into the files what the bot says; then only what cannot be written is
            wrong.
    """
    results = []
    for path in paths:
        result = await _one(path, definitions, rehearse, updating=updating)
        mark, style = ("ok", "green") if result.passed else ("FAIL", "bold red")
        mark = "new" if result.updated and result.passed else mark
        line = Text.assemble((f"{mark:<5}", style), f"{path}  ", (result.title, "dim"))
        console.print(line)
        for complaint in result.complaints:
            show(complaint, console)
        results.append(result)
    return results


async def _one(
    path: Path, definitions: Definitions, rehearse: Rehearse, *, updating: bool
) -> Result:
    began, title, updated = time.perf_counter(), "", False
    try:
        recording = Recording.read(path)
        title = recording.script.title
        played = await play(recording, definitions, rehearse)
        if updating:
            updated = update(played)
        complaints = complaints_about(_left(played) if updating else played)
    except RecordingError as error:
        complaints = [complaint_of(finding) for finding in error.findings]
    return Result(path, title, time.perf_counter() - began, tuple(complaints), updated)


def _left(played: Played) -> Played:
    """What an update could not put right."""
    exchanges = tuple(exchange for exchange in played.exchanges if exchange.problem)
    return Played(played.recording, exchanges, played.version)
