"""What ``--coverage`` counts."""

import json
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest

from bot.console import Console
from bot.definitions import Definitions
from bot.rehearsing.covering import Showing, show_and_write
from bot.replay.coverage import Coverage, Watch, passes_of
from bot.replay.coverage_table import show_coverage
from bot.replay.player import Rehearse, play
from bot.replay.points import Atlas, Point
from bot.replay.recording import Recording
from tests.replay.conftest import SETTINGS
from tests.replay.writing import Write
from tests.support.talk import Talk, flows_of

REMINDING = """\
flow: shop
initial: open
misunderstood: {say: hello}
states:
  open:
    ask: hello
    remind:
      - {after: 5 minutes, say: still_there}
      - {after: 10 minutes, say: last_call}
    on: {greet: {go: open}}
"""

GREETING = """
- user: Pagi
  bot:
    - reply: greeting
    - reply: how_to_register
"""


@pytest.fixture(scope="session")
def atlas(definitions: Definitions) -> Atlas:
    """Of the repository's own flows."""
    return Atlas(definitions.flows, SETTINGS.flows.folder)


@pytest.fixture(scope="session")
def watch(definitions: Definitions, atlas: Atlas) -> Watch:
    """Watches the repository's own flows."""
    return Watch(definitions, atlas)


@pytest.fixture
def coverage(atlas: Atlas) -> Coverage:
    """Nothing was exercised yet."""
    return Coverage(atlas)


async def cover(path: Path, coverage: Coverage, watch: Watch, rehearse: Rehearse) -> None:
    """Play a recording on watched definitions."""
    played = await play(Recording.read(path), watch.watched, rehearse, watch.take)
    coverage.add(path, passes_of(played))


def names(coverage: Coverage, *, strong: bool = False) -> set[tuple[str, str, str]]:
    """What was passed: part, kind and name."""
    passed = (p for p in coverage.atlas if coverage.is_passed(p, strong=strong))
    return {(point.part, point.kind, point.name) for point in passed}


def line(point: Point) -> str:
    """The line of a file that a point names."""
    return Path(point.place.file).read_text(encoding="utf-8").splitlines()[point.place.line - 1]


def test_nothing_is_exercised_at_first(coverage: Coverage, definitions: Definitions) -> None:
    """Every state and every reply is there to be exercised."""
    assert coverage.percent() == 0
    points = list(coverage.atlas)
    assert len(points) == len(set(points))
    states = sum(len(flow.states) for flow in definitions.flows.flows.values())
    assert sum(point.kind == "state" for point in points) == states
    replies = sum(len(list(each)) for each in definitions.flows.replies.values())
    assert sum(point.kind == "reply" for point in points) == replies


def test_points_stand_where_they_are_written(atlas: Atlas) -> None:
    """Every point names the line of its file with its own word in it, sub-flows' ends too."""
    for point in atlas:
        if point.kind in {"state", "reply"}:
            assert f"{point.name}:" in line(point)
        elif point.kind == "step" and ", " not in point.name:
            word = point.name.rpartition(".")[2].rpartition(": ")[2]
            found = line(point)  # or it is the last of several steps
            assert f"{word}:" in found or found.lstrip().startswith("- "), point.name


def test_what_is_taken_from_another_flow_counts_there(atlas: Atlas) -> None:
    """A step that a flow takes from the one it is based on is one point, in that file."""
    key = ("confirming", "intent.give_code", "")
    one_shot = atlas.passages["passport_one_shot", *key]
    assert one_shot == atlas.passages["passport_guided", *key]
    assert one_shot.point.part == "passport_guided"


def test_where_nobody_can_write(atlas: Atlas) -> None:
    """No message is heard where a sub-flow has ended, nor where an action always goes on; it is
    where an episode has ended, and where an action may leave a question open.
    """
    passages = atlas.passages
    assert ("status", "shown", "intent.help", "") not in passages
    assert ("cancel", "cancelling", "intent.help", "") not in passages
    assert ("passport_guided", "stopped", "intent.help", "") in passages
    assert ("passport_guided", "confirming", "intent.help", "") in passages


async def test_what_a_conversation_passes_is_counted(
    coverage: Coverage, watch: Watch, write: Write, rehearse: Rehearse
) -> None:
    """A greeting enters a state, and takes the steps of its hours and of a greeting; an answer
    that is not written down is no check of them.
    """
    await cover(write("- user: Pagi"), coverage, watch, rehearse)
    assert names(coverage) >= {
        ("passport_guided", "state", "welcome"),
        ("passport_guided", "step", "welcome: outcome.open"),
        ("replies/id", "reply", "greeting"),
    }
    assert names(coverage, strong=True) == set()
    assert coverage.percent() == 0


