"""What understanding a message costs: time, also of hostile texts, loading, and memory.

Run it with ``python benchmarks/understanding.py``.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median

from bot.clock import system_clock
from bot.commands.understanding.ears import Ears, ears
from bot.commands.understanding.evaluating import Label, read_labels
from bot.console import Console
from bot.settings import Settings, load_settings
from nlu.local import LocalClassifier
from nlu.spelling import LIMIT

ROOT = Path(__file__).parents[1]
TIMES = 20

HOSTILE = {
    "one letter": "a",
    "digits": "1234567890 ",
    "separators": "#",
    "dates": "17 agustus 1990 ",
    "names": "Rina Wulandari Contoh ",
    "phrases": "mau daftar paspor besok bisa tidak ",
    "misspelt": "mendaptarrkaan pasporrt ",
    "offices": "kantor jaktim bogor ",
    "line breaks": "halo\n",
    "marks": "\u0301",
    "emoji": "🙏",
    "all different": "".join(chr(0x61 + n % 26) + " " * (n % 3 == 0) for n in range(9973)),
}
"""What is repeated until it is as long as a message may be."""

LOADED = """
import asyncio, resource, sys, time
began = time.perf_counter()
import bot.serving
from pathlib import Path
from nlu.local import LocalClassifier
if sys.argv[1:]:
    known = LocalClassifier.stored(Path(sys.argv[1]), Path(sys.argv[2]))
    asyncio.run(known.rank("halo"))
print(time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


async def spent(work: Callable[[], Awaitable[object]]) -> float:
    """Milliseconds that awaiting takes."""
    began = time.perf_counter()
    await work()
    return (time.perf_counter() - began) * 1000


async def everyday(heard: Ears, classifier: LocalClassifier, labels: list[Label]) -> None:
    """Messages as people write them, the second time round."""
    took: dict[str, list[float]] = {"understood": [], "of which ranked": []}
    for again in (False, True):
        for each in labels:
            one = await heard.hear(each.text, system_clock(), state=each.state)
            ranking = await spent(lambda text=each.text: classifier.rank(text))  # type: ignore[misc]  # a default
            if again:
                took["understood"].append(one.seconds * 1000)
                took["of which ranked"].append(ranking)
    for name, spans in took.items():
        spans.sort()
        print(f"{name:28} {median(spans):7.3f} ms {spans[int(len(spans) * 0.95)]:7.3f} ms p95")


async def hostile(heard: Ears) -> None:
    """Texts of 4,096 characters."""
    for name, part in HOSTILE.items():
        text = (part * LIMIT)[:LIMIT]
        took = [(await heard.hear(text, system_clock())).seconds * 1000 for _ in range(TIMES)]
        print(f"{LIMIT:,} characters of {name:14} {median(took):7.3f} ms {max(took):7.3f} ms most")


def loading(settings: Settings) -> None:
    """The bot's modules alone, and with the model."""
    folders = [str(settings.flows.training), str(settings.nlu.models)]
    for name, arguments in (("the bot", []), ("the bot and its model", folders)):
        done = subprocess.run(  # noqa: S603 - ourselves
            [sys.executable, "-c", LOADED, *arguments], check=True, capture_output=True, text=True
        )
        seconds, megabytes = map(float, done.stdout.split())
        print(f"{name + ' loaded':28} {seconds:7.2f} s  {megabytes:7.0f} MB")


async def main() -> None:
    """Print all figures."""
    settings = load_settings(ROOT / "config.yml", os.environ)
    labels = read_labels([settings.flows.training / "test" / "development.jsonl"])
    async with ears(settings, "local", Console(stderr=True)) as heard:
        loading(settings)
        classifier = LocalClassifier.stored(settings.flows.training, settings.nlu.models)
        await everyday(heard, classifier, labels)
        await hostile(heard)


if __name__ == "__main__":
    asyncio.run(main())
