"""Who wants a seat: the values a claim is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who a seat is for.

    Args:
        name: as the applicant wrote it, single spaces, in capitals.
        birth_date: of the person who comes to the counter.
        sender: ``channel:sender`` of whoever registers; ``whatsapp:6281234567890``.
        conversation: id of the conversation it was registered in.
        details: what else the office asked for, by name: ``kind``, ``address``, ``photo`` (the
            SHA-256 under which the picture is kept).
    """

    name: str
    birth_date: date
    sender: str
    conversation: str
    details: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Claim:
    """A wish to hold a seat.

    Args:
        key: key of the action; claiming again with it returns the same seat and code.
        approval_code: 8 digits the applicant must send back.
        until: when the hold ends, aware UTC.
        active_sender: at most one active seat in all carries this value (``sender``, or with a
            running number where an office allows several).
        active_person: at most one active seat carries this value: see
            :func:`bot.booking.person.person_mark`.
        group: the same for all members of a family: the key of its first member.
        member: which of the family it is for, 1 first; 0 without a family.
        replaces: id of the booked seat that this one takes the place of, when it is approved.
        replaces_key: the claim key of that seat.
        moves: how often the applicant moved the booking before, this time included.
        because: why staff moved it here, as its holder is told; empty unless they did.
    """

    key: str
    applicant: Applicant
    approval_code: str
    until: datetime
    active_sender: str
    active_person: str
    group: str = ""
    member: int = 0
    replaces: str = ""
    replaces_key: str = ""
    moves: int = 0
    because: str = ""


@dataclass(frozen=True, slots=True)
class WalkIn:
    """Somebody who queues by hand; only the counter knows who.

    Args:
        key: of the action that gave the number.
        kind: why they may, one of ``walk_in_for``.
    """

    key: str
    kind: str
