"""What is counted and named while messages are handled."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest
import structlog
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from structlog.contextvars import get_contextvars, merge_contextvars
from structlog.testing import capture_logs

from bot.channels.inbound import Inbound, Progress
from bot.counting import (
    KINDS_AT_MOST,
    CountedSender,
    Measured,
    TimedClassifier,
    counted_kinds,
    timed_webhook,
)
from bot.dialogue.events import Message
from bot.dialogue.reply import Reply
from bot.dialogue.store import Contact
from bot.errors import (
    Absent,
    ChannelError,
    Stopped,
    StorageUnavailable,
    Throttled,
    TryLater,
    Undeliverable,
)
from bot.metrics import Metrics
from bot.traces import Traces, delivery
from nlu.classifier import Guess
from storage.memory import MemoryConversations
from tests.support.shell import CONTACT, Bot, Clock
from tests.support.talk import NOW

WAMID = "wamid.HBgNNjI4MTIwMDAwMDAwMRUCABIYFDNB"


def inbound(kind: str = "text", id_: str = WAMID) -> Inbound:
    """A message."""
    return Inbound(CONTACT, Message(id_, kind, "Pagi, Pak", NOW))


class Ears:
    """Hears, notes under which names, and begins to send, as a turn does."""

    def __init__(self, error: Exception | None = None) -> None:
        self.names: list[dict[str, object]] = []
        self._error = error

    async def hear(self, _: Inbound) -> None:
        async def send() -> None:
            self.names.append(get_contextvars())

        self.names.append(get_contextvars())
        await asyncio.create_task(send())
        if self._error:
            raise self._error


async def test_a_turn_has_one_name_in_every_process() -> None:
    """What is logged while it is handled and sent can be found by it; nobody's number can."""
    key, ears = b"k" * 32, Ears()
    for traces in (Traces(key), Traces(key), Traces(b"other" * 6)):
        with delivery():
            await Measured(ears, Metrics(), traces).hear(inbound())
    handled, sent, again, _, elsewhere, _ = ears.names
    assert handled == sent
    assert handled["turn"] == again["turn"] != elsewhere["turn"]
    assert handled["request"] != again["request"]
    assert "628" not in str(handled)
    assert WAMID[-8:] not in str(handled)
    assert get_contextvars() == {}


def test_timers_are_named_by_conversation() -> None:
    """They are numbered within it; a message keeps its name when its conversation moves."""
    traces, names = Traces(b"k" * 32), []
    for conversation, turn in (("a", "timer/1"), ("b", "timer/1"), ("a", WAMID), ("b", WAMID)):
        with traces.turn(conversation, turn):
            names.append(get_contextvars()["turn"])
    assert len(set(names)) == 3
    assert names[2] == names[3]


async def test_what_is_not_saved_is_counted_and_said() -> None:
    """The channel has it delivered again; the log has a line under its name."""
    metrics = Metrics()
    measured = Measured(Ears(StorageUnavailable("down")), metrics, Traces())
    with capture_logs(processors=[merge_contextvars]) as logs, pytest.raises(StorageUnavailable):
        await measured.hear(inbound())
    assert [each["event"] for each in logs] == ["message_not_saved"]
    assert logs[0]["turn"]
    assert 'antre_turns_failed_total{channel="pushed"} 1.0' in metrics.shown().decode()


def test_messages_are_counted_by_kind() -> None:
    """New kinds of Meta's too, but not without end, and never a text that is none."""
    metrics = Metrics()
    noticed = counted_kinds(metrics)
    for kind in ("text", "text", "voice", "+62 812-0000", *map("k{}".format, range(KINDS_AT_MOST))):
        noticed(inbound(kind))
    shown = metrics.shown().decode()
    assert 'antre_messages_heard_total{channel="pushed",kind="text"} 2.0' in shown
    assert 'antre_messages_heard_total{channel="pushed",kind="other"} 3.0' in shown
    assert "+62" not in shown


