"""The REST door on stores in memory, in a process of its own; ``python rest_server.py PORT``."""

from __future__ import annotations

import sys
from pathlib import Path
from random import SystemRandom

from harness.listening import listen

from bot.app import assemble
from bot.channels.rest import rest_routes
from bot.clock import system_clock
from bot.definitions import load_definitions
from bot.loop import run
from bot.settings import load_settings
from nlu.local import ready
from storage.stores import stores_in_memory

ROOT = Path(__file__).parents[2]


async def serve(port: int) -> None:
    """Serve until the process is ended."""
    settings = load_settings(ROOT / "config.yml", {})
    definitions = load_definitions(settings.flows)
    bot = assemble(
        definitions, settings, stores=stores_in_memory(), clock=system_clock,
        random=SystemRandom(),
        classifier=await ready(settings.flows.training, settings.nlu.models, print),
    )  # fmt: skip
    offices = [office.id for office in definitions.offices]
    await listen(rest_routes(bot.turns, bot.outbox, offices, None, system_clock), port)


if __name__ == "__main__":
    run(serve(int(sys.argv[1])))
