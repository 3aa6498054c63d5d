"""Every recorded conversation is a test."""

from functools import cache
from pathlib import Path

import pytest

from bot.app import rehearsal
from bot.definitions import Definitions, load_definitions
from bot.replay.player import play
from bot.replay.recording import Recording
from bot.replay.report import complaints_about
from bot.settings import Settings, load_settings
from nlu.local import LocalClassifier

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "tests" / "conversations"


@cache
def world() -> tuple[Definitions, Settings]:
    """The repository's own flows, replies, offices and settings."""
    settings = load_settings(ROOT / "config.yml", {})
    return load_definitions(settings.flows), settings


@pytest.mark.parametrize(
    "path", [pytest.param(path, id=path.stem) for path in sorted(FOLDER.rglob("*.yml"))]
)
async def test_the_bot_answers_as_recorded(path: Path, classifier: LocalClassifier) -> None:
    """What the bot says is what the recording says; `antre replay FILE` shows the difference."""
    definitions, settings = world()
    played = await play(
        Recording.read(path),
        definitions,
        lambda definitions, clock, random: rehearsal(
            definitions, settings, clock, random, classifier
        ),
    )
    assert [str(complaint) for complaint in complaints_about(played)] == []


def test_every_office_is_booked_at() -> None:
    """Each office of the file has its recording from hello to a booking, in its own flow."""
    offices = {office.id for office in world()[0].offices}
    booked = {
        Recording.read(path).script.office
        for path in (FOLDER / "offices").glob("*.yml")
        if "Kode booking" in path.read_text(encoding="utf-8").rpartition("- user:")[2]
    }
    assert offices - booked == set(), "record one: tests/conversations/offices/OFFICE.yml"
