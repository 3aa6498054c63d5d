"""A lock that processes of one machine share: a file, freed by the system however they end."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO, Final

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


POLL_SECONDS: Final = 0.2


class FileLock:
    """A lock on a file, which is made when it is missing and stays there."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None

    @property
    def held(self) -> bool:
        """Whether this object holds it."""
        return self._file is not None

    def take(self) -> bool:
        """Take the lock if nobody has it; it ends with this process at the latest."""
        if self._file is None:
            file = self._path.open("ab")
            try:
                if sys.platform == "win32":
                    msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
                else:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                file.close()
                return False
            self._file = file
        return True

    def give_back(self) -> None:
        """Let another have it."""
        if self._file is not None:
            self._file.close()
            self._file = None


@asynccontextmanager
async def held(path: Path) -> AsyncIterator[None]:
    """Hold the lock on a file, once whoever has it gives it back; its folder is made if missing.

    Raises:
        OSError: there can be no file.
    """
    await asyncio.to_thread(path.parent.mkdir, parents=True, exist_ok=True)
    lock = FileLock(path)
    while not lock.take():  # noqa: ASYNC110 - another process gives it back, and says nothing
        await asyncio.sleep(POLL_SECONDS)
    try:
        yield
    finally:
        lock.give_back()
