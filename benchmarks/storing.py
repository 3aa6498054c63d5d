"""What a turn's own calls to the database take, with no bot before them, beside the floor's.

The turns of four plain questions are saved once by a bot, and kept; then the same calls are made
again and again on as many conversations: a find, a guarded save and a mark, an eighth of a copy to
the journal. Beside them the floor's (``harness/floor.py``), a find and a guarded update of a
document of four fields, in turns on the same database. However fast a bot is, its webhook cannot be
nearer to the floor than this.

Run it with ``python benchmarks/storing.py``.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from itertools import count, cycle
from random import SystemRandom
from statistics import median

from harness import offices
from harness.doors import InProcess, Mailbox
from harness.figures import quantile
from harness.kept import keep
from harness.loops import Timed
from harness.machine import described
from harness.processes import worked
from harness.talks import questions, sender_of

from bot.app import assemble
from bot.clock import system_clock
from bot.definitions import load_definitions
from bot.dialogue.store import NEVER, ConversationStore, TurnSave
from bot.leases import JOURNAL_KEPT
from bot.loop import run as run_loop
from bot.settings import load_settings
from nlu.local import ready
from storage.driver import Collection, open_database
from storage.memory import MemoryConversations
from storage.stores import stores_in, stores_in_memory

OWNER = "bench"
PEOPLE = 64


class Keeping(MemoryConversations):
    """Remembers what was saved in it."""

    def __init__(self) -> None:
        super().__init__()
        self.saved: list[TurnSave] = []

    async def save(self, save: TurnSave) -> bool:
        """See the Protocol."""
        self.saved.append(save)
        return await super().save(save)


async def turns_of_a_talk() -> Sequence[TurnSave]:
    """What a bot in memory saves of four plain questions of somebody it knows."""
    mailbox, settings = Mailbox(), load_settings(offices.ROOT / "config.yml", {})
    keeping = Keeping()
    stores = replace(stores_in_memory(), conversations=keeping)
    bot = assemble(
        load_definitions(settings.flows), settings, stores=stores, clock=system_clock,
        random=SystemRandom(), senders={"whatsapp": mailbox},
        classifier=await ready(settings.flows.training, settings.nlu.models, print),
    )  # fmt: skip
    door = InProcess(bot, mailbox)
    for _ in range(2):  # who is new is told more
        keeping.saved.clear()
        await questions(door, lambda: sender_of(1))(Timed())
    return keeping.saved


class TurnCalls:
    """A turn's calls, over and over, on conversations of their own."""

    def __init__(self, store: ConversationStore, turns: Sequence[TurnSave]) -> None:
        self._store, self._turns, self._ids = store, cycle(turns), count()

    async def once(self, person: int) -> None:
        """Find, save, mark; and copy the journal when a sender would.

        Raises:
            RuntimeError: somebody else wrote there.
        """
        like, number, now = next(self._turns), next(self._ids), system_clock()
        contact = replace(like.contact, sender=sender_of(person), ids=(sender_of(person),))
        here = contact.conversation_id
        stored = await self._store.load(here)
        conversation = replace(like.conversation, id=here)
        before = stored or replace(
            like.before, conversation=conversation, contact=contact, revision=0,
            handled=(), outbox=(), journal=(),
        )  # fmt: skip
        turn = replace(
            like, before=before, conversation=conversation, contact=contact, handled=f"m{number}",
            outbox=[replace(item, id=f"m{number}/{at}") for at, item in enumerate(like.outbox)],
            journal={**like.journal, "_id": f"{here}|m{number}", "conversation": here, "at": now},
            leased_by=OWNER, leased_until=now, due_at=NEVER,
        )  # fmt: skip
        saved = turn.applied()
        records = saved.journal if len(saved.journal) >= JOURNAL_KEPT else ()
        if not await self._store.save(turn):
            raise RuntimeError(f"{here} was changed by somebody else")
        if records:
            await self._store.copy_journal(records)
        sent, copied = [item.id for item in saved.outbox], [each["_id"] for each in records]
        if not await self._store.mark_sent(here, OWNER, saved.revision, sent, copied, NEVER):
            raise RuntimeError(f"{here} was changed by somebody else")


class FloorCalls:
    """The floor's."""

    def __init__(self, turns: Collection) -> None:
        self._turns = turns

    async def once(self, person: int) -> None:
        """Find, and update guarded."""
        found = await self._turns.find_one({"_id": person})
        told = {"state": "choosing_date", "heard": "wamid.1", "text": "halo"}
        if found is None:
            await self._turns.insert_one({"_id": person, "revision": 1, **told})
            return
        guard = {"_id": person, "revision": found["revision"]}
        await self._turns.update_one(guard, {"$set": {"revision": found["revision"] + 1, **told}})


async def timed(once: Callable[[int], Awaitable[None]], turns: int, at_once: int) -> list[float]:
    """Milliseconds of each turn; people take turns, and nobody has two at the same time."""
    took: list[float] = []
    left = iter(range(turns))

    async def keep_on(people: Iterator[int]) -> None:
        for _ in left:
            began = time.perf_counter()
            await once(next(people))
            took.append((time.perf_counter() - began) * 1000)

    share = PEOPLE // at_once
    await asyncio.gather(
        *(keep_on(cycle(range(at * share, (at + 1) * share))) for at in range(at_once))
    )
    return took


async def main() -> None:
    """Print a table of medians, and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=5, help="of each, in turns")
    parser.add_argument("--turns", type=int, default=400, help="in a run")
    parser.add_argument("--at-once", type=int, nargs="*", default=[1, 8])
    options = parser.parse_args()
    print("; ".join(f"{what} {value}" for what, value in described().items()))
    found: dict[str, object] = {}
    async with AsyncExitStack() as stack:
        uri, process = await stack.enter_async_context(offices.mongodb())
        database = open_database(uri, "storing")
        stack.push_async_callback(database.close)
        stores = await stores_in(database)
        floor = FloorCalls(database.collection("floor"))
        ours = TurnCalls(stores.conversations, await turns_of_a_talk())
        calls = {"the floor's": floor.once, "a turn's": ours.once}
        for once in calls.values():
            await timed(once, 4 * PEOPLE, 1)
        for at_once in options.at_once:
            runs = [
                {
                    name: await _run(once, options.turns, at_once, process)
                    for name, once in calls.items()
                }
                for _ in range(options.runs)
            ]
            found[f"{at_once} at once"] = runs
            for name in calls:
                p50, cpu = (median(run[name][what] for run in runs) for what in ("p50", "database"))
                print(f"{at_once} at once, {name:12}{p50:8.2f} ms, database {cpu:.2f} ms of CPU")
            ratios = [run["a turn's"]["p50"] / run["the floor's"]["p50"] for run in runs]
            print(f"   to the floor x{median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")
    keep("storing", options, found)


async def _run(
    once: Callable[[int], Awaitable[None]], turns: int, at_once: int, process: int | None
) -> dict[str, float]:
    before = worked(process) if process else 0.0
    took = sorted(await timed(once, turns, at_once))
    spent = (worked(process) if process else 0.0) - before
    return {"p50": quantile(took, 0.5), "database": 1000 * spent / turns}


if __name__ == "__main__":
    run_loop(main())
