from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.channels.whatsapp.faults import fault
from bot.errors import TryLater, Undeliverable


def graph(code: Any) -> dict[str, Any]:
    """An error as Graph tells it, a number in its message and all."""
    return {"error": {"code": code, "message": "(#1) to 6281200000001", "error_data": {}}}


@pytest.mark.parametrize("code", [4, 80007, 130429, 131048, 131056, 133016, 131053])
@pytest.mark.parametrize("status", [400, 403, 500])
def test_worth_another_try(code: int, status: int) -> None:
    """Throttling and a picture not taken are tried again, whatever the HTTP status."""
    error = fault(status, graph(code))
    assert isinstance(error, TryLater)
    assert error.code == code


@pytest.mark.parametrize("code", [131026, 131047, 100])
@pytest.mark.parametrize("status", [400, 500])
def test_never(code: int, status: int) -> None:
    """An unreachable person, a closed window, a malformed message: never again."""
    error = fault(status, graph(code))
    assert isinstance(error, Undeliverable)
    assert (error.code, error.alarm) == (code, False)


@pytest.mark.parametrize("code", [0, 10, 190])
def test_dead_token(code: int) -> None:
    """A token that does not serve calls for a person."""
    error = fault(401, graph(code))
    assert isinstance(error, Undeliverable)
    assert error.alarm


@pytest.mark.parametrize("document", [graph(999_999), graph("190"), {"error": 190}, None, [], "x"])
def test_unknown_by_status(document: Any) -> None:
    """A code nobody knows, or none, goes by the HTTP status."""
    assert isinstance(fault(400, document), Undeliverable)
    for status in (302, 408, 429, 500, 503):
        assert isinstance(fault(status, document), TryLater)


def test_unauthorised_without_code() -> None:
    """A bare 401 is about the token as well."""
    error = fault(401, None)
    assert isinstance(error, Undeliverable)
    assert error.alarm


@pytest.mark.parametrize(
    ("header", "after"),
    [
        ("30", timedelta(seconds=30)),
        (" 0 ", timedelta(0)),
        ("9" * 400, timedelta(days=1)),
        ("-5", None),
        ("Sat, 21 Nov 2026 22:00:00 GMT", None),
        ("³", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after(header: str | None, after: timedelta | None) -> None:
    """The channel's wish for a pause is passed on, if it is a sane number of seconds."""
    error = fault(429, graph(130429), header)
    assert isinstance(error, TryLater)
    assert error.after == after


def test_texts_hold_no_personal_data() -> None:
    """Meta's own message may quote the number; ours does not."""
    assert "62812" not in str(fault(400, graph(131026)))
    assert "131026" in str(fault(400, graph(131026)))


def test_pauses_of_a_pair() -> None:
    """Too many messages to one person: Meta wants pauses of 4, 16, 64 … s, not 2, 4, 8."""
    assert [fault(400, graph(code)).base for code in (131056, 130429)] == [4, 2]  # type: ignore[attr-defined]  # both are TryLater
