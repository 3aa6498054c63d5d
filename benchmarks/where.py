"""Where the time of a webhook goes, part by part, and which calls to the database it makes.

The whole service in this process, signed webhooks one at a time, the embedded database or the one
of ``MONGODB_URI``. Each column is a message; its parts add up to the time until the 200. What
follows it (sending, and the mark) is listed below.

Run it with ``python benchmarks/where.py``.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from functools import partial
from statistics import mean

from aiohttp import web
from harness import offices
from harness.doors import Webhook
from harness.loops import Timed
from harness.machine import described
from harness.meta import meta_at
from harness.spans import Spans
from harness.talks import booking, questions, quiet, sender_of

from bot import turn
from bot.acting import Acting
from bot.channels.whatsapp import webhook
from bot.channels.whatsapp.graph import GraphClient
from bot.channels.whatsapp.keyring import Keyring
from bot.channels.whatsapp.sender import WhatsAppSender
from bot.clock import system_clock
from bot.dialogue.engine import Engine
from bot.logs import configure_logs
from bot.loop import run as run_loop
from bot.metrics import Metrics
from bot.service import served
from bot.settings import load_settings
from nlu.interpreter import Interpreter
from tests.support.service import free_port

HTTP = "HTTP, both ends, and routing"
HANDLER = "the webhook around it"
TWICE = "waited for side by side"
STORAGE = "storage: "
SENDING = ("sending: Graph", "sending: composing")
WIDTH, NAMES = 14, 42
DAYS = 5
"""That are offered."""

PARTS = (
    "signature", "decoding", "understanding", "deciding (machine)", "actions", "rendering",
    "the turn around it", HANDLER,
)  # fmt: skip


def watched() -> Spans:
    """The parts of a turn, timed from now on."""
    spans = Spans()
    for owner, name, label in (
        (Keyring, "open", "signature"),
        (webhook, "decode", "decoding"),
        (Interpreter, "understand", "understanding"),
        (Engine, "decide", "deciding (machine)"),
        (Engine, "expectation", "deciding (machine)"),
        (Acting, "_act", "actions"),
        (turn, "rendered", "rendering"),
        (turn.Turns, "hear", "the turn around it"),
        (webhook.Webhook, "receive", HANDLER),
        (WhatsAppSender, "send", SENDING[1]),
        (GraphClient, "_post", SENDING[0]),
    ):
        spans.wrap(owner, name, label)
    spans.wrap_storage(lambda name, collection: f"{STORAGE}{name} {collection}")
    return spans


class Watching:
    """A door that keeps what each message took, part by part, until it was answered and after."""

    def __init__(self, door: Webhook, spans: Spans) -> None:
        self._door, self._spans = door, spans
        self._pending: tuple[float, dict[str, float], dict[str, int]] = (0.0, {}, {})
        self.before: defaultdict[str, list[dict[str, float]]] = defaultdict(list)
        self.after: defaultdict[str, list[dict[str, float]]] = defaultdict(list)
        self.calls: defaultdict[str, list[dict[str, int]]] = defaultdict(list)

    async def write(self, sender: str, text: str) -> None:
        """Returns once it is answered 200."""
        await quiet(0.05)
        self._spans.take()
        began = time.perf_counter()
        await self._door.write(sender, text)
        whole = (time.perf_counter() - began) * 1000
        self._pending = (whole, *self._spans.take())

    async def read(self, sender: str, step: str) -> str:
        """Returns once all has been sent, and marked as such."""
        said = await self._door.read(sender, step)
        await quiet(0.05)
        whole, took, calls = self._pending
        then, calls_then = self._spans.take()
        # Sending begins in the same moment as the answer; it is no part of the turn.
        late = {name: took.pop(name, 0.0) for name in SENDING}
        http = whole - self._spans.whole[HANDLER]
        twice = whole - http - sum(took.values())
        self.before[step].append({**took, HTTP: http, TWICE: twice})
        names = {*then, *late}
        self.after[step].append({name: then.get(name, 0) + late.get(name, 0) for name in names})
        self.calls[step].append(
            {name: calls.get(name, 0) + calls_then.get(name, 0) for name in {*calls, *calls_then}}
        )
        return said


def shown(watching: Watching) -> None:
    """Print the tables."""
    before, after, calls = watching.before, watching.after, watching.calls
    heads = "".join(f"{step[-WIDTH + 1 :]:>{WIDTH}}" for step in before)
    print(f"\n{'milliseconds, means':{NAMES}}{heads}")
    for name in (HTTP, *PARTS, *_stored(before), TWICE):
        _line(name, [mean(row.get(name, 0.0) for row in rows) for rows in before.values()])
    _line("until it is answered", [mean(sum(row.values()) for row in r) for r in before.values()])
    print("after the answer")
    for name in (*SENDING, *_stored(after)):
        _line(name, [mean(row.get(name, 0.0) for row in rows) for rows in after.values()])
    print("calls to the database, those after the answer too")
    made = _stored(calls)
    for name in made:
        _line(name, [mean(row.get(name, 0) for row in rows) for rows in calls.values()])
    _line("in all", [mean(sum(row.get(name, 0) for name in made) for row in rows)
                     for rows in calls.values()])  # fmt: skip


def _stored(by_step: Mapping[str, Sequence[Mapping[str, float]]]) -> list[str]:
    """Names of the storage's parts in all rows."""
    names = {name for rows in by_step.values() for row in rows for name in row}
    return sorted(name for name in names if name.startswith(STORAGE))


def _line(name: str, values: Sequence[float]) -> None:
    cells = (f"{value:{WIDTH}.2f}" if value else f"{'':{WIDTH}}" for value in values)
    print(f"{name:{NAMES}}{''.join(cells)}")


async def main() -> None:
    """Measure, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--conversations", type=int, default=10, help="of each kind")
    options = parser.parse_args()
    print("; ".join(f"{what} {value}" for what, value in described().items()))
    configure_logs("error", "console")
    spans = watched()
    async with AsyncExitStack() as stack:
        uri, _ = await stack.enter_async_context(offices.mongodb())
        graph_port, port = free_port(), free_port()
        meta = await stack.enter_async_context(meta_at(graph_port))
        variables = offices.office_variables(uri, graph_port)
        settings = load_settings(offices.ROOT / "config.yml", variables)
        app = await stack.enter_async_context(
            served(settings, system_clock, demo=False, metrics=Metrics())
        )
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", port).start()
        door = Webhook(meta, f"http://127.0.0.1:{port}/webhooks/whatsapp")
        await door.learn(sender_of(80_000_001), sender_of(80_000_002), 159_999)
        watching, again = Watching(door, spans), Watching(door, spans)
        for number in range(DAYS):  # the first on a day lays it out
            await booking(door, sender_of(60_000_000 + number), 1000 + number)(Timed())
        for number in range(options.conversations):
            await booking(watching, sender_of(number + 1), number)(Timed())
        askers = [sender_of(70_000_000 + number) for number in range(options.conversations)]
        for asks in (door, again):  # who is new is told more, and is measured the second time
            for asker in askers:
                await questions(asks, partial(str, asker))(Timed())
        shown(watching)
        shown(again)


if __name__ == "__main__":
    run_loop(main())
