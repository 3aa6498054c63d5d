"""Replaying recordings on a draft, one after the other, and writing anew what they expect."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bot.definitions import Definitions
from bot.dialogue.versions import Files, lay_out
from bot.drafting.replayed import (
    Begun,
    Covered,
    Exercised,
    Missed,
    Replayed,
    Row,
    Step,
    Trouble,
    Updated,
)
from bot.recordings import write_in
from bot.replay.coverage import WHAT_COUNTS, Coverage, Watch
from bot.replay.points import GUARD, STATE, STEP, Atlas, Point
from bot.replay.report import Complaint
from bot.replay.suite import Result, Stage, replay_file

ROWS: Final = 60
"""Lines of a comparison that are shown."""

AROUND: Final = 3
"""Lines that are the same, shown before the first that is not."""


async def replayed(
    definitions: Definitions, files: Files, recordings: Mapping[str, str], stage: Stage
) -> AsyncIterator[Step]:
    """Replay recordings on a draft, and say how much of it they exercise together.

    Args:
        files: of the draft, as the definitions were read from.
        recordings: texts by path.
    """
    yield Begun(len(recordings))
    with TemporaryDirectory(prefix="replay-") as made:
        drafted, folder = Path(made) / "draft", Path(made) / "recordings"
        drafted.mkdir()
        lay_out(files, drafted)
        atlas = Atlas(definitions.flows, drafted)
        watch, coverage = Watch(definitions, atlas), Coverage(atlas)
        for path, text in recordings.items():
            file = write_in(folder, path, text)
            result = await replay_file(file, definitions, stage, watch=watch)
            coverage.add(file, result.passes)
            yield _replayed(path, result, f"{folder}/")
        yield _covered(coverage, f"{drafted}/")


async def updated(
    definitions: Definitions, recordings: Mapping[str, str], paths: Sequence[str], stage: Stage
) -> AsyncIterator[Updated]:
    """Some recordings with what the draft says now."""
    with TemporaryDirectory(prefix="update-") as made:
        for path in paths:
            file = write_in(Path(made), path, recordings[path])
            result = await replay_file(file, definitions, stage, updating=True)
            why = "; ".join(each.headline for each in result.complaints)
            changes = result.changes.replace(f"{made}/", "")
            text = file.read_text(encoding="utf-8")
            yield Updated(path, text, changes, why.replace(f"{made}/", ""))


def _replayed(path: str, result: Result, before: str) -> Replayed:
    trouble = None
    if result.complaints:
        first, *others = result.complaints
        trouble = _trouble(first, len(others), before)
    return Replayed(path, result.title, round(result.seconds, 3), result.usable, trouble)


def _trouble(complaint: Complaint, more: int, before: str) -> Trouble:
    rows = tuple(_rows(complaint))
    notes = tuple(each.replace(before, "") for each in complaint.notes)
    what = complaint.what.replace(before, "")
    return Trouble(what, complaint.place.line, rows, notes, more)


def _rows(complaint: Complaint) -> Iterator[Row]:
    """The comparison from shortly before the first line that is not the same."""
    rows = complaint.rows
    first = next((at for at, row in enumerate(rows) if row.mark.strip()), 0)
    for row in rows[max(0, first - AROUND) :][:ROWS]:
        yield Row(row.mark, row.expected, row.said)


def _covered(coverage: Coverage, before: str) -> Covered:
    points = [each for each in coverage.atlas if each.kind in (STATE, STEP, GUARD)]
    files: dict[str, list[Point]] = {}
    for point in points:
        files.setdefault(point.place.file.removeprefix(before), []).append(point)
    counted = []
    for file, own in files.items():
        main = [each for each in own if each.kind in WHAT_COUNTS]
        passed = sum(coverage.is_passed(each, strong=True) for each in main)
        counted.append(Exercised(file, passed, len(main)))
    missed = [
        Missed(
            point.place.file.removeprefix(before),
            point.place.line,
            point.kind,
            point.name,
            coverage.is_passed(point),
        )
        for point in points
        if not coverage.is_passed(point, strong=True)
    ]
    return Covered(round(coverage.percent(), 1), tuple(counted), tuple(missed))
