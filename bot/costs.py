"""What a turn costs, part by part; the clock it is measured by belongs to the shell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

Stopwatch: TypeAlias = Callable[[], float]
"""Seconds since some moment."""

UNDERSTANDING, DECIDING, RENDERING = "understanding", "deciding", "rendering"
ACTIONS: Final = "actions"


@dataclass(slots=True)
class Costs:
    """Of one turn.

    Args:
        stopwatch: without one nothing is measured: what is played again must not differ by it.
        parts: microseconds so far.
        actions: microseconds of each action, in order.
    """

    stopwatch: Stopwatch | None = None
    parts: dict[str, int] = field(default_factory=dict)
    actions: list[int] = field(default_factory=list)

    def of(self, part: str) -> AbstractContextManager[None]:
        """While that part is done; several times add up, but for actions."""
        return _UNMEASURED if self.stopwatch is None else _Measured(self, part, self.stopwatch)

    def as_document(self) -> Mapping[str, Any]:
        """``{"cost": {"understanding": 812, "actions": [10231]}}`` for the journal, in
        microseconds; nothing where nothing was measured. The save cannot stand in what it saves.
        """
        spent = {**self.parts, **({ACTIONS: list(self.actions)} if self.actions else {})}
        return {"cost": spent} if spent else {}


class _Measured:
    """Measures one part; a generator would take three times as long, five times a turn."""

    __slots__ = ("_began", "_costs", "_part", "_stopwatch")

    def __init__(self, costs: Costs, part: str, stopwatch: Stopwatch) -> None:
        self._costs, self._part, self._stopwatch = costs, part, stopwatch

    def __enter__(self) -> None:
        self._began = self._stopwatch()

    def __exit__(self, *_: object) -> None:
        took, costs = round((self._stopwatch() - self._began) * 1e6), self._costs
        if self._part == ACTIONS:
            costs.actions.append(took)
        else:
            costs.parts[self._part] = costs.parts.get(self._part, 0) + took


_UNMEASURED: Final[AbstractContextManager[None]] = nullcontext()
