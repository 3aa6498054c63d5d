"""The documents both stores keep of conversations and versions; seats: ``seat_documents.py``.

Ids of messages and records are values in arrays, never keys of a document.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import bson

from bot.dialogue.care import NOBODY, Care
from bot.dialogue.conversation import Conversation, Frame
from bot.dialogue.fields import fields_of
from bot.dialogue.store import Contact, Left, Outgoing, Proven, Standing, Stored, TurnSave
from bot.dialogue.traffic import is_understood
from bot.dialogue.versions import Files, Publication
from storage.moments import milliseconds
from storage.records import AWARE, KeptRecord

MISSED: Final = "missed"
"""Field of a conversation's document with the last time something in it was not understood."""

CARE: Final = "care"
"""Field of a conversation's document that is there while a person has it or should."""


def conversation_document(stored: Stored) -> dict[str, Any]:
    """The whole document of a conversation."""
    return {
        "_id": stored.conversation.id,
        "revision": stored.revision,
        "conversation": state_document(stored.conversation),
        "contact": contact_document(stored.contact),
        "handled": list(stored.handled),
        "outbox": [outgoing_document(item) for item in stored.outbox],
        "journal": [KeptRecord.of(record).document() for record in stored.journal],
        "leased_by": stored.leased_by,
        "leased_until": milliseconds(stored.leased_until),
        "due_at": milliseconds(stored.due_at),
        **({CARE: care_document(stored.care, stored.contact.office)} if stored.care.wanted else {}),
    }


def care_document(care: Care, office: str) -> dict[str, Any]:
    """Who looks after a conversation; with its office, by which it is found."""
    moments = {
        name: moment and milliseconds(moment)
        for name in ("since", "taken_at", "owed", "due")
        for moment in [getattr(care, name)]
    }
    return {**fields_of(care), "why": str(care.why), **moments, "office": office}


def beside_of(save: TurnSave) -> dict[str, Any]:
    """What a save writes for lists of conversations: who has it, when it was last misunderstood."""
    fields: dict[str, Any] = {}
    office = save.contact.office
    if save.care is not None and save.care.wanted:
        fields[CARE] = care_document(save.care, office)
    if "message" in save.journal and not is_understood(save.journal):
        fields[MISSED] = {"office": office, "at": milliseconds(save.journal["at"])}
    return fields


def care_from(document: Mapping[str, Any] | None) -> Care:
    """The inverse of :func:`care_document`; of a conversation without one too."""
    if document is None:
        return NOBODY
    return Care(**{name: value for name, value in document.items() if name != "office"})


def state_document(conversation: Conversation) -> dict[str, Any]:
    """The dialogue state within a conversation's document; its id is the document's."""
    state = fields_of(conversation)
    del state["id"]
    state["frames"] = [
        {**fields_of(frame), "timer": frame.timer and milliseconds(frame.timer)}
        for frame in conversation.frames
    ]
    return state


def conversation_from(document: Mapping[str, Any]) -> Conversation:
    """The dialogue state of a conversation's document."""
    state = dict(document["conversation"])
    state["frames"] = tuple([Frame(**frame) for frame in state["frames"]])
    return Conversation(document["_id"], **state)


def contact_document(contact: Contact) -> dict[str, Any]:
    """The contact within a conversation's document."""
    had = {"left": _left_documents(contact.left), "also": _left_documents(contact.also)}
    times = {
        name: milliseconds(getattr(contact, name)) for name in ("heard_at", "since", "number_since")
    }
    proven = contact.proven and fields_of(contact.proven)
    return {**fields_of(contact), **times, **had, "proven": proven, "linked": list(contact.linked)}


def _left_documents(left: Iterable[Left]) -> list[dict[str, Any]]:
    return [
        {
            "address": each.address,
            "until": milliseconds(each.until),
            "since": milliseconds(each.since),
        }
        for each in left
    ]


def contact_from(document: Mapping[str, Any]) -> Contact:
    """The inverse of :func:`contact_document`, of documents too that know one address alone."""
    ids, proven = document.get("ids"), document.get("proven")
    return Contact(
        **{
            **document,
            "ids": ids if ids is None else tuple(ids),
            "left": tuple(Left(**each) for each in document.get("left", ())),
            "also": tuple(Left(**each) for each in document.get("also", ())),
            "proven": proven and Proven(**proven),
            "linked": tuple(document.get("linked", ())),
        }
    )


def names_of(contact: Contact) -> list[str]:
    """What the directory has of a contact: ``channel:address`` each."""
    return [f"{contact.channel}:{name}" for name in contact.names]


def outgoing_document(item: Outgoing) -> dict[str, Any]:
    """One item of the outbox; what it does not have is left out. The reply is encoded, for the same
    reason as records (``records.py``).
    """
    document: dict[str, Any] = {
        "id": item.id,
        "reply": bson.encode(item.reply),
        "attempts": item.attempts,
    }
    if item.parts:
        document["parts"] = item.parts
    if item.said_at:
        document["said_at"] = milliseconds(item.said_at)
    if item.trouble:
        document["trouble"] = dict(item.trouble)
    return document


def outgoing_from(document: Mapping[str, Any]) -> Outgoing:
    """The inverse of :func:`outgoing_document`; also of what 0.1.0 wrote, the reply as it is."""
    reply = document["reply"]
    decoded = bson.decode(reply, AWARE) if isinstance(reply, bytes) else reply
    return Outgoing(**{**document, "reply": decoded})


def stored_from(document: Mapping[str, Any]) -> Stored:
    """The inverse of :func:`conversation_document`; arrays come back as lists."""
    return Stored(
        conversation=conversation_from(document),
        contact=contact_from(document["contact"]),
        revision=document["revision"],
        handled=tuple(document["handled"]),
        outbox=tuple(map(outgoing_from, document["outbox"])),
        journal=tuple(map(KeptRecord.read, document["journal"])),
        leased_by=document["leased_by"],
        leased_until=document["leased_until"],
        due_at=document["due_at"],
        care=care_from(document.get(CARE)),
    )


def standing_from(document: Mapping[str, Any]) -> Standing:
    """Where a conversation's document says it stands."""
    state = document["conversation"]
    places = tuple((frame["flow"], frame["state"]) for frame in state["frames"])
    return Standing(state["version"], places)


def publication_document(publication: Publication, files: Files) -> dict[str, Any]:
    """A publication with its files; their names are values, since they have dots."""
    fields = fields_of(publication)
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
