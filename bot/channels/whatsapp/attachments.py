"""The values of WhatsApp's wordless messages, out of their wire forms, each cut to size.

What is missing or of another type reads as empty: a location without a point is still a message.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any, Final

import orjson

from bot.channels.whatsapp.wire import id_at, number_at, objects_at, text_at, value_at
from bot.dialogue.attachment import (
    Card,
    Cards,
    Form,
    Location,
    Order,
    OrderItem,
    Reaction,
    Revoked,
    Unreadable,
)

NAME_KEPT: Final = 200
CARDS_KEPT: Final = 20
PHONES_KEPT: Final = 5
ITEMS_KEPT: Final = 50
EMOJI_KEPT: Final = 40
"""Characters; families and flags take a dozen."""

ANSWERS_KEPT: Final = 8_000
RAW_KEPT: Final = 4_000
"""Characters of JSON. They stand in the conversation's document until they are copied out."""

NORTH, EAST = 90, 180

CODES: Final = 10_000_000
"""Meta's error codes lie below."""

ENVELOPE: Final = frozenset({"from", "from_user_id", "from_parent_user_id", "id", "timestamp"})
"""Fields of every message: who and when, which the journal knows without them."""


def words_at(value: Any, *path: str) -> str:
    """The words at ``path``; a number is what somebody typed, whatever made it one."""
    return text_at(value, *path) or id_at(value, *path)


def location_in(message: Mapping[str, Any]) -> Location | None:
    """The place of a location message; ``None`` when it is not on this globe."""
    latitude = number_at(message, "location", "latitude")
    longitude = number_at(message, "location", "longitude")
    if latitude is None or longitude is None or abs(latitude) > NORTH or abs(longitude) > EAST:
        return None
    name, address = (text_at(message, "location", key)[:NAME_KEPT] for key in ("name", "address"))
    return Location(latitude, longitude, name, address)


def cards_in(message: Mapping[str, Any]) -> Cards:
    """The contact cards of a message, :data:`CARDS_KEPT` of them."""
    return Cards(tuple(_card(card) for card in objects_at(message, "contacts")[:CARDS_KEPT]))


def _card(card: Mapping[str, Any]) -> Card:
    name = text_at(card, "name", "formatted_name") or text_at(card, "name", "first_name")
    phones = (
        id_at(phone, "phone") or id_at(phone, "wa_id") for phone in objects_at(card, "phones")
    )
    kept = islice(filter(None, phones), PHONES_KEPT)
    return Card(name[:NAME_KEPT], tuple(phone[:NAME_KEPT] for phone in kept))


def order_in(message: Mapping[str, Any]) -> Order:
    """What was ordered, :data:`ITEMS_KEPT` lines of it."""
    items = objects_at(message, "order", "product_items")[:ITEMS_KEPT]
    return Order(id_at(message, "order", "catalog_id")[:NAME_KEPT], tuple(map(_item, items)))


def _item(item: Mapping[str, Any]) -> OrderItem:
    return OrderItem(
        id_at(item, "product_retailer_id")[:NAME_KEPT],
        number_at(item, "quantity") or 0,
        number_at(item, "item_price") or 0,
        text_at(item, "currency")[:NAME_KEPT],
    )


def form_in(message: Mapping[str, Any]) -> Form:
    """The answers of a form; Meta writes them as JSON within a string."""
    answers = value_at(message, "interactive", "nfm_reply", "response_json")
    if isinstance(answers, dict | list):
        answers = json_of(answers)
    if not isinstance(answers, str) or len(answers) > ANSWERS_KEPT or not _is_json(answers):
        answers = ""
    return Form(text_at(message, "interactive", "nfm_reply", "name")[:NAME_KEPT], answers)


def reaction_in(message: Mapping[str, Any]) -> Reaction:
    """The emoji and whose it is; without one it was taken away."""
    to = id_at(message, "reaction", "message_id")[:NAME_KEPT]
    return Reaction(to, text_at(message, "reaction", "emoji")[:EMOJI_KEPT])


def revoked_in(message: Mapping[str, Any]) -> Revoked:
    """Which message was deleted."""
    return Revoked(id_at(message, "revoke", "original_message_id")[:NAME_KEPT])


def unreadable(message: Mapping[str, Any]) -> Unreadable:
    """All there is to know of a message nobody can read."""
    kind = text_at(message, "unsupported", "type") or text_at(message, "type")
    if kind == "interactive":
        kind = text_at(message, "interactive", "type") or kind
    errors = objects_at(message, "errors")
    code = int(number_at(errors[0], "code") or 0) if errors else 0
    raw = json_of({key: value for key, value in message.items() if key not in ENVELOPE})
    whole = raw if len(raw) <= RAW_KEPT else ""
    return Unreadable(kind[:NAME_KEPT], code if 0 < code < CODES else None, whole)


def json_of(value: Any) -> str:
    """The value as JSON; empty when it is nested too deep to be written."""
    try:
        return orjson.dumps(value).decode()
    except (orjson.JSONEncodeError, RecursionError):
        return ""


def _is_json(text: str) -> bool:
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        return False
    return True
