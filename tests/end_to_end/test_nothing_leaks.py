"""What a whole run writes to its log, shows in its metrics and says to staff knows nobody."""

import asyncio
import re
import shutil
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiohttp import ClientSession

from bot.channels.rest import PATH as REST
from bot.channels.whatsapp.webhook import PATH
from bot.graph_stub.faults import Fault
from bot.graph_stub.server import GraphStandIn
from storage.embedded import EmbeddedMongo
from tests.end_to_end.conftest import QUICK
from tests.support.applicant import Applicant, booking_in, dates_in, words_of
from tests.support.service import ROOT, Service, office_variables, ran
from tests.support.traces import Somebody, traces
from tests.support.webhooks import (
    JSON,
    OFFICE_NUMBER,
    change,
    image,
    signed_headers,
    status,
    text,
    webhook_body,
)

RINA = Somebody("6281200000041", ("Rina Wulandari", "Profilnya"), (date(1990, 8, 17),))
BUDI = Somebody(
    "6281200000042", ("Budi Umpama", "Siti Umpama"), (date(1987, 1, 25), date(1990, 5, 3))
)
SARI = Somebody("6281200000043", ("Sari Misalnya",), (date(1991, 2, 28),), ("Jl. Kenanga 17",))
DODI = Somebody("6281200000044", ("Dodi Andaikan",), (date(1979, 12, 9),))
PEOPLE = (RINA, BUDI, SARI, DODI)
BATAM = "6282288862017"
PHOTO = b"\xff\xd8\xff\xe0" + bytes(100)
REST_TOKEN = "rest-token-of-the-tests"
LONG_LINE = 12
"""A shorter line, such as "Jam: 08.00", might stand anywhere."""

EXPLODES = '''
import asyncio

from bot.booking.actions.find_wait import find_wait
from bot.dialogue.actions import Doing, action
from bot.dialogue.events import Outcome

async def _lost(doing: Doing) -> None:
    raise LookupError(f"nobody waits for this: {doing}")

@action(
    outcomes=tuple(find_wait.outcomes),
    gives=tuple(find_wait.gives),
    known={name: tuple(slots) for name, slots in find_wait.known.items()},
    example=find_wait.example,
)
async def explode(doing: Doing) -> Outcome:
    """Raise an error that repeats all it knows."""
    asyncio.get_running_loop().create_task(_lost(doing))
    asyncio.get_running_loop().call_soon(int, f"{doing.contact}")
    raise ValueError(f"{doing.contact} {doing.slots} {doing.key}")
'''


@dataclass
class Run:
    """A service, its people, and all they were told and said."""

    service: Service
    mongo: EmbeddedMongo
    graph: GraphStandIn
    session: ClientSession
    variables: dict[str, str]
    people: dict[str, Applicant] = field(default_factory=dict)

    def person(self, who: Somebody, office: str = OFFICE_NUMBER) -> Applicant:
        """Somebody with a telephone."""
        made = Applicant(
            self.session, self.graph, lambda: self.service.url, sender=who.number, number=office
        )
        return self.people.setdefault(who.number, made)

    async def post(self, body: bytes, path: str = PATH, **headers: str) -> int:
        """Deliver anything; the status."""
        url = self.service.url + path
        async with self.session.post(url, data=body, headers=headers) as answer:
            return answer.status

    def codes(self) -> tuple[str, ...]:
        """Codes that were told to anybody."""
        told = " ".join(words_of(call.body) for call in self.graph.calls if call.kind == "message")
        return tuple(set(re.findall(r"\*(\d{8}|[A-Z]{3}-\w{5}-\w{5})\*", told)))

    async def said_to_staff(self, *command: str) -> tuple[str, str]:
        """Standard output and error of a command on the same database."""
        code, output, errors = await ran(*command, **self.variables)
        assert code == 0, (command, output, errors)
        return output, errors


@pytest.fixture
def flows(tmp_path: Path) -> Path:
    """The shipped flows with Batam open all day and an action that raises."""
    folder = tmp_path / "flows"
    shutil.copytree(ROOT / "flows", folder)
    offices, asking = folder / "offices.yml", folder / "status.yml"
    always = offices.read_text().replace('{from: "07:30", until: "10:00"}', "null")
    offices.write_text(always)
    asking.write_text(asking.read_text().replace("do: find_wait", "do: explode"))
    (tmp_path / "explode.py").write_text(EXPLODES)
    return folder


