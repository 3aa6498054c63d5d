"""A conversation's records as turns that follow each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any, Final

from bot.dialogue.trace import CLOSE, END, GO, OPEN, Trod, followed

Record = Mapping[str, Any]

KINDS: Final = ("staff", "message", "timer", "notice", "noted", "identity")
"""What a turn's record has by which it is told what began it; another one is ``other``."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn, as its record tells it.

    Args:
        kind: what began it, see :data:`KINDS`.
        way: what the flows went through; empty where nothing was noted.
        traced: whether that was noted at all: records of before do not have it.
        versions: of the flows, that it began on and that it ended on.
        entered: states entered, ``flow.state``, in order; from the ends alone where nothing else
            was noted.
        begins: whether an episode begins in it.
    """

    number: int
    at: datetime
    kind: str
    record: Record
    way: tuple[Trod, ...]
    traced: bool
    versions: tuple[str, str]
    entered: tuple[str, ...]
    begins: bool

    @property
    def before(self) -> Sequence[str]:
        """The flow stack it began with, ``flow.state``, root first."""
        return tuple(self.record.get("before") or ())

    @property
    def after(self) -> Sequence[str]:
        """The flow stack it led to."""
        return tuple(self.record.get("after") or ())

    @property
    def took(self) -> int | None:
        """Microseconds it cost, but for its save; ``None`` where nobody measured."""
        cost = self.record.get("cost")
        if not cost:
            return None
        parts = [part for name, part in cost.items() if name != "actions"]
        return int(sum(parts) + sum(cost.get("actions", ())))

    def version_of(self, trod: Trod) -> str:
        """Of the flows that a line of its way ran on."""
        return trod.version or (self.versions[1] if self._is_moved else self.versions[0])

    @property
    def _is_moved(self) -> bool:
        """Whether all of it ran on the version it ended on."""
        return not any(each.version for each in self.way)


@dataclass(frozen=True, slots=True)
class Journey:
    """All turns that are kept of a conversation, oldest first."""

    turns: Sequence[Turn]

    def turn(self, number: int | None) -> Turn | None:
        """The turn of that number, the last one if none is asked for."""
        if number is None:
            return self.turns[-1] if self.turns else None
        return next((turn for turn in self.turns if turn.number == number), None)

    def until(self, turn: Turn) -> Sequence[Turn]:
        """The turns of its episode, up to that one."""
        so_far = [each for each in self.turns if each.number <= turn.number]
        began = max((at for at, each in enumerate(so_far) if each.begins), default=0)
        return so_far[began:]

    @property
    def median_took(self) -> float | None:
        """Microseconds that half of its turns cost less than."""
        took = [turn.took for turn in self.turns if turn.took is not None]
        return median(took) if took else None


def journey_of(records: Iterable[Record]) -> Journey:
    """The turns in records of the journal, in any order; what is no turn's record is passed over.

    A trace that cannot be followed counts as not noted.
    """
    turns: list[Turn] = []
    version = ""
    kept = [record for record in records if "turn" in record and "at" in record]
    for record in sorted(kept, key=lambda each: (each["turn"], each["at"])):
        turn = _turn(record, version)
        turns.append(turn)
        version = turn.versions[1]
    return Journey(turns)


def _turn(record: Record, before: str) -> Turn:
    kind = next((kind for kind in KINDS if kind in record), "other")
    trace = record.get("trace")
    way: tuple[Trod, ...] = ()
    stack = tuple(record.get("before") or ())
    if trace:
        try:
            way, after = followed(stack, trace)
        except ValueError:
            after = ()
        if list(after) != list(record.get("after") or ()):
            trace, way = None, ()
    entered = _entered(way) if trace else _changed(stack, tuple(record.get("after") or ()))
    version = str(record.get("version") or "")
    return Turn(
        number=int(record["turn"]),
        at=record["at"],
        kind=kind,
        record=record,
        way=way,
        traced=bool(trace) or stack == tuple(record.get("after") or ()),
        versions=(before or version, version),
        entered=entered,
        begins=not stack or _begins(way, len(stack)),
    )


def _entered(way: Sequence[Trod]) -> tuple[str, ...]:
    """An opened flow's first state is entered once, whether or not it then says something."""
    entered: list[str] = []
    opened = ""
    for each in way:
        if each.verb == OPEN or (each.verb == GO and each.place != opened):
            entered.append(each.place)
        opened = each.place if each.verb == OPEN else ""
    return tuple(entered)


def _changed(before: Sequence[str], after: Sequence[str]) -> tuple[str, ...]:
    """The open state, where it is another one than before."""
    return tuple(after[-1:]) if list(before) != list(after) else ()


def _begins(way: Sequence[Trod], depth: int) -> bool:
    """Whether no flow is open at some moment, and one is opened then.

    Args:
        depth: flows that were open before.
    """
    for each in way:
        if each.verb in (CLOSE, END):
            depth -= 1
        elif each.verb == OPEN:
            if depth <= 0:
                return True
            depth += 1
    return False
