"""What ``--coverage`` counts."""

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from bot.definitions import Definitions
from bot.replay.coverage import Coverage, Point
from bot.replay.player import Rehearse, play
from bot.replay.recording import Recording
from bot.replay.report import show_coverage
from tests.replay.writing import Write


@pytest.fixture
def coverage(definitions: Definitions) -> Coverage:
    """Watches the repository's own flows."""
    return Coverage(definitions)


async def watch(path: Path, coverage: Coverage, rehearse: Rehearse) -> None:
    """Play a recording on watched definitions."""
    await play(Recording.read(path), coverage.watched, rehearse)


def test_nothing_is_exercised_at_first(coverage: Coverage, definitions: Definitions) -> None:
    """Every state and every reply is there to be exercised."""
    assert coverage.percent == 0
    states = sum(len(flow.states) for flow in definitions.flows.flows.values())
    assert sum(part["state"][1] for part in coverage.parts().values() if "state" in part) == states
    assert coverage.parts()["replies"]["reply"] == (0, len(list(definitions.flows.replies["id"])))


async def test_what_a_conversation_passes_is_counted(
    coverage: Coverage, write: Write, rehearse: Rehearse
) -> None:
    """A greeting enters one state, takes the step of its hours, and says two replies."""
    await watch(write("- user: Pagi"), coverage, rehearse)
    parts = coverage.parts()
    assert parts["passport_guided"]["state"][0] == 1
    assert parts["passport_guided"]["step"][0] == 2
    assert parts["replies"]["reply"][0] == 3
    assert parts["cancel"]["step"][0] == 0
    passed = 6
    assert coverage.percent == pytest.approx(100 * passed / (passed + len(coverage.missed)))


async def test_sub_flows_and_shared_steps_are_counted(
    coverage: Coverage, write: Write, rehearse: Rehearse
) -> None:
    """A step that several flows include is one step; replies within replies are said too."""
    await watch(write("- user: '#foo'\n- user: '#status'"), coverage, rehearse)
    missed = coverage.missed
    for passed in (
        Point("common", "step", "intent.malformed_form"),
        Point("common", "step", "intent.status"),
        Point("status", "state", "looking"),
        Point("status", "step", "looking: outcome.none"),
        Point("replies", "reply", "problem_unknown_command"),
        Point("replies", "reply", "part_form"),
    ):
        assert passed not in missed
    assert Point("status", "step", "looking: outcome.booked") in missed


async def test_a_step_at_its_limit_is_another_step(
    coverage: Coverage, write: Write, rehearse: Rehearse
) -> None:
    """Being lost after three misunderstandings is counted apart from being misunderstood."""
    limit = Point("passport_guided", "step", "choosing_date: misunderstood, too often")
    turns = ["- user: '#tgllayanan'", *["- user: qwerty"] * 3]
    await watch(write("\n".join(turns)), coverage, rehearse)
    assert limit in coverage.missed
    await watch(write("\n".join([*turns, "- user: qwerty"])), coverage, rehearse)
    assert limit not in coverage.missed


async def test_the_table_shows_figures_and_what_is_missing(
    coverage: Coverage, write: Write, rehearse: Rehearse
) -> None:
    """A person reads how much, and which."""
    await watch(write("- user: Pagi"), coverage, rehearse)
    out = StringIO()
    show_coverage(coverage, Console(file=out, width=200, soft_wrap=True))
    shown = out.getvalue()
    assert f"{coverage.percent:.1f} % exercised" in shown
    assert "3/" in shown.partition("replies  ")[2]
    assert "cancel: states not exercised: looking" in shown
