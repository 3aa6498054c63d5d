"""What people and the bot said to each other, as phones show it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

KEPT: Final = 20_000
"""Lines; older ones go, so that a rehearsal may last for days."""

_RANK: Final = {"": 0, "sent": 1, "delivered": 2, "read": 3, "failed": 4}


@dataclass(slots=True)
class Line:
    """One message on a phone.

    Args:
        id: Graph's.
        account: phone number id of the office's number.
        person: their number, or business-scoped id.
        by: ``person`` or ``bot``.
        message: as the webhook or Graph has it.
        status: how far it got, the furthest told.
        changed: grows with every change of any line.
    """

    id: str
    account: str
    person: str
    by: str
    message: dict[str, Any]
    status: str = ""
    changed: int = 0


@dataclass(slots=True)
class Chats:
    """All lines, in the order they were written."""

    changes: int = 0
    _lines: dict[str, Line] = field(default_factory=dict)

    def add(self, line: Line) -> None:
        """Show one more message."""
        self._lines[line.id] = line
        self._touch(line)
        if len(self._lines) > KEPT:
            del self._lines[next(iter(self._lines))]

    def mark(self, id_: str, status: str) -> None:
        """Show how far a message got; what was told before and is further, stays."""
        line = self._lines.get(id_)
        if line and _RANK.get(status, 0) > _RANK[line.status]:
            line.status = status
            self._touch(line)

    def changed_since(self, change: int) -> Iterable[Line]:
        """Lines written or marked since then."""
        return [line for line in self._lines.values() if line.changed > change]

    def _touch(self, line: Line) -> None:
        self.changes += 1
        line.changed = self.changes
