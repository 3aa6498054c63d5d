"""Another domain on the same bot: nothing under ``bot/`` knows of doctors."""

import asyncio
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from bot.app import Bot, rehearsal
from bot.channels.inbound import Inbound
from bot.clock import Clock
from bot.definitions import Definitions, load_definitions
from bot.dialogue.events import Message
from bot.dialogue.reply import Reply, payload
from bot.dialogue.store import Contact
from bot.errors import FlowError
from bot.replay.player import play
from bot.replay.recording import Recording
from bot.replay.report import complaints_about
from bot.settings import Settings, load_settings

ROOT = Path(__file__).parents[2]
CLINIC = ROOT / "examples" / "clinic"
NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)  # a Monday, 9 o'clock in Jakarta


@pytest.fixture(scope="module")
def world() -> tuple[Definitions, Settings]:
    """The clinic's own flows, replies, settings and code."""
    settings = load_settings(CLINIC / "config.yml", {})
    return load_definitions(settings.flows), settings


class Patient:
    """Somebody who chats with the clinic."""

    def __init__(self, bot: Bot, name: str, clock: Clock) -> None:
        self.bot, self.name, self.clock = bot, name, clock
        self.contact = Contact("rest", name, "clinic")
        self.said = 0

    async def says(self, text: str) -> list[Reply]:
        """Send ``text``, a payload when it begins with a slash; what the bot answers."""
        self.said += 1
        kind = "tap" if text.startswith("/") else "text"
        message = Message(f"{self.name}-{self.said}", kind, text, self.clock())
        await self.bot.turns.hear(Inbound(self.contact, message))
        return list(await self.bot.outbox.collect(self.contact.conversation_id))

    async def agrees_next(self, doctor: str, day: str, time: str) -> None:
        """Answer every question; only the yes is missing."""
        await self.says("daftar")
        await self.says(payload("choose_doctor", {"doctor": doctor}))
        await self.says(payload("choose_date", {"service_date": day}))
        await self.says(payload("choose_time", {"time": time}))
        await self.says(f"{self.name} Contoh, 25-01-1987")

    async def books(self, doctor: str = "anggrek", day: str = "2026-11-24") -> list[Reply]:
        """Book the visit of 08.00."""
        await self.agrees_next(doctor, day, "08.00")
        return await self.says("ya")


@pytest.fixture
def bot(world: tuple[Definitions, Settings]) -> Bot:
    """The clinic's bot, with nothing booked yet."""
    return rehearsal(*world, lambda: NOW, Random(1))


@pytest.mark.parametrize(
    "path", [pytest.param(p, id=p.stem) for p in sorted((CLINIC / "conversations").glob("*.yml"))]
)
async def test_the_recordings(path: Path, world: tuple[Definitions, Settings]) -> None:
    """What the clinic's bot says is what its recordings say."""
    definitions, settings = world
    played = await play(
        Recording.read(path),
        definitions,
        lambda definitions, clock, random: rehearsal(definitions, settings, clock, random),
    )
    assert [str(complaint) for complaint in complaints_about(played)] == []


def test_there_are_recordings() -> None:
    """The test above is not empty."""
    assert len(list((CLINIC / "conversations").glob("*.yml"))) == 3


def test_the_bot_knows_nothing_of_doctors() -> None:
    """No word of the clinic's stands in the code all projects share."""
    parts = ("bot", "nlu", "storage")
    sources = [p for part in parts for p in (ROOT / part).rglob("*.py") if ".venv" not in p.parts]
    assert sources
    word = re.compile(r"\b(?:choose_doctor|find_doctors|dokter|visit_card)\b")
    taught = [str(path) for path in sources if word.search(path.read_text(encoding="utf-8"))]
    assert taught == []


