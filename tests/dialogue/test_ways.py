"""The table a flow is driven by, held against python-statemachine's own idea of the flow."""

import shutil
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statemachine.exceptions import TransitionNotAllowed

from bot.booking import actions as booking_actions
from bot.dialogue.actions import actions_in
from bot.dialogue.flow import Step
from bot.dialogue.flowset import FlowSet, load_flows
from bot.dialogue.machine import FlowMachine, machine_of
from bot.dialogue.ways import Machine, Ways
from tests.support.pizza import MakeTalk

FLOWS = Path(__file__).parents[2] / "flows"


class Walker:
    """Drives a machine; whether a guard holds is decided by ``open_guards``.

    Attributes:
        trail: what the machine told it.
    """

    def __init__(self, machine: Machine, state: str, open_guards: set[str]) -> None:
        self.machine, self.state, self.open_guards = machine, state, open_guards
        self.counts: Counter[str] = Counter()
        self.trail: list[tuple[str, object]] = []

    def holds(self, step: Step) -> bool:
        return step.when is None or step.when in self.open_guards

    def count(self, event: str) -> int:
        return self.counts[event]

    def take(self, event: str, step: Step) -> None:
        self.trail.append((event, step))
        if step.at_most:
            self.counts[event] += 1

    def enter(self, state: str) -> None:
        self.trail.append(("enter", state))
        self.state, self.counts = state, Counter()

    def drive(self, event: str) -> bool:
        """Send an event; whether the state took it."""
        try:
            self.machine.drive(self.state, event, self)
        except TransitionNotAllowed:
            return False
        return True


@pytest.fixture(scope="module")
def shipped() -> FlowSet:
    """The shipped flows."""
    return load_flows(FLOWS, ("id", "en"), actions_in(booking_actions))


@pytest.fixture(scope="module")
def judges(shipped: FlowSet) -> Mapping[str, FlowMachine]:
    """Their machines, by flow."""
    return {name: machine_of(flow) for name, flow in shipped.flows.items()}


def test_kept(tmp_path: Path) -> None:
    """A reload builds the ways of the flows that were changed, and no others."""
    folder = Path(shutil.copytree(FLOWS, tmp_path / "flows"))

    def loaded() -> Mapping[str, Ways]:
        return load_flows(folder, ("id", "en"), actions_in(booking_actions)).machines

    before = loaded()
    office = folder / "office.yml"
    text = office.read_text("utf-8")
    office.write_text(text.replace("after: 30 minutes", "after: 31 minutes"), encoding="utf-8")
    after = loaded()
    assert [name for name in after if after[name] is not before[name]] == ["office"]


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_same_as_the_machine(
    shipped: FlowSet, judges: Mapping[str, FlowMachine], data: st.DataObject
) -> None:
    """On any walk, whatever guards hold, table and machine take the same steps to the same states;
    an event that one does not take the other does not take either.
    """
    flow = shipped.flows[data.draw(st.sampled_from(sorted(shipped.flows)))]
    judge = judges[flow.flow]
    every = sorted(frozenset[str]().union(*judge.heard.values()) | {"intent.unheard_of"})
    guards = sorted({step.when for step in judge.steps.values() if step.when})
    machines: tuple[Machine, ...] = (Ways(judge, lambda: judge), judge)
    table, machine = (Walker(each, flow.initial, set()) for each in machines)
    for _ in range(data.draw(st.integers(1, 12))):
        wanted = judge.heard[table.state]
        event = data.draw(st.sampled_from(sorted(wanted) or every) | st.sampled_from(every))
        held = data.draw(st.sets(st.sampled_from(guards))) if guards else set[str]()
        table.open_guards = machine.open_guards = held
        assert table.machine.hears(table.state, event, table) == machine.machine.hears(
            machine.state, event, machine
        )
        for _ in range(data.draw(st.integers(1, 5))):  # often enough to come to a limit
            assert table.drive(event) == machine.drive(event)
            assert table.trail == machine.trail
            assert (table.state, table.counts) == (machine.state, machine.counts)


def test_limit(make: MakeTalk) -> None:
    """A guarded, limited step stays as often as it may, then goes; never while its guard fails."""
    talk = make(("shout: {say: really, at_most: 2", "shout: {when: name, say: really, at_most: 2"))
    for machine in (
        talk.engine.flows.machines["shop"],
        machine_of(talk.engine.flows.flows["shop"]),
    ):
        walker = Walker(machine, "open", set())
        assert not walker.drive("intent.shout")
        walker.open_guards = {"name"}
        assert [walker.drive("intent.shout") and walker.state for _ in range(3)] == [
            "open", "open", "done",
        ]  # fmt: skip
