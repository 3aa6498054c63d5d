"""A helper process that does what drafts may make it do: hang, die, go on for ever."""

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from queue import SimpleQueue
from typing import Any

from bot.rehearsing.room.frames import CutError, framed, read_from

jobs: SimpleQueue[Any] = SimpleQueue()
dropped: set[int] = set()


def listen() -> None:
    """Take in jobs and what is dropped, to the end of the input."""
    try:
        while True:
            piece = read_from(sys.stdin.buffer)
            if "cancel" in piece:
                dropped.add(piece["cancel"])
            else:
                jobs.put(piece)
    except CutError:
        os._exit(0)


def say(piece: dict[str, Any]) -> None:
    """Answer."""
    sys.stdout.buffer.write(framed(piece))
    sys.stdout.buffer.flush()


def hang(_: int) -> Iterator[Any]:
    """Say nothing any more."""
    threading.Event().wait()
    yield {}


def die(_: int) -> Iterator[Any]:
    """End without a word."""
    os._exit(3)


def babble(_: int) -> Iterator[Any]:
    """Say what nobody understands."""
    sys.stdout.buffer.write(b"\xff\xff\xff\xff what?")
    sys.stdout.buffer.flush()
    yield from ()


def refuse(_: int) -> Iterator[Any]:
    """Say no."""
    yield {"failed": "this will not do"}


def tell(_: int) -> Iterator[Any]:
    """Say what it was told."""
    yield {"part": {"settings": told["settings"], "environment": dict(os.environ)}}


def go_on(number: int) -> Iterator[Any]:
    """Count until somebody says stop."""
    at = 0
    while number not in dropped:
        yield {"part": {"at": at}}
        at += 1
        time.sleep(0.001)
    yield {"cancelled": True}


DOES: dict[str, Callable[[int], Iterator[Any]]] = {
    "hang": hang,
    "die": die,
    "babble": babble,
    "refuse": refuse,
    "tell": tell,
    "count": go_on,
}

if __name__ == "__main__":
    told = read_from(sys.stdin.buffer)
    threading.Thread(target=listen, daemon=True).start()
    while True:
        job = jobs.get()
        for piece in DOES[job["job"]](job["id"]):
            say({"id": job["id"], **piece})
        say({"id": job["id"], "done": True})