@pytest.fixture(params=["json", "console"])
async def run(
    request: pytest.FixtureRequest, graph: GraphStandIn, session: ClientSession, flows: Path
) -> AsyncIterator[Run]:
    """An office that logs all it can, in both shapes."""
    mongo = EmbeddedMongo(flows.parent / "data")
    await mongo.start()
    variables = office_variables(
        graph.url,
        **QUICK,
        MONGODB_URI=mongo.uri,
        ANTRE_LOG_LEVEL="debug",
        ANTRE_LOG_FORMAT=request.param,
        ANTRE_FLOWS_FOLDER=str(flows),
        ANTRE_FLOWS_CODE=str(flows.parent / "explode.py"),
        ANTRE_REST_ENABLED="true",
        ANTRE_REST_TOKEN=REST_TOKEN,
        ANTRE_TURN_STORAGE_RETRY_SECONDS="0.5",
        PYTHONWARNINGS="always",
    )
    try:
        service = await Service.start("serve", variables=variables)
        yield Run(service, mongo, graph, session, variables)
        sys.stderr.write("\n".join(service.output))
        await service.kill()
    finally:
        await mongo.stop()


async def books(run: Run) -> None:
    """Alone by taps and forms, with the family in one message, with a photo."""
    rina = run.person(RINA)
    await rina.say("Pagi, Pak, saya mau ke luar negeri")
    await rina.tap(await rina.hears("Cara mendaftar"), "Lihat tanggal")
    offered = dates_in(await rina.hears("Tanggal layanan yang masih tersedia"))
    await rina.say(f"#Rina Wulandari#17081990#{offered[1]:%d%m%Y}")
    await rina.tap(await rina.hears("balas dengan kode persetujuan"), "Setuju")
    booking_in(await rina.hears("Kode booking:"))
    await rina.say("#status")
    await rina.hears("Kode booking:")
    budi = run.person(BUDI)
    await budi.say("saya mau daftar sekeluarga 2 orang")
    await budi.hears("Tanggal berapa semuanya akan datang")
    await budi.say("2")
    await budi.hears("Siapa saja yang datang")
    await budi.say("Budi Umpama 25-01-1987\nSiti Umpama 3 mei 1990")
    await budi.tap(await budi.hears("balas dengan kode persetujuan"), "Setuju")
    await budi.hears("(2/2)")
    sari = run.person(SARI, BATAM)
    run.graph.media["1037543291543636"] = PHOTO
    form = "#Sari Misalnya#28021991#Jl. Kenanga 17, Nagoya"
    photo = image(f"wamid.{SARI.number}.photo", form, SARI.number, datetime.now(UTC))
    await sari.insist(sari.body(photo))
    await sari.tap(await sari.hears("balas dengan kode persetujuan"), "Setuju")
    await sari.hears("Nomor antrean")


async def fails(run: Run) -> None:
    """Meta refuses, strangers knock, bodies are broken, an action raises, the database goes."""
    dodi = run.person(DODI)
    for fault in (
        Fault(code=131026, only="message"),
        Fault(code=190, status=401, only="message"),
        Fault(code=None, status=500, only="message"),
        Fault(how="drop", only="message"),
        Fault(code=100, only="read"),
    ):
        run.graph.fail(fault)
        await dodi.say("apakah Dodi Andaikan sudah terdaftar?")
    await dodi.say("#status")
    await dodi.hears("gangguan di sistem")
    body = webhook_body(
        change(
            text(f"wamid.{DODI.number}.x", "Dodi Andaikan 9 desember 1979", DODI.number),
            statuses=[status(f"wamid.{DODI.number}.y", "failed", 131026, DODI.number)],
            profile="Dodi Andaikan",
        )
    )
    assert await run.post(body) == 401
    assert await run.post(body, **{"X-Hub-Signature-256": "sha256=00"}) == 401
    assert await run.post(body, **signed_headers(body)) == 200
    for broken in (
        b'{"from": "6281200000044", "Dodi Andaikan',
        orjson.dumps([DODI.number]),
        webhook_body({"field": "messages", "value": {"messages": [{"from": DODI.number}]}}),
        webhook_body(change(text("wamid.z", "Dodi Andaikan", DODI.number), number="6200000000")),
    ):
        assert await run.post(broken, **signed_headers(broken)) == 200
    asked = f"?hub.mode=subscribe&hub.verify_token={DODI.number}&hub.challenge=Andaikan"
    async with run.session.get(run.service.url + PATH + asked) as answer:
        assert answer.status == 403
    host, port = run.service.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"GET /{DODI.number} Dodi Andaikan HTTP/9\r\n\r\n".encode())
    await reader.read()
    writer.close()
    allowed = {"Authorization": f"Bearer {REST_TOKEN}"}
    for wrong in (b'{"sender": "6281200000044"', orjson.dumps({"sender": [DODI.number]})):
        assert await run.post(wrong, REST, **allowed) == 400
    said = {"sender": DODI.number, "message": "halo, ini Dodi Andaikan"}
    assert await run.post(orjson.dumps(said), REST, **allowed) == 400  # names no office
    assert await run.post(orjson.dumps(said), REST) == 401

    await run.mongo.stop()
    later = dodi.body(text(f"wamid.{DODI.number}.later", "saya Dodi Andaikan", DODI.number))
    assert await run.post(later, **signed_headers(later)) == 503
    await asyncio.sleep(1)  # the sweeper meets it too
    await run.mongo.start()
    await dodi.insist(later)


