"""When staff answer in the chat: on days of service, in service hours, on the office's clock."""

from datetime import datetime
from typing import Any

import pytest

from bot.booking.answering import OfficeHours


def at(office: Any, moment: str) -> datetime:
    """A moment on the office's clock."""
    return datetime.fromisoformat(moment).replace(tzinfo=office.zone)


@pytest.mark.parametrize(
    ("now", "opens", "closes"),
    [
        ("2026-11-24T07:59", "2026-11-24T08:00", "2026-11-24T16:00"),
        ("2026-11-24T08:00", None, "2026-11-24T16:00"),
        ("2026-11-24T15:59", None, "2026-11-24T16:00"),
        ("2026-11-24T16:00", "2026-11-25T08:00", "2026-11-25T16:00"),
        ("2026-11-27T17:00", "2026-11-30T08:00", "2026-11-30T16:00"),  # a Friday
        ("2026-12-24T09:00", "2026-12-28T08:00", "2026-12-28T16:00"),  # a joint day
    ],
)
def test_hours(now: str, opens: str | None, closes: str, make_office: Any) -> None:
    """The next opening while they are away, and the next closing in any case."""
    day = {"id": "hari", "name": {"id": "Hari"}, "from": "08:00", "until": "16:00", "seats": 9}
    office = make_office(sessions=[day])
    hours, moment = OfficeHours(office), at(office, now)
    assert hours.opens_at(moment) == (at(office, opens) if opens else None)
    assert hours.closes_at(moment) == at(office, closes)


def test_an_office_closed_for_good(make_office: Any) -> None:
    """Nobody knows when it is back."""
    every = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    office = make_office(closed_weekdays=every)
    now = at(office, "2026-11-24T09:00")
    assert OfficeHours(office).opens_at(now) is None
    assert OfficeHours(office).closes_at(now) is None
