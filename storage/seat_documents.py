"""A seat's document, which memory and MongoDB both keep, and what each step sets in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, Final

from bot.booking.life import Event, Step
from bot.booking.seats import SKEW, Applicant, Claim, Seat, SeatState, WalkIn
from bot.dialogue.fields import fields_of
from bot.dialogue.store import LONG_AGO
from storage.moments import milliseconds

ACTIVE_FIELDS: Final = ("active_sender", "active_person")
"""What at most one seat carries, and only while it is active."""

WAITS: Final = "waits"
"""Carried from checking in until the call: the office's day whose line it waits in."""

SERVING: Final = "serving"
"""Carried from the call until they are done: the counter of that day."""

CALL_KEY: Final = "call_key"
"""Pseudonym of the act that called last."""

COUNTER_FIELDS: Final = (WAITS, SERVING, CALL_KEY, "counter")
"""What only who has come carries."""

UNIQUE_FIELDS: Final = ("claim_key", *ACTIVE_FIELDS, "booking_code", SERVING, CALL_KEY)
"""What no two seats carry."""

FOUND_FIELDS: Final = ("group", "moving", "hold_ends", "sender", "photo", WAITS)
"""What few seats carry, and those are looked for by it."""

_OF_SOME_CLAIMS: Final = ("group", "member", "replaces", "replaces_key", "moves", "because")

CLAIM_FIELDS: Final = (
    "claim_key",
    *ACTIVE_FIELDS,
    "sender_mark",
    "person_mark",
    "approval_code",
    "until",
    "hold_ends",
    "name",
    "birth_date",
    "sender",
    "conversation",
    "details",
    "photo",
    *_OF_SOME_CLAIMS,
    "moving",
)
"""What a seat carries only while it is somebody's."""

BOOKING_FIELDS: Final = ("booking_code", "approval_key", "booked_at")
"""What a seat carries only from its approval on."""

PERSONAL_FIELDS: Final = tuple(
    name for name in (*CLAIM_FIELDS, "booking_code", "approval_key") if name != "claim_key"
)
"""What goes when a booking's identity goes; the claim's key stays, as a pseudonym."""


WITHDRAWN: Final = "withdrawn_at"
"""What a free seat carries while the day's quota has no place for it."""


CHANGED_IN: Final = "changed_in"
CHANGED_AT: Final = "changed_at"
"""What every write leaves in MongoDB: the office, and the database's time."""


def day_id(office: str, day: date) -> str:
    """Id of the mark that a day is laid out: ``office:2026-11-24``."""
    return f"{office}:{day.isoformat()}"


_FREE: Final = SeatState.FREE.value


def free_seat_document(seat: Seat) -> dict[str, Any]:
    """A seat as it is laid out, never claimed."""
    return {
        "_id": seat.id,
        "office": seat.office,
        "day": seat.day.isoformat(),
        "session": seat.session,
        "number": seat.number,
        "hour": seat.hour.isoformat("minutes"),
        "state": _FREE,
        "claimable_from": LONG_AGO,
    }


def held_fields(claim: Claim) -> dict[str, Any]:
    """What a claim sets on a seat."""
    return {
        "state": SeatState.HELD.value,
        "claim_key": claim.key,
        "active_sender": claim.active_sender,
        "active_person": claim.active_person,
        "sender_mark": claim.active_sender,
        "person_mark": claim.active_person,
        "approval_code": claim.approval_code,
        **ending_fields(claim.until),
        **applicant_fields(claim.applicant),
        **{name: value for name in _OF_SOME_CLAIMS if (value := getattr(claim, name))},
        **({"moving": True} if claim.replaces else {}),
    }


def ending_fields(until: datetime) -> dict[str, Any]:
    """When a hold ends, and when its seat is anybody's again."""
    free_again = milliseconds(until + SKEW)
    return {"until": milliseconds(until), "claimable_from": free_again, "hold_ends": free_again}


def applicant_fields(applicant: Applicant) -> dict[str, Any]:
    """Who a seat is for."""
    return {
        "name": applicant.name,
        "birth_date": applicant.birth_date.isoformat(),
        "sender": applicant.sender,
        "conversation": applicant.conversation,
        "details": dict(applicant.details),
        **({"photo": photo} if (photo := applicant.details.get("photo")) else {}),
    }


def event_document(event: Event) -> dict[str, Any]:
    """A step in the trail; what does not apply is left out."""
    fields = {name: value for name, value in fields_of(event).items() if value}
    return {**fields, "step": event.step.value, "at": milliseconds(event.at)}


def seat_from(document: Mapping[str, Any]) -> Seat:
    """The seat of a document."""
    walk_in = document.get("walk_in")
    return Seat(
        office=document["office"],
        day=date.fromisoformat(document["day"]),
        session=document["session"],
        number=document["number"],
        hour=time.fromisoformat(document["hour"]),
        state=SeatState(document["state"]),
        claim=_claim_from(document) if "sender" in document else None,
        booking_code=document.get("booking_code", ""),
        walk_in=WalkIn(document["claim_key"], walk_in) if walk_in else None,
        moving="moving" in document,
        counter=document.get("counter", 0),
        trail=tuple(_event_from(event) for event in document.get("trail", ())),
    )


def _event_from(event: Mapping[str, Any]) -> Event:
    return Event(**{**event, "step": Step(event["step"])})


def _claim_from(document: Mapping[str, Any]) -> Claim:
    return Claim(
        key=document["claim_key"],
        applicant=Applicant(
            name=document["name"],
            birth_date=date.fromisoformat(document["birth_date"]),
            sender=document["sender"],
            conversation=document["conversation"],
            details=document.get("details", {}),
        ),
        approval_code=document["approval_code"],
        until=document["until"],
        active_sender=document.get("sender_mark", ""),
        active_person=document.get("person_mark", ""),
        **{name: document[name] for name in _OF_SOME_CLAIMS if name in document},
    )
