"""Who wrote: the address and the name of a message's sender."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.channels.whatsapp.wire import id_at, text_at

PROFILE_KEPT = 200

_ADDRESS = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,159}")
"""A phone number, or a business-scoped id such as ``ID.13491208655302741918``."""


class People:
    """The contacts of one change; a lone one is the sender's whatever ids it carries."""

    def __init__(self, contacts: list[dict[str, Any]]) -> None:
        self._only = contacts[0] if len(contacts) == 1 else None
        self._names: dict[str, str] = {}
        for contact in contacts:
            for key in ("wa_id", "user_id"):
                self._names.setdefault(address_of(id_at(contact, key)), _name(contact))

    def sender_of(self, message: Mapping[str, Any]) -> str:
        """The phone number, or the business-scoped id of someone who hides theirs, or ``""``."""
        candidates = (
            id_at(message, "from"),
            id_at(message, "from_user_id"),
            id_at(self._only, "wa_id"),
            id_at(self._only, "user_id"),
        )
        return next((address for raw in candidates if (address := address_of(raw))), "")

    def name_of(self, sender: str) -> str:
        """The name this sender gave themselves."""
        return _name(self._only) if self._only else self._names.get(sender, "")


def _name(contact: Mapping[str, Any]) -> str:
    return text_at(contact, "profile", "name")[:PROFILE_KEPT]


def address_of(raw: str) -> str:
    """An address as it is used within the house; empty when it is none."""
    stripped = raw.strip().removeprefix("+")
    return stripped if _ADDRESS.fullmatch(stripped) else ""
