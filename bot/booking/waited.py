"""Which days somebody waits for: a freed seat of such a day is theirs, not whoever's comes along.

What this process knows is at most one sweep old, which costs the others not one storage call. Who
asks for a seat within that time came, for all anybody can tell, just before the one who waits.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from bot.booking.waitlist import Wait, WaitState


class Waited:
    """The waits of all offices, as of the last look."""

    def __init__(self) -> None:
        self._waits: dict[str, Wait] = {}
        self._aside: frozenset[str] = frozenset()
        self._freed = False

    def see(self, waits: Iterable[Wait], aside: Iterable[str] = ()) -> None:
        """Take in the whole list.

        Args:
            aside: ids of waits that no seat is kept for now: they hold one elsewhere.
        """
        self._waits = {wait.id: wait for wait in waits}
        self._aside = frozenset(aside)

    def add(self, wait: Wait) -> None:
        """Take in one that joined or changed here."""
        self._waits[wait.id] = wait

    def on(self, office: str, day: date) -> bool:
        """Whether the next free seat of a day is somebody's already."""
        return bool(self._waits) and any(
            wait.office == office
            and wait.day in (None, day)
            and wait.state is WaitState.WAITING
            and wait.id not in self._aside
            for wait in self._waits.values()
        )

    def seat_freed(self) -> None:
        """A seat may be free now: the next sweep looks, not only the next look."""
        self._freed = True

    def take_freed(self) -> bool:
        """Whether one was since this was asked last."""
        freed, self._freed = self._freed, False
        return freed

    def of(self, sender: str) -> list[Wait]:
        """The open waits of a number."""
        return [wait for wait in self._waits.values() if wait.sender == sender and wait.is_open]
