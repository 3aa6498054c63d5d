"""What a message brings besides words, and what it has to do with other messages.

A channel reads these from its wire form, cut to size and of the types told here; the journal keeps
them. The dialogue itself answers words, taps and photos.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias

from bot.dialogue.fields import fields_of


@dataclass(frozen=True, slots=True)
class Location:
    """A place on the map.

    Args:
        latitude, longitude: degrees, within -90 … 90 and -180 … 180.
        name, address: empty when only the point was shared.
    """

    latitude: float
    longitude: float
    name: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """Somebody's contact card.

    Args:
        phones: as written on the card.
    """

    name: str
    phones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cards:
    """Contact cards of other people."""

    cards: tuple[Card, ...]

    def as_document(self) -> dict[str, Any]:
        """JSON-like form for the journal."""
        return {"cards": [{"name": card.name, "phones": list(card.phones)} for card in self.cards]}


@dataclass(frozen=True, slots=True)
class OrderItem:
    """One line of an order; the price is of one piece."""

    product: str
    quantity: float = 0
    price: float = 0
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """Things chosen from a catalogue."""

    catalog: str
    items: tuple[OrderItem, ...] = ()

    def as_document(self) -> dict[str, Any]:
        """JSON-like form for the journal."""
        return {"catalog": self.catalog, "items": [fields_of(item) for item in self.items]}


@dataclass(frozen=True, slots=True)
class Form:
    """A form that was filled in within the chat (WhatsApp Flows).

    Args:
        answers: JSON as it was sent; what is too long or no JSON is not kept.
    """

    name: str
    answers: str = ""


@dataclass(frozen=True, slots=True)
class Reaction:
    """An emoji put on a message, or taken away from it.

    Args:
        to: id of that message.
        emoji: empty when it was taken away.
    """

    to: str
    emoji: str = ""


@dataclass(frozen=True, slots=True)
class Revoked:
    """A message was deleted for everybody.

    Args:
        original: its id.
    """

    original: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A message of a kind that nobody here, or not even the channel, can read.

    Args:
        kind: what the channel says it is: ``poll_creation`` …; empty when it does not say.
        code: the channel's error code for it.
        raw: the message as JSON, for whoever looks into the journal; empty when it is too long.
    """

    kind: str = ""
    code: int | None = None
    raw: str = field(default="", repr=False)


Attachment: TypeAlias = Location | Cards | Order | Form | Reaction | Revoked | Unreadable


@dataclass(frozen=True, slots=True)
class Context:
    """What a message has to do with others.

    Args:
        replies_to: id of the message it quotes; a tap quotes the message that had the button.
        forwarded: it was written elsewhere.
        often_forwarded: and forwarded more than five times.
        product: the catalogue's product that is asked about.
    """

    replies_to: str = ""
    forwarded: bool = False
    often_forwarded: bool = False
    product: str = ""


@dataclass(frozen=True, slots=True)
class Referral:
    """The advertisement or post that somebody came by.

    Args:
        source: ``ad`` or ``post``.
        source_id: of the advertisement or post.
        url: of it.
        headline, body: as it was shown.
        click_id: Meta's id of the click.
    """

    source: str
    source_id: str = ""
    url: str = ""
    headline: str = ""
    body: str = ""
    click_id: str = ""


def attachment_document(attachment: Attachment) -> dict[str, Any]:
    """JSON-like form for the journal; ``is`` names the kind."""
    own = attachment.as_document() if isinstance(attachment, Cards | Order) else None
    return {"is": type(attachment).__name__.lower(), **(own or fields_of(attachment))}
