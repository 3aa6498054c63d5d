"""Sender marks: what the seats of one booking carry, so that a number has no second one."""

from __future__ import annotations

from bot.booking.office import Office
from bot.booking.seats import Claim, Seat

BESIDE = ">"
"""Ends the sender mark of a seat that will take the place of the one that carries the mark."""


def marks_of(office: Office, sender: str) -> list[str]:
    """The ``active_sender`` values a sender may use up, one a booking."""
    return [sender, *(f"{sender}#{n}" for n in range(2, office.active_per_sender + 1))]


def member_mark(mark: str, member: int) -> str:
    """The ``active_sender`` of a family's member: that of the booking, then ``…/2`` and so on."""
    return mark if member == 1 else f"{mark}/{member}"


def base_mark(seat: Seat) -> str:
    """The sender mark of the booking that a seat is part of."""
    return base_of(seat.claim) if seat.claim else ""


def base_of(claim: Claim) -> str:
    """The sender mark of the booking that a claim is part of."""
    sender = claim.applicant.sender
    rest = claim.active_sender.removeprefix(sender).removesuffix(BESIDE)
    return sender + rest.partition("/")[0]


def carries(seat: Seat, mark: str) -> bool:
    """Whether the seat carries this sender mark."""
    return seat.claim is not None and seat.claim.active_sender == mark


def member_of(seat: Seat) -> int:
    """Which member of its family a seat is for, 1 first."""
    return seat.claim.member if seat.claim else 0
