"""Yesterday as the day chosen: understood, so that it can be answered."""

import pytest

from bot.dialogue.events import Expectation, Message
from nlu.grammar import understand
from tests.nlu.conftest import NOW

CHOOSING = Expectation("choosing_date", frozenset({"choose_date", "ask_dates"}), options=5)
CONFIRMING = Expectation("confirming", frozenset({"choose_date", "give_code", "approve"}))


@pytest.mark.parametrize("text", ["kemarin", "kmrn bisa?", "kalau kemarin boleh ya", "yesterday"])
def test_as_a_date(text: str) -> None:
    """Chosen as a day, it is the day before today."""
    heard = understand(Message("m", "text", text, NOW), CHOOSING, NOW)
    assert (heard.intent, heard.entities[0].value) == ("choose_date", "2026-11-22")


@pytest.mark.parametrize(
    ("state", "text"),
    [
        (CHOOSING, "kemarin saya sudah daftar"),
        (CHOOSING, "kemarin petugas bilang apa"),
        (CONFIRMING, "kemarin"),
        (Expectation(), "kemarin"),
    ],
)
def test_in_a_story(state: Expectation, text: str) -> None:
    """Anywhere else it chooses nothing."""
    assert understand(Message("m", "text", text, NOW), state, NOW).intent != "choose_date"


def test_in_a_form() -> None:
    """In the middle of a form it is a day too, although none is asked for."""
    filling = Expectation("identifying", missing=("address", "photo"))
    heard = understand(Message("m", "text", "kemarin", NOW), filling, NOW)
    assert (heard.intent, heard.confidence) == ("choose_date", 1.0)
