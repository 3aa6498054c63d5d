"""Whatever staff do to a flow file, it is complained of where it stands, or the bot can run it."""

import shutil
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.booking import actions as booking_actions
from bot.dialogue.actions import actions_in
from bot.dialogue.events import TimerRang
from bot.dialogue.flowset import FlowSet, load_flows
from bot.errors import FlowError
from tests.support.talk import Talk

FLOWS = Path(__file__).parents[2] / "flows"
ACTIONS = actions_in(booking_actions)
FILES = ("passport_guided.yml", "cancel.yml", "status.yml", "common.yml")
Loc = tuple[str | int, ...]
STRANGE: tuple[Any, ...] = (
    None, True, 7, -1, 2.5, "", "x", "two words", "{{ 1 +", "{{ nothing }}", [], [None], {},
    {"a": 1}, "go", "cancel", "2026-11-24", "1 hour", ["a", "a"], "ü" * 80,
)  # fmt: skip


def places(node: Any, loc: Loc = ()) -> Iterator[Loc]:
    """Every node of a document."""
    if loc:
        yield loc
    items = (
        node.items()
        if isinstance(node, dict)
        else enumerate(node)
        if isinstance(node, list)
        else ()
    )
    for key, value in items:
        yield from places(value, (*loc, key))


def at(tree: Any, loc: Loc) -> Any:
    """The node at a place."""
    for step in loc:
        tree = tree[step]
    return tree


def mutated(tree: dict[str, Any], chance: Random) -> tuple[dict[str, Any], str]:
    """The document with one node deleted, renamed, retyped, doubled, re-targeted or shuffled."""
    tree = deepcopy(tree)
    everywhere = list(places(tree))
    loc = chance.choice(everywhere)
    parent, key = at(tree, loc[:-1]), loc[-1]
    how = chance.choice(["delete", "rename", "retype", "double", "retarget", "shuffle"])
    match how:
        case "delete":
            del parent[key]
        case "rename" if isinstance(parent, dict):
            parent[f"{key}x"[chance.randint(0, 1) :]] = parent.pop(key)
        case "double" if isinstance(parent, dict):
            parent[f"{key}_2"] = deepcopy(parent[key])
        case "double":
            parent.append(deepcopy(parent[key]))
        case "retarget":
            parent[key] = deepcopy(at(tree, chance.choice(everywhere)))
        case "shuffle" if isinstance(parent, dict):
            values = list(parent.values())
            chance.shuffle(values)
            parent.update(zip(list(parent), values, strict=True))
        case _:
            parent[key] = chance.choice(STRANGE)
    return tree, f"{how} {'.'.join(map(str, loc))}"


def walk(flows: FlowSet, chance: Random) -> None:
    """Say anything, let actions end in any way, let timers ring: the engine stays on its feet."""
    intents = sorted(
        {event for machine in flows.machines.values() for heard in machine.heard.values()
         for event in heard if event.startswith("intent.")}
    )  # fmt: skip
    for root in flows.flows:
        talk = Talk(flows, root)
        for _ in range(12):
            if talk.conversation.frames and chance.random() < 0.15:
                talk.meet(TimerRang(chance.choice(talk.conversation.frames).entry))
            else:
                entities: dict[str, Any] = {
                    "service_date": "2026-12-01",
                    "person_name": "Ani",
                    "birth_date": "1990-01-31",
                    "option_number": chance.randint(0, 3),
                }
                kinds = chance.sample(sorted(entities), chance.randint(0, 3))
                intent = chance.choice([*intents, "intent.none"]).removeprefix("intent.")
                talk.hear(intent, **{kind: entities[kind] for kind in kinds})
            for _ in range(8):
                if talk.action is None:
                    break
                talk.end(chance.choice(sorted(ACTIONS[talk.action].outcomes)))
            talk.action = None
            for frame in talk.conversation.frames:
                assert frame.state in flows.flows[frame.flow].states


@pytest.fixture(scope="module")
def trees() -> dict[str, Any]:
    """The shipped flow files as plain data."""
    yaml = YAML(typ="safe")
    return {name: yaml.load(FLOWS / name) for name in FILES}


@pytest.mark.parametrize(
    "seeds", [range(30), pytest.param(range(30, 600), marks=pytest.mark.long)], ids=["some", "many"]
)
def test_mutants(tmp_path: Path, trees: dict[str, Any], seeds: range) -> None:
    """Each mutant is reported in a file and line that are there, or survives a random walk."""
    shutil.copytree(FLOWS, tmp_path / "flows")
    folder = tmp_path / "flows"
    yaml = YAML(typ="safe")
    reported = survived = 0
    for seed in seeds:
        chance = Random(seed)
        name = chance.choices(FILES, weights=[len(str(trees[each])) for each in FILES])[0]
        tree, what = mutated(trees[name], chance)
        yaml.dump(tree, folder / name)
        try:
            flows = load_flows(folder, ["id"], ACTIONS)
        except FlowError as error:
            reported += 1
            for finding in error.findings:
                lines = Path(finding.place.file).read_text(encoding="utf-8").splitlines()
                assert 1 <= finding.place.line <= len(lines), f"{seed}: {what}: {finding}"
        else:
            survived += 1
            try:
                walk(flows, chance)
            except Exception as error:  # noqa: BLE001 - any error is the finding
                pytest.fail(f"{seed}: {name}: {what}: {error!r}")
        shutil.copy(FLOWS / name, folder / name)
    assert reported > survived / 4, "so many mutants must not all be harmless"