async def test_one_hour_one_patient(bot: Bot) -> None:
    """Of several who want the same hour at the same moment one gets it; the others are told."""
    patients = [Patient(bot, name, lambda: NOW) for name in ("Sari", "Budi", "Tono", "Rina")]
    for patient in patients:
        await patient.agrees_next("kenanga", "2026-11-25", "16.00")
    answers = await asyncio.gather(*(patient.says("ya") for patient in patients))
    booked = [replies for replies in answers if any(reply.barcode for reply in replies)]
    assert len(booked) == 1
    for replies in answers:
        if replies not in booked:
            assert "baru saja diambil" in replies[0].text
            assert "16.30" in replies[1].text
            assert "16.00" not in [title.title[:5] for title in replies[1].buttons]


async def test_a_full_day_is_not_offered(bot: Bot) -> None:
    """The doctor's day goes from the list with its last free hour."""
    for number, time in enumerate(("16.00", "16.30", "17.00", "17.30")):
        patient = Patient(bot, "ABCD"[number] * 3, lambda: NOW)
        await patient.agrees_next("kenanga", "2026-11-25", time)
        await patient.says("ya")
    late = Patient(bot, "Tono", lambda: NOW)
    await late.says("daftar")
    (days,) = await late.says(payload("choose_doctor", {"doctor": "kenanga"}))
    assert "25 November" not in days.text
    refused, *_ = await late.says(payload("choose_date", {"service_date": "2026-11-25"}))
    assert "sudah penuh" in refused.text


async def test_the_next_visit_after_the_last(world: tuple[Definitions, Settings]) -> None:
    """One visit at a time; once its day has passed the number may book again."""
    now = NOW
    bot = rehearsal(*world, lambda: now, Random(1))
    sari = Patient(bot, "Sari", lambda: now)
    await sari.books()
    told, *_ = await sari.says("daftar")
    assert "masih punya satu janji" in told.text
    now += timedelta(days=2)
    card, *_ = await sari.books(day="2026-11-26")
    assert "26 November" in card.text
    assert card.barcode


@pytest.mark.parametrize(
    "tap",
    [
        payload("choose_doctor", {"doctor": "nobody"}),
        payload("choose_doctor", {"doctor": 7}),
        payload("choose_doctor", {"doctor": True}),
        payload("choose_time", {"time": "03.00"}),
        payload("choose_time", {"time": 8}),
        payload("choose_time", {}),
    ],
)
async def test_a_payload_somebody_made_up(bot: Bot, tap: str) -> None:
    """What no button says is answered, and books nothing but what was chosen before."""
    sari = Patient(bot, "Sari", lambda: NOW)
    await sari.agrees_next("anggrek", "2026-11-24", "08.00")
    told = await sari.says(tap)
    told += await sari.says("ya")
    assert told
    assert not any("gangguan" in reply.text for reply in told)
    booked = [reply.text for reply in told if reply.barcode]
    assert all("dr. Anggrek" in text and "08.00" in text for text in booked)


async def test_an_old_list_of_doctors(bot: Bot) -> None:
    """Its rows can be tapped in an episode that has listed no doctors yet."""
    patient = Patient(bot, "Sari", lambda: NOW)
    (days,) = await patient.says(payload("choose_doctor", {"doctor": "kenanga"}))
    assert days.menu == "Pilih hari"


async def test_a_tap_that_names_nothing(bot: Bot) -> None:
    """A day or an hour that is missing is asked for again."""
    patient = Patient(bot, "Sari", lambda: NOW)
    await patient.says(payload("choose_doctor", {"doctor": "kenanga"}))
    assert [reply.menu for reply in await patient.says("/choose_date")] == ["Pilih hari"]
    await patient.says(payload("choose_date", {"service_date": "2026-11-25"}))
    assert [reply.menu for reply in await patient.says("/choose_time")] == ["Pilih jam"]


def test_a_mistake_among_the_doctors_is_told(tmp_path: Path) -> None:
    """The file the clinic's own code reads is checked like the flows, by line."""
    copy = Path(shutil.copytree(CLINIC, tmp_path / "clinic"))
    doctors = copy / "doctors.yml"
    doctors.write_text(doctors.read_text().replace("monday", "mondy", 1))
    with pytest.raises(FlowError, match=r"doctors\.yml:\d+:\d+: .*mondy"):
        load_definitions(load_settings(copy / "config.yml", {}).flows)
