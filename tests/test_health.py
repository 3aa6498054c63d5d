"""What operators' machines are told: alive, ready, and the figures."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import structlog
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot import health as health_module
from bot.errors import StorageUnavailable
from bot.health import Check, Health, health_routes, storage_check
from bot.logs import configure_logs
from bot.metrics import Metrics
from bot.share import METRICS_FOLDER, ServeShare

Door = TestClient[web.Request, web.Application]


async def fine() -> Check:
    """Nothing is wrong."""
    return Check()


async def limping() -> Check:
    """Something is wrong that nobody else would do better."""
    return Check("degraded", {"oldest_seconds": 300})


async def silent() -> Check:
    """The database does not answer."""
    raise StorageUnavailable("mongodb://secret@host did not answer")


async def hanging() -> Check:
    """Never ends."""
    await asyncio.Event().wait()
    return Check()


@asynccontextmanager
async def asked(health: Health, metrics: Metrics, token: str = "") -> AsyncIterator[Door]:
    """A client of the three routes."""
    app = web.Application()
    app.add_routes(health_routes(health, metrics, token))
    async with TestClient(TestServer(app)) as client:
        yield client


@pytest.mark.parametrize(
    ("check", "status", "word"),
    [(fine, 200, "ready"), (limping, 200, "degraded"), (silent, 503, "down")],
)
async def test_ready_as_its_checks_say(
    check: Callable[[], Awaitable[Check]], status: int, word: str
) -> None:
    """What is degraded is told and no reason to go elsewhere; a silent database is one."""
    health = Health({"one": fine, "other": check})
    health.serve()
    async with asked(health, Metrics()) as client, client.get("/readyz") as answer:
        assert answer.status == status
        body = await answer.json()
    assert body["status"] == word
    assert body["checks"]["one"] == {"state": "ok"}
    assert "secret" not in str(body)


async def test_a_check_that_hangs_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks is answered in time, and the other checks are told all the same."""
    monkeypatch.setattr(health_module, "CHECK_SECONDS", 0.05)
    health = Health({"database": hanging, "other": limping})
    health.serve()
    status, body = await asyncio.wait_for(health.report(), 5)
    assert (status, body["status"]) == (503, "down")
    assert body["checks"] == {
        "database": {"state": "down", "reason": "no answer within 0.05 s"},
        "other": {"state": "degraded", "oldest_seconds": 300},
    }


async def test_not_ready_before_and_after_it_serves() -> None:
    """Starting and stopping, messages should go to others; the process is alive all the time."""
    health = Health({"one": fine})
    async with asked(health, Metrics()) as client:
        seen = []
        for step in (lambda: None, health.serve, health.leave):
            step()
            async with client.get("/readyz") as answer:
                seen.append((answer.status, (await answer.json())["status"]))
            async with client.get("/healthz") as answer:
                assert answer.status == 200
    assert seen == [(503, "starting"), (200, "ready"), (503, "stopping")]


async def test_the_storage_check_measures() -> None:
    """It asks the database and tells how long that took."""
    pings = []

    async def ping() -> None:
        pings.append(1)

    found = await storage_check(ping)()
    assert (found.state, len(pings)) == ("ok", 1)
    assert found.about["milliseconds"] >= 0  # type: ignore[operator]  # a figure


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"])
async def test_metrics_are_not_for_the_internet(header: str) -> None:
    """Without a token this machine alone sees them, and no proxy on it on behalf of others."""
    async with asked(Health({}), Metrics()) as client:
        async with client.get("/metrics") as answer:
            assert answer.status == 200
            assert "antre_turn_seconds" in await answer.text()
        async with client.get("/metrics", headers={header: "203.0.113.9"}) as answer:
            assert answer.status == 403
            assert "antre_turn_seconds" not in await answer.text()


async def test_metrics_behind_a_token() -> None:
    """With a token whoever has it sees them from anywhere, and nobody else from here."""
    wrong = ["", "Bearer", "Bearer other", "Basic secret-token", "Bearer secret-tokenx", "é"]
    async with asked(Health({}), Metrics(), "secret-token") as client:
        for given in wrong:
            headers = {"Authorization": given} if given else {}
            async with client.get("/metrics", headers=headers) as answer:
                assert answer.status == 401, given
        right = {"Authorization": "Bearer secret-token", "X-Forwarded-For": "203.0.113.9"}
        async with client.get("/metrics", headers=right) as answer:
            assert answer.status == 200


def test_alarms_are_counted_by_event() -> None:
    """Each line that wants a person counts; others do not, and values never become labels."""
    metrics = Metrics()
    configure_logs("info", "json", metrics.alarmed)
    try:
        log = structlog.get_logger()
        log.error("picture_gone", alarm=True, picture="rina.png")
        log.error("picture_gone", alarm=True)
        log.error("message_undeliverable", alarm=False)
        log.info("turn_saved")
    finally:
        structlog.reset_defaults()
    shown = metrics.shown().decode()
    assert 'antre_alarms_total{event="picture_gone"} 2.0' in shown
    assert "message_undeliverable" not in shown
    assert "rina" not in shown


COUNTING = """
from bot.metrics import Metrics
metrics = Metrics()
metrics.messages_sent.labels("whatsapp").inc(2)
metrics.turn_seconds.labels("whatsapp").observe(0.03)
metrics.accounts_paused.set(1)
print(metrics.shown().decode())
"""


def test_processes_that_serve_together_show_sums(tmp_path: Path) -> None:
    """Whichever of them is asked tells what all have counted, those that ended included."""
    environ = {**os.environ, METRICS_FOLDER: str(tmp_path)}
    shown = [
        subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-c", COUNTING], env=environ, text=True, stdout=-1, check=True
        ).stdout
        for _ in range(3)
    ]
    assert 'antre_messages_sent_total{channel="whatsapp"} 2.0' in shown[0]
    assert 'antre_messages_sent_total{channel="whatsapp"} 6.0' in shown[2]
    assert 'antre_turn_seconds_count{channel="whatsapp"} 3.0' in shown[2]
    assert "antre_accounts_paused 1.0" in shown[2]


def test_a_share_is_one_of_so_many() -> None:
    """The first does what one is enough for; there is no fourth of three."""
    assert [ServeShare(index, 3).is_first for index in range(3)] == [True, False, False]
    with pytest.raises(ValueError, match="no process 3 among 3"):
        ServeShare(3, 3)


def test_the_guide_names_every_figure() -> None:
    """docs/operations.md tells of all that is shown, and of nothing that is not."""
    guide = (Path(__file__).parents[1] / "docs" / "operations.md").read_text("utf-8")
    told = set(re.findall(r"`(antre_\w+)", guide))
    shown = {metric.name for metric in Metrics().registry.collect()}
    assert {name.removesuffix("_total") for name in told} == shown
