"""How the dialogue goes: how far people come, where they give up, what is not understood.

A dialogue is what one conversation's person wrote on one day of the office. It belongs to the
hour of its first message.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from bot.booking.office import Office
from bot.dialogue.flowset import FlowSet
from bot.dialogue.traffic import Heard
from bot.reports.columns import Counted
from bot.reports.tally import Tallies, Tally

APPROVED: Final = "approved"
"""The outcome of an action that made a booking."""

START: Final = "start"
"""What is open before the first message."""


def ends_of(flows: FlowSet) -> frozenset[str]:
    """The states, ``flow.state``, in which nothing more is asked."""
    return frozenset(
        f"{name}.{state}"
        for name, flow in flows.flows.items()
        for state, written in flow.states.items()
        if written.end
    )


@dataclass(slots=True)
class _Dialogue:
    """One dialogue so far; its turns may come in any order.

    Args:
        first, last: numbers of its first and last turn; ``hour`` is of the first, ``open`` the
            state after the last.
        booked: number of the turn that first booked; 0 before.
        numbers: of its turns.
    """

    first: int
    hour: int
    last: int
    open: str
    booked: int = 0
    states: set[str] = field(default_factory=set)
    numbers: list[int] = field(default_factory=list)

    @property
    def turns_to_booking(self) -> int | None:
        if not self.booked:
            return None
        return sum(number <= self.booked for number in self.numbers)


class Funnel:
    """Counts turns as they are read, and dialogues when all are.

    Args:
        ends: states, ``flow.state``, in which nothing more is asked.
    """

    def __init__(
        self, tallies: Tallies, by: Counted, office: Office, ends: Collection[str]
    ) -> None:
        self._tallies, self._by, self._office, self._ends = tallies, by, office, ends
        self._dialogues: dict[tuple[str, str], _Dialogue] = {}

    def hear(self, heard: Heard) -> None:
        """Count a turn."""
        local = self._office.local(heard.at)
        day, hour = local.date().isoformat(), local.hour
        for tally in self._tallies.of(*self._groups(day, hour, heard.before)):
            tally.add("messages")
            tally.add("misunderstood", not heard.understood)
        dialogue = self._dialogues.get((heard.conversation, day))
        if dialogue is None:
            dialogue = _Dialogue(heard.turn, hour, heard.turn, heard.after)
            self._dialogues[heard.conversation, day] = dialogue
        if heard.turn < dialogue.first:
            dialogue.first, dialogue.hour = heard.turn, hour
        if heard.turn > dialogue.last:
            dialogue.last, dialogue.open = heard.turn, heard.after
        if APPROVED in heard.outcomes and not 0 < dialogue.booked < heard.turn:
            dialogue.booked = heard.turn
        dialogue.numbers.append(heard.turn)
        dialogue.states |= {state for state in (heard.before, heard.after) if state}

    def finish(self) -> None:
        """Count the dialogues; nothing more is heard."""
        for (_, day), dialogue in self._dialogues.items():
            for tally in self._tallies.of(*self._groups(day, dialogue.hour, *dialogue.states)):
                _count(tally, dialogue)
            if not dialogue.booked and dialogue.open not in self._ends:
                for tally in self._tallies.of(*self._groups(day, dialogue.hour, dialogue.open)):
                    tally.add("given_up")
        self._dialogues.clear()

    def _groups(self, day: str, hour: int, *states: str) -> tuple[str, ...]:
        if self._by == "state":
            return tuple(state or START for state in states)
        return (day if self._by == "day" else f"{hour:02d}:00",)


def _count(tally: Tally, dialogue: _Dialogue) -> None:
    tally.add("dialogues")
    tally.add("booked", bool(dialogue.booked))
    tally.measure("turns", dialogue.turns_to_booking)
