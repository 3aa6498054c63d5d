"""Everything that is kept about one address, gathered from every store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.booking.notices import Notice
from bot.booking.office import Offices
from bot.booking.people import Person
from bot.booking.seats import Seat
from bot.booking.waitlist import Wait
from bot.dialogue.deliveries import Report
from bot.dialogue.proving import Proof
from bot.dialogue.store import Stored
from bot.stores import Stores

CHANNELS: Final = ("whatsapp", "rest", "web")
"""Channels in which a sender may be a telephone number."""


@dataclass(frozen=True, slots=True)
class Subject:
    """An address and what is kept about it.

    Args:
        address: ``channel:sender``.
        seats: that the address registered, for whomever.
        records: of the journal, oldest first within each conversation.
        photos: hashes of pictures still there.
        waits: its places in waitlists, those that ended too.
        deliveries: how far messages to it got.
        proofs: browsers that proved it is theirs, or are about to; of a browser, what it proved.
    """

    address: str
    seats: Sequence[Seat]
    conversations: Sequence[Stored]
    records: Sequence[Mapping[str, Any]]
    person: Person
    notices: Sequence[Notice]
    photos: Sequence[str]
    waits: Sequence[Wait]
    deliveries: Sequence[Report] = ()
    proofs: Sequence[Proof] = ()

    @property
    def is_known(self) -> bool:
        """Whether anything is kept."""
        kept = (self.seats, self.conversations, self.records, self.notices, self.waits)
        return any(kept) or bool(self.deliveries or self.proofs or self.person.revision)


async def subject(stores: Stores, offices: Offices, address: str) -> Subject:
    """Gather it; each store is asked by index."""
    channel, _, sender = address.partition(":")
    found = await stores.conversations.of_sender(channel, sender)
    # A conversation that has gone for its silence may have left records.
    named = [f"{channel}:{office.id}:{sender}" for office in offices]
    ids = list(dict.fromkeys([*found, *named]))
    loaded = [await stores.conversations.load(id_) for id_ in ids]
    conversations = [stored for stored in loaded if stored]
    seats = await stores.seats.of_sender(address)
    said = [seat.claim.applicant.details.get("photo") for seat in seats if seat.claim]
    said += [stored.conversation.slots.get("photo") for stored in conversations]
    photos = [each for each in dict.fromkeys(said) if each and await stores.photos.has(each)]
    return Subject(
        address,
        seats,
        conversations,
        [record for id_ in ids for record in await stores.conversations.transcript(id_)],
        await stores.people.load(address),
        [notice for id_ in ids for notice in await stores.notices.of_conversation(id_)],
        photos,
        await stores.waitlist.of_sender(address),
        [report for id_ in ids for report in await stores.deliveries.of_conversation(id_)],
        await stores.proofs.of(address),
    )
