"""What a benchmark found: printed as tables, kept as JSON and as a plot."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from harness.figures import Run, middle, ratio, spread
from harness.machine import described

FOLDER = Path(__file__).parents[2] / ".data" / "bench"


class Results:
    """Runs by workload, load and contestant; the first contestant is what others are held against.

    Args:
        name: of the benchmark; its files are called so.
        options: that it was called with; kept beside the figures.
    """

    def __init__(self, name: str, options: argparse.Namespace) -> None:
        self._name = name
        self._options = vars(options)
        self._machine = described()
        self._runs: dict[str, dict[str, dict[str, list[Run]]]] = {}
        print("; ".join(f"{what} {value}" for what, value in self._machine.items()))

    def add(self, what: str, load: str, contestant: str, run: Run) -> None:
        """One more run."""
        loads = self._runs.setdefault(what, {})
        loads.setdefault(load, {}).setdefault(contestant, []).append(run)

    def show(self, what: str, load: str) -> None:
        """Print what was measured of a workload under a load."""
        runs = self._runs[what][load]
        first = next(iter(runs))
        print(f"\n{what}, {load}: medians of {len(runs[first])} runs")
        print(f"{'':20}{'p50':>9}{'p95':>9}{'p99':>9}{'msg/s':>8}{'MB':>6}  CPU ms a message")
        for name, each in runs.items():
            found = middle(each)
            cpu = ", ".join(f"{part} {spent:.2f}" for part, spent in found.cpu.items())
            print(
                f"{name:20}{found.p50:9.2f}{found.p95:9.2f}{found.p99:9.2f}{found.rate:8.0f}"
                f"{found.memory_mb:6.0f}  {cpu}"
            )
            print(f"{'':20}" + ", ".join(f"{at} {took:.2f}" for at, took in found.steps.items()))
        for name, each in runs.items():
            if name != first:
                print(f"{name} to {first}: {_ratios(each, runs[first])}", flush=True)

    def keep(self) -> None:
        """Write the JSON and the plot."""
        FOLDER.mkdir(parents=True, exist_ok=True)
        kept: dict[str, Any] = {
            "machine": self._machine,
            "options": self._options,
            "runs": _as_documents(self._runs),
        }
        path = FOLDER / f"{self._name}.json"
        path.write_text(json.dumps(kept, indent=1, default=str), encoding="utf-8")
        plot = path.with_suffix(".png")
        drawn(self._runs, plot, self._machine["date"])
        print(f"\nkept in {path} and {plot}")


def _ratios(ours: Sequence[Run], others: Sequence[Run]) -> str:
    """Medians of paired ratios, with the smallest and the largest."""
    parts = []
    for what in ("p50", "p95", "rate"):
        own = [getattr(run, what) for run in ours]
        their = [getattr(run, what) for run in others]
        least, most = spread(own, their)
        parts.append(f"{what} x{ratio(own, their):.2f} ({least:.2f} to {most:.2f})")
    return ", ".join(parts)


def _as_documents(value: Any) -> Any:
    if isinstance(value, Run):
        return asdict(value)
    if isinstance(value, Mapping):
        return {name: _as_documents(each) for name, each in value.items()}
    return [_as_documents(each) for each in value]


def drawn(
    runs: Mapping[str, Mapping[str, Mapping[str, Sequence[Run]]]], path: Path, title: str
) -> None:
    """A picture: p50, with p95 above it, of each contestant under each load."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - half a second

    figure = Figure(figsize=(4.2 * len(runs), 4.2), layout="constrained")
    for axes, (what, loads) in zip(
        figure.subplots(1, len(runs), squeeze=False)[0], runs.items(), strict=True
    ):
        names = list(dict.fromkeys(name for by_name in loads.values() for name in by_name))
        for at, name in enumerate(names):
            found = [middle(by_name[name]) for by_name in loads.values()]
            places = [place + 0.8 * (at + 0.5) / len(names) - 0.4 for place in range(len(found))]
            heights = [run.p50 for run in found]
            above = [run.p95 - run.p50 for run in found]
            axes.bar(places, heights, 0.8 / len(names), label=name)
            axes.errorbar(places, heights, [[0] * len(found), above], fmt="none", ecolor="0.4")
        axes.set_xticks(range(len(loads)), [load.replace(" ", "\n", 1) for load in loads])
        axes.set_yscale("log")
        axes.set_ylabel("milliseconds: p50, line to p95")
        axes.set_title(what)
        axes.legend()
    figure.suptitle(title)
    figure.savefig(path, dpi=100)
