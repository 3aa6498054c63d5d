"""Work that goes on as long as the process lives."""

import asyncio
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.errors import StorageUnavailable
from bot.loop import for_ever


async def test_goes_on_whatever_goes_wrong() -> None:
    """The database away is a warning, a bug of ours an alarm, and the next round comes after
    either; cancelled, it ends.
    """
    ends = iter([StorageUnavailable("away"), RuntimeError("a bug"), None, asyncio.CancelledError()])

    async def work() -> None:
        if error := next(ends):
            raise error

    with capture_logs() as logs, pytest.raises(asyncio.CancelledError):
        await for_ever(work, timedelta(0), "work_failed")
    assert [(each["event"], each["log_level"], each.get("alarm")) for each in logs] == [
        ("work_failed", "warning", None),
        ("work_failed", "error", True),
    ]
