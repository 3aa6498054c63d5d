"""What a button says may be typed: it means what a tap means."""

from datetime import UTC, datetime

import pytest

from bot.dialogue.events import Expectation, Message, Understood
from nlu.grammar import understand

NOW = datetime(2026, 11, 23, tzinfo=UTC)
TAPS = {
    "Dr. Melati (Gigi)": '/choose_doctor{"doctor": "melati"}',
    "Ada yang salah": "/reject",
    "Rab, 25 Nov 2026": '/choose_date{"service_date": "2026-11-25"}',
    "Odd": "/none",
}


def heard(text: str, taps: dict[str, str] = TAPS) -> Understood:
    """What a text means under these buttons."""
    return understand(Message("m", "text", text, NOW), Expectation(tappable=lambda: taps), NOW)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("dr melati gigi", "choose_doctor"),
        ("DR. MELATI (GIGI)", "choose_doctor"),
        ("Ada yg salah.", "reject"),
        ("rab 25 nov 2026", "choose_date"),
    ],
)
def test_typed(text: str, intent: str) -> None:
    """Case, signs and short forms do no harm; the entities of the tap come along."""
    understood = heard(text)
    assert understood.intent == intent
    assert understood.confidence == 1


@pytest.mark.parametrize("text", ["melati", "Odd", "mau dr melati gigi besok", "25", "👍"])
def test_not_typed(text: str) -> None:
    """A part of a title, or more than it, is understood as without buttons."""
    assert heard(text) == heard(text, {})
