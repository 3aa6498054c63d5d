"""How well, and how fast, the embedded classifier and Rasa understand, side by side.

`make rasa` serves Rasa for it; by itself it measures the embedded one alone.
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Literal

from rich.table import Table

from bot.clock import system_clock
from bot.commands.understanding.ears import ears
from bot.commands.understanding.evaluating import evaluated, read_labels
from bot.console import Console
from bot.settings import Settings, load_settings
from nlu.evaluation import Evaluation

ROOT = Path(__file__).parents[1]
TESTS = ("development", "held_out")
NAMES: dict[Literal["grammar", "local", "rasa"], str] = {
    "grammar": "rules alone",
    "local": "embedded",
    "rasa": "Rasa",
}


async def measured(
    settings: Settings, provider: Literal["grammar", "local", "rasa"], test: str
) -> tuple[Evaluation, Evaluation]:
    """A test file understood with a provider: at the level of others, and at that of our flows."""
    labels = read_labels([settings.flows.training / "test" / f"{test}.jsonl"])
    async with ears(settings, provider, Console(stderr=True)) as heard:
        finer = await evaluated(labels, heard, system_clock(), finer=True)
        return await evaluated(labels, heard, system_clock()), finer


async def main() -> None:
    """Print a table a test file."""
    settings = load_settings(ROOT / "config.yml", os.environ)
    served = settings.nlu.provider == "rasa"
    for test in TESTS:
        rows: dict[str, list[str]] = {}
        providers = [each for each in NAMES if served or each != "rasa"]
        for provider in providers:
            evaluation, finer = await measured(settings, provider, test)
            entities = evaluation.all_entities()
            for name, text in {
                "intents right": f"{evaluation.accuracy:.1%}",
                "as finely as our flows ask": f"{finer.accuracy:.1%}",
                "asked back": f"{evaluation.asked_back:.1%}",
                "confidence off by": f"{evaluation.calibration_error():.1%}",
                "entities, precision": f"{entities.precision:.1%}",
                "entities, recall": f"{entities.recall:.1%}",
                "p50": f"{evaluation.latency_ms(50):.2f} ms",
                "p95": f"{evaluation.latency_ms(95):.2f} ms",
            }.items():
                rows.setdefault(name, []).append(text)
        table = Table(f"{test}, {len(evaluation.judged)} messages", box=None, pad_edge=False)
        for provider in providers:
            table.add_column(NAMES[provider], justify="right")
        for name, texts in rows.items():
            table.add_row(name, *texts)
        Console().print(table, end="\n\n")
    if not served:
        Console().print("Rasa is not served here; make rasa measures it too.")


if __name__ == "__main__":
    asyncio.run(main())
