"""What ``rasa`` does, as far as the bot's side of it goes: a stand-in that needs no installing.

What it trains is a copy of what it was given. A line of the examples can make it complain, fail,
or not start: ``- complain``, ``- fail``, ``- never start``, ``- start and end``.
"""

import argparse
import asyncio
import json
import os
import sys
import warnings
from itertools import pairwise
from pathlib import Path

from tests.support.rasa import RasaStandIn


def main() -> None:
    """Do what the arguments say."""
    command, *words = sys.argv[1:]
    if command == "run":
        serve(words)
        return
    options = dict(pairwise(words))
    if command == "train":
        train(options)
    elif command == "data":
        warnings.warn("The intent 'x' is not used in any story or rule.", stacklevel=1)
        complain(examples_in(Path(options["--data"])), Path(options["--domain"]).read_text())


def train(options: dict[str, str]) -> None:
    """Write a model, and what was asked for beside the models."""
    examples = examples_in(Path(options["--nlu"]))
    complain(examples, examples)
    model = Path(options["--out"]) / f"{options['--fixed-model-name']}.tar.gz"
    model.write_text(examples)
    asked = {"arguments": sys.argv[1:], "environment": dict(os.environ)}
    (model.parents[2] / "asked.json").write_text(json.dumps(asked))


def examples_in(folder: Path) -> str:
    """All files of a folder."""
    return "".join(path.read_text() for path in sorted(folder.rglob("*.*")))


def complain(examples: str, about: str) -> None:
    """Warn, or fail."""
    if "- complain" in examples:
        warnings.warn(f"Something is odd about {about[:20]!r}\nand more of it.", stacklevel=1)
    if "- fail" in examples:
        sys.exit("nothing can be learnt from this")


def serve(words: list[str]) -> None:
    """Serve until stopped; options are read as Rasa reads them."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--enable-api", action="store_true", required=True)
    for name in ("--model", "--interface", "--port", "--auth-token"):
        parser.add_argument(name, required=True)
    options = parser.parse_args(words)
    model = Path(options.model).read_text()
    if "- start and end" in model:
        sys.exit("the model is broken")
    token = options.auth_token

    async def stay() -> None:
        if "- never start" in model:
            await asyncio.Event().wait()
        async with RasaStandIn({"mau daftar": "register"}, token=token).serving(int(options.port)):
            await asyncio.Event().wait()

    asyncio.run(stay())
