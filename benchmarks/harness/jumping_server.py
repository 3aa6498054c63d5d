"""``antre serve`` with a clock that may be set: ``python jumping_server.py PORT DATA CLOCK``.

What reads the time reads it of the clock that is handed in, everywhere in the bot; here that is the
system's and so many seconds more, or less, as stand in the file ``CLOCK``.
"""

from __future__ import annotations

import mmap
import os
import struct
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from bot.clock import Clock, system_clock
from bot.command_settings import serve_settings
from bot.loop import run
from bot.serving import serve

ROOT = Path(__file__).parents[2]
SECONDS = struct.Struct("d")


@contextmanager
def jumping_clock(path: Path) -> Iterator[Clock]:
    """The clock of a file."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as held:

        def now() -> datetime:
            (ahead,) = SECONDS.unpack(held[: SECONDS.size])
            return system_clock() + timedelta(seconds=ahead)

        yield now


def set_clock(path: Path, ahead: timedelta) -> None:
    """Let the clock of a file be so far ahead; made if it is missing."""
    with path.open("r+b" if path.exists() else "wb") as file:
        file.write(SECONDS.pack(ahead.total_seconds()))


def main(port: int, data: Path, clock: Path) -> None:
    """Serve until the process is ended."""
    settings = serve_settings(
        ROOT / "config.yml", os.environ, host="127.0.0.1", port=port, data=data
    )
    with jumping_clock(clock) as now:
        run(serve(settings, now, demo=False, ready=_say))


def _say(address: str) -> None:
    print(f"serving at {address}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
