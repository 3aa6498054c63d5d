"""A message understood in one of the states a booking goes through."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.dialogue.events import Expectation, Message, Understood
from nlu.grammar import understand

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Asia/Jakarta"))
"""A Monday."""

STATES = {
    "": Expectation(),
    "welcome": Expectation(
        "welcome",
        frozenset({"greet", "register", "approve", "ask_dates", "choose_date", "submit_identity"}),
    ),
    "choosing_date": Expectation(
        "choosing_date",
        frozenset({"ask_dates", "choose_option", "choose_date", "submit_identity"}),
        options=5,
    ),
    "identifying": Expectation(
        "identifying",
        frozenset({"ask_dates", "choose_date"}),
        missing=("person_name", "birth_date"),
        known={"service_date": "2027-01-04"},
    ),
    "asking_birth_date": Expectation(
        "asking_birth_date",
        missing=("birth_date",),
        known={"service_date": "2027-01-04", "person_name": "RINA"},
    ),
    "collecting": Expectation(
        "collecting", missing=("person_name", "birth_date", "service_date")
    ),
    "confirming": Expectation(
        "confirming",
        frozenset({
            "give_code", "approve", "reject", "correct", "inform", "submit_identity", "choose_date",
            "ask_dates",
        }),
        known={"service_date": "2027-01-04", "person_name": "RINA", "birth_date": "1990-08-17"},
    ),
}  # fmt: skip

Hear = Callable[..., Understood]


@pytest.fixture(scope="session")
def hear() -> Hear:
    """``hear(text, state, now=…)`` gives what the grammar understands."""

    def understood(
        text: str, state: str = "", *, kind: str = "text", now: datetime = NOW
    ) -> Understood:
        return understand(Message("wamid.1", kind, text, now), STATES[state], now)

    return understood
