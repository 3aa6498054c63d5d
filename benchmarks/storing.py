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
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from itertools import count, cycle

from harness import floor, offices
from harness.contest import Contestant, compared
from harness.doors import InProcess, Mailbox, bot_over
from harness.loops import Conversation, Timed, closed
from harness.results import Results
from harness.talks import questions, sender_of

from bot.clock import system_clock
from bot.dialogue.store import NEVER, ConversationStore, TurnSave
from bot.leases import JOURNAL_KEPT
from bot.loop import run as run_loop
from storage.driver import open_database
from storage.memory import MemoryConversations
from storage.stores import stores_in, stores_in_memory

OWNER = "bench"
PEOPLE = 64
TOLD = {"state": floor.STATE, "heard": "wamid.1", "text": "halo"}


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
    mailbox, keeping = Mailbox(), Keeping()
    bot = await bot_over(replace(stores_in_memory(), conversations=keeping), mailbox)
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


def over_and_over(once: Callable[[int], Awaitable[object]]) -> Callable[[], Conversation]:
    """Talks of one turn each; people take turns, and nobody has two at the same time."""
    free = deque(range(PEOPLE))

    async def talk(timed: Timed) -> None:
        person = free.popleft()
        await timed.time("turn", lambda: once(person))
        free.append(person)

    return lambda: talk


async def main() -> None:
    """Print tables; keep figures and a plot."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=5, help="of each, in turns")
    parser.add_argument("--conversations", type=int, default=400, help="turns at least, in a run")
    parser.add_argument("--seconds", type=float, default=1.0, help="at least, of a run")
    parser.add_argument("--at-once", type=int, nargs="*", default=[1, 8])
    options = parser.parse_args()
    options.rate = options.open_seconds = 0
    results = Results("storing", options)
    async with AsyncExitStack() as stack:
        uri, process = await stack.enter_async_context(offices.mongodb())
        database = open_database(uri, "storing")
        stack.push_async_callback(database.close)
        stores, documents = await stores_in(database), database.collection("floor")
        ours = TurnCalls(stores.conversations, await turns_of_a_talk())
        contestants = [
            Contestant(name, over_and_over(once), {"database": process, "client": None}, process)
            for name, once in (
                ("the floor's", lambda person: floor.keep(documents, str(person), TOLD)),
                ("a turn's", ours.once),
            )
        ]
        for each in contestants:  # until journals are copied as often as they will be
            await closed([each.talk() for _ in range(JOURNAL_KEPT * PEOPLE)], 1)
        await compared(contestants, options, results, "database calls")
    results.keep()


if __name__ == "__main__":
    run_loop(main())
