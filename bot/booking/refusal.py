"""A hold that is not given, and what may be said of the reason."""

from __future__ import annotations

from dataclasses import dataclass

from bot.booking.seats import Claim, Seat


@dataclass(frozen=True, slots=True)
class Refused:
    """A hold that is not given.

    Args:
        by_sender: the sender's own seat in the way; ``None`` when it is the person's, about whose
            other booking nothing may be said.
    """

    by_sender: Seat | None


def refused(claim: Claim, seat: Seat) -> Refused | None:
    """Why ``seat`` keeps ``claim`` out; ``None`` when it only uses up the same mark."""
    if seat.claim is None or seat.claim.applicant.sender != claim.applicant.sender:
        return Refused(None)
    return None if seat.claim.active_sender == claim.active_sender else Refused(seat)
