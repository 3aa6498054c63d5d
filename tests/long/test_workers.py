"""`antre serve --workers`: processes that serve one address together, and what kills them."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import ClientSession

from bot.graph_stub.server import GraphStandIn
from tests.end_to_end.conftest import QUICK
from tests.support.applicant import Applicant, Booking, fictional_name
from tests.support.service import Service, office_variables

Making = Callable[..., Applicant]


def children_of(process: int) -> list[int]:
    """The processes one has started, its database among them."""
    return [
        int(each) for each in Path(f"/proc/{process}/task/{process}/children").read_text().split()
    ]


def workers_of(service: Service) -> list[int]:
    """Those of them that serve."""
    return [each for each in children_of(service.process_id) if b"bot.worker" in command_of(each)]


def ticks_of(process: int) -> int:
    """How much of a processor one has used."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def command_of(process: int) -> bytes:
    """As it was called; empty when it is gone, or is not waited for yet."""
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except FileNotFoundError:
        return b""


@asynccontextmanager
async def two_workers(
    graph: GraphStandIn, models: Path, data: Path, **variables: str
) -> AsyncIterator[Service]:
    """A service of two workers on a database of their own."""
    environ = office_variables(graph.url, **QUICK, ANTRE_NLU_MODELS=str(models), **variables)
    options = ("--workers", "2", "--data", str(data))
    service = await Service.start("serve", *options, variables=environ)
    try:
        yield service
    finally:
        await service.kill()
        sys.stderr.write("\n".join(service.output))


def said(service: Service, word: str) -> int:
    """How many of its lines say so."""
    return sum(word in line for line in service.output)


async def until(holds: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for what other processes do."""
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 - they do not tell us
            await asyncio.sleep(0.1)


async def figures(session: ClientSession, service: Service, name: str) -> float:
    """The sum of a metric over its labels, as any of the workers tells it."""
    async with session.get(f"{service.url}/metrics") as answer:
        text = await answer.text()
    return sum(map(float, re.findall(rf"^{name}(?:{{.*}})? (\S+)$", text, re.MULTILINE)))


async def test_workers_die_while_people_write(
    graph: GraphStandIn, session: ClientSession, applicant: Making, models: Path, data: Path
) -> None:
    """Everybody gets a seat of their own and every answer; who was killed is there again."""
    async with two_workers(graph, models, data) as service:
        first = set(workers_of(service))
        assert len(first) == 2

        async def book(number: int) -> Booking:
            person = applicant(lambda: service.url, sender=f"62812000{number:05d}")
            return await person.book(fictional_name(number), f"{10 + number}081990")

        booking = asyncio.gather(*map(book, range(12)))
        killed = 0
        while not booking.done():
            await asyncio.sleep(0.5)
            if said(service, "worker_ready") == 2 + killed:  # one goes on; who died is back
                os.kill(workers_of(service)[killed % 2], signal.SIGKILL)
                killed += 1
        bookings = await booking

        assert sorted(each.number for each in bookings) == list(range(1, 13))
        assert len({each.code for each in bookings}) == 12
        assert killed
        await until(lambda: said(service, "worker_died") == killed)
        await until(lambda: said(service, "worker_ready") == 2 + killed)
        assert await figures(session, service, "antre_alarms_total") == killed
        assert await figures(session, service, "antre_turn_seconds_count") >= 4 * 12
        assert said(service, "READY") == 1
        left = children_of(service.process_id)
        assert await service.stop() == 0
        assert [each for each in left if command_of(each)] == []


async def test_workers_die_with_their_parent(
    graph: GraphStandIn, applicant: Making, models: Path, data: Path
) -> None:
    """`kill -9` of the parent leaves nobody behind; the next one goes on where it was."""
    async with two_workers(graph, models, data) as service:
        rina = applicant(lambda: service.url)
        await rina.say("Pagi, Pak")
        await rina.hears("Cara mendaftar")
        left = children_of(service.process_id)
        assert len(left) == 3  # two workers and the database
        await service.kill()
        await until(lambda: not any(command_of(each) for each in left), seconds=5)
    async with two_workers(graph, models, data) as service:
        await rina.say("#tgllayanan")
        await rina.hears("Tanggal layanan yang masih tersedia")


async def test_connections_are_shared_out(
    graph: GraphStandIn, applicant: Making, models: Path, data: Path
) -> None:
    """With many connections at once both workers serve, and stopping ends what is under way."""
    async with two_workers(graph, models, data) as service:
        people = [
            applicant(lambda: service.url, sender=f"62812100{number:05d}") for number in range(30)
        ]
        await asyncio.gather(*(person.say("Pagi, Pak") for person in people))
        ticks = [ticks_of(each) for each in workers_of(service)]
        assert min(ticks) > 0.5 * max(ticks), ticks
        assert await service.stop() == 0
        assert all(len(person.heard()) >= 2 for person in people)


async def test_stopping_is_told_first(
    graph: GraphStandIn, session: ClientSession, applicant: Making, models: Path, data: Path
) -> None:
    """A load balancer is told 503 while those who still come are answered; then it ends."""
    leaving = {"ANTRE_SERVER_LEAVE_SECONDS": "5"}
    async with two_workers(graph, models, data, **leaving) as service:
        rina = applicant(lambda: service.url)
        assert await readiness(session, service) == (200, "ready")
        os.kill(service.process_id, signal.SIGTERM)
        async with asyncio.timeout(5):
            while await readiness(session, service) != (503, "stopping"):  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.05)
        await rina.say("Pagi, Pak")
        await rina.hears("Cara mendaftar")
        assert await service.stop() == 0


async def readiness(session: ClientSession, service: Service) -> tuple[int, str]:
    """Status and word of ``/readyz``."""
    async with session.get(f"{service.url}/readyz") as answer:
        return answer.status, (await answer.json())["status"]
