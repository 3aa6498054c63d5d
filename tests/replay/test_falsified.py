"""No expectation of any recording is idle: make one false, and the replay fails and names it.

Each recording is played once and every false expectation is held against what was played; chance
draws some to be replayed in full, which must come to the same.
"""

import asyncio
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.definitions import Definitions, load_definitions
from bot.rehearsing.studio import rehearse_with
from bot.replay.played import Difference, Played
from bot.replay.player import play
from bot.replay.recording import Recording, Turn
from bot.settings import load_settings
from nlu.local import LocalClassifier
from tests.replay.falsifying import False_, falsified

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "tests" / "conversations"
PATHS = sorted(FOLDER.rglob("*.yml"))
SETTINGS = load_settings(ROOT / "config.yml", {})


@cache
def definitions() -> Definitions:
    """The repository's own."""
    return load_definitions(SETTINGS.flows)


@cache
def recording_at(path: Path) -> Recording:
    """A recording, read once."""
    return Recording.read(path)


async def played(recording: Recording, classifier: LocalClassifier) -> Played:
    """The recording as the delivered bot plays it."""
    return await play(recording, definitions(), rehearse_with(SETTINGS, classifier))


def first_difference(played: Played) -> Difference:
    """The first thing that is not as recorded."""
    return next(found for each in played.exchanges for found in each.differences)


def held_against(played: Played, at: int, turn: Turn) -> Played:
    """What was played, against a recording whose turn ``at`` is another."""
    exchanges = [each.against(turn) if each.at == at else each for each in played.exchanges]
    return replace(played, exchanges=tuple(exchanges))


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
async def test_every_expectation_counts(path: Path, classifier: LocalClassifier) -> None:
    """It goes as recorded; with any one expectation false it does not, and its line is named."""
    recording = recording_at(path)
    once = await played(recording, classifier)
    assert once.differences == []
    unnoticed = []
    for at, turn in enumerate(recording.script.turns):
        for false in falsified(turn):
            wrong = held_against(once, at, false.turn)
            line = recording.document.place(("turns", at, *false.loc)).line
            named = [
                once.place(found).line for each in wrong.exchanges for found in each.differences
            ]
            if named[:1] != [line]:
                unnoticed.append(
                    f"{path.name}:{line}: {'.'.join(map(str, false.loc))}, named {named}"
                )
    assert unnoticed == []


@settings(max_examples=10)
@given(data=st.data())
def test_replaying_it_all_comes_to_the_same(
    data: st.DataObject, classifier: LocalClassifier
) -> None:
    """A recording with a false expectation, played from the beginning, differs where the quick
    comparison says.
    """
    recording = recording_at(data.draw(st.sampled_from(PATHS)))
    turns = recording.script.turns
    ways = [(at, false) for at, turn in enumerate(turns) for false in falsified(turn)]
    at, false = data.draw(st.sampled_from(ways))
    wrong = with_turn(recording, at, false)
    quick = held_against(asyncio.run(played(recording, classifier)), at, false.turn)
    full = asyncio.run(played(wrong, classifier))
    assert first_difference(full).loc == first_difference(quick).loc


def with_turn(recording: Recording, at: int, false: False_) -> Recording:
    """The recording with a false turn."""
    turns = list(recording.script.turns)
    turns[at] = false.turn
    script = recording.script.model_copy(update={"turns": tuple(turns)})
    return replace(recording, script=script)
