"""Real processes around the tests: the bot, its database, and Meta's side in this process."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import ClientSession, TCPConnector

from bot.graph_stub.server import GraphStandIn
from storage.driver import Database, open_database
from tests.support.applicant import Applicant
from tests.support.service import Service, office_variables

QUICK = {"ANTRE_OUTBOX_LEASE_SECONDS": "2", "ANTRE_OUTBOX_SWEEP_SECONDS": "0.1"}
"""A dead process's messages are sent by the next after 2 s instead of 45."""


@dataclass
class House:
    """Starts services, and ends them all.

    Attributes:
        variables: of every office it serves.
        always: of every service it starts.
    """

    variables: dict[str, str]
    always: dict[str, str] = field(default_factory=dict)
    services: list[Service] = field(default_factory=list)

    async def serve(self, *options: str, **variables: str) -> Service:
        """Start ``antre serve``."""
        return await self.start("serve", *options, **self.variables, **variables)

    async def start(self, command: str, *options: str, **variables: str) -> Service:
        """Start any command that serves."""
        service = await Service.start(command, *options, variables=self.always | variables)
        self.services.append(service)
        return service


@pytest.fixture
async def graph() -> AsyncIterator[GraphStandIn]:
    """Meta's side; it takes nothing that Meta would refuse, and by the end refused nothing."""
    async with GraphStandIn().serving() as stand_in:
        yield stand_in
    assert [call.problems for call in stand_in.calls if call.problems] == []


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    """A real HTTP client with as many connections as it likes."""
    async with ClientSession(connector=TCPConnector(limit=0)) as opened:
        yield opened


@pytest.fixture
async def house(graph: GraphStandIn, models: Path) -> AsyncIterator[House]:
    """Services against the stand-in; none raises an alarm or shows a traceback."""
    made = House(office_variables(graph.url, **QUICK), {"ANTRE_NLU_MODELS": str(models)})
    yield made
    for service in made.services:
        await service.kill()
        sys.stderr.write("\n".join([service.url, *service.output, ""]))
    complaints = ("alarm=True", "Traceback")
    said = [line for service in made.services for line in service.output]
    assert [line for line in said if any(each in line for each in complaints)] == []


@pytest.fixture
def on_mongo(house: House, embedded_mongo: str, database_name: str) -> House:
    """The house, its services all on one database of this test's own."""
    house.variables |= {"MONGODB_URI": embedded_mongo, "ANTRE_STORAGE_DATABASE": database_name}
    return house


@pytest.fixture
async def database(embedded_mongo: str, database_name: str) -> AsyncIterator[Database]:
    """A look into that database from outside."""
    opened = open_database(embedded_mongo, database_name)
    yield opened
    await opened.close()


@pytest.fixture
def applicant(session: ClientSession, graph: GraphStandIn) -> Callable[..., Applicant]:
    """Makes applicants: ``applicant(lambda: service.url, sender=…)``."""
    return lambda door, **details: Applicant(session, graph, door, **details)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Folder of an embedded database of this test's own."""
    return tmp_path / "data"
