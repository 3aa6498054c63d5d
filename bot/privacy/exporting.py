"""What is kept about an address as a document its owner can read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bot.booking.photos import Photo
from bot.booking.seats import Seat
from bot.dialogue.proving import Proof
from bot.dialogue.store import Stored
from bot.privacy.subject import Subject


def exported(found: Subject, now: datetime) -> dict[str, Any]:
    """The document; all values are what JSON and ISO 8601 can say."""
    document: dict[str, Any] = _plain(
        {
            "about": found.address,
            "made_at": now,
            "bookings": [_booking(seat) for seat in found.seats],
            "conversations": [_conversation(stored) for stored in found.conversations],
            "messages": [_turn(record) for record in found.records],
            "conduct": asdict(found.person) if found.person.revision else None,
            "notices_to_come": [asdict(notice) for notice in found.notices],
            "waitlists": [asdict(wait) for wait in found.waits],
            "deliveries": [asdict(report) for report in found.deliveries],
            "proofs_of_number": [_proof(proof) for proof in found.proofs],
            "photos": [
                {"sha256": sha256, "file": f"{sha256}.jpg or .png"} for sha256 in found.photos
            ],
        }
    )
    return document


def picture_name(photo: Photo) -> str:
    """The file a photo is written to beside the document."""
    return f"{photo.sha256}.{photo.mime.rpartition('/')[2].replace('jpeg', 'jpg')}"


def _booking(seat: Seat) -> dict[str, Any]:
    who = seat.claim.applicant if seat.claim else None
    return {
        "office": seat.office,
        "date": seat.day.isoformat(),
        "hour": f"{seat.hour:%H:%M}",
        "session": seat.session,
        "queue_number": seat.number,
        "state": seat.state.value,
        "booking_code": seat.booking_code,
        "person": who and asdict(who),
        "claim": seat.claim and asdict(seat.claim),
        "history": [asdict(event) for event in seat.trail],
    }


def _conversation(stored: Stored) -> dict[str, Any]:
    return {
        "contact": asdict(stored.contact),
        "language": stored.conversation.language,
        "where_it_stands": [f"{each.flow}.{each.state}" for each in stored.conversation.frames],
        "remembered": dict(stored.conversation.slots),
        "waiting_to_be_sent": [dict(item.reply) for item in stored.outbox],
        "message_ids_handled": list(stored.handled),
    }


def _proof(proof: Proof) -> dict[str, Any]:
    """A number typed on the page; the code's hash opens nothing without the browser's cookie."""
    return {
        "browser": f"web:{proof.visitor}",
        "number": proof.proven and proof.proven.phone,
        "proven_at": proof.proven_at if proof.proven else None,
        "code_waited_for": proof.pending and asdict(proof.pending),
        "last_change": proof.at,
    }


def _turn(record: Mapping[str, Any]) -> dict[str, Any]:
    said = record.get("message") or {}
    return {
        "at": record["at"],
        "office": record.get("office"),
        "you_wrote": said.get("text", ""),
        "we_answered": [reply.get("text", "") for reply in record.get("replies", ())],
        "whole_record": dict(record),
    }


def _plain(value: Any) -> Any:
    """As JSON can say it."""
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return value if isinstance(value, str | int | float | bool | None) else str(value)
