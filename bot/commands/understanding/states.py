"""What a conversation waits for that stands in a named state, for who parses a single message."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final

from bot.booking.office import Office
from bot.definitions import load_code
from bot.dialogue.checking import FlowCheck
from bot.dialogue.conversation import Conversation, Frame
from bot.dialogue.draft import Drafts
from bot.dialogue.engine import Engine
from bot.dialogue.events import Expectation
from bot.dialogue.flow import Flow
from bot.dialogue.flowset import NOT_FLOWS, FlowSet
from bot.dialogue.machine import steps_of
from bot.document import meant
from bot.errors import ConfigError, FlowError
from bot.settings import Flows

LISTED: Final = 5
"""Dates on the table where a state lists some."""

OPEN: Final = Expectation(options=LISTED)
"""Nothing is known of the conversation; a number may be meant for a list."""

_TODAY: Final = date(2026, 11, 23)
_VALUES: Final[Mapping[str, Any]] = {
    "person_name": "CONTOH",
    "birth_date": "1990-08-17",
    "date": (_TODAY + timedelta(days=1)).isoformat(),
}
"""What slots hold that were filled on the way, by their type."""


class States:
    """The states of all flows of a folder, as conversations meet them.

    Args:
        settings: whose flows are read; replies are not needed and not looked at.

    Raises:
        FlowError: with every mistake in the flows.
    """

    def __init__(self, settings: Flows) -> None:
        code, drafts = load_code(settings), Drafts()
        files = settings.folder.glob("*.yml")
        drafts.read_flows(path for path in sorted(files) if path.name not in NOT_FLOWS)
        check = FlowCheck(drafts, code.actions, code.slot_types)
        if any(not finding.warning for finding in drafts.findings):
            raise FlowError(drafts.findings)
        self._flows: Mapping[str, Flow] = check.names.flows
        slots = frozenset(check.slots)
        self._engine = Engine(FlowSet("", self._flows, {}, {}, slots, code.slot_types))
        self._expected = lru_cache(maxsize=256)(self._expectation)

    def expectation(self, office: Office, state: str) -> Expectation:
        """What the office's flow waits for in a state; in another flow, if only that has it.

        Raises:
            ConfigError: no flow has such a state.
        """
        expected = self._expected(office.flow, state)
        return replace(expected, venue=office.id, tappable=dict)

    def _expectation(self, root: str, state: str) -> Expectation:
        others = sorted(name for name in self._flows if name != root)
        for name in (root, *others):
            if state in self._flows[name].states:
                return self._engine.expectation(self._standing(self._flows[name], state))
        known = sorted({each for flow in self._flows.values() for each in flow.states})
        raise ConfigError(f"no flow has a state {state!r}{meant(state, known)}")

    def _standing(self, flow: Flow, name: str) -> Conversation:
        """A conversation in a state, with what was told on the shortest way there."""
        state = flow.states[name]
        told = set(_told_before(flow, name)) - set(state.collect)
        slots = {
            slot: _VALUES[flow.slots[slot].type]
            for slot in told & flow.slots.keys()
            if flow.slots[slot].type in _VALUES
        }
        tomorrow = _TODAY + timedelta(days=1)
        listed = [(tomorrow + timedelta(days=n)).isoformat() for n in range(LISTED)]
        slots |= dict.fromkeys(state.options.values(), listed)
        frame = Frame(flow.flow, name, 0)
        return Conversation("parse", flow.flow, frames=(frame,), slots=slots)


def _told_before(flow: Flow, name: str) -> Iterator[str]:
    """Slots that are filled on the shortest way from a flow's beginning to a state."""
    ways: dict[str, tuple[str, ...]] = {flow.initial: ()}
    due = [flow.initial]
    while due and name not in ways:
        here = due.pop(0)
        for _, step in steps_of(flow, flow.states[here]):
            if step.go and step.go in flow.states and step.go not in ways:
                ways[step.go] = (*ways[here], here)
                due.append(step.go)
    for passed in ways.get(name, ()):
        yield from flow.states[passed].collect
        yield from flow.states[passed].options
