"""What a benchmark found beside runs of contestants: JSON with the machine, and a picture."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from harness.machine import described
from harness.results import FOLDER


def keep(name: str, options: argparse.Namespace, found: Mapping[str, object]) -> Path:
    """Write what was found as JSON, with the machine and the options."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{name}.json"
    told = {"machine": described(), "options": vars(options), "found": found}
    path.write_text(json.dumps(told, indent=1, default=str), encoding="utf-8")
    print(f"\nkept in {path}", flush=True)
    return path


def draw(
    name: str,
    charts: Mapping[str, Mapping[str, Sequence[tuple[float, float]]]],
    axes_named: Mapping[str, tuple[str, str]],
    *,
    logarithmic: bool = False,
) -> Path:
    """Draw charts beside each other, lines in each.

    Args:
        charts: points by chart and line.
        axes_named: what stands below and beside each chart.
        logarithmic: along both axes.
    """
    from matplotlib.figure import Figure  # noqa: PLC0415 - half a second
    from matplotlib.ticker import EngFormatter, MaxNLocator  # noqa: PLC0415 - as above

    figure = Figure(figsize=(4.6 * len(charts), 3.8), layout="constrained")
    for axes, (title, lines) in zip(
        figure.subplots(1, len(charts), squeeze=False)[0], charts.items(), strict=True
    ):
        for label, points in lines.items():
            axes.plot(*zip(*points, strict=True), marker="o", markersize=3, label=label)
        axes.set_title(title)
        below, beside = axes_named[title]
        axes.set_xlabel(below)
        axes.set_ylabel(beside)
        if logarithmic:
            axes.set_xscale("log")
            axes.set_yscale("log")
        else:
            axes.set_ylim(0, 1.25 * max(y for points in lines.values() for _, y in points))
            axes.xaxis.set_major_locator(MaxNLocator(5))
            axes.xaxis.set_major_formatter(EngFormatter(sep=""))
        axes.legend()
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{name}.png"
    figure.savefig(path, dpi=100)
    print(f"drawn in {path}", flush=True)
    return path
