"""News that somebody's number or id is another now, as Meta tells it.

A changed number comes as a ``system`` message from the old one, to every number of ours they wrote
to; it changes the business-scoped id as well. Who hides their number changes the id alone, as far
as we are told. ``user_id_update`` is an older form of the same news.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from bot.channels.inbound import IdentityChange
from bot.channels.whatsapp.people import address_of
from bot.channels.whatsapp.wire import id_at, text_at

CHANGED: Final = frozenset(
    {"user_changed_number", "customer_changed_number", "user_changed_user_id"}
)
CONFIRM: Final = frozenset({"customer_identity_changed", "user_identity_changed"})
"""Somebody registered anew, perhaps on another telephone; their addresses are what they were."""

UPDATE: Final = "user_id_update"


def change_in(
    message: Mapping[str, Any], id_: str, office: str, at: datetime
) -> IdentityChange | None:
    """The change a ``system`` message tells of; ``None`` for another, or one that lacks an end.

    Args:
        id_: of the message.
        office: that was told.
    """
    system, kind = message.get("system"), text_at(message, "system", "type")
    wrote, hidden = id_at(message, "from"), id_at(message, "from_user_id")
    old = [id_at(system, "previous_user_id"), id_at(system, "previous_parent_user_id")]
    old += [hidden, wrote, id_at(system, "customer")]
    if kind in CONFIRM:
        return _change(id_, office, kind, at, old, ())
    if kind not in CHANGED:
        return None
    phone = id_at(system, "new_wa_id") or id_at(system, "wa_id")
    if kind == "user_changed_user_id":
        phone = phone or wrote
    new = [phone, id_at(system, "user_id"), id_at(system, "parent_user_id")]
    change = _change(id_, office, kind, at, old, new)
    return change if change.before and change.after else None


def update_in(value: Mapping[str, Any], office: str, at: datetime) -> IdentityChange | None:
    """The change one entry of ``user_id_update`` tells of; ``None`` when it lacks an end.

    The number that comes with it is the one they have now.
    """
    names = ("user_id", "parent_user_id")
    old = [id_at(value, name, "previous") for name in names]
    new = [id_at(value, "wa_id"), *(id_at(value, name, "current") for name in names)]
    id_ = sha256("|".join([*old, *new]).encode()).hexdigest()[:32]
    change = _change(f"{UPDATE}-{id_}", office, UPDATE, at, old, new)
    return change if change.before and change.after else None


def _change(
    id_: str, office: str, kind: str, at: datetime, old: Iterable[str], new: Iterable[str]
) -> IdentityChange:
    after = _addresses(new)
    before = _addresses(old)
    if kind not in CONFIRM and not set(before) - set(after):
        before = ()  # nothing is given up: no news
    return IdentityChange(id_, "whatsapp", office, kind, at, before, after)


def _addresses(raw: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(address_of, raw))))
