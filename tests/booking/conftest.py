"""An office to test with: everything plain, so that a test names what it is about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.booking.office import Office
from bot.booking.seats import SeatStore
from tests.support.counter import Counter

MakeOffice = Callable[..., Office]

NAME = {"id": "Sesi", "en": "Session"}


@pytest.fixture(scope="session")
def make_office() -> MakeOffice:
    """An office with two sessions, weekends closed, ``changes`` as staff would write."""

    def make(**changes: Any) -> Office:
        written: dict[str, Any] = {
            "id": "kota_contoh",
            "name": "Kantor Contoh",
            "short_name": "Kota Contoh",
            "prefix": "KCN",
            "time_zone": "Asia/Jakarta",
            "flow": "passport_guided",
            "sessions": [
                {"id": "pagi", "name": NAME, "from": "08:00", "until": "12:00", "seats": 8},
                {"id": "siang", "name": NAME, "from": "13:00", "until": "15:00", "seats": 3},
            ],
        }
        return Office.model_validate(written | changes)

    return make


@pytest.fixture
def seats(stores: Any) -> SeatStore:
    """Seats, in memory and in the embedded database."""
    found: SeatStore = stores[1]
    return found


@pytest.fixture
def counter(seats: SeatStore, make_office: Any) -> Counter:
    """An office of eleven seats a day."""
    return Counter(seats, make_office())
