"""The process in which drafts are tried out; ``bot/rehearsing/room/helper.py`` starts it.

It reads the office's folder (offices, code, examples) and what it is sent, and opens no database.
What it is to do comes on its input, what it says goes out on its output; when the input ends, so
does it, in the middle of whatever it is at.
"""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from typing import Any, BinaryIO, Final, TypeAlias

from bot.errors import AntreError
from bot.logs import configure_logs
from bot.rehearsing.room.frames import CutError, framed, read_from
from bot.rehearsing.room.jobs import JOBS, Bench
from bot.settings import Settings

Piece: TypeAlias = Mapping[str, Any]

NICER: Final = 10
"""What serves applicants goes first."""

GARBAGE: Final = 100_000
"""New objects until they are looked through: with thousands of states loaded, a fifth of the time
would go into it.
"""

MEMORY: Final = 2**30
"""Bytes; a draft that needs more is a mistake."""


def main() -> None:
    """What the process does."""
    speaks = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints is no piece of ours
    configure_logs("critical", "console")
    gc.set_threshold(GARBAGE)
    _be_modest()
    with suppress(CutError):
        settings = Settings.model_validate(read_from(sys.stdin.buffer)["settings"])
        asyncio.run(_work(sys.stdin.buffer, speaks, settings))


def _be_modest() -> None:
    """Leave time and memory to others; where the system knows no such thing, go on."""
    with suppress(AttributeError, OSError):
        os.nice(NICER)
    with suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 - not there on Windows

        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))


async def _work(hears: BinaryIO, speaks: BinaryIO, settings: Settings) -> None:
    loop = asyncio.get_running_loop()
    waiting: asyncio.Queue[Piece] = asyncio.Queue()
    dropped: set[int] = set()
    doing: dict[int, asyncio.Task[None]] = {}

    def say(piece: Piece) -> None:
        speaks.write(framed(piece))
        speaks.flush()

    def hear(piece: Piece) -> None:
        if "cancel" not in piece:
            waiting.put_nowait(piece)
        elif piece["cancel"] in doing:
            doing[piece["cancel"]].cancel()
        else:
            dropped.add(piece["cancel"])

    threading.Thread(target=_listen, args=(hears, loop, hear), daemon=True, name="line").start()
    bench = Bench(settings)
    while True:
        job = await waiting.get()
        number = int(job["id"])
        if number in dropped:
            dropped.discard(number)
            say({"id": number, "cancelled": True})
            continue
        doing[number] = asyncio.create_task(_do(bench, job, number, say))
        await asyncio.wait([doing[number]])
        del doing[number]


def _listen(
    hears: BinaryIO, loop: asyncio.AbstractEventLoop, hear: Callable[[Piece], None]
) -> None:
    """Take in what comes, also while a job keeps the loop; the end of it is the end of all."""
    try:
        while True:
            loop.call_soon_threadsafe(hear, read_from(hears))
    except (CutError, RuntimeError):
        os._exit(0)


async def _do(bench: Bench, job: Piece, number: int, say: Callable[[Piece], None]) -> None:
    try:
        parts: AsyncIterator[Piece] = JOBS[job["job"]](bench, job)
        async for part in parts:
            say({"id": number, "part": part})
            await asyncio.sleep(0)  # a word that it is dropped may have come
    except asyncio.CancelledError:
        say({"id": number, "cancelled": True})
    except AntreError as error:
        say({"id": number, "failed": str(error)})
    except (MemoryError, RecursionError) as error:
        say({"id": number, "failed": f"this draft is too much: {type(error).__name__}"})
    except Exception as error:  # noqa: BLE001 - a bug of ours or of the project's code; it is told
        say({"id": number, "failed": f"{type(error).__name__}: {error}"})
    else:
        say({"id": number, "done": True})


if __name__ == "__main__":
    main()
