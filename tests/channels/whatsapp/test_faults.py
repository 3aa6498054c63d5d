from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.channels.whatsapp.faults import _KINDS, Kind, fault
from bot.errors import Stopped, Throttled, TryLater, Undeliverable


def graph(code: Any) -> dict[str, Any]:
    """An error as Graph tells it, a number in its message and all."""
    return {"error": {"code": code, "message": "(#1) to 6281200000001", "error_data": {}}}


CODES = {code: kind for kind, listed in _KINDS.items() for code in listed}


@pytest.mark.parametrize("status", [400, 401, 403, 500])
@pytest.mark.parametrize(("code", "kind"), CODES.items())
def test_by_code(code: int, kind: Kind, status: int) -> None:
    """What an error asks for is decided by its code, whatever the HTTP status."""
    error = fault(status, graph(code))
    wanted = {
        Kind.THROTTLE: Throttled,
        Kind.RETRY: TryLater,
        Kind.NEVER: Undeliverable,
        Kind.MISTAKE: Undeliverable,
        Kind.TOKEN: Stopped,
        Kind.ACCOUNT: Stopped,
    }
    assert type(error) is wanted[kind]
    assert error.code == code
    assert str(code) in str(error)


def test_where_each_belongs() -> None:
    """The codes operators meet most, named by hand."""
    kinds = {
        Kind.THROTTLE: [4, 80007, 130429, 131048, 133016],
        Kind.RETRY: [1, 2, 131000, 131016, 131053, 131056, 133004],
        Kind.NEVER: [130472, 131021, 131026, 131047, 131049, 131050],
        Kind.MISTAKE: [100, 131008, 131009, 131051, 132000, 132001, 132015],
        Kind.TOKEN: [0, 3, 10, 190, 131005],
        Kind.ACCOUNT: [368, 131031, 131042, 133010],
    }
    for kind, codes in kinds.items():
        assert {CODES[code] for code in codes} == {kind}


@pytest.mark.parametrize("code", [200, 219, 299])
def test_permissions(code: int) -> None:
    """Any missing permission stops all numbers of the token."""
    error = fault(403, graph(code), token="WHATSAPP_ACCESS_TOKEN_BOGOR")
    assert isinstance(error, Stopped)
    assert error.cause == "WHATSAPP_ACCESS_TOKEN_BOGOR"


def test_which_token() -> None:
    """The token to mend is called by its name; a locked account is nobody else's business."""
    name = "WHATSAPP_ACCESS_TOKEN_BOGOR"
    assert name in str(fault(401, graph(190), token=name))
    locked = fault(403, graph(131031), token=name)
    assert isinstance(locked, Stopped)
    assert locked.cause == ""


@pytest.mark.parametrize(("code", "alarm"), [(131026, False), (100, True), (132001, True)])
def test_alarm(code: int, *, alarm: bool) -> None:
    """Who cannot be reached is nobody's mistake; a template that is missing wants a person."""
    error = fault(400, graph(code))
    assert isinstance(error, Undeliverable)
    assert error.alarm == alarm


def test_unknown_by_status() -> None:
    """A code nobody knows goes by the HTTP status."""
    assert isinstance(fault(400, graph(999_999)), Undeliverable)
    for status in (302, 408, 429, 500, 503):
        assert type(fault(status, graph(999_999))) is TryLater


@pytest.mark.parametrize("document", [graph([]), graph("x"), {"error": 190}, None, [], "x"])
@pytest.mark.parametrize("status", [302, 400, 404, 408, 413, 429, 500, 502, 503])
def test_not_graphs(document: Any, status: int) -> None:
    """A proxy's answer says nothing about the message, so that is tried again."""
    assert type(fault(status, document)) is TryLater


@pytest.mark.parametrize("status", [401, 403, 407])
def test_not_let_in(status: int) -> None:
    """Who is not let in keeps all messages until somebody looks."""
    assert isinstance(fault(status, None), Stopped)


def test_code_as_text() -> None:
    """Gateways make text of the code."""
    assert isinstance(fault(400, graph("190")), Stopped)


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
    bases = [fault(400, graph(code)) for code in (131056, 131000)]
    assert [error.base for error in bases if isinstance(error, TryLater)] == [4, 2]
