"""Takes in what channels say later of messages they had taken.

Nothing is written when a message is sent: the channel repeats the label it was given then
(:func:`bot.dialogue.letters.label_of`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from bot.dialogue.deliveries import FAILED, DeliveryStore, Report


class Deliveries:
    """Takes reports in.

    While a write is under way others gather, and go together with the next one: a database that
    syncs each write takes a thousand together in the time of some tens of single ones.

    Args:
        failed: what to do about a message that failed after all; may be called again for the same.
    """

    def __init__(self, store: DeliveryStore, failed: Callable[[Report], Awaitable[None]]) -> None:
        self._store = store
        self._failed = failed
        self._gathered: list[Report] = []
        self._next: asyncio.Future[None] | None = None
        self._writing: asyncio.Task[None] | None = None

    async def record(self, reports: Sequence[Report], *, keep: bool = True) -> None:
        """Take reports in: when this returns they are kept for good, and failures looked after.

        Args:
            keep: whether to keep them all, or failures only.

        Raises:
            StorageUnavailable: nothing is known; take the same reports in again.
        """
        failures = [report for report in reports if report.state == FAILED]
        for report in failures:
            if not await self._store.has(report.key):
                await self._failed(report)
        if kept := list(reports) if keep else failures:
            await self._keep(kept)

    async def _keep(self, reports: Sequence[Report]) -> None:
        self._gathered.extend(reports)
        if self._next is None:
            self._next = asyncio.get_running_loop().create_future()
        mine = self._next
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())
        await asyncio.shield(mine)

    async def _write(self) -> None:
        """Write what has gathered, until nothing has."""
        while self._next is not None:
            reports, waiting = self._gathered, self._next
            self._gathered, self._next = [], None
            once = {report.key: report for report in reversed(reports)}
            try:
                await self._store.add(list(once.values()))
            except Exception as error:  # noqa: BLE001 - told to everybody who waits for it
                waiting.set_exception(error)
                waiting.exception()  # nobody may be waiting any more
            else:
                waiting.set_result(None)
        self._writing = None
