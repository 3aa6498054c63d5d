from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.whatsapp.rates import PAIR_RATE, Buckets, Rate, number_rate


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("rate", "burst", "seconds"),
    [(PAIR_RATE, 45, 6.0), (number_rate(80), 4, 1 / 77), (number_rate(0.5), 1, 2)],
)
def test_metas_rates(rate: Rate, burst: int, seconds: float) -> None:
    """The burst is free, then it is one every interval."""
    clock = Clock()
    buckets = Buckets(rate, clock)
    for _ in range(burst):
        assert buckets.wait("key") == pytest.approx(0, abs=1e-6)
        buckets.take("key")
    assert buckets.wait("key") == pytest.approx(seconds, abs=1e-5)
    assert buckets.wait("other") == 0
    clock.now += seconds + 1e-5
    assert buckets.wait("key") == 0


@pytest.mark.parametrize("a_second", [0.5, 1, 20, 80, 250, 1000])
def test_no_second_has_more(a_second: float) -> None:
    """A number that had rested and has much to say keeps its rate in every second."""
    clock, sent = Clock(), []
    buckets = Buckets(number_rate(a_second), clock)
    for _ in range(int(3 * a_second) + 3):
        clock.now += buckets.wait("number")
        buckets.take("number")
        sent.append(clock.now)
    most = max(1, round(a_second))
    seconds = zip(sent, sent[most:], strict=False)
    assert all(after - first > 1 - 1e-4 for first, after in seconds)


def test_waiting_takes_queue_up() -> None:
    """Whoever takes a token that is still to come pushes the next one back."""
    buckets = Buckets(Rate(timedelta(seconds=2), burst=1), Clock())
    waits = []
    for _ in range(3):
        waits.append(buckets.wait("key"))
        buckets.take("key")
    assert waits == [0, 2, 4]


@given(st.lists(st.floats(0, 5), max_size=60))
def test_never_faster_than_the_rate(pauses: list[float]) -> None:
    """In any stretch of time no more goes out than the burst and what flowed in."""
    clock, sent = Clock(), []
    buckets = Buckets(Rate(timedelta(seconds=1), burst=3), clock)
    for pause in pauses:
        clock.now += pause
        clock.now += buckets.wait("key")
        buckets.take("key")
        sent.append(clock.now)
    for first in range(len(sent)):
        for last in range(first, len(sent)):
            assert last - first + 1 <= 3 + (sent[last] - sent[first]) + 1e-6


def test_memory_is_bounded() -> None:
    """Buckets that are full again are forgotten."""
    clock = Clock()
    buckets = Buckets(PAIR_RATE, clock)
    for person in range(20_000):
        clock.now += 0.1
        buckets.take(person)
    assert len(buckets) <= 1024