@pytest.mark.parametrize(
    ("answers", "strong"),
    [
        ("[{reply: no_booking}, {reply: how_to_register}]", True),
        ("[{reply: no_booking}, {contains: Cara}]", False),
        ("[]", False),
    ],
)
async def test_only_what_is_checked_as_a_whole_counts(
    coverage: Coverage,
    watch: Watch,
    write: Write,
    rehearse: Rehearse,
    answers: str,
    strong: bool,  # noqa: FBT001 - one of the cases
) -> None:
    """A part of the words is a weak check; a wrong expectation is none."""
    turns = f"- user: Pagi\n- user: '#status'\n  bot: {answers}"
    await cover(write(turns), coverage, watch, rehearse)
    point = ("status", "step", "looking: outcome.none")
    assert point in names(coverage)
    assert (point in names(coverage, strong=True)) is strong


async def test_guards_are_tried_both_ways(
    coverage: Coverage, watch: Watch, write: Write, rehearse: Rehearse
) -> None:
    """A guard that did not hold is noted as such, and the step that was taken instead."""
    turns = "- user: '#tgllayanan'\n- user: '#RINA WULANDARI#28021990#25112026'"
    await cover(write(turns), coverage, watch, rehearse)
    found = {name: kind for part, kind, name in names(coverage) if part == "passport_guided"}
    assert found['starting: outcome.open, when begin_with == "date": false'] == "guard"
    assert 'starting: outcome.open, when begin_with == "date": true' not in found


async def test_a_guard_that_nothing_comes_of_was_tried_too(
    coverage: Coverage, watch: Watch, write: Write, rehearse: Rehearse
) -> None:
    """Where no guard holds nothing is heard, and still each of them was false."""
    await cover(write("- user: Pagi\n- user: tidak"), coverage, watch, rehearse)
    assert ("common", "guard", "intent.reject, when offer: false") in names(coverage)


def test_reminders_are_steps(definitions: Definitions, tmp_path: Path) -> None:
    """Each reminder of a state counts by itself, once it was said, at its own line."""
    flows = flows_of(tmp_path, "hello still_there last_call", shop=REMINDING)
    watch = Watch(replace(definitions, flows=flows), Atlas(flows, tmp_path))
    talk = Talk(watch.watched.flows)
    talk.hear("none")
    assert talk.wait(timedelta(minutes=5)) == "still_there"
    first, second = (p for p in watch.atlas if p.name.startswith("open: remind"))
    assert {first} == {p for p in watch.take().points if "remind" in p.name}
    assert (first.kind, first.place.line, second.place.line) == ("step", 8, 9)
    assert talk.wait(timedelta(minutes=5)) == "last_call"
    assert second in watch.take().points


async def test_a_step_at_its_limit_is_another_step(
    coverage: Coverage, watch: Watch, write: Write, rehearse: Rehearse
) -> None:
    """Being lost after three misunderstandings is counted apart from being misunderstood."""
    limit = ("passport_guided", "step", "choosing_date: misunderstood, too often")
    turns = ["- user: '#tgllayanan'", *["- user: qwerty"] * 3]
    await cover(write("\n".join(turns)), coverage, watch, rehearse)
    assert limit not in names(coverage)
    await cover(write("\n".join([*turns, "- user: qwerty"])), coverage, watch, rehearse)
    assert limit in names(coverage)


async def test_the_table_names_what_is_missing_with_its_line(
    coverage: Coverage, watch: Watch, write: Write, rehearse: Rehearse
) -> None:
    """A person reads how much, and which, and where to look."""
    await cover(write(GREETING), coverage, watch, rehearse)
    out = StringIO()
    show_coverage(coverage, Console(file=out, width=200, soft_wrap=True))
    shown = out.getvalue()
    assert f"{coverage.percent():.1f} % of states and transitions" in shown
    missing = next(p for p in coverage.missed() if p.kind == "state" and p.part == "cancel")
    assert f"{missing.place.file}:{missing.place.line}: state looking" in shown


async def test_files_are_written_and_a_percentage_can_be_asked_for(
    coverage: Coverage, watch: Watch, write: Write, rehearse: Rehearse, tmp_path: Path
) -> None:
    """JSON has every point, pages every file with its lines; less than asked for is not enough."""
    await cover(write(GREETING), coverage, watch, rehearse)
    console = Console(file=StringIO())
    showing = Showing(tmp_path / "all.json", tmp_path / "pages", 99.5)
    assert not show_and_write(coverage, SETTINGS, showing, console)
    assert show_and_write(coverage, SETTINGS, Showing(at_least=0), console)
    document = json.loads((tmp_path / "all.json").read_text(encoding="utf-8"))
    assert len(document["points"]) == len(list(coverage.atlas))
    page = (tmp_path / "pages" / "passport_guided.html").read_text(encoding="utf-8")
    assert "<svg" in page
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")
    assert page.count('<tr class="missed">') > page.count('<tr class="hit">') > 0
