"""What a turn costs, part by part; the clock it is measured by belongs to the shell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
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

    @contextmanager
    def of(self, part: str) -> Iterator[None]:
        """While that part is done; several times add up, but for actions."""
        if self.stopwatch is None:
            yield
            return
        began = self.stopwatch()
        try:
            yield
        finally:
            took = round((self.stopwatch() - began) * 1e6)
            if part == ACTIONS:
                self.actions.append(took)
            else:
                self.parts[part] = self.parts.get(part, 0) + took

    def as_document(self) -> Mapping[str, Any]:
        """``{"cost": {"understanding": 812, "actions": [10231]}}`` for the journal, in
        microseconds; nothing where nothing was measured. The save cannot stand in what it saves.
        """
        spent = {**self.parts, **({ACTIONS: list(self.actions)} if self.actions else {})}
        return {"cost": spent} if spent else {}
