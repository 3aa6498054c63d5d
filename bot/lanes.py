"""Who is sent to at the same time, and who waits in line behind them: a lane for each account."""

from __future__ import annotations

from collections import Counter, defaultdict, deque


class Lanes:
    """Lanes of conversations, each first come, first served; a full one holds up no other.

    Args:
        width: how many of one account are sent to at the same time.
    """

    def __init__(self, width: int) -> None:
        self._width = width
        self._under_way: Counter[str] = Counter()
        self._lines: defaultdict[str, deque[str]] = defaultdict(deque)
        self._waiting: dict[str, str] = {}

    def enter(self, account: str, conversation_id: str) -> bool:
        """Whether there is room; else it stands in line, where it stood before if it did."""
        if self._under_way[account] < self._width:
            self._under_way[account] += 1
            return True
        if conversation_id not in self._waiting:
            self._lines[account].append(conversation_id)
            self._waiting[conversation_id] = account
        return False

    def leave(self, account: str) -> str | None:
        """One is done; the next in line has entered in its place."""
        if account in self._lines:
            following = self._lines[account].popleft()
            del self._waiting[following]
            if not self._lines[account]:
                del self._lines[account]
            return following
        self._under_way[account] -= 1
        if not self._under_way[account]:
            del self._under_way[account]
        return None

    def in_line(self, account: str) -> int:
        """How many wait."""
        return len(self._lines.get(account, ()))

    def waits(self, conversation_id: str) -> str | None:
        """The account whose line it stands in."""
        return self._waiting.get(conversation_id)

    def clear(self) -> int:
        """Nobody waits any more; how many did."""
        waited = len(self._waiting)
        self._lines.clear()
        self._waiting.clear()
        return waited
