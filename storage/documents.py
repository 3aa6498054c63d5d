"""The documents both stores keep: one a conversation, one a seat.

BSON holds milliseconds, so every time is cut to them on its way in; memory and MongoDB then
compare alike. Ids of messages and records are values in arrays, never keys of a document.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date, datetime, time
from typing import Any, Final

from bot.booking.seats import SKEW, Applicant, Claim, Seat, SeatState
from bot.dialogue.conversation import Conversation, Frame
from bot.dialogue.store import LONG_AGO, Contact, Outgoing, Standing, Stored
from bot.dialogue.versions import Files, Publication

ACTIVE_FIELDS: Final = ("active_sender", "active_person")
"""What at most one seat carries, and a booking only until it is retired."""

CLAIM_FIELDS: Final = (
    "claim_key",
    *ACTIVE_FIELDS,
    "approval_code",
    "until",
    "name",
    "birth_date",
    "sender",
    "conversation",
    "details",
)
"""What a seat carries only while it is held or booked."""

BOOKING_FIELDS: Final = ("booking_code", "approval_key", "booked_at")
"""What a seat carries only while it is booked."""


def milliseconds(moment: datetime) -> datetime:
    """The same moment as a database remembers it."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def conversation_document(stored: Stored) -> dict[str, Any]:
    """The whole document of a conversation."""
    return {
        "_id": stored.conversation.id,
        "revision": stored.revision,
        "conversation": state_document(stored.conversation),
        "contact": contact_document(stored.contact),
        "handled": list(stored.handled),
        "outbox": [outgoing_document(item) for item in stored.outbox],
        "journal": [dict(record) for record in stored.journal],
        "leased_by": stored.leased_by,
        "leased_until": milliseconds(stored.leased_until),
        "due_at": milliseconds(stored.due_at),
    }


def state_document(conversation: Conversation) -> dict[str, Any]:
    """The dialogue state within a conversation's document; its id is the document's."""
    state = _fields(conversation)
    del state["id"]
    state["frames"] = [
        {**_fields(frame), "timer": frame.timer and milliseconds(frame.timer)}
        for frame in conversation.frames
    ]
    return state


def contact_document(contact: Contact) -> dict[str, Any]:
    """The contact within a conversation's document."""
    return {**_fields(contact), "heard_at": milliseconds(contact.heard_at)}


def _fields(value: Conversation | Frame | Contact) -> dict[str, Any]:
    """The fields of a value as they are: what is encoded at once need not be copied deeply."""
    return {field.name: getattr(value, field.name) for field in fields(value)}


def outgoing_document(item: Outgoing) -> dict[str, Any]:
    """One item of the outbox."""
    return {"id": item.id, "reply": dict(item.reply), "attempts": item.attempts}


def stored_from(document: Mapping[str, Any]) -> Stored:
    """The inverse of :func:`conversation_document`; arrays come back as lists."""
    state = document["conversation"]
    frames = tuple(Frame(**frame) for frame in state["frames"])
    return Stored(
        conversation=Conversation(**{**state, "id": document["_id"], "frames": frames}),
        contact=Contact(**document["contact"]),
        revision=document["revision"],
        handled=tuple(document["handled"]),
        outbox=tuple(Outgoing(**item) for item in document["outbox"]),
        journal=tuple(document["journal"]),
        leased_by=document["leased_by"],
        leased_until=document["leased_until"],
        due_at=document["due_at"],
    )


def standing_from(document: Mapping[str, Any]) -> Standing:
    """Where a conversation's document says it stands."""
    state = document["conversation"]
    places = tuple((frame["flow"], frame["state"]) for frame in state["frames"])
    return Standing(state["version"], places)


def publication_document(publication: Publication, files: Files) -> dict[str, Any]:
    """A publication with its files; their names are values, since they have dots."""
    fields = asdict(publication)
    number = fields.pop("number")
    at = milliseconds(publication.at)
    listed = [{"name": name, "text": text} for name, text in files.items()]
    return {"_id": number, **fields, "at": at, "files": listed}


def publication_from(document: Mapping[str, Any]) -> Publication:
    """The publication of a document, read with or without its files."""
    fields = {key: value for key, value in document.items() if key not in {"_id", "files"}}
    return Publication(number=document["_id"], **fields)


def files_from(document: Mapping[str, Any]) -> Files:
    """The files of a publication's document."""
    return {file["name"]: file["text"] for file in document["files"]}


def day_id(office: str, day: date) -> str:
    """Id of the mark that a day is laid out: ``office:2026-11-24``."""
    return f"{office}:{day.isoformat()}"


def free_seat_document(seat: Seat) -> dict[str, Any]:
    """A seat as it is laid out, never claimed."""
    return {
        "_id": seat.id,
        "office": seat.office,
        "day": seat.day.isoformat(),
        "session": seat.session,
        "number": seat.number,
        "hour": f"{seat.hour:%H:%M}",
        "state": SeatState.FREE.value,
        "claimable_from": LONG_AGO,
    }


def held_fields(claim: Claim) -> dict[str, Any]:
    """What a claim sets on a seat."""
    applicant = claim.applicant
    return {
        "state": SeatState.HELD.value,
        "claimable_from": milliseconds(claim.until + SKEW),
        "claim_key": claim.key,
        "active_sender": claim.active_sender,
        "active_person": claim.active_person,
        "approval_code": claim.approval_code,
        "until": milliseconds(claim.until),
        "name": applicant.name,
        "birth_date": applicant.birth_date.isoformat(),
        "sender": applicant.sender,
        "conversation": applicant.conversation,
        "details": dict(applicant.details),
    }


def seat_from(document: Mapping[str, Any]) -> Seat:
    """The seat of a document.

    A booking that was retired has lost ``active_sender`` and ``active_person``; its claim carries
    empty ones.
    """
    return Seat(
        office=document["office"],
        day=date.fromisoformat(document["day"]),
        session=document["session"],
        number=document["number"],
        hour=time.fromisoformat(document["hour"]),
        state=SeatState(document["state"]),
        claim=_claim_from(document) if "claim_key" in document else None,
        booking_code=document.get("booking_code", ""),
    )


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
        active_sender=document.get("active_sender", ""),
        active_person=document.get("active_person", ""),
    )
