"""How many conversations are open on which version: counted beside the page, remembered a while."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.clock import Clock
from bot.dialogue.store import Standing
from bot.dialogue.versions import VersionStore
from bot.errors import StorageUnavailable
from bot.publishing import open_conversations

FRESH: Final = timedelta(minutes=2)
"""A count holds so long; then it is made again, and the old one shown until that is done."""

PATIENCE_SECONDS: Final = 0.04
"""So long a page waits for a count that is being made."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted.

    Args:
        by_version: conversations in the middle of an episode.
        at: when, aware UTC.
    """

    by_version: Mapping[str, int]
    at: datetime


class OpenCount:
    """The last count of one process; counting reads every conversation, so few do it.

    Args:
        standing: where all conversations stand.
    """

    def __init__(
        self,
        versions: VersionStore,
        standing: Callable[[], Awaitable[Mapping[Standing, int]]],
        clock: Clock,
    ) -> None:
        self._versions = versions
        self._standing = standing
        self._clock = clock
        self._last: Counted | None = None
        self._task: asyncio.Task[None] | None = None

    async def known(self, patience: float = PATIENCE_SECONDS) -> Counted | None:
        """The last count; ``None`` while the first one is made."""
        stale = self._last is None or self._clock() - self._last.at > FRESH
        if stale and self._task is None:
            self._task = asyncio.create_task(self._count(), name="count open conversations")
        if stale and self._task:
            await asyncio.wait([self._task], timeout=patience)
        return self._last

    async def _count(self) -> None:
        try:
            now = self._clock()
            found = await open_conversations(self._versions, await self._standing())
            self._last = Counted(found, now)
        except StorageUnavailable as down:
            log.warning("open_conversations_not_counted", reason=str(down))
        except Exception:  # our bug; nobody waits for this task
            log.exception("open_conversations_not_counted", alarm=True)
        finally:
            self._task = None
