"""The project's own recordings, as a set; pytest plays each of them (``bot/pytest_plugin.py``)."""

from pathlib import Path

from bot.definitions import load_definitions
from bot.rehearsing.studio import studio
from bot.replay.coverage import WHAT_COUNTS, Coverage
from bot.replay.recording import Recording, recordings_in
from bot.settings import load_settings

ROOT = Path(__file__).parents[2]
CONVERSATIONS = ROOT / "tests" / "conversations"
FOLDER = CONVERSATIONS / "offices"


def test_every_office_is_booked_at() -> None:
    """Each office of the file has its recording from hello to a booking, in its own flow."""
    offices = load_definitions(load_settings(ROOT / "config.yml", {}).flows).offices
    booked = {
        Recording.read(path).script.office
        for path in FOLDER.glob("*.yml")
        if "Kode booking" in path.read_text(encoding="utf-8").rpartition("- user:")[2]
    }
    missing = {office.id for office in offices} - booked
    assert missing == set(), "record one: tests/conversations/offices/OFFICE.yml"


async def test_every_state_and_transition_is_passed_in_indonesian() -> None:
    """What staff write is exercised whole, by answers that are checked as a whole."""
    settings = load_settings(ROOT / "config.yml", {})
    async with studio(settings, coverage=True) as here:
        assert here.watch is not None
        coverage = Coverage(here.watch.atlas)
        for path in recordings_in([CONVERSATIONS]):
            coverage.add(path, (await here.replay(path)).passes)
    missed = [each for each in coverage.missed("id") if each.kind in WHAT_COUNTS]
    assert [f"{each.place}: {each.kind} {each.name}" for each in missed] == []
