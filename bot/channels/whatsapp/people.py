"""Who wrote: the address and the name of a message's sender."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from bot.channels.whatsapp.wire import id_at, text_at

PROFILE_KEPT = 200

_ADDRESS = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,159}")
"""A phone number, or a business-scoped id such as ``ID.13491208655302741918``."""

_MESSAGE_IDS = ("from_user_id", "from_parent_user_id")


class People:
    """The contacts of one change; a lone one is the sender's whatever ids it carries."""

    def __init__(self, contacts: list[dict[str, Any]]) -> None:
        self._only = contacts[0] if len(contacts) == 1 else None
        self._contacts: dict[str, dict[str, Any]] = {}
        for contact in contacts:
            for key in ("wa_id", "user_id"):
                if address := address_of(id_at(contact, key)):
                    self._contacts.setdefault(address, contact)

    def ids_of(self, message: Mapping[str, Any]) -> tuple[str, ...]:
        """All addresses of a message's sender, a phone number first; empty when it has none.

        Who hides their number has business-scoped ids alone, and ``from`` may hold one.
        """
        told = [address_of(id_at(message, key)) for key in ("from", *_MESSAGE_IDS)]
        known = self._contact_of(told)
        numbers = [*told[:1], address_of(id_at(known, "wa_id"))]
        phone = next((each for each in numbers if each.isdecimal()), "")
        others = [*told, *(address_of(id_at(known, key)) for key in ("user_id", "parent_user_id"))]
        ids = dict.fromkeys([phone, *(each for each in others if not each.isdecimal())])
        # An id that is all digits is odd, but somebody to answer, when there is no other.
        return tuple(filter(None, ids)) or tuple(filter(None, others))[:1]

    def _contact_of(self, told: Iterable[str]) -> Mapping[str, Any]:
        """The contact of who wrote; nobody's ids are taken for another's."""
        found = next((self._contacts[each] for each in told if each in self._contacts), None)
        sender = next(filter(None, told), "")
        return found or (self._only if self._only and not sender else None) or {}

    def name_of(self, sender: str) -> str:
        """The name this sender gave themselves."""
        return _name(self._only or self._contacts.get(sender, {}))


def _name(contact: Mapping[str, Any]) -> str:
    return text_at(contact, "profile", "name")[:PROFILE_KEPT]


def address_of(raw: str) -> str:
    """An address as it is used within the house; empty when it is none."""
    if not raw:
        return ""
    stripped = raw.strip().removeprefix("+")
    return stripped if _ADDRESS.fullmatch(stripped) else ""
