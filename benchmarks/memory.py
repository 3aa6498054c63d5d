"""The memory of ``antre serve`` while messages come in and go out, at a rate that may be sent.

Run it with ``python benchmarks/memory.py --messages 100000``; the default takes two minutes.
"""

from __future__ import annotations

import argparse
import time
from itertools import count

from harness import offices
from harness.doors import Webhook
from harness.loops import opened
from harness.machine import described
from harness.meta import meta_at
from harness.processes import resident_mb
from harness.talks import QUESTIONS, questions, sender_of

from bot.loop import run as run_loop
from tests.support.service import free_port

PEOPLE = 3000
"""So many that nobody writes faster than people do, nor is written to faster than Meta allows."""


async def main() -> None:
    """Print the memory every tenth."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--messages", type=int, default=4000, help="in and out together")
    parser.add_argument("--rate", type=float, default=20, help="messages in a second")
    options = parser.parse_args()
    print("; ".join(f"{what} {value}" for what, value in described().items()))
    graph_port, people = free_port(), count()

    def next_sender() -> str:
        return sender_of(next(people) % PEOPLE)

    async with (
        offices.mongodb() as (uri, _),
        meta_at(graph_port) as meta,
        offices.office(uri, graph_port) as server,
    ):
        door = Webhook(meta, server.url)
        began, written = time.perf_counter(), 0
        print(f"{'in':>8}{'out':>8}{'seconds':>9}{'resident MB':>13}")
        for tenth in range(11):
            while written + meta.taken < tenth * options.messages / 10:
                talks = [questions(door, next_sender) for _ in range(25)]
                written += len((await opened(talks, options.rate / len(QUESTIONS))).all)
            seconds, size = time.perf_counter() - began, resident_mb(server.process_id)
            print(f"{written:8}{meta.taken:8}{seconds:9.0f}{size:13.0f}", flush=True)
        print(f"not answered 200: {meta.refused}")


if __name__ == "__main__":
    run_loop(main())
