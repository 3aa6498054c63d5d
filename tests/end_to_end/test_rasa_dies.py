"""Rasa dies, hangs, or is not there, amid conversations: applicants notice nothing."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import pytest
from aiohttp import ClientSession

from tests.end_to_end.conftest import House
from tests.support.applicant import Applicant, approval_code_in, booking_in, dates_in
from tests.support.rasa import TOKEN
from tests.support.service import ROOT, Service, free_port

BLUB = "blub blub blub"
"""Nobody but our Rasa knows that it asks for the documents."""

PATIENCE_SECONDS = 1.0
Making = Callable[..., Applicant]


@dataclass
class RasaProcess:
    """A stand-in of Rasa that can be killed."""

    port: int
    process: Process | None = None

    @property
    def url(self) -> str:
        """Where it answers, while it does."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Start it, and wait until it answers."""
        self.process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.support.rasa", str(self.port), TOKEN),
            json.dumps({BLUB: "ask_requirements"}),
            cwd=ROOT,
            stdout=PIPE,
        )
        assert self.process.stdout
        async with asyncio.timeout(30):
            assert await self.process.stdout.readline() == b"serving\n"

    async def send(self, number: signal.Signals) -> None:
        """Send it a signal; after SIGKILL it is gone when this returns."""
        assert self.process
        os.kill(self.process.pid, number)
        if number is signal.SIGKILL:
            await self.process.wait()


@pytest.fixture
async def rasa() -> AsyncIterator[RasaProcess]:
    """Rasa, not started yet."""
    made = RasaProcess(free_port())
    yield made
    if made.process and made.process.returncode is None:
        made.process.kill()
        await made.process.wait()


async def serve(house: House, rasa: RasaProcess) -> Service:
    """A bot that asks this Rasa."""
    return await house.serve(
        ANTRE_NLU_PROVIDER="rasa",
        ANTRE_NLU_RASA_URL=rasa.url,
        ANTRE_NLU_RASA_TIMEOUT_SECONDS=str(PATIENCE_SECONDS),
        ANTRE_RASA_TOKEN=TOKEN,
    )


async def metrics(session: ClientSession, service: Service) -> dict[str, float]:
    """What ``/metrics`` says of Rasa."""
    async with session.get(f"{service.url}/metrics") as answer:
        lines = (await answer.text()).splitlines()
    pairs = (line.rpartition(" ") for line in lines if line.startswith("antre_rasa"))
    return {name: float(value) for name, _, value in pairs}


async def answered(applicant: Applicant, words: str, *expected: str) -> None:
    """Say something, and be answered with what is expected."""
    await applicant.say(words)
    await applicant.hears(*expected)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
async def test_in_the_middle_of_a_conversation(
    on_mongo: House,
    applicant: Making,
    session: ClientSession,
    rasa: RasaProcess,
    number: signal.Signals,
) -> None:
    """Killed or hanging, it is done without: a booking all in words of one's own comes through."""
    await rasa.start()
    service = await serve(on_mongo, rasa)
    rina = applicant(lambda: service.url)
    await answered(rina, "Pagi, Pak", "Cara mendaftar")
    await answered(rina, BLUB, "Yang perlu dibawa")
    assert (await metrics(session, service))['antre_rasa_breaker{state="closed"}'] == 1

    await rasa.send(number)
    await rina.say("sy mau tau donk tanggal brp aja yg msh bisa")
    dates = await rina.hears("Tanggal layanan yang masih tersedia")
    await answered(rina, "btw dokumen yg hrs disiapin apaan aja ya kak", "Yang perlu dibawa")
    await answered(rina, "ongkosnya abis brp duit ya total", "Biaya paspor")
    named = f"nama saya Rina Wulandari lahir 17 agustus 1990, tanggal {dates_in(dates)[0]:%d-%m-%Y}"
    await rina.say(named)
    code = approval_code_in(await rina.hears("balas dengan kode"))
    await answered(rina, "kantornya sebelah mana sih pak patokannya", "Jakarta Pusat")
    await rina.say(code)
    assert booking_in(await rina.hears("Kode booking:")).number == 1

    shown = await metrics(session, service)
    assert shown['antre_rasa_breaker{state="closed"}'] == 0
    assert sum(shown[name] for name in shown if "avoided_total" in name) >= 4


async def test_not_there_at_the_start(
    on_mongo: House, applicant: Making, session: ClientSession, rasa: RasaProcess
) -> None:
    """The bot starts without it, says so once, and asks it when it has come."""
    service = await serve(on_mongo, rasa)
    said = [line for line in service.output if "rasa_not_ready" in line]
    assert len(said) == 1
    assert TOKEN not in "".join(service.output)
    rina = applicant(lambda: service.url)
    await answered(rina, "Pagi, Pak", "Cara mendaftar")
    for _ in range(3):
        await answered(rina, "dokumen yg hrs disiapin apaan aja ya kak", "Yang perlu dibawa")
    assert (await metrics(session, service))['antre_rasa_breaker{state="open"}'] == 1

    await rasa.start()
    async with asyncio.timeout(30):
        while not (await metrics(session, service))['antre_rasa_breaker{state="closed"}']:
            await answered(rina, "dokumen yg hrs disiapin apaan aja ya kak", "Yang perlu dibawa")
            await asyncio.sleep(1)
    await answered(rina, BLUB, "Yang perlu dibawa")
    assert "rasa_answers_again" in "".join(service.output)
