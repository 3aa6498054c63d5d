"""What the servers that are measured have in common; they are scripts, started from this folder."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterable

from aiohttp import web


async def listen(routes: Iterable[web.AbstractRouteDef], port: int) -> None:
    """Serve on loopback until the process is ended; says so once it answers."""
    app = web.Application()
    app.add_routes(routes)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    print(f"serving on :{port}", file=sys.stderr, flush=True)
    await asyncio.Event().wait()
