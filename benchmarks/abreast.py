"""Which of several checkouts of Antre takes less of a processor, asked at the same moment.

Whatever else a machine does changes what a message costs by a third from one minute to the next, so
that runs one after the other cannot tell a change of five percent. Here ``antre serve`` of every
checkout is asked the four plain questions over signed webhooks at the same time, on one database:
whatever slows one slows all, and the ratio of their processor time is good to two percent.

Run it with ``python benchmarks/abreast.py BEFORE AFTER``, folders of checkouts; the first is what
the others are held against. Each is served with its own flows, all with the settings of this one.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from itertools import count
from pathlib import Path

from harness import offices
from harness.contest import Contestant
from harness.doors import Webhook
from harness.loops import closed
from harness.meta import Meta, meta_at
from harness.talks import questions, quiet, sender_of

from bot.loop import run as run_loop
from tests.support.service import free_port

ASKERS = 400
"""People who ask each, in turn: so many that nobody hears more than Meta allows."""


async def served(
    stack: AsyncExitStack, database: str, graph_port: int, meta: Meta, at: Path, first: int
) -> Contestant:
    """A checkout that has answered all its people before.

    Args:
        first: number of the first of them; each checkout has its own, for Graph is shared.
    """
    server = await stack.enter_async_context(offices.office(database, graph_port, checkout=at))
    door = Webhook(meta, server.url)
    await door.learn(sender_of(first + ASKERS), sender_of(first + ASKERS + 1), 159_999)
    next_sender = _in_turn(first)
    contestant = Contestant(
        at.name,
        lambda: questions(door, next_sender),
        {"bot": server.process_id},
        server.process_id,
    )
    await closed([contestant.talk() for _ in range(ASKERS // 2)], 8)
    return contestant


def _in_turn(first: int) -> Callable[[], str]:
    people = count()
    return lambda: sender_of(first + next(people) % ASKERS)


async def abreast(contestants: list[Contestant], talks: int, at_once: int) -> list[float]:
    """Milliseconds of processor time a message, of each, all asked at the same time."""
    before = [each.spent()["bot"] for each in contestants]
    loops = (closed([each.talk() for _ in range(talks)], at_once) for each in contestants)
    timed = await asyncio.gather(*loops)
    await quiet()
    after = [each.spent()["bot"] for each in contestants]
    return [
        1000 * (done - began) / len(each.all)
        for began, done, each in zip(before, after, timed, strict=True)
    ]


async def main() -> None:
    """Print a row a run, then the ratios."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "checkouts", type=Path, nargs="+", help="folders, the first to compare with"
    )
    parser.add_argument("--runs", type=int, default=6)
    parser.add_argument("--conversations", type=int, default=50, help="of each in a run")
    parser.add_argument("--at-once", type=int, default=4, help="of each")
    options = parser.parse_args()
    async with AsyncExitStack() as stack:
        uri, _ = await stack.enter_async_context(offices.mongodb())
        port = free_port()
        meta = await stack.enter_async_context(meta_at(port))
        folders = [each.resolve() for each in options.checkouts]
        all_of_them = [
            await served(stack, uri, port, meta, each, 90_000_000 + at * 2 * ASKERS)
            for at, each in enumerate(folders)
        ]
        runs = []
        for _ in range(options.runs):
            runs.append(await abreast(all_of_them, options.conversations, options.at_once))
            print("  ".join(f"{spent:5.2f} ms" for spent in runs[-1]), flush=True)
        if meta.refused:
            raise RuntimeError(f"{meta.refused} webhooks were not answered 200")
    first, *others = zip(*runs, strict=True)
    for folder, spent in zip(folders[1:], others, strict=True):
        ratios = sorted(theirs / ours for theirs, ours in zip(spent, first, strict=True))
        whole = sum(spent) / sum(first)
        print(f"{folder} to {folders[0]}: {whole:.3f} ({ratios[0]:.2f} to {ratios[-1]:.2f})")


if __name__ == "__main__":
    run_loop(main())
