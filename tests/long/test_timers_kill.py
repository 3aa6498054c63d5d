"""Reminders and timeouts across `kill -9`: whichever processes live when they are due, each comes
once.
"""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.clock import system_clock
from bot.dialogue.store import NEVER
from bot.graph_stub.server import GraphStandIn
from storage.driver import Database
from storage.mongo import MongoConversations
from tests.end_to_end.conftest import QUICK
from tests.support.applicant import Applicant, words_of
from tests.support.mortal import Mortal
from tests.support.service import ROOT, office_variables
from tests.support.webhooks import APPLICANT, SENT_AT

CONVERSATION = f"whatsapp:jakarta_pusat:{APPLICANT}"
NOW = timedelta()
AHEAD = SENT_AT - system_clock()
REMINDER, CLOSED = "Masih di sana?", "Pendaftaran Anda kami tutup dulu"
Making = Callable[..., Applicant]
Bear = Callable[..., Awaitable[Mortal]]


def flows_with(folder: Path, reminder: str, timeout: str) -> Path:
    """The shipped flows, which remind whoever is asked for a date, and close after some time."""
    shutil.copytree(ROOT / "flows", folder)
    guided = folder / "passport_guided.yml"
    text, edits = re.subn(
        r"(misunderstood: {say: choose_date_help.*\n)( +)timeout: .*",
        rf"\1\2remind: {{after: {reminder}, say: still_there}}"
        rf"\n\2timeout: {{after: {timeout}, go: lapsed}}",
        guided.read_text("utf-8"),
    )
    assert edits == 1
    guided.write_text(text, encoding="utf-8")
    for language in ("id", "en"):
        with (folder / "replies" / f"{language}.yml").open("a", encoding="utf-8") as replies:
            replies.write(f"\nstill_there: {REMINDER}\n")
    return folder


def complaints_in(folder: Path) -> list[str]:
    """Logs that show an alarm or a traceback."""
    logs = [path.read_text("utf-8") for path in folder.glob("*.log")]
    return [log for log in logs if "alarm=True" in log or "Traceback" in log]


@pytest.fixture
async def bear(
    graph: GraphStandIn, embedded_mongo: str, database_name: str, tmp_path: Path
) -> AsyncIterator[Bear]:
    """Starts processes on one database, with flows and a clock that is ahead; ends them all."""
    variables = office_variables(graph.url, **QUICK, MONGODB_URI=embedded_mongo)
    born: list[Mortal] = []

    async def one(flows: Path, later: timedelta = NOW) -> Mortal:
        log = tmp_path / f"{len(born)}.log"
        settings = {"ANTRE_STORAGE_DATABASE": database_name, "ANTRE_FLOWS_FOLDER": str(flows)}
        born.append(await Mortal.born(variables | settings, log=log, ahead=AHEAD + later))
        return born[-1]

    yield one
    for mortal in born:
        await mortal.kill()
    assert complaints_in(tmp_path) == []


async def stands(
    database: Database, holds: Callable[[Mapping[str, Any]], bool]
) -> Mapping[str, Any]:
    """Wait until all is sent and the conversation is as it should be."""
    conversations = database.collection("conversations")
    async with asyncio.timeout(60):
        while True:
            found = await conversations.find_one({"_id": CONVERSATION})
            if found and not found["outbox"] and not found["leased_by"] and holds(found):
                return found
            await asyncio.sleep(0.05)


def frame(conversation: Mapping[str, Any]) -> Mapping[str, Any]:
    """The flow under way."""
    (only,) = conversation["conversation"]["frames"]
    found: Mapping[str, Any] = only
    return found


def told(applicant: Applicant) -> list[str]:
    """The reminders and the end, as often as they came."""
    heard = [words_of(message) for message in applicant.heard()]
    return [part for text in heard for part in (REMINDER, CLOSED) if part in text]


async def asked(applicant: Applicant, database: Database) -> None:
    """Somebody is shown the dates, and all of it is sent."""
    await applicant.say("#tgllayanan")
    await applicant.hears("Tanggal layanan yang masih tersedia")
    await stands(database, lambda found: frame(found)["state"] == "choosing_date")


async def each_came_once(applicant: Applicant, database: Database) -> None:
    """Reminder and end were said once, stand in the journal once, and nothing is to come."""
    ended = await stands(database, lambda found: frame(found)["state"] == "lapsed")
    assert ended["due_at"] == NEVER
    assert told(applicant) == [REMINDER, CLOSED]
    records = await MongoConversations(database).transcript(CONVERSATION)
    rung = [record for record in records if "timer" in record]
    assert len(records) == 1 + len(rung)
    assert [record["after"] for record in rung] == [
        ["passport_guided.choosing_date"],
        ["passport_guided.lapsed"],
    ]


async def test_all_are_dead_before_it_is_due(
    bear: Bear, applicant: Making, database: Database, tmp_path: Path
) -> None:
    """Two processes begin when it is long due, and are killed again before the next."""
    flows = flows_with(tmp_path / "flows", "1 hour", "2 hours")
    now = await asyncio.gather(bear(flows), bear(flows))
    rina = applicant(lambda: now[0].url, ahead=AHEAD)
    await asked(rina, database)
    for mortal in now:
        await mortal.kill()
    assert told(rina) == []

    later = timedelta(hours=1, minutes=10)
    then = await asyncio.gather(bear(flows, later), bear(flows, later))
    reminded = await stands(database, lambda found: frame(found)["reminded"] == 1)
    for mortal in then:
        await mortal.kill()
    assert told(rina) == [REMINDER]
    assert frame(reminded)["state"] == "choosing_date"

    later = timedelta(hours=2, minutes=10)
    await asyncio.gather(bear(flows, later), bear(flows, later))
    await each_came_once(rina, database)


@pytest.mark.parametrize("killed", ["nobody", "the one that answered"])
async def test_others_run_when_it_is_due(
    killed: str, bear: Bear, applicant: Making, database: Database, tmp_path: Path
) -> None:
    """Two processes sweep at the very moment; or only the one is left that never heard of it."""
    flows = flows_with(tmp_path / "flows", "4 seconds", "6 seconds")
    answering, _ = await asyncio.gather(bear(flows), bear(flows))
    rina = applicant(lambda: answering.url, ahead=AHEAD)
    await asked(rina, database)
    if killed != "nobody":
        await answering.kill()
    await each_came_once(rina, database)
