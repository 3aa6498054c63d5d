"""The life of a seat's booking, as a state machine: which step is allowed from where.

:class:`Life` is the definition. The stores' conditional writes take their guards and results from
it (:func:`sources`, :func:`target`), a test tries every step in every state against it, and every
step leaves an :class:`Event` in the seat's trail that can be sent to the machine again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from statemachine import State, StateMachine
from statemachine.exceptions import TransitionNotAllowed


class SeatState(StrEnum):
    """Where a seat stands. A held seat whose hold has expired counts as free."""

    FREE = "free"
    HELD = "held"
    BOOKED = "booked"
    CHECKED_IN = "checked_in"
    CALLED = "called"
    SERVED = "served"
    REJECTED = "rejected"
    VOID = "void"


class Step(StrEnum):
    """What may happen to a seat; each is an event of :class:`Life`."""

    HELD = "held"
    AMENDED = "amended"
    APPROVED = "approved"
    EXPIRED = "expired"
    RELEASED = "released"
    CANCELLED = "cancelled"
    RESCHEDULED = "rescheduled"
    CONFIRMED = "confirmed"
    WALKED_IN = "walked_in"
    CHECKED_IN = "checked_in"
    CALLED = "called"
    ATTENDED = "attended"
    SERVED = "served"
    REJECTED = "rejected"
    VOIDED = "voided"
    UNDONE = "undone"


class Life(StateMachine):
    """``held → approved → checked in → called → served | rejected``, ``void`` for who comes late or
    never;
    until the counter a booking may end and its seat is free again. ``confirmed`` (the applicant
    says that they will come) and ``attended`` (who was called is at the counter) change nothing
    but the trail, nor does calling again; an office that calls nobody serves who has checked in.
    ``undone`` takes back one step of staff's: who was called waits again.

    ``rejected``: documents incomplete (Source: 004_…, DOMAIN.md). ``void``: late (000, 002, 004).
    """

    is_free = State(value=SeatState.FREE, initial=True)
    is_held = State(value=SeatState.HELD)
    is_booked = State(value=SeatState.BOOKED)
    is_checked_in = State(value=SeatState.CHECKED_IN)
    is_called = State(value=SeatState.CALLED)
    is_served = State(value=SeatState.SERVED)
    is_rejected = State(value=SeatState.REJECTED)
    is_void = State(value=SeatState.VOID)

    held = is_free.to(is_held)
    amended = is_held.to(is_held)
    approved = is_held.to(is_booked)
    expired = is_held.to(is_free)
    released = is_held.to(is_free) | is_booked.to(is_free)
    cancelled = is_held.to(is_free) | is_booked.to(is_free)
    rescheduled = is_booked.to(is_free)
    confirmed = is_booked.to(is_booked)
    walked_in = is_free.to(is_checked_in)
    checked_in = is_booked.to(is_checked_in)
    called = is_checked_in.to(is_called) | is_called.to(is_called)
    attended = is_called.to(is_called)
    served = is_checked_in.to(is_served) | is_called.to(is_served)
    rejected = is_checked_in.to(is_rejected) | is_called.to(is_rejected)
    voided = is_booked.to(is_void) | is_checked_in.to(is_void) | is_called.to(is_void)
    undone = (
        is_checked_in.to(is_booked)
        | is_called.to(is_checked_in)
        | is_served.to(is_checked_in)
        | is_rejected.to(is_checked_in)
        | is_void.to(is_booked)
    )


_WAYS: Final = {
    (SeatState(transition.source.value), Step(str(transition.event))): SeatState(
        transition.target.value
    )
    for state in Life.states
    for transition in state.transitions
}

_SOURCES: Final = {
    step: frozenset(state for state, allowed in _WAYS if allowed is step) for step in Step
}

ACTIVE: Final = frozenset(
    {SeatState.HELD, SeatState.BOOKED, SeatState.CHECKED_IN, SeatState.CALLED}
)
"""States in which a seat counts against its sender and its person."""

UPCOMING: Final = ACTIVE - {SeatState.HELD}
"""States of a booking that its day has still to end."""

FREEING: Final = frozenset(step for (_, step), to in _WAYS.items() if to is SeatState.FREE)
"""Steps after which the seat is anybody's."""


def target(state: SeatState, step: Step) -> SeatState | None:
    """Where ``step`` leads from ``state``; ``None`` when it is not allowed there."""
    return _WAYS.get((state, step))


def sources(step: Step) -> frozenset[SeatState]:
    """The states in which ``step`` is allowed."""
    return _SOURCES[step]


APPLICANT: Final = "applicant"
SYSTEM: Final = "system"


def staff(user: str) -> str:
    """``by`` of a member of staff: ``staff:USER``."""
    return f"staff:{user}"


def is_staff(by: str) -> bool:
    """Whether a member of staff did it."""
    return by.startswith("staff:")


@dataclass(frozen=True, slots=True)
class Act:
    """Who does a step, as the caller says it.

    Args:
        key: of the action; done again with it, a step changes nothing.
        by: :data:`APPLICANT`, :data:`SYSTEM` or :func:`staff`.
        sender: whose number the booking is; the trail keeps a pseudonym of it.
        reason: why, in words without personal data.
    """

    key: str
    by: str = SYSTEM
    sender: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One step in a seat's trail; it holds no raw identity.

    Args:
        at: aware UTC, to the millisecond.
        by: who did it, as in :class:`Act`.
        key: pseudonym of the action's key, which holds the sender's number.
        who: pseudonym of the sender, a keyed hash; empty where the actor said none.
        code: pseudonym of the booking code that an approval gave.
    """

    step: Step
    at: datetime
    by: str
    key: str
    who: str = ""
    code: str = ""
    reason: str = ""


def replayed(trail: Iterable[Event]) -> SeatState:
    """The state a trail from the seat's beginning leads to.

    Raises:
        TransitionNotAllowed: a step in it is not allowed where it stands.
    """
    life = Life()
    for event in trail:
        life.send(event.step)
    return SeatState(life.current_state_value)


__all__ = [
    "ACTIVE",
    "APPLICANT",
    "FREEING",
    "SYSTEM",
    "UPCOMING",
    "Act",
    "Event",
    "Life",
    "SeatState",
    "Step",
    "TransitionNotAllowed",
    "is_staff",
    "replayed",
    "sources",
    "staff",
    "target",
]
