"""The circuit breaker, by a clock that the tests move."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.breaker import Breaker, BreakerState


class Clock:
    """Stands still until moved."""

    now = 0.0

    def __call__(self) -> float:
        """Seconds."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """At zero."""
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    """Opens after three; waits 2, 4, 8, 10, 10 … seconds."""
    return Breaker(clock, failures=3, first_pause=2, longest_pause=10)


def fail(breaker: Breaker, times: int) -> None:
    """Let this many calls fail."""
    for _ in range(times):
        call = breaker.call()
        assert call is not None
        breaker.failed(call)


def probe(breaker: Breaker) -> int:
    """The probe, which must be due."""
    call = breaker.probe()
    assert call is not None
    return call


def test_opens_after_failures_in_a_row(breaker: Breaker) -> None:
    """Two failures and a success are forgotten; three in a row open it, and no call goes out."""
    fail(breaker, 2)
    breaker.succeeded(breaker.call() or 0)
    fail(breaker, 2)
    assert breaker.state is BreakerState.CLOSED
    fail(breaker, 1)
    assert breaker.state is BreakerState.OPEN
    assert breaker.call() is None


def test_one_probe_after_the_pause(breaker: Breaker, clock: Clock) -> None:
    """Not before, and not a second one while it is under way; a good one closes it."""
    fail(breaker, 3)
    clock.now = 1.9
    assert breaker.probe() is None
    clock.now = 2.0
    call = probe(breaker)
    assert breaker.state is BreakerState.HALF_OPEN
    assert breaker.probe() is None
    assert breaker.call() is None
    breaker.succeeded(call)
    assert breaker.state is BreakerState.CLOSED
    assert breaker.call() is not None


def test_pauses_grow_and_begin_anew(breaker: Breaker, clock: Clock) -> None:
    """Each probe that fails doubles the pause up to the longest; closing forgets them all."""
    fail(breaker, 3)
    for pause in (2, 4, 8, 10, 10):
        clock.now += pause - 0.1
        assert breaker.probe() is None
        clock.now += 0.1
        breaker.failed(probe(breaker))
    clock.now += 10
    breaker.succeeded(probe(breaker))
    fail(breaker, 3)
    clock.now += 2
    assert breaker.probe() is not None


def test_late_outcomes_count_no_more(breaker: Breaker, clock: Clock) -> None:
    """Calls from before it opened neither close it nor make its pause longer."""
    early = breaker.call()
    assert early is not None
    fail(breaker, 3)
    breaker.succeeded(early)
    breaker.failed(early)
    assert breaker.state is BreakerState.OPEN
    clock.now = 2
    assert breaker.probe() is not None
    breaker.succeeded(early)
    assert breaker.state is BreakerState.HALF_OPEN


def test_a_probe_given_up_may_be_made_again(breaker: Breaker, clock: Clock) -> None:
    """Nothing was learnt, so the next one need not wait."""
    fail(breaker, 3)
    clock.now = 2
    breaker.given_up(probe(breaker))
    assert breaker.state is BreakerState.OPEN
    breaker.succeeded(probe(breaker))
    assert breaker.state is BreakerState.CLOSED


@given(st.lists(st.sampled_from(["call", "probe", "ok", "bad", "leave", "wait"]), max_size=60))
def test_whatever_happens(steps: list[str]) -> None:
    """Never two probes at once, no call unless closed; in the end a probe is always possible."""
    clock = Clock()
    breaker = Breaker(clock, failures=3, first_pause=2, longest_pause=10)
    under_way: list[tuple[int, bool]] = []
    for step in steps:
        if step in ("call", "probe"):
            state = breaker.state
            call = breaker.call() if step == "call" else breaker.probe()
            if call is not None:
                wanted = BreakerState.CLOSED if step == "call" else BreakerState.OPEN
                assert state is wanted
                under_way.append((call, step == "probe"))
        elif step == "wait":
            clock.now += 3
        elif under_way:
            call, _ = under_way.pop(0)
            {"ok": breaker.succeeded, "bad": breaker.failed, "leave": breaker.given_up}[step](call)
        assert sum(is_probe for _, is_probe in under_way) <= 1
        assert (breaker.state is BreakerState.HALF_OPEN) == any(probe for _, probe in under_way)
    for call, _ in under_way:
        breaker.failed(call)
    clock.now += 10
    assert breaker.state is BreakerState.CLOSED or breaker.probe() is not None
