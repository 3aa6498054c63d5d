"""Worlds that are different, for actions to end otherwise; and endings that are told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any, Final, get_args

from bot.booking.office import Office
from bot.booking.rules import Rules
from bot.dialogue.actions import Action
from bot.replay.suggesting.sketch import Raw

DAYS: Final = 21
"""So many days from the first on are full, or closed."""

BOOKED: Final = 5
"""A booking is tried on each of so many days."""

_COUNTS: Final = (0, 1, 2)
_NAMED: Final = re.compile(r"\{\{.*?\}\}")


def worlds(office: Office, now: datetime) -> Iterator[Raw]:
    """Fixtures one by one: days, bookings, the blacklist, and each rule otherwise."""
    today = office.today(now)
    days = [today + timedelta(days=n) for n in range(DAYS)]
    yield {"full": days}
    yield {"full": [day for day in days if day > today][:1]}
    yield {"closed": dict.fromkeys(days, "Stock opname")}
    yield {"seats": 1}
    yield {"blocked": "Calo"}
    open_days = [day for day in days if f"{day:%A}".lower() not in office.closed_weekdays]
    for day in open_days[:BOOKED]:
        yield {"bookings": [_booking(day, "Rina Contoh")]}
        yield {"bookings": [_booking(day, "Rina Wulandari", sender="6281200000009")]}
    two = [_booking(day, "Rina Contoh") for day in open_days[1:3]]
    yield {"bookings": two, "rules": {"active_per_sender": 2}}
    for rule, value in _otherwise(office):
        yield {"rules": {rule: value}}
        yield {"rules": {rule: value}, "bookings": two[:1]}


def endings(
    action: Action, outcome: str, given: Mapping[str, Any], office: Office
) -> Iterator[Raw]:
    """How an action may be told to end, with what it then gives.

    Args:
        given: what actions gave elsewhere, by slot; else the example stands for it.
    """
    known = action.gives if action.known is None else action.known.get(outcome, frozenset())
    values = {}
    for slot in sorted(known & action.gives):
        if slot in given or slot in action.example:
            values[slot] = _plain(given.get(slot, action.example.get(slot)), office)
    if values:
        yield {action.name: {outcome: values}}
    yield {action.name: outcome}


def _booking(day: date, name: str, **more: str) -> Raw:
    return {"day": day, "name": name, "birth_date": date(1990, 2, 28), **more}


def _otherwise(office: Office) -> Iterator[tuple[str, Any]]:
    """Rules with values that are others, where one can think of some."""
    for name, field in Rules.model_fields.items():
        value = getattr(office, name)
        if isinstance(value, bool):
            yield name, not value
        elif isinstance(value, Enum):
            yield from ((name, each.value) for each in type(value) if each is not value)
        elif isinstance(value, int):
            yield from ((name, count) for count in _COUNTS if count != value)
        elif isinstance(value, str):
            choices = [each for each in get_args(field.annotation) if isinstance(each, str)]
            yield from ((name, each) for each in choices if each != value)


def _plain(value: Any, office: Office) -> Any:
    """A value as a recording writes it; what an example says of the office is filled in."""
    match value:
        case str():
            return _NAMED.sub(office.short_name, value)
        case Mapping():
            return {str(key): _plain(each, office) for key, each in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_plain(each, office) for each in value]
        case date():
            return value.isoformat()
        case _:
            return value
