"""A file staff edit, spoilt in any way, is complained of where it is wrong, or the bot runs it."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.definitions import Definitions
from bot.dialogue.actions import Action
from bot.errors import Finding, FlowError
from tests.support.mutants import TEXT, TREE, Mutant, mutant_of, words_in
from tests.support.projects import SHIPPED, Project
from tests.support.steps import GoOn, Say, Tap, Wait
from tests.support.walking import Walk, crashes
from tests.support.wandering import wander

WAYS = TREE + TREE + TEXT
"""Trees are spoilt twice as often as texts."""

STEPS = (Say("halo"), *[GoOn()] * 4, Say("english"), Wait(130), Tap("/restart"), *[GoOn()] * 3,
         Say("batal"), Say("ya"))  # fmt: skip


@pytest.fixture(scope="module")
def projects(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Project]:
    """The shipped projects, to spoil."""
    folder = tmp_path_factory.mktemp("spoilt")
    return {name: Project.copied(name, folder / name) for name in SHIPPED}


@pytest.fixture(scope="module")
def actions(projects: Mapping[str, Project]) -> Mapping[str, Action]:
    """Every action of theirs."""
    every = [project.load().code.actions for project in projects.values()]
    return {name: action for actions in every for name, action in actions.items()}


@pytest.mark.parametrize(
    "examples", [50, pytest.param(600, marks=pytest.mark.long)], ids=["some", "many"]
)
def test_mutants(
    projects: Mapping[str, Project],
    actions: Mapping[str, Action],
    examples: int,
) -> None:
    """Each is reported in findings with a place, a right one among them (see ``is_right``), or
    survives whatever people say and actions end in. Nothing else is ever raised.
    """
    seen: Counter[str] = Counter()

    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],  # one change each: there is nothing to shrink
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data())
    def any_mutant(data: st.DataObject) -> None:
        project = projects[data.draw(st.sampled_from(SHIPPED), "project")]
        file = data.draw(st.sampled_from(sorted(project.files())), "file")
        chance = Random(data.draw(st.integers(0, 2**32), "seed"))
        how = data.draw(st.sampled_from(WAYS), "how")
        whole = file.read_text("utf-8")
        mutant = mutant_of(file.relative_to(project.flows), whole, chance, how)
        try:
            file.write_text(mutant.text, encoding="utf-8")
            seen[_met(project, mutant, actions, chance)] += 1
        finally:
            file.write_text(whole, encoding="utf-8")

    any_mutant()
    assert seen["reported"] > seen.total() / 4, f"so many cannot all be harmless: {seen}"


def _met(project: Project, mutant: Mutant, actions: Mapping[str, Action], chance: Random) -> str:
    try:
        definitions = project.load()
    except FlowError as error:
        complaint = error
    else:
        wander(definitions, chance)
        walked = _walks(definitions, project, chance)
        return "survived" if walked else "survived with an apology"
    right = [found for found in complaint.findings if _is_right(found, mutant, project, actions)]
    assert right, f"{mutant.file}: {mutant.what}: reported elsewhere:\n{complaint}"
    return "reported"


def _walks(definitions: Definitions, project: Project, chance: Random) -> bool:
    """Walk through the whole bot; whether it never had to apologise."""
    office = chance.choice([office.id for office in definitions.offices])
    with crashes() as met:
        walk = Walk([definitions], project.settings, office, met, strict=False)

        async def every_step() -> None:
            for step in STEPS:
                await walk.take(step)

        asyncio.run(every_step())
    return walk.apologies == 0


def _is_right(
    finding: Finding, mutant: Mutant, project: Project, actions: Mapping[str, Action]
) -> bool:
    """Whether a finding stands where the mistake is: on the node or a key above it, or on a line
    that refers to what was changed. Who names an action refers to its outcomes; the head
    of a file refers to what is missing in it, a key beside a changed one may say that it needs it,
    and the line that lays a file over another refers to all that the file changes. What a reply
    lacks stands at the reply, and names the state that says it.
    """
    if finding.below and _is_right(finding.below, mutant, project, actions):
        return True
    path = Path(finding.place.file)
    lines = path.read_text("utf-8-sig").split("\n")
    number = finding.place.line
    assert 1 <= number <= len(lines), f"{mutant.file}: {mutant.what}: no line: {finding}"
    names = _with_outcomes(mutant.names, actions)
    if path == project.flows / mutant.file and number in mutant.lines:
        return True
    if path == project.flows / mutant.file and lines[number - 1].startswith("based_on:"):
        return True
    if " may be unknown when " in finding.message and (
        any(state in finding.message for state in mutant.states)
        or words_in(finding.message) & mutant.names
    ):
        return True
    beside = number == 1 or (path == project.flows / mutant.file and number in mutant.around)
    if beside and words_in(finding.message) & (names | mutant.keys):
        return True
    return bool(_with_outcomes(words_in(lines[number - 1]), actions) & names)


def _with_outcomes(names: AbstractSet[str], actions: Mapping[str, Action]) -> set[str]:
    """The names, and the outcomes of the actions among them."""
    return {*names, *(end for name in names & actions.keys() for end in actions[name].outcomes)}
