"""Lanes: first come, first served, each account for itself."""

from hypothesis import given
from hypothesis import strategies as st

from bot.lanes import Lanes

arrivals = st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 9)), max_size=40, unique=True)


def test_room_and_line() -> None:
    """Beyond the width they stand in line, once each, and follow in that order."""
    lanes = Lanes(2)
    entered = [lanes.enter("a", each) for each in ("1", "2", "3", "4", "3")]
    assert entered == [True, True, False, False, False]
    assert (lanes.in_line("a"), lanes.waits("3"), lanes.waits("1")) == (2, "a", None)
    assert lanes.enter("b", "5")
    assert [lanes.leave("a") for _ in range(4)] == ["3", "4", None, None]
    assert lanes.enter("a", "6")


def test_clear() -> None:
    """Who waits is told to go; who is under way is not."""
    lanes = Lanes(1)
    for each in ("1", "2", "3"):
        lanes.enter("a", each)
    assert (lanes.clear(), lanes.waits("2"), lanes.in_line("a")) == (2, None, 0)
    assert not lanes.enter("a", "4")
    assert lanes.leave("a") == "4"


@given(arrivals, st.integers(1, 3))
def test_nobody_is_forgotten(arrivals: list[tuple[str, int]], width: int) -> None:
    """Everybody who came is sent to in the end, in order, never more than fit at once."""
    lanes = Lanes(width)
    for account in "ab":
        came = [f"{account}{number}" for name, number in arrivals if name == account]
        entered = [each for each in came if lanes.enter(account, each)]
        assert entered == came[:width]
        for _ in list(entered):
            while (following := lanes.leave(account)) is not None:
                entered.append(following)
        assert entered == came
