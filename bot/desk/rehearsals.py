"""Replays of drafts that go on beside the pages which show them."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import timedelta
from typing import Final

import structlog

from bot.clock import Clock
from bot.desk.drafts import Draft
from bot.desk.room import Room, RoomError, Superseded
from bot.drafting.replayed import Updated
from bot.drafting.runs import Run, RunStore, objections, texts_named
from bot.errors import StorageUnavailable

KEEP_EVERY: Final = 1.0
"""Seconds between two looks at how far a run is, from another process."""

KEPT_FOR: Final = timedelta(days=30)

log = structlog.get_logger(__name__)


class Rehearsals:
    """Begins replays, shows them, and says what they mean for publishing.

    Args:
        loop_time: seconds, for how often a run is kept.
    """

    def __init__(
        self,
        room: Room,
        runs: RunStore,
        clock: Clock,
        loop_time: Callable[[], float] | None = None,
    ) -> None:
        self._room = room
        self._runs = runs
        self._clock = clock
        self._time = loop_time
        self._going: dict[str, asyncio.Task[None]] = {}

    async def run_of(self, draft: Draft, over: Mapping[str, str]) -> tuple[Run | None, bool]:
        """The last run of a draft, and whether it is of what the draft is now.

        Args:
            over: recordings over the folder's: :meth:`bot.drafting.workshop.Workshop.over`.
        """
        run = await self.last(draft.id)
        return run, bool(run and run.of == texts_named(draft.files, over))

    async def last(self, draft_id: str) -> Run | None:
        """The last run of a draft, whatever it was of."""
        run = await self._runs.load(draft_id)
        return run.given_up(self._clock()) if run else None

    async def begin(self, draft: Draft, over: Mapping[str, str], *, again: bool = False) -> None:
        """Replay all recordings on a draft, unless that is done or going on.

        Args:
            again: also when it is done: the folder's recordings or offices may be others by now.
        """
        run, is_now = await self.run_of(draft, over)
        if run and is_now and not (run.is_over if again else run.trouble):
            return
        now = self._clock()
        await self._runs.purge(now - KEPT_FOR)
        run = Run(draft.id, texts_named(draft.files, over), now)
        await self._runs.put(run)
        if older := self._going.pop(draft.id, None):
            older.cancel()
        task = asyncio.create_task(self._replay(run, draft, over), name=f"replay {draft.id}")
        self._going[draft.id] = task
        task.add_done_callback(lambda done: self._ended(draft.id, done))

    async def updates(
        self, draft: Draft, over: Mapping[str, str], paths: Sequence[str]
    ) -> Sequence[Updated]:
        """Recordings with what a draft says; nothing is kept.

        Raises:
            RoomError: that cannot be said.
        """
        key = f"{draft.id} {secrets.token_hex(4)}"
        return await self._room.update(draft.files, over, paths, key=key)

    async def updated(
        self,
        draft: Draft,
        over: Mapping[str, str],
        updates: Sequence[Updated],
        after: Mapping[str, str],
    ) -> None:
        """Some recordings were changed so: what was replayed need not be replayed again.

        Args:
            over: the recordings before; ``after`` those by now.
        """
        run, was_now = await self.run_of(draft, over)
        if run and was_now and run.is_whole:
            of = texts_named(draft.files, after)
            await self._runs.put(run.with_updates(updates, of, self._clock()))

    async def objections(
        self, draft: Draft, over: Mapping[str, str], required: Collection[str]
    ) -> Sequence[str]:
        """What speaks against publishing a draft where something must agree first.

        Args:
            required: see :func:`bot.drafting.runs.objections`.
        """
        run, is_now = await self.run_of(draft, over)
        return objections(run if is_now else None, required)

    async def close(self, _: object = None) -> None:
        """End what goes on; the application shuts down."""
        going = list(self._going.values())
        for task in going:
            task.cancel()
        await asyncio.gather(*going, return_exceptions=True)

    async def _replay(self, run: Run, draft: Draft, over: Mapping[str, str]) -> None:
        loop = asyncio.get_running_loop()
        time = self._time or loop.time
        kept_at = time()
        try:
            async with aclosing(self._room.replay(draft.files, over, key=draft.id)) as steps:
                async for step in steps:
                    run = run.after(step, self._clock())
                    if run.is_over or time() - kept_at >= KEEP_EVERY:
                        kept_at = time()
                        await self._runs.put(run)
        except Superseded:
            return
        except RoomError as error:
            await self._runs.put(_ended_for(run, str(error)))

    def _ended(self, draft: str, task: asyncio.Task[None]) -> None:
        if self._going.get(draft) is task:
            del self._going[draft]
        if task.cancelled():
            return
        error = task.exception()
        if isinstance(error, StorageUnavailable):
            log.warning("replay_not_kept", reason=str(error))
        elif error:
            log.error("replay_failed", alarm=True, exc_info=error)


def _ended_for(run: Run, why: str) -> Run:
    return replace(run, trouble=why)
