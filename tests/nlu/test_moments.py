"""Asking for a moment, waiting for a seat, and having forgotten."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.dialogue.events import Expectation, Message, Understood
from nlu.grammar import understand
from tests.nlu.conftest import NOW

Hear = Callable[..., Understood]
OFFERED = Expectation("offering_waitlist", frozenset({"approve", "join_waitlist", "reject"}))


@pytest.mark.parametrize(
    "text",
    ["sebentar", "bentar ya", "tunggu ya pak", "wait", "just a moment", "sek yo", "sakedap nya"],
)
@pytest.mark.parametrize("state", ["", "choosing_date", "identifying", "confirming"])
def test_a_moment(hear: Hear, text: str, state: str) -> None:
    """It is no approval and no wish for the waitlist."""
    assert hear(text, state).intent == "wait_a_moment"


@pytest.mark.parametrize(
    "text", ["tunggu", "saya tunggu", "ok saya tunggu ya", "wait", "I'll wait"]
)
def test_waiting_where_that_is_offered(text: str) -> None:
    """Asked whether to wait for a seat, it is a yes."""
    assert understand(Message("m", "text", text, NOW), OFFERED, NOW).intent == "join_waitlist"


@pytest.mark.parametrize("text", ["tunggu sebentar", "bentar ya"])
def test_a_moment_where_waiting_is_offered(text: str) -> None:
    """A moment is a moment all the same."""
    assert understand(Message("m", "text", text, NOW), OFFERED, NOW).intent == "wait_a_moment"


@pytest.mark.parametrize("text", ["lupa", "aduh lupa", "I forgot", "hilap euy", "kesupen pak"])
@pytest.mark.parametrize(
    ("state", "intent"),
    [("identifying", "help"), ("choosing_date", "help"), ("confirming", "ask_status"),
     ("", "ask_status")],
)  # fmt: skip
def test_forgotten(hear: Hear, text: str, state: str, intent: str) -> None:
    """What was asked is explained again; where a code is awaited, it is told where things stand."""
    assert hear(text, state).intent == intent


@pytest.mark.parametrize("text", ["jangan lupa ya", "lupa kode booking", "saya lupa bawa ktp"])
def test_forgetting_something(hear: Hear, text: str) -> None:
    """Who says more than that is understood by that."""
    assert hear(text, "identifying").confidence < 1.0
