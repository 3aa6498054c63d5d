"""How fast Antre is at each of its doors, and how far its webhook is above the least it could be.

The four messages of a booking with the engine in this process and over REST, both on stores in
memory; then four plain questions over signed webhooks on MongoDB, side by side with the floor
(``harness/floor.py``) on the same database, one after the other and again; then a booking there.
1, 8 and 64 conversations at once, each waiting for its answers, and so many begun a second,
whatever became of those before. Everything is on this machine alone.

Run it with ``python benchmarks/doors.py``; ``--runs 5 --conversations 200`` for the docs.
"""

from __future__ import annotations

import argparse
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import count

from harness import offices
from harness.contest import Contestant, bookings, compared
from harness.doors import InProcess, Mailbox, Webhook, bot_over
from harness.loops import closed
from harness.meta import meta_at
from harness.resting import over_rest
from harness.results import Results
from harness.talks import Door, questions, sender_of

from bot.loop import run as run_loop
from storage.stores import stores_in_memory
from tests.support.service import free_port

READING_SECONDS = 0.05
"""From an answer to what the same person writes next; at once they would race with the mark that
follows sending, as no person does.
"""

ASKERS = 400
"""People who ask, in turn: as many as nobody hears more than Meta allows, and all have written
before, so that nobody is new.
"""


def asking(name: str, door: Door, processes: dict[str, int | None], server: int) -> Contestant:
    """Plain questions of people who have written before."""
    people = count()

    def next_sender() -> str:
        return sender_of(90_000_000 + next(people) % ASKERS)

    return Contestant(name, lambda: questions(door, next_sender), processes, server)


async def in_process() -> Contestant:
    """The whole bot in this process: outbox, journal and handled ids over stores in memory."""
    mailbox = Mailbox()
    bot = await bot_over(stores_in_memory(), mailbox)
    return bookings("engine in process", InProcess(bot, mailbox), {"bot and client": None}, None)


@asynccontextmanager
async def over_webhooks() -> AsyncIterator[tuple[Contestant, Contestant, Contestant]]:
    """The floor with questions, the bot with questions, and the bot with bookings."""
    async with AsyncExitStack() as stack:
        uri, database = await stack.enter_async_context(offices.mongodb())
        graph_port = free_port()
        meta = await stack.enter_async_context(meta_at(graph_port))
        ours = await stack.enter_async_context(offices.office(uri, graph_port))
        least = await stack.enter_async_context(offices.floor(uri))
        door, beneath = Webhook(meta, ours.url), Webhook(meta, least.url)
        await door.learn(sender_of(80_000_001), sender_of(80_000_002), 159_999)
        shared = {"database": database, "client": None}
        on_floor = asking("floor", beneath, {"bot": least.process_id, **shared}, least.process_id)
        asks = asking("webhook", door, {"bot": ours.process_id, **shared}, ours.process_id)
        for contestant in (on_floor, asks):
            await closed([contestant.talk() for _ in range(ASKERS // 2)], 8)
        books = bookings(
            "webhook", door, {"bot": ours.process_id, **shared}, ours.process_id
        )  # fmt: skip
        yield on_floor, asks, books
        if meta.refused:
            raise RuntimeError(f"{meta.refused} webhooks were not answered 200")


async def main() -> None:
    """Print tables; keep figures and a plot."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=3, help="of each contestant, in turns")
    parser.add_argument("--conversations", type=int, default=40, help="at least, in a run")
    parser.add_argument("--seconds", type=float, default=1.0, help="at least, of a run")
    parser.add_argument("--rate", type=float, default=5, help="conversations begun a second")
    parser.add_argument("--open-seconds", type=float, default=6, help="that they are begun for")
    parser.add_argument("--only", choices=["memory", "questions", "booking"], help="that alone")
    parser.add_argument("--at-once", type=int, nargs="*", default=[1, 8, 64])
    options = parser.parse_args()
    results = Results("doors", options)
    if options.only in {None, "memory"}:
        async with over_rest() as rest:
            await compared([await in_process(), rest], options, results, "booking in memory")
    if options.only != "memory":
        async with over_webhooks() as (least, asks, books):
            if options.only != "booking":
                await compared([least, asks], options, results, "questions on MongoDB")
            if options.only != "questions":
                await compared([books], options, results, "booking on MongoDB")
    results.keep()


if __name__ == "__main__":
    run_loop(main())
