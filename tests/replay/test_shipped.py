"""The project's own recordings, as a set; pytest plays each of them (``bot/pytest_plugin.py``)."""

from pathlib import Path

from bot.definitions import load_definitions
from bot.replay.recording import Recording
from bot.settings import load_settings

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "tests" / "conversations" / "offices"


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
