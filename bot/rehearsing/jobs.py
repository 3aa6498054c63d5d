"""Recordings replayed by several processes at once."""

from __future__ import annotations

import asyncio
import atexit
import multiprocessing
from collections.abc import AsyncGenerator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

from bot.logs import configure_logs
from bot.rehearsing.studio import keep_what_is_loaded, studio
from bot.replay.suite import Result
from bot.settings import Settings


async def replay_in_processes(
    paths: Sequence[Path],
    settings: Settings,
    mongo_uri: str,
    *,
    jobs: int,
    coverage: bool,
    updating: bool,
    live: bool,
) -> AsyncGenerator[Result, None]:
    """Replay recordings in ``jobs`` processes; results come as they are ready, not in order.

    Whoever stops listening stops what has not begun.
    """
    spawn = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(
        jobs, spawn, initializer=_begin, initargs=(settings, mongo_uri, coverage, live)
    )
    try:
        futures: list[Future[Result]] = [pool.submit(_replay, path, updating) for path in paths]
        for done in asyncio.as_completed([asyncio.wrap_future(future) for future in futures]):
            yield await done
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


class _Worker:
    """One process's studio, and the loop it runs in."""

    def __init__(self, settings: Settings, mongo_uri: str, *, coverage: bool, live: bool) -> None:
        self.runner = asyncio.Runner()
        self._stack = AsyncExitStack()
        self.studio = self.runner.run(
            self._stack.enter_async_context(
                studio(settings, mongo_uri, coverage=coverage, live=live)
            )
        )

    def close(self) -> None:
        """Give everything back."""
        self.runner.run(self._stack.aclose())
        self.runner.close()


_workers: Final[list[_Worker]] = []
"""The one of this process."""


def _begin(settings: Settings, mongo_uri: str, coverage: bool, live: bool) -> None:  # noqa: FBT001 - as a pool hands it on
    configure_logs("warning", "console")
    worker = _Worker(settings, mongo_uri, coverage=coverage, live=live)
    _workers.append(worker)
    atexit.register(worker.close)
    keep_what_is_loaded()


def _replay(path: Path, updating: bool) -> Result:  # noqa: FBT001 - as a pool hands it on
    worker = _workers[0]
    return worker.runner.run(worker.studio.replay(path, updating=updating))
