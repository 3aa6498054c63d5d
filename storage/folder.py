"""The embedded database's folder: who may start it, where it listens, what it logged.

Beside the database's own files stand ``antre-lock`` (held by the process that owns the
database, freed by the system however that process ends), ``antre-port`` (port and process id) and
``secantusd.log``.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.filelock import FileLock

LOG_BYTES: Final = 1_000_000
LOG_TAIL_LINES: Final = 12


@dataclass(frozen=True, slots=True)
class Listening:
    """Where the folder's database listens, or listened when its owner last wrote it down."""

    port: int
    process_id: int


class Folder:
    """A data folder; made, readable by its user only, when it is missing."""

    def __init__(self, path: Path) -> None:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path = path
        self.log = path / "secantusd.log"
        self._lock = FileLock(path / "antre-lock")

    @property
    def owned(self) -> bool:
        """Whether this process holds the lock."""
        return self._lock.held

    def take(self) -> bool:
        """Take the lock if nobody has it; it ends with this process at the latest."""
        return self._lock.take()

    def give_back(self) -> None:
        """Let another process own the folder."""
        self._lock.give_back()

    @property
    def listening(self) -> Listening | None:
        """What ``antre-port`` says; ``None`` when it is missing or makes no sense."""
        try:
            port, process_id = (self.path / "antre-port").read_text("ascii").split()
            return Listening(int(port), int(process_id))
        except (OSError, ValueError):
            return None

    @listening.setter
    def listening(self, listening: Listening) -> None:
        written = self.path / "antre-port.new"
        written.write_text(f"{listening.port} {listening.process_id}\n", "ascii")
        written.replace(self.path / "antre-port")

    @property
    def free_mb(self) -> float:
        """Space that is left on its disk, in MB."""
        return shutil.disk_usage(self.path).free / 2**20

    def bound_log(self) -> None:
        """Keep the log short: beyond ``LOG_BYTES`` it moves to ``secantusd.log.old``.

        The database goes on writing into the same open file, which is in append mode, so it is
        copied and emptied rather than renamed.
        """
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES:
            shutil.copyfile(self.log, self.log.with_suffix(".log.old"))
            os.truncate(self.log, 0)

    def log_tail(self) -> str:
        """The log's last lines."""
        lines = self.log.read_text("utf-8", "replace").splitlines() if self.log.exists() else []
        return "\n".join(lines[-LOG_TAIL_LINES:])