async def leaves(run: Run) -> None:
    """Cancels, and asks for all to be erased."""
    budi = run.person(BUDI)
    await budi.say("hapus data saya")
    await budi.hears("#batal")
    dodi = run.person(DODI)
    await dodi.say("hapus data saya")
    await dodi.hears("Hapus semua data Anda")
    await dodi.say("ya")
    await dodi.hears("dihapus dalam beberapa menit")


async def works(run: Run, folder: Path) -> tuple[str, str]:
    """What staff's commands wrote: those that name nobody, and the errors of all."""
    phone = ("--phone", DODI.number)
    quiet, errors = "", ""
    for command in (
        ("report", "jakarta_pusat", "--format", "csv"),
        ("report", "jakarta_pusat", "--by", "reason"),
        ("office", "card", "jakarta_pusat", "-o", str(folder / "card")),
        ("privacy", "export", "--phone", RINA.number, "-o", str(folder / "export.json")),
        ("privacy", "sweep"),
    ):
        output, wrong = await run.said_to_staff(*command)
        quiet, errors = quiet + output, errors + wrong
    for command in (
        ("people", "mark", *phone, "--note", "Dodi Andaikan sering lupa"),
        ("people", "block", *phone, "--reason", "calo"),
        ("people", "show", *phone),
        ("privacy", "erase", *phone, "--yes"),
    ):
        _, wrong = await run.said_to_staff(*command)
        errors += wrong
    assert RINA.names[0].upper() in (folder / "export.json").read_text()
    return quiet, errors


EVENTS = (
    "turn_failed",
    "message_undeliverable",
    "whatsapp_signature_refused",
    "whatsapp_verification_refused",
    "whatsapp_body_unreadable",
    "unknown_office_number",
    "whatsapp_delivery_failed",
    "whatsapp_not_saved",
    "sweep_failed",
    "library_logged",
)


@pytest.mark.long
async def test_a_whole_run_names_nobody(run: Run, tmp_path: Path) -> None:
    """Bookings, refusals, mistakes and an outage: neither log nor metrics know who it was."""
    await books(run)
    await fails(run)
    await leaves(run)
    in_json = run.variables["ANTRE_LOG_FORMAT"] == "json"
    quiet, errors = ("", "") if in_json else await works(run, tmp_path)
    async with run.session.get(f"{run.service.url}/metrics") as answer:
        metrics = await answer.text()
    assert await run.service.stop() == 0
    log = "\n".join(run.service.output)
    assert [event for event in EVENTS if event not in log] == []
    if in_json:
        lines = [orjson.loads(line) for line in run.service.output if not line.startswith("Antre")]
        assert all(line["event"] and line["level"] for line in lines)
    whatever = Somebody("6282222222222", others=(*run.codes(), *_texts(run)))
    for where in (log, metrics, quiet, errors):
        assert traces(where, (*PEOPLE, whatever)) == []
    assert "antre_turn_seconds_count" in metrics


def _texts(run: Run) -> tuple[str, ...]:
    """What was said by either side, line by line."""
    said = [words_of(call.body) for call in run.graph.calls if call.kind == "message"]
    bodies = [orjson.loads(body) for each in run.people.values() for body in each.written]
    heard = (message for body in bodies for message in _messages_in(body))
    said += [words_of(message) for message in heard if message["type"] in {"text", "image"}]
    lines = {line.strip() for text in said for line in text.splitlines()}
    return tuple(line for line in lines if len(line) > LONG_LINE)


def _messages_in(body: JSON) -> Iterator[JSON]:
    for entry in body["entry"]:
        for each in entry["changes"]:
            yield from each["value"]["messages"]


def test_traces_are_found() -> None:
    """The search itself: every writing of a number, a date and a name, and nothing else."""
    forms: list[Any] = ["+62 812-0000-0041", "0812 0000 0041", "6281200000041", "812.0000.0041"]
    forms += ["17081990", "17-08-1990", "1990-08-17", "17 Agustus 1990", date(1990, 8, 17)]
    forms += ["RINA", "wulandari", [date(1990, 8, 17)]]
    for form in forms:
        assert traces(f"turn_failed at={form!s} x", PEOPLE), form
    assert traces("event=turn_failed at=2026-11-24T08:00:00.123456Z count=12", PEOPLE) == []
