"""How fast a signed webhook is answered by ``antre serve``, and how its memory develops.

Everything is real but Meta: the process as an office runs it, the embedded database (or the one of
``MONGODB_URI``), and a Graph of a few lines that takes all. Run it with
``python benchmarks/webhook.py``; ``--memory 100000`` shows the memory while so many messages come
in and go out.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import hmac
import os
import random
import statistics
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from multiprocessing import get_context
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson
from aiohttp import ClientSession, TCPConnector, web

from tests.support.service import free_port, resident_mb

ROOT = Path(__file__).parents[1]
SECRET, NUMBER, ACCOUNT = "benchmark", "6281299004406", "106540352242922"
WORDS = ("#bantuan", "syaratnya apa aja ya?", "#tgllayanan", "halo kak, selamat pagi")
PEOPLE = 3000
"""So many that nobody writes faster than people do, nor is written to faster than Meta allows."""

HALF_THE_FLOOR = 127
"""Messages a second: half of 255, which a bare turn (one find, one guarded write) reaches."""

AT_ONCE = 32


def graph(port: int, taken: Synchronized[int]) -> None:
    """Take every call, in a process of its own, and count the messages."""

    async def take(request: web.Request) -> web.Response:
        taken.value += b'"type"' in await request.read()
        return web.json_response({"messages": [{"id": f"wamid.{time.monotonic_ns()}"}], "id": "1"})

    app = web.Application()
    app.router.add_post("/{any:.*}", take)
    web.run_app(app, host="127.0.0.1", port=port, print=None, access_log=None)


class Meta:
    """Delivers messages, each of the next person."""

    def __init__(self, session: ClientSession, url: str) -> None:
        self._session = session
        self._url = f"{url}/webhooks/whatsapp"
        self.sent = 0
        self._run = f"{time.time_ns():x}"
        self.refused = 0

    async def deliver(self) -> float:
        """Deliver one message; the milliseconds until it is answered."""
        self.sent += 1
        sender = f"62812{self.sent % PEOPLE:08d}"
        message = {
            "from": sender,
            "id": f"wamid.{self._run}{self.sent:08d}",
            "timestamp": str(int(time.time())),
            "type": "text",
            "text": {"body": WORDS[self.sent // PEOPLE % len(WORDS)]},
        }
        value = {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": NUMBER, "phone_number_id": ACCOUNT},
            "contacts": [{"profile": {"name": "Pemohon"}, "wa_id": sender}],
            "messages": [message],
        }
        entry = {"id": "1", "changes": [{"field": "messages", "value": value}]}
        body = orjson.dumps({"object": "whatsapp_business_account", "entry": [entry]})
        signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        headers = {"X-Hub-Signature-256": f"sha256={signature}"}
        began = time.perf_counter()
        async with self._session.post(self._url, data=body, headers=headers) as answer:
            await answer.read()
        self.refused += answer.status != 200
        return (time.perf_counter() - began) * 1000


async def open_loop(deliver: Callable[[], Awaitable[float]], rate: float, n: int) -> list[float]:
    """Messages that come by chance, so many a second, whatever became of those before."""
    under_way: list[asyncio.Task[float]] = []
    chance, due = random.Random(1), time.perf_counter()
    for _ in range(n):
        due += chance.expovariate(rate)
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        under_way.append(asyncio.ensure_future(deliver()))
    return list(await asyncio.gather(*under_way))


async def closed_loop(deliver: Callable[[], Awaitable[float]], n: int) -> list[float]:
    """So many at once, each waiting for its answer: as many as there can be."""

    async def keep() -> list[float]:
        return [await deliver() for _ in range(n // AT_ONCE)]

    groups = await asyncio.gather(*(keep() for _ in range(AT_ONCE)))
    return [each for group in groups for each in group]


def row(name: str, took: list[float], seconds: float, worked: Sequence[float]) -> str:
    """A line of the table."""
    cuts = statistics.quantiles(took, n=100)
    bot, database = (1000 * each / len(took) for each in worked)
    return (
        f"{name:34} {statistics.median(took):8.1f} {cuts[94]:8.1f} {cuts[98]:8.1f}"
        f" {len(took) / seconds:8.0f} {bot:8.1f} {database:8.1f}"
    )


def worked(process: Process) -> tuple[float, float]:
    """Seconds of processor time that the bot and its embedded database have had."""
    own, below = 0.0, 0.0
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            name, _, rest = status.read_text("utf-8", "replace").rpartition(")")
            fields = rest.split()
            seconds = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
            if int(name.split()[0]) == process.pid:
                own = seconds
            elif int(fields[1]) == process.pid:
                below += seconds
    return own, below


@asynccontextmanager
async def office(workers: int, taken: Synchronized[int]) -> AsyncIterator[tuple[str, Process]]:
    """``antre serve``, and Graph beside it."""
    graph_port, port = free_port(), free_port()
    stand_in = get_context("spawn").Process(target=graph, args=(graph_port, taken), daemon=True)
    stand_in.start()
    variables = {
        **os.environ,
        "WHATSAPP_APP_SECRET": SECRET,
        "WHATSAPP_VERIFY_TOKEN": SECRET,
        "WHATSAPP_ACCESS_TOKEN": SECRET,
        "WHATSAPP_GRAPH_URL": f"http://127.0.0.1:{graph_port}/v26.0",
        "ANTRE_LOG_LEVEL": "error",
        "ANTRE_TURN_MESSAGES_A_MINUTE": "1000",
    }
    with TemporaryDirectory() as data:
        options = ["serve", "--port", str(port), "--data", data]
        if workers > 1:
            options += ["--workers", str(workers)]
        antre = Path(sys.executable).with_name("antre")
        process = await asyncio.create_subprocess_exec(
            antre, *options, cwd=ROOT, env=variables, stderr=PIPE
        )
        said = process.stderr or asyncio.StreamReader()
        try:
            async for line in said:
                if f":{port}" in line.decode():
                    break
            yield f"http://127.0.0.1:{port}", process
        finally:
            process.terminate()
            await process.wait()
            stand_in.terminate()


async def main() -> None:
    """Print a table, and the memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=3000, help="of each row")
    parser.add_argument("--rate", type=float, default=HALF_THE_FLOOR, help="a second, open loop")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--memory", type=int, metavar="MESSAGES", help="only this, in and out")
    options = parser.parse_args()
    async with AsyncExitStack() as stack:
        taken = get_context("spawn").Value("q", 0)
        url, process = await stack.enter_async_context(office(options.workers, taken))
        connector = TCPConnector(limit=0)
        meta = Meta(await stack.enter_async_context(ClientSession(connector=connector)), url)
        await closed_loop(meta.deliver, PEOPLE)  # everybody has a conversation
        if options.memory:
            await watch_memory(meta, taken, process, options.rate, options.memory)
            return
        heads = ("median", "p95", "p99", "a second", "CPU bot", "CPU db")
        print(f"{'milliseconds until 200':34}", *(f"{head:>8}" for head in heads))
        sizes = [resident_mb(process.pid)]
        for name, run in (
            ("one after the other", lambda n: sequential(meta.deliver, n // 10)),
            (f"{options.rate:.0f} a second", lambda n: open_loop(meta.deliver, options.rate, n)),
            (f"saturation, {AT_ONCE} at once", lambda n: closed_loop(meta.deliver, n)),
        ):
            began, before = time.perf_counter(), worked(process)
            took = await run(options.messages)
            seconds, after = time.perf_counter() - began, worked(process)
            spent = [then - now for now, then in zip(before, after, strict=True)]
            print(row(name, took, seconds, spent), flush=True)
            sizes.append(resident_mb(process.pid))
        print(f"not answered 200: {meta.refused}; resident MB: {[round(size) for size in sizes]}")


async def watch_memory(
    meta: Meta, taken: Synchronized[int], process: Process, rate: float, messages: int
) -> None:
    """Deliver until so many messages have come in and gone out; the memory every tenth."""
    print(f"{'in':>8} {'out':>8} {'seconds':>8} {'resident MB':>12}")
    began, step = time.perf_counter(), messages // 10
    for mark in range(0, messages + 1, step):
        while meta.sent + taken.value < mark:
            await open_loop(meta.deliver, rate, round(rate * 10))
        seconds = time.perf_counter() - began
        print(
            f"{meta.sent:8} {taken.value:8} {seconds:8.0f} {resident_mb(process.pid):12.0f}",
            flush=True,
        )
    print(f"not answered 200: {meta.refused}")


async def sequential(deliver: Callable[[], Awaitable[float]], n: int) -> list[float]:
    """One after the other."""
    return [await deliver() for _ in range(n)]


if __name__ == "__main__":
    asyncio.run(main())