@pytest.mark.parametrize(
    ("error", "kind", "code"),
    [
        (Throttled("too much", 130429), "throttled", "130429"),
        (Stopped("expired", 190), "stopped", "190"),
        (TryLater("unreachable"), "later", ""),
        (Absent("gone"), "absent", ""),
        (Undeliverable("blocked", 131026), "never", "131026"),
    ],
)
async def test_sending_is_counted(error: ChannelError, kind: str, code: str) -> None:
    """What a channel took, and what it refused by class and code; the refusal goes on."""

    class Moody:
        def __init__(self) -> None:
            self.answers: list[ChannelError | None] = [error, None]

        async def send(self, _: Contact, __: Reply, progress: Progress) -> None:
            if answer := self.answers.pop(0):
                raise answer
            progress.accepted("wamid.1")

    metrics = Metrics()
    sender = CountedSender(Moody(), metrics)
    with pytest.raises(type(error)):
        await sender.send(CONTACT, Reply("Pagi"), Progress())
    await sender.send(CONTACT, Reply("Pagi"), Progress())
    shown = metrics.shown().decode()
    labels = f'channel="pushed",code="{code}",kind="{kind}"'
    assert f"antre_messages_failed_total{{{labels}}} 1.0" in shown
    assert 'antre_messages_sent_total{channel="pushed"} 1.0' in shown


async def test_a_classifier_is_timed() -> None:
    """It ranks as before."""
    guesses = [Guess("greet", 1.0)]

    class Sure:
        async def rank(self, text: str) -> Sequence[Guess]:
            assert text == "halo"
            return guesses

    metrics = Metrics()
    assert await TimedClassifier(Sure(), metrics, "local").rank("halo") is guesses
    assert 'antre_classifier_seconds_count{provider="local"} 1.0' in metrics.shown().decode()


async def test_webhooks_are_timed_by_answer() -> None:
    """Each delivery by its status, a refused and a failed one too; what else is asked is not."""
    log, metrics, seen = structlog.get_logger(), Metrics(), []

    async def receive(request: web.Request) -> web.Response:
        seen.append(get_contextvars().get("request"))
        log.info("received")
        match await request.text():
            case "large":
                raise web.HTTPRequestEntityTooLarge(1, 2)
            case "bug":
                raise ValueError
            case status:
                return web.Response(status=int(status))

    app = web.Application(middlewares=[timed_webhook("/hook", metrics)])
    app.add_routes([web.post("/hook", receive), web.get("/hook", receive)])
    async with TestClient(TestServer(app)) as client:
        for body in ("200", "200", "503", "large", "bug"):
            async with client.post("/hook", data=body):
                pass
        async with client.get("/hook", data="200"):
            pass
    shown = metrics.shown().decode()
    counted = {status: f'antre_webhook_seconds_count{{status="{status}"}}' for status in (200, 503)}
    assert f"{counted[200]} 2.0" in shown
    assert f"{counted[503]} 1.0" in shown
    assert 'antre_webhook_seconds_count{status="413"} 1.0' in shown
    assert 'antre_webhook_seconds_count{status="500"} 1.0' in shown
    assert seen[-1] is None
    assert len(set(seen)) == len(seen)


async def test_a_retry_is_named_as_its_turn(tmp_path: Path) -> None:
    """From the message to the answer that was taken at the second try, one name."""
    clock, traces = Clock(), Traces()
    bot = Bot(MemoryConversations(), tmp_path, clock=clock, traces=traces)
    bot.delivery.moods.append(TryLater("busy", 131000))
    ears, named = Ears(), []
    bot.delivery.before = lambda: named.append(get_contextvars()["turn"])
    await Measured(ears, Metrics(), traces).hear(inbound())
    with capture_logs(processors=[merge_contextvars]) as logs:
        await Measured(bot.turns, Metrics(), traces).hear(inbound())
        await Measured(bot.turns, Metrics(), traces).hear(inbound(id_="wamid.another"))
        await bot.outbox.close()
        clock.move(minutes=1)
        await bot.sweeper.sweep()
        await bot.outbox.close()
    first = ears.names[0]["turn"]
    events = [(each["event"], each["turn"] == first) for each in logs if "turn" in each]
    assert ("message_postponed", True) in events
    assert events[-1][0] == "message_handled"
    assert len(bot.delivery.sent) == 2
    assert named[0] == named[1] == first != named[-1]
