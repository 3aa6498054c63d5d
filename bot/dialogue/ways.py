"""A flow's machine as a table: the ways out of a state by event, looked up instead of searched.

python-statemachine looks at every transition of a state for every event. It stays the definition,
and the judge: the table is made of its transitions, and a test walks both side by side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from bot.dialogue.flow import Flow, Step
from bot.dialogue.machine import Driver, FlowMachine, machine_of

KEPT = 64
"""Flows whose ways are kept: a reload builds those of the flows that were changed."""


class Machine(Protocol):
    """What drives a flow: the table, or the machine it was made of.

    Attributes:
        heard: by state, the events it has a step for.
    """

    heard: dict[str, frozenset[str]]

    def hears(self, state: str, event: str, driver: Driver) -> bool:
        """Whether ``state`` has a step for ``event`` whose guard holds."""
        ...

    def drive(self, state: str, event: str, driver: Driver) -> None:
        """Send ``event`` in ``state``.

        Raises:
            TransitionNotAllowed: the state has no step for it whose guard holds.
        """
        ...

    def remind(self, state: str, at: int, driver: Driver) -> None:
        """Say the reminder ``at`` of ``state``."""
        ...


@dataclass(frozen=True, slots=True)
class Way:
    """A transition.

    Args:
        target: the state it goes to; ``None`` when it stays.
    """

    step: Step
    target: str | None

    def is_open(self, driver: Driver, event: str) -> bool:
        """Whether it may be taken now."""
        limit = self.step.at_most
        return driver.holds(self.step) and (limit is None or driver.count(event) < limit)


class Ways:
    """All ways of a flow's machine.

    Args:
        judge: gives the machine, when it has to say why an event is not allowed. It is not kept:
            an instance holds a dozen callbacks a transition, together a fifth of a bot's memory.
    """

    def __init__(self, machine: FlowMachine, judge: Callable[[], FlowMachine]) -> None:
        self.heard = machine.heard
        self._reminders = machine.reminders
        self._judge = judge
        found: dict[tuple[str, str], list[Way]] = {}
        for state, event, way in _ways_of(machine):
            found.setdefault((state, event), []).append(way)
        self._ways: Mapping[tuple[str, str], tuple[Way, ...]] = {
            key: tuple(ways) for key, ways in found.items()
        }

    def hears(self, state: str, event: str, driver: Driver) -> bool:
        """See :meth:`Machine.hears`."""
        return any(driver.holds(way.step) for way in self._ways.get((state, event), ()))

    def drive(self, state: str, event: str, driver: Driver) -> None:
        """See :meth:`Machine.drive`."""
        for way in self._ways.get((state, event), ()):
            if way.is_open(driver, event):
                driver.take(event, way.step)
                if way.target is not None:
                    driver.enter(way.target)
                return
        self._judge().drive(state, event, driver)  # it says why not

    def remind(self, state: str, at: int, driver: Driver) -> None:
        """See :meth:`Machine.remind`."""
        driver.remind(self._reminders[state][at])


def _ways_of(machine: FlowMachine) -> Iterator[tuple[str, str, Way]]:
    """The machine's transitions with their source and event, in the order they are tried."""
    for state in machine.states:
        for transition in state.transitions:
            step = machine.steps[id(transition)]
            target = None if transition.internal else transition.target.name
            for event in transition.events:
                yield state.name, str(event), Way(step, target)


def ways_of(flow: Flow) -> Ways:
    """The ways of a flow whose targets are known to exist; flows that are alike share them."""
    return _ways(_Alike(flow))


class _Alike:
    """A flow as a key: equal for flows with the same content."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow

    def __hash__(self) -> int:
        return hash(self.flow.flow)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Alike) and self.flow == other.flow


@lru_cache(maxsize=KEPT)
def _ways(alike: _Alike) -> Ways:
    def judge() -> FlowMachine:
        return machine_of(alike.flow)

    machine = judge()
    ways = Ways(machine, judge)
    _forget_names(machine)
    return ways


def _forget_names(machine: FlowMachine) -> None:
    """Drop the names of callbacks that the library looked for; it keeps the class for good, and
    with it those of every transition. Only another instance or a listener looks for them again.
    """
    for state in machine.states:
        for specs in (state._specs, *(each._specs for each in state.transitions)):  # noqa: SLF001 - the library has no word for it
            specs.items.clear()
            specs.conventional_specs.clear()
