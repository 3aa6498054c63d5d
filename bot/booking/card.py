"""A seat as replies show it: plain values for templates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from bot.booking.office import Office
from bot.booking.seats import Seat

EXAMPLE: dict[str, Any] = {
    "seat": "kota_contoh:2026-11-24:001",
    "key": "rest:kota_contoh:contoh|1|0",
    "office": "{{ office.name }}",
    "code": "KCN-7F4Q2-M8XCK",
    "number": 999,
    "date": "2026-11-24",
    "hour": "08.00",
    "arrive": "07.30",
    "name": "CONTOH" * 10,
    "birth_date": "1990-08-17",
}
"""A card as long as it gets; a name has 60 characters at most."""


def card(seat: Seat, office: Office) -> dict[str, Any]:
    """What an applicant may know of their own seat.

    Returns:
        ``seat`` and ``key`` (to act on it), ``office`` (its name), ``code``, ``number``, ``date``
        (ISO), ``hour`` and ``arrive`` (``08.00``), ``name``, ``birth_date`` (ISO).
    """
    if seat.claim is None:
        raise ValueError(f"{seat.id} is nobody's")
    arrive = datetime.combine(seat.day, seat.hour) - timedelta(minutes=office.arrive_minutes)
    return {
        "seat": seat.id,
        "key": seat.claim.key,
        "office": office.name,
        "code": seat.booking_code,
        "number": seat.number,
        "date": seat.day.isoformat(),
        "hour": _in_digits(seat.hour),
        "arrive": _in_digits(arrive.time()),
        "name": seat.claim.applicant.name,
        "birth_date": seat.claim.applicant.birth_date.isoformat(),
    }


def _in_digits(hour: time) -> str:
    """``08.00``; ``strftime`` takes twice as long."""
    return f"{hour.hour:02}.{hour.minute:02}"


def cards(seats: Sequence[Seat], office: Office) -> list[dict[str, Any]]:
    """The :func:`card` of each member of a family."""
    return [card(seat, office) for seat in seats]
