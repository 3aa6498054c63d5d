from __future__ import annotations

from datetime import time
from typing import Any

import pytest
from pydantic import ValidationError

from bot.booking.session import Session


def session(**changes: Any) -> Session:
    """A morning of three hours, with ``changes`` as staff would write them."""
    written: dict[str, Any] = {
        "id": "pagi",
        "name": {"id": "Pagi", "en": "Morning"},
        "from": "08:00",
        "until": "11:00",
        "seats": 90,
    }
    return Session.model_validate(written | changes)


class TestSession:
    def test_hours_begin_at_from_and_stop_before_until(self) -> None:
        """The last hour begins before the session is over."""
        assert session().hours(60) == (time(8), time(9), time(10))
        assert session().hours(30)[-1] == time(10, 30)

    def test_name_falls_back_to_indonesian(self) -> None:
        """A language staff did not write gets the first name they did write."""
        assert session().called("en") == "Morning"
        assert session().called("jv") == "Pagi"

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"from": 8.0}, 'write an hour as "08:00", not 8.0'),
            ({"from": "24:00"}, 'write an hour as "08:00"'),
            ({"from": "8:00"}, 'write an hour as "08:00"'),
            ({"until": "08:00"}, "must end after it begins"),
            ({"seats": 0}, "greater than or equal to 1"),
            ({"seats": True}, "valid integer"),
            ({"seats": "90"}, "valid integer"),
            ({"name": {}}, "at least one name"),
            ({"id": "Pagi hari"}, "small letters"),
        ],
    )
    def test_mistakes_are_refused(self, changes: dict[str, Any], message: str) -> None:
        """What would mislead applicants or the plan is refused, with the mend."""
        with pytest.raises(ValidationError, match=message):
            session(**changes)
