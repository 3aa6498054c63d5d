"""Visits: what became of each booking, and of each walk-in number, read from a seat's trail.

A seat may be booked, cancelled and booked again; each booking is a visit of its own. Steps that
staff took back count as not taken. Nothing here says who the person is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Final

from bot.booking.life import FREEING, Event, Step
from bot.booking.seats import Seat

LATE: Final = "late"
NO_SHOW: Final = "no_show"

_BEGINS: Final = frozenset({Step.APPROVED, Step.WALKED_IN})
_DURING: Final = frozenset({Step.CHECKED_IN, Step.CALLED, Step.SERVED, Step.REJECTED, Step.VOIDED})
_MASK: Final = "…"


class End(StrEnum):
    """What became of a visit."""

    TO_COME = "to_come"
    CANCELLED = "cancelled"
    RESCHEDULED = "rescheduled"
    RELEASED = "released"
    LATE = "late"
    NO_SHOW = "no_show"
    VOIDED = "voided"
    WAITING = "waiting"
    SERVED = "served"
    REJECTED = "rejected"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Visit:
    """One booking or one walk-in number.

    Args:
        hour: local time planned.
        walk_in: whether it is a number of the walk-in line.
        begun: the approval, or the step that gave the walk-in number.
        end: ``VOIDED`` is a void for another reason than lateness, ``LEFT`` one after checking in.
        came: when they were checked in.
        called: when they were first called to the counter.
        done: the step that ended it at the counter.
        reason: of ``done``, without digits and names that could tell who it was.
    """

    day: date
    session: str
    hour: time
    walk_in: bool
    begun: Event
    end: End
    came: Event | None = None
    called: Event | None = None
    done: Event | None = None
    reason: str = ""

    @property
    def waited(self) -> int | None:
        """Seconds from checking in to being called; to the end of the visit, where nobody called.

        ``None`` while they wait, and where they did not come.
        """
        until = self.called or (self.done if self.end in {End.SERVED, End.REJECTED} else None)
        return _seconds(self.came, until)

    @property
    def service(self) -> int | None:
        """Seconds from being called to being done; ``None`` where either is not known."""
        if self.end not in {End.SERVED, End.REJECTED}:
            return None
        return _seconds(self.called, self.done)


def visits_of(seat: Seat) -> Iterator[Visit]:
    """The visits a seat's trail tells of, oldest first."""
    under_way: list[Event] = []
    for event in seat.trail:
        if event.step in _BEGINS:
            under_way = [event]
        elif not under_way:
            continue  # a hold's, or of a booking whose beginning a full trail has dropped
        elif event.step in FREEING:
            yield _visit(seat, under_way, End(event.step.value))
            under_way = []
        elif event.step is Step.UNDONE:
            _take_back(under_way)
        elif event.step in _DURING:
            under_way.append(event)
    if under_way:
        yield _visit(seat, under_way)


def _take_back(under_way: list[Event]) -> None:
    """Drop the last step that changed something; of calls all that stand together."""
    taken = under_way.pop() if len(under_way) > 1 else None
    while taken and taken.step is Step.CALLED and under_way[-1].step is Step.CALLED:
        taken = under_way.pop()


def _visit(seat: Seat, events: list[Event], freed: End | None = None) -> Visit:
    begun, walk_in = events[0], events[0].step is Step.WALKED_IN
    first: dict[Step, Event] = {}
    for event in events:
        first.setdefault(event.step, event)
    came = begun if walk_in else first.get(Step.CHECKED_IN)
    last = events[-1]
    done = last if last.step in {Step.SERVED, Step.REJECTED, Step.VOIDED} else None
    return Visit(
        day=seat.day,
        session=seat.session,
        hour=seat.hour,
        walk_in=walk_in,
        begun=begun,
        end=freed or _end(came, done),
        came=came,
        called=first.get(Step.CALLED),
        done=done,
        reason=impersonal(done.reason, seat.claim.applicant.name if seat.claim else "")
        if done
        else "",
    )


def _end(came: Event | None, done: Event | None) -> End:
    if done is None:
        return End.WAITING if came else End.TO_COME
    if done.step is not Step.VOIDED:
        return End(done.step.value)
    if came:
        return End.LEFT
    return End(done.reason) if done.reason in {LATE, NO_SHOW} else End.VOIDED


def impersonal(reason: str, name: str) -> str:
    """A reason that staff typed, small and in single spaces, without the parts of ``name`` and
    without runs of three digits or more. What may begin a formula in a spreadsheet goes too.
    """
    return nameless(" ".join(reason.casefold().split()).lstrip("=+-@ "), name)


def nameless(reason: str, name: str) -> str:
    """A reason without the parts of ``name`` and without runs of three digits or more."""
    text = re.sub(r"\d[\d .-]*\d{2,}|\d{3,}", _MASK, reason)
    parts = [re.escape(part) for part in name.split() if len(part) > 1]
    if not parts:
        return text
    return re.sub(rf"\b(?:{'|'.join(parts)})\b", _MASK, text, flags=re.IGNORECASE)


def _seconds(since: Event | None, until: Event | None) -> int | None:
    if since is None or until is None:
        return None
    return int(_span(since.at, until.at))


def _span(since: datetime, until: datetime) -> float:
    return max(0.0, (until - since).total_seconds())
