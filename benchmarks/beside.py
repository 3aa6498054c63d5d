"""Antre beside aiogram, python-telegram-bot and Rasa: the same booking, the same checks, one run.

In process: each in a process of its own, one after the other, several times; rates are of
processor time, which other work on the machine disturbs less than the clock's. Over REST: Antre
and Rasa, Rasa as it is and with the re-check of its action server's answers left out, in turns; all
servers run all the time, and only one is asked at a time.

Run it with ``make bench-peers``, which makes their environments. Without ``--rasa`` Rasa is left
out.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from harness.contest import compared
from harness.machine import described
from harness.resting import over_nothing, over_rasa, over_rest, train_rasa
from harness.results import FOLDER, Results

from bot.loop import run as run_loop

HERE = Path(__file__).parent / "peers"
PEERS = ("aiogram_fsm.py", "ptb_conversation.py")
BASE = "aiogram"


def in_process(python: str, people: int, runs: int) -> None:
    """Measure the frameworks in process; a table, kept as JSON too.

    Args:
        python: of the environment the peers are installed in.
    """
    found = []
    for _ in range(runs):
        rates: dict[str, float] = {}
        for script in PEERS:
            rates |= _rates(python, script, people)
        found.append(rates | _rates(sys.executable, "antre_queue.py", people))
    print(f"\nin process, {people} bookings a run, one after the other, {runs} paired runs")
    print(f"{'':28}{'msg/s':>9}{'slowest':>9}{'fastest':>9}{'us each':>9}{'to ' + BASE:>12}")
    for name in found[0]:
        own = [run[name] for run in found]
        ratio = median(run[name] / run[BASE] for run in found)
        middle = median(own)
        print(
            f"{name:28}{middle:9.0f}{min(own):9.0f}{max(own):9.0f}{1e6 / middle:9.0f}{ratio:11.2f}x"
        )
    FOLDER.mkdir(parents=True, exist_ok=True)
    kept = {"machine": described(), "messages a second": found}
    (FOLDER / "peers.json").write_text(json.dumps(kept, indent=1), encoding="utf-8")


def _rates(python: str, script: str, people: int) -> dict[str, float]:
    run = subprocess.run(  # noqa: S603 - our own scripts
        [python, str(HERE / script), str(people)],
        check=True, stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(HERE.parents[1])},
    )  # fmt: skip
    rates: dict[str, float] = json.loads(run.stdout)
    return rates


async def over_http(python: str, options: argparse.Namespace) -> None:
    """Measure the REST doors.

    Args:
        python: of Rasa's environment.
    """
    with TemporaryDirectory() as folder:
        await train_rasa(python, Path(folder))
        results = Results("rasa", options)
        async with AsyncExitStack() as stack:
            contestants = [await stack.enter_async_context(over_rest())]
            contestants += [
                await stack.enter_async_context(over_rasa(python, Path(folder), how))
                for how in ("stock", "unchecked")
            ]
            contestants.append(await stack.enter_async_context(over_nothing()))
            await compared(contestants, options, results, "booking over REST")
        results.keep()


def main() -> None:
    """Print tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--peers", default=str(HERE / ".venv" / "bin" / "python"), help="Python")
    parser.add_argument("--rasa", type=Path, help="Python of Rasa's environment")
    parser.add_argument("--only", choices=["process", "rest"], help="that alone")
    parser.add_argument("--people", type=int, default=150, help="bookings of a run in process")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--conversations", type=int, default=10, help="at least, over REST")
    parser.add_argument("--seconds", type=float, default=1.0, help="at least, of a run")
    parser.add_argument("--at-once", type=int, nargs="*", default=[1, 8])
    options = parser.parse_args()
    options.rate = options.open_seconds = 0
    if options.only != "rest":
        in_process(options.peers, options.people, options.runs)
    if options.rasa and options.only != "process":
        run_loop(over_http(str(options.rasa.absolute()), options))


if __name__ == "__main__":
    main()
