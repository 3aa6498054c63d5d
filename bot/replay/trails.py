"""What staff did with somebody's bookings, as a recording says it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from bot.booking.life import SYSTEM, Event, Step, is_staff
from bot.booking.seats import Seat
from bot.booking.upkeep import NO_SHOW
from bot.replay.transcribing import Moment

_VERBS: Final = {
    Step.CHECKED_IN: "check_in",
    Step.CALLED: "call",
    Step.SERVED: "serve",
    Step.REJECTED: "reject",
    Step.VOIDED: "void",
    Step.UNDONE: "undo",
}
UNSAID: Final = "not said"
"""Why, where nobody wrote it down."""

_REASONED: Final = frozenset({"reject", "void"})


def staff_acts(seats: Sequence[Seat]) -> list[Moment]:
    """What was done at the office with these bookings, oldest first; what the service does by
    itself with one that nobody came for, too.

    Closed days and moved bookings are not among it: they are told by a notice.
    """
    found = [moment for seat in seats if seat.booking_code for moment in _acts(seat)]
    return sorted(found, key=lambda each: each.at)


def _acts(seat: Seat) -> Iterator[Moment]:
    # A trail goes back to before the seat was this booking's.
    begun = [at for at, event in enumerate(seat.trail) if event.step is Step.HELD]
    for event in seat.trail[begun[-1] if begun else 0 :]:
        if verb := _verb(event):
            reason = {"reason": event.reason or UNSAID} if verb in _REASONED else {}
            yield Moment(event.at, staff={verb: seat.booking_code, **reason})


def _verb(event: Event) -> str:
    if (event.step, event.by, event.reason) == (Step.VOIDED, SYSTEM, NO_SHOW):
        return "no_show"
    return _VERBS.get(event.step, "") if is_staff(event.by) else ""
