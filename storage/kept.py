"""A conversation's document in memory, in parts: a turn encodes what is new, a mark nothing, and
what nobody looks into is not decoded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import bson

from bot.dialogue.store import HANDLED_KEPT, Contact, Outgoing, Stored, TurnSave
from storage.documents import (
    CARE,
    MISSED,
    beside_of,
    care_document,
    care_from,
    contact_document,
    contact_from,
    conversation_from,
    outgoing_document,
    outgoing_from,
    state_document,
)
from storage.moments import milliseconds
from storage.records import AWARE, KeptRecord


@dataclass(slots=True)
class KeptConversation:
    """A conversation's document in parts; what is JSON-like in it is the BSON that MongoDB would
    hold.

    Args:
        about: ``conversation`` and ``care``.
        contact: as MongoDB would give it back.
        outbox: as it was said, for most of it is sent before anybody loads it; whoever does reads
            what MongoDB would give.
        missed: when something was last not understood, and at which office.
    """

    about: bytes
    contact: Contact
    revision: int
    handled: tuple[str, ...]
    outbox: tuple[Outgoing, ...]
    journal: tuple[KeptRecord, ...]
    leased_by: str
    leased_until: datetime
    due_at: datetime
    missed: Mapping[str, Any] | None = None

    @classmethod
    def new(cls, before: Stored) -> KeptConversation:
        """What stands before the first turn, which will say what it is about."""
        journal = tuple(map(KeptRecord.of, before.journal))
        lease = before.leased_by, before.leased_until, before.due_at
        return cls(
            b"", before.contact, before.revision, before.handled, before.outbox, journal, *lease
        )

    def stored(self) -> Stored:
        """The conversation."""
        about = bson.decode(self.about, AWARE)
        return Stored(
            conversation=conversation_from(about),
            contact=self.contact,
            revision=self.revision,
            handled=self.handled,
            outbox=tuple(outgoing_from(each) for each in map(_read, self.outbox)),
            journal=tuple([record.again() for record in self.journal]),
            leased_by=self.leased_by,
            leased_until=self.leased_until,
            due_at=self.due_at,
            care=care_from(about.get(CARE)),
        )

    def document(self) -> dict[str, Any]:
        """The whole, as :func:`storage.documents.conversation_document` makes it."""
        return {
            **bson.decode(self.about, AWARE),
            "contact": contact_document(self.contact),
            "revision": self.revision,
            "handled": self.handled,
            "outbox": [*map(_read, self.outbox)],
            "journal": [bson.decode(record.encoded, AWARE) for record in self.journal],
            "leased_by": self.leased_by,
            "leased_until": self.leased_until,
            "due_at": self.due_at,
            **({MISSED: self.missed} if self.missed else {}),
        }

    def add(self, save: TurnSave) -> None:
        """Write a turn, whole or, where something cannot be encoded, not at all."""
        about = {
            "_id": save.conversation.id,
            "conversation": state_document(save.conversation),
        }
        care = save.before.care if save.care is None else save.care
        if care.wanted:
            about[CARE] = care_document(care, save.contact.office)
        self.missed = beside_of(save).get(MISSED, self.missed)
        encoded, record = bson.encode(about), KeptRecord.of(save.journal)
        contact = _contact(save.contact)
        self.outbox = (*self.outbox, *save.outbox)
        self.about, self.contact, self.journal = encoded, contact, (*self.journal, record)
        self.handled = (*self.handled, save.handled)[-HANDLED_KEPT:]
        self.revision += 1
        self.set_lease(save.leased_by, save.leased_until, save.due_at)

    def attempted(self, item: Outgoing) -> None:
        """Write an item of the outbox anew, if it is still there."""
        self.outbox = tuple(item if each.id == item.id else each for each in self.outbox)

    def pull(self, items: Sequence[str], journalled: Sequence[str]) -> None:
        """Take items out of the outbox, and records out of the journal, by id."""
        self.outbox = tuple([item for item in self.outbox if item.id not in items])
        if journalled:
            self.journal = tuple([each for each in self.journal if each["_id"] not in journalled])

    def put(self, item: Outgoing, due_at: datetime) -> None:
        """Append an item to the outbox, unless it is there, as if a turn had said it."""
        if item.id not in {each.id for each in self.outbox}:
            self.outbox = (*self.outbox, item)
            self.revision += 1
            self.due_at = min(self.due_at, milliseconds(due_at))

    def set_lease(self, owner: str, until: datetime, due_at: datetime) -> None:
        """Write who sends, and when to look again."""
        self.leased_by, self.leased_until = owner, milliseconds(until)
        self.due_at = milliseconds(due_at)


def _contact(contact: Contact) -> Contact:
    """A contact as MongoDB gives it back. Most come as they go, being made of nothing but plain
    letters and whole milliseconds; the others go there and back.
    """
    times = contact.heard_at, contact.since, contact.number_since
    plain = not (contact.left or contact.also or contact.linked or contact.proven)
    exact = all(each.tzinfo is UTC and each.microsecond % 1000 == 0 for each in times)
    if plain and exact and contact.profile.isascii():
        return contact
    return contact_from(bson.decode(bson.encode(contact_document(contact)), AWARE))


def _read(item: Outgoing) -> Mapping[str, Any]:
    """An item as MongoDB gives it back."""
    return bson.decode(bson.encode(outgoing_document(item)), AWARE)
