"""What share of calls meets what, and what is reported of messages taken."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from bot.graph_stub.behaviour import Behaviour
from bot.graph_stub.chats import Chats, Line
from bot.graph_stub.rates import Rate
from bot.graph_stub.statuses import reported


def test_good_day() -> None:
    """Nothing goes wrong unless told."""
    random, behaviour = Random(1), Behaviour()
    assert {behaviour.fault(random) for _ in range(100)} == {None}
    assert {tuple(reported(behaviour, random)) for _ in range(100)} == {
        ("sent", "delivered", "read")
    }


def test_shares() -> None:
    """Each trouble meets about the share of calls that it was told to."""
    random, behaviour = Random(1), Behaviour(fail=0.2, throttle=0.1, drop=0.1, lose=0.1, hang=0.1)
    met = Counter(
        (fault.how, fault.code == 130429) if (fault := behaviour.fault(random)) else None
        for _ in range(10_000)
    )
    share = {key: count / 10_000 for key, count in met.items()}
    assert share[None] == pytest.approx(0.4, abs=0.03)
    assert share["error", False] == pytest.approx(0.2, abs=0.02)
    for trouble in (("error", True), ("drop", False), ("lost", False), ("hang", False)):
        assert share[trouble] == pytest.approx(0.1, abs=0.02)


def test_odd_statuses() -> None:
    """They come doubled, out of order, with gaps, and not at all."""
    random, behaviour = Random(1), Behaviour(odd_statuses=1)
    told = {tuple(reported(behaviour, random)) for _ in range(200)}
    assert () in told
    assert any(len(set(each)) < len(each) for each in told)
    assert any(each and each[0] == "read" for each in told)
    assert ("sent", "read") in told
    assert reported(Behaviour(statuses=False, odd_statuses=1), random) == ()


def test_furthest_status_stays() -> None:
    """A phone never shows that a message went back to where it was."""
    chats = Chats()
    chats.add(Line("1", "a", "p", "bot", {}))
    for status in ("delivered", "sent", "nonsense"):
        chats.mark("1", status)
    chats.mark("unknown", "read")
    (line,) = chats.changed_since(1)
    assert (line.status, chats.changes) == ("delivered", 2)


def test_rate() -> None:
    """So many at once, then one each interval, a key beside the other."""
    now = [0.0]
    rate = Rate(2, 0.5, lambda: now[0])
    assert [rate.take("a") for _ in range(3)] == [True, True, False]
    assert rate.take("b")
    now[0] = 0.5
    assert [rate.take("a"), rate.take("a")] == [True, False]
