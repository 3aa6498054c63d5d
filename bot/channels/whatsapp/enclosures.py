"""What a reply brings beside its words, in WhatsApp's form."""

from __future__ import annotations

from typing import Any

from bot.channels.whatsapp.choices import Body
from bot.channels.whatsapp.limits import CARD_NAME, CARD_NUMBERS, FILE_NAME, PLACE
from bot.channels.whatsapp.text import shorten
from bot.dialogue.attachment import Card, Location, Reaction
from bot.dialogue.reply import Pdf


def image(media_id: str, caption: str = "") -> Body:
    """A picture, uploaded before."""
    return {"type": "image", "image": _captioned({"id": media_id}, caption)}


def document(media_id: str, pdf: Pdf, caption: str = "") -> Body:
    """A file to keep, uploaded before, under the name it is to be saved by."""
    named = {"id": media_id, "filename": _file_name(pdf.name)}
    return {"type": "document", "document": _captioned(named, caption)}


def location(place: Location) -> Body:
    """A place on the map; Meta shows an address only below a name."""
    shown: dict[str, Any] = {"latitude": place.latitude, "longitude": place.longitude}
    name, address = shorten(place.name, PLACE), shorten(place.address, PLACE)
    if name or address:
        shown["name"] = name or address
    if name and address:
        shown["address"] = address
    return {"type": "location", "location": shown}


def contacts(card: Card) -> Body:
    """A card to put among one's contacts, its numbers ready to be written to.

    Raises:
        ValueError: it has no name or no number.
    """
    name = shorten(card.name, CARD_NAME)
    if not name or not card.phones:
        raise ValueError("a contact needs a name and a number; WhatsApp takes none without")
    phones = [
        {"phone": number, "type": "WORK", "wa_id": "".join(filter(str.isdecimal, number))}
        for number in card.phones[:CARD_NUMBERS]
    ]
    # Meta wants a part of the name beside the whole; an office has but one.
    names = {"formatted_name": name, "first_name": name}
    return {"type": "contacts", "contacts": [{"name": names, "phones": phones}]}


def reaction(put: Reaction) -> Body:
    """An emoji on a message of theirs."""
    return {"type": "reaction", "reaction": {"message_id": put.to, "emoji": put.emoji}}


def _captioned(file: dict[str, str], caption: str) -> dict[str, str]:
    return {**file, "caption": caption} if caption else file


def _file_name(name: str) -> str:
    """A file's name within the limit, its ending kept."""
    stem, dot, ending = name.rpartition(".")
    return shorten(stem or name, FILE_NAME - len(dot + ending)) + (dot + ending if stem else "")
