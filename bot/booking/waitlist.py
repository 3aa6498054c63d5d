"""The waitlist: who waits for a seat of a full day, or of any day, of an office.

A :class:`Wait` is one document, saved only over the revision it was read at, so of two processes
that would take a step of it one does. :mod:`bot.booking.waiting` takes the steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Final, Protocol

STEPS_KEPT: Final = 50
"""Steps a wait keeps, the latest."""

LONG_SINCE: Final = datetime(1970, 1, 1, tzinfo=UTC)


class WaitState(StrEnum):
    """Where somebody who waits stands; all but the first two end the wait."""

    WAITING = "waiting"
    OFFERED = "offered"
    TAKEN = "taken"
    PASSED = "passed"
    LAPSED = "lapsed"
    LEFT = "left"
    BOOKED = "booked"
    OVER = "over"


OPEN: Final = frozenset({WaitState.WAITING, WaitState.OFFERED})


@dataclass(frozen=True, slots=True)
class WaitStep:
    """One step of a wait, for the audit.

    Args:
        at: aware UTC, to the millisecond.
        by: as in :class:`bot.booking.life.Act`.
        key: of the action.
    """

    state: WaitState
    at: datetime
    by: str
    key: str


@dataclass(frozen=True, slots=True)
class Wait:
    """Somebody's place in the waitlist of an office.

    Args:
        day: which day; ``None`` for any.
        sender: ``channel:sender``, as in :class:`bot.booking.claim.Applicant`.
        conversation: id of the conversation that is told of a seat.
        joined_at: the order of the list, aware UTC.
        offers: how many seats were offered so far, in all rounds.
        seat: id of the seat offered last.
        key: the claim key it is held with.
        until: when the offer ends.
        told: whether the notice of the offer waits or was told.
        trail: its latest steps, oldest first.
        revision: how often it was saved.
    """

    office: str
    day: date | None
    sender: str
    conversation: str
    joined_at: datetime = LONG_SINCE
    state: WaitState = WaitState.LEFT
    offers: int = 0
    seat: str = ""
    key: str = ""
    until: datetime = LONG_SINCE
    told: bool = False
    trail: tuple[WaitStep, ...] = ()
    revision: int = 0

    @property
    def id(self) -> str:
        """One a number and day, or any day: ``office|channel:sender|2026-11-24``."""
        return f"{self.office}|{self.sender}|{self.day or 'any'}"

    @property
    def is_open(self) -> bool:
        """Whether it is in the list."""
        return self.state in OPEN

    @property
    def touched_at(self) -> datetime:
        """When its latest step was; aware UTC."""
        return self.trail[-1].at if self.trail else self.joined_at

    @property
    def place(self) -> tuple[datetime, str]:
        """What the list is sorted by."""
        return self.joined_at, self.id

    def to(self, state: WaitState, at: datetime, by: str, key: str) -> Wait:
        """One step on."""
        at = at.replace(microsecond=at.microsecond // 1000 * 1000)
        trail = (*self.trail, WaitStep(state, at, by, key))[-STEPS_KEPT:]
        return replace(self, state=state, trail=trail)

    def did(self, state: WaitState, key: str) -> bool:
        """Whether the action ``key`` took this step."""
        return any((step.state, step.key) == (state, key) for step in self.trail)


class WaitlistStore(Protocol):
    """Waits in a database; every method raises ``StorageUnavailable`` when it does not answer.

    Times are kept to the millisecond.
    """

    async def load(self, wait: str) -> Wait | None:
        """The wait of this id, open or not."""
        ...

    async def save(self, wait: Wait) -> bool:
        """Save a wait as it is now.

        Returns:
            ``False`` when it was saved by somebody else since ``wait.revision``.
        """
        ...

    async def open(self, office: str = "") -> Sequence[Wait]:
        """The waits that are in the list, of one office or of all, by place."""
        ...

    async def of_sender(self, sender: str) -> Sequence[Wait]:
        """All waits of a number, open or not, in every office, by place."""
        ...

    async def touched(self, since: datetime) -> Sequence[Wait]:
        """Waits whose latest step was at a moment or after it, open or not, by place."""
        ...

    async def aged(self, before: datetime, limit: int) -> Sequence[Wait]:
        """Waits whose latest step was before a moment, open or not."""
        ...

    async def forget(self, wait: Wait) -> bool:
        """Erase a wait, its trail too: all of it says who.

        Returns:
            ``False`` when it was saved by somebody since ``wait.revision``, or is gone.
        """
        ...
