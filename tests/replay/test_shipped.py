"""The project's own recordings, as a set; pytest plays each of them (``bot/pytest_plugin.py``)."""

from pathlib import Path

from bot.definitions import load_definitions
from bot.rehearsing.studio import studio
from bot.replay.coverage import WHAT_COUNTS, Coverage
from bot.replay.points import GUARD, REPLY
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


UNSAID = {"apology", "restarted"}
"""Replies to a failure of ours and to flows that are gone: no recording can bring that about."""


async def test_all_of_the_flows_is_exercised() -> None:
    """What staff write is exercised whole, by answers that are checked as a whole: states, steps
    and guards both ways in Indonesian, and every reply in each language.
    """
    settings = load_settings(ROOT / "config.yml", {})
    async with studio(settings, coverage=True) as here:
        assert here.watch is not None
        coverage = Coverage(here.watch.atlas)
        for path in recordings_in([CONVERSATIONS]):
            coverage.add(path, (await here.replay(path)).passes)
    missed = {each for each in coverage.missed("id") if each.kind in {*WHAT_COUNTS, GUARD}}
    missed |= {p for p in coverage.missed() if p.kind == REPLY and p.name not in UNSAID}
    assert [f"{each.place}: {each.kind} {each.name}" for each in sorted(missed)] == []
