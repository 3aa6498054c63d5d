"""Antre and aiogram on the same four questions: hello, dates, identity, code.

Each takes its turn in a process of its own, one after the other, several times; the table gives
the median rate and the median of the paired ratios. Rates are of CPU time, which other work on the
machine disturbs less than the clock's. Run it with ``make bench-peers``.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from statistics import median

HERE = Path(__file__).parent
PEOPLE = 150
RUNS = 9
BASE = "aiogram"


def measured(python: str, script: str) -> dict[str, float]:
    """Messages a second, by what was measured."""
    root = str(HERE.parents[1])
    run = subprocess.run(  # noqa: S603 - our own scripts
        [python, str(HERE / script), str(PEOPLE)],
        check=True, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": root},
    )  # fmt: skip
    rates: dict[str, float] = json.loads(run.stdout)
    return rates


def main(peer: str) -> None:
    """Print a table.

    Args:
        peer: Python of the environment that aiogram is installed in.
    """
    cores = os.cpu_count()
    print(f"Python {platform.python_version()}, {cores} cores, load {os.getloadavg()[0]:.1f};")
    print(f"{PEOPLE} bookings of four messages a run, one after the other, {RUNS} paired runs\n")
    runs = [
        measured(peer, "aiogram_fsm.py") | measured(sys.executable, "antre_queue.py")
        for _ in range(RUNS)
    ]
    print(f"{'':28} {'messages/s':>10} {'slowest':>8} {'fastest':>8} {'to ' + BASE:>11}")
    for name in runs[0]:
        rates = [run[name] for run in runs]
        ratio = median(run[name] / run[BASE] for run in runs)
        print(f"{name:28} {median(rates):10.0f} {min(rates):8.0f} {max(rates):8.0f} {ratio:10.2f}x")
    print(f"\nload at the end {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else str(HERE / ".venv" / "bin" / "python"))
