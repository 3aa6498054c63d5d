"""The event loop that serves, and what goes on in it for as long as the process lives."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from typing import Any, TypeVar

import structlog

from bot.errors import StorageUnavailable

T = TypeVar("T")

log = structlog.get_logger()


def run(work: Coroutine[Any, Any, T]) -> T:
    """What comes of it in the end, on the faster loop where there is one."""
    try:
        import uvloop  # noqa: PLC0415 - not there on Windows
    except ImportError:
        return asyncio.run(work)
    return uvloop.run(work)


async def for_ever(work: Callable[[], Awaitable[object]], pause: timedelta, failed: str) -> None:
    """Work again and again, whatever goes wrong; cancel to stop.

    Args:
        pause: between the end of one round and the next.
        failed: what the log calls a round that failed: a warning while the database is away, an
            alarm for a bug of ours, which must not end this work in this process for good.
    """
    while True:
        try:
            await work()
        except StorageUnavailable as error:
            log.warning(failed, reason=str(error))
        except Exception:
            log.exception(failed, alarm=True)
        await asyncio.sleep(pause.total_seconds())
