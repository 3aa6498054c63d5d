"""What ``--suggest`` writes: recordings for what none exercises."""

from io import StringIO
from pathlib import Path

import pytest

from bot.console import Console
from bot.definitions import Definitions, load_definitions
from bot.rehearsing.studio import studio
from bot.rehearsing.suggesting import suggest_here
from bot.replay.coverage import WHAT_COUNTS, Coverage
from bot.replay.points import Point
from bot.replay.recording import Recording, recordings_in
from bot.settings import load_settings

ROOT = Path(__file__).parents[2]
CLINIC = ROOT / "examples" / "clinic"
SETTINGS = load_settings(CLINIC / "config.yml", {})
SHIPPED = load_settings(ROOT / "config.yml", {})


@pytest.fixture(scope="module")
def clinic() -> Definitions:
    """The clinic's flows, loaded once."""
    return load_definitions(SETTINGS.flows)


@pytest.fixture(autouse=True)
def _loaded_once(
    monkeypatch: pytest.MonkeyPatch, clinic: Definitions, definitions: Definitions
) -> None:
    """What takes seconds to load is the same for every studio here."""
    loaded = {SETTINGS.flows: clinic, SHIPPED.flows: definitions}
    monkeypatch.setattr("bot.rehearsing.studio.load_definitions", lambda flows: loaded[flows])


def of_cancelling(point: Point) -> bool:
    """What counts of one flow, and the step that calls it."""
    calling = ("visit", "intent.cancel")
    return point.kind in WHAT_COUNTS and (
        point.part == "cancel" or (point.part, point.name) == calling
    )


async def missed_by(folder: Path) -> set[str]:
    """What of that flow recordings miss, where answers are checked as a whole."""
    async with studio(SETTINGS, coverage=True) as here:
        assert here.watch is not None
        coverage = Coverage(here.watch.atlas)
        for path in recordings_in([folder]):
            result = await here.replay(path)
            assert result.passed
            coverage.add(path, result.passes)
    return {point.name for point in coverage.missed() if of_cancelling(point)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A booking at the clinic by tapping, without what comes after."""
    folder = tmp_path / "conversations"
    folder.mkdir()
    text = (CLINIC / "conversations" / "tapping.yml").read_text(encoding="utf-8")
    whole, found, _ = text.partition("  - user: batal\n")
    assert found
    (folder / "booked.yml").write_text(whole, encoding="utf-8")
    return folder


async def test_coverage_is_back(folder: Path) -> None:
    """Of a flow that no recording comes to, every state and step is exercised by what is
    suggested. Each replays as it stands and says what it is for.
    """
    assert {"asking", "cancelling: outcome.cancelled"} < await missed_by(folder)
    out, more = StringIO(), folder / "more"
    console = Console(file=out, width=200)
    assert await suggest_here(SETTINGS, [folder], more, console, of_cancelling), out.getvalue()
    assert await missed_by(folder) == set()
    assert "flows/visit.yml:14: step intent.cancel" in out.getvalue()
    for path in recordings_in([more]):
        text, script = path.read_text(encoding="utf-8"), Recording.read(path).script
        assert text.startswith("# Suggested for ")
        assert "# TODO: read every answer" in text
        assert ("    acted:" in text) == ("# TODO: an action ends" in text)
        assert script.title.startswith("Suggested: ")
        assert all(turn.bot is not None for turn in script.turns if turn.happens)


async def test_shipped_flows(tmp_path: Path) -> None:
    """From one attempt to cancel, the ways of its question and of its outcomes are found; none of
    them needs an action to be told how to end, for a rule of the office does it.
    """

    def of_asking(point: Point) -> bool:
        return point.part == "cancel" and point.name in {
            "asking",
            "asking: intent.reject",
            "asking: misunderstood, too often",
            "asking: timeout",
            "cancelling: outcome.cancelled",
            "looking: outcome.fixed",
        }

    booked = ROOT / "tests" / "conversations" / "transitions" / "reschedule" / "none_open_yet.yml"
    cancelling = ROOT / "tests" / "conversations" / "transitions" / "cancel"
    out, more = StringIO(), tmp_path / "more"
    paths = [booked, cancelling / "too_late_meanwhile.yml"]
    console = Console(file=out, width=200)
    assert await suggest_here(SHIPPED, paths, more, console, of_asking), out.getvalue()
    found = "".join(path.read_text(encoding="utf-8") for path in recordings_in([more]))
    assert "acted:" not in found
    assert "Suggested for flows/cancel.yml:" in found


async def test_what_is_not_found_is_named(tmp_path: Path) -> None:
    """What nobody can come to is told with its line, how much was tried, and exit code 1."""
    out = StringIO()
    (tmp_path / "none").mkdir()

    def unheard(point: Point) -> bool:
        return point.name == "choosing_time: intent.choose_time"

    console = Console(file=out, width=200)
    assert not await suggest_here(SETTINGS, [tmp_path / "none"], tmp_path / "x", console, unheard)
    place = "examples/clinic/flows/visit.yml:72: step choosing_time: intent.choose_time"
    assert f"{place}: not found; " in out.getvalue()
    assert not (tmp_path / "x").exists()
