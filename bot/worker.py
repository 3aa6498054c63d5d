"""One of several processes that serve together; ``bot/workers.py`` starts it, nobody else.

Its one argument says as JSON what it serves and which of the inherited sockets are what: where
messages come in, and the line to its parent. On that it says that it is ready, and by its end it
learns, where the system does not kill it anyway, that the parent is gone.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.clock import system_clock
from bot.command_settings import serve_settings
from bot.errors import AntreError
from bot.loop import run
from bot.serving import serve
from bot.share import ServeShare


async def work(post: Mapping[str, Any]) -> None:
    """Serve until the parent says so or is gone.

    Args:
        post: what :meth:`bot.workers.Crew` says: ``config``, ``host``, ``port`` and ``data`` as
            given to ``antre serve``; ``index`` and ``of`` of the worker; ``listening`` and
            ``line``, the file descriptors of the address and of the line to the parent.
    """
    settings = serve_settings(
        Path(post["config"]),
        os.environ,
        host=post["host"],
        port=post["port"],
        data=Path(post["data"]) if post["data"] else None,
    )
    reader, writer = await asyncio.open_connection(sock=socket.socket(fileno=post["line"]))
    stop = asyncio.Event()

    async def until_alone() -> None:
        await reader.read()
        stop.set()

    alone = asyncio.create_task(until_alone())
    try:
        await serve(
            settings,
            system_clock,
            demo=False,
            ready=lambda _: writer.write(b"ready\n"),
            share=ServeShare(post["index"], post["of"]),
            listening=socket.socket(fileno=post["listening"]),
            stop=stop,
        )
    finally:
        alone.cancel()
        writer.close()


def main() -> None:
    """What the process does."""
    try:
        run(work(json.loads(sys.argv[1])))
    except AntreError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
