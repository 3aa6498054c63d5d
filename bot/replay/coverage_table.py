"""How much of the flows recordings exercise, as a table and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from rich.table import Table
from rich.text import Text

from bot.console import Console
from bot.replay.coverage import WHAT_COUNTS, Coverage
from bot.replay.points import GUARD, REPLY, STATE, STEP, Point

TITLES: Final = {STATE: "states", STEP: "transitions", GUARD: "guards both ways", REPLY: "replies"}
"""What people call the kinds."""


def show_coverage(coverage: Coverage, console: Console) -> None:
    """Print how much of each file was exercised, and what was not, with its place."""
    table = Table("", *TITLES.values(), "%", box=None, pad_edge=False, header_style="dim")
    for column in table.columns[1:]:
        column.justify = "right"
    for part, points in _parts(coverage).items():
        counts = {kind: _counted(coverage, points, kind) for kind in TITLES}
        cells = ["{}/{}".format(*counts[kind]) if counts[kind][1] else "" for kind in TITLES]
        main = [counts[kind] for kind in WHAT_COUNTS]
        passed, there_are = (sum(each) for each in zip(*main, strict=True))
        percent = f"{100 * passed / there_are:.1f}" if there_are else ""
        table.add_row(part, *cells, percent)
    console.print(table)
    for line in _missing(coverage):
        console.print(line, soft_wrap=True)
    told = ", ".join(f"{each} {coverage.percent(each):.1f} %" for each in coverage.languages)
    console.print(
        f"{coverage.percent():.1f} % of states and transitions, where answers are checked as a "
        f"whole ({told})"
    )


def coverage_document(coverage: Coverage) -> dict[str, Any]:
    """JSON-like: every point, and by whom it was passed."""
    return {
        "percent": coverage.percent(),
        "languages": {each: coverage.percent(each) for each in coverage.languages},
        "points": [
            {
                "file": point.place.file,
                "line": point.place.line,
                "part": point.part,
                "kind": point.kind,
                "name": point.name,
                "passed": how(coverage, point),
                "languages": [
                    each
                    for each in coverage.languages
                    if coverage.is_passed(point, each, strong=True)
                ],
                "by": {str(path): times for path, times in coverage.by(point).items()},
            }
            for point in coverage.atlas
        ],
    }


def how(coverage: Coverage, point: Point) -> str:
    """``strong``, ``weak`` or ``missed``."""
    if coverage.is_passed(point, strong=True):
        return "strong"
    return "weak" if coverage.is_passed(point) else "missed"


def _parts(coverage: Coverage) -> Mapping[str, list[Point]]:
    parts: dict[str, list[Point]] = {}
    for point in coverage.atlas:
        parts.setdefault(point.part, []).append(point)
    return parts


def _counted(coverage: Coverage, points: Iterable[Point], kind: str) -> tuple[int, int]:
    passed = [coverage.is_passed(p, strong=True) for p in points if p.kind == kind]
    return sum(passed), len(passed)


def _missing(coverage: Coverage) -> Iterable[Text]:
    for point in coverage.missed():
        weak = how(coverage, point) == "weak"
        what = f"{point.kind} {point.name}{' (weak)' * weak}"
        yield Text(f"{point.place.file}:{point.place.line}: {what}", "yellow" if weak else "red")
