"""What actions declare holds: every recording is played, and each run of an action looked at."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from bot.app import rehearsal
from bot.definitions import load_definitions
from bot.dialogue.actions import Action, Doing
from bot.dialogue.events import Outcome
from bot.replay.player import play
from bot.replay.recording import Recording
from bot.settings import load_settings

ROOT = Path(__file__).parents[1]
SETS = (
    ("config.yml", "tests/conversations"),
    ("examples/clinic/config.yml", "examples/clinic/conversations"),
)


@pytest.fixture(autouse=True)
def _only_declared() -> None:
    """Whoever watches looks at everything."""


def watched(action: Action, broken: list[str]) -> Action:
    """The action, telling which slots were unknown that it says are known."""

    async def run(doing: Doing) -> Outcome:
        outcome = await action.run(doing)
        slots = {**doing.slots, **outcome.values}
        known = (action.known or {}).get(outcome.name, ())
        unknown = [slot for slot in known if slots.get(slot) is None]
        broken.extend(f"{action.name}: {outcome.name}: {slot}" for slot in unknown)
        for slot, value in outcome.values.items():
            example = action.example.get(slot)
            if isinstance(example, Mapping) and value and not value.keys() <= example.keys():
                broken.append(f"{action.name}: {slot}: {value.keys() - example.keys()}")
        return outcome

    return replace(action, run=run)


@pytest.mark.parametrize(("config", "folder"), SETS)
async def test_what_is_declared_holds(config: str, folder: str) -> None:
    """After an outcome its known slots are known, and values have no part their example lacks."""
    settings = load_settings(ROOT / config, {})
    definitions = load_definitions(settings.flows)
    broken: list[str] = []
    actions = {n: watched(action, broken) for n, action in definitions.code.actions.items()}
    definitions = replace(definitions, code=replace(definitions.code, actions=actions))
    for path in sorted((ROOT / folder).glob("*.yml")):
        await play(
            Recording.read(path),
            definitions,
            lambda definitions, clock, random: rehearsal(definitions, settings, clock, random),
        )
    assert broken == []


@pytest.mark.parametrize(("config", "folder"), SETS)
def test_declarations_name_what_there_is(config: str, folder: str) -> None:
    """They speak of the action's own outcomes and gifts."""
    assert (ROOT / folder).is_dir()
    for action in load_definitions(load_settings(ROOT / config, {}).flows).code.actions.values():
        assert (action.known or {}).keys() <= action.outcomes, action.name
        assert action.example.keys() <= action.gives, action.name
