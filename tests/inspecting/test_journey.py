"""Records of the journal, read as a way."""

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.inspecting.drawing import flows_of
from bot.inspecting.journey import journey_of

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


def record(number: int, before: str, after: str, *trace: str, **more: Any) -> dict[str, Any]:
    """A turn's record."""
    return {
        "_id": f"x|{number}",
        "turn": number,
        "at": NOW + timedelta(minutes=number),
        "version": "one",
        "before": before.split(),
        "after": after.split(),
        **({"trace": list(trace)} if trace else {}),
        **more,
    }


def test_episodes() -> None:
    """The way so far begins where all flows were closed and one was opened anew."""
    journey = journey_of([
        record(1, "", "shop.open", "open shop.open"),
        record(2, "shop.open", "shop.done", "take intent.order", "go done"),
        record(3, "shop.done", "shop.open", "close", "open shop.open"),
        record(4, "shop.open", "shop.open cancel.asking", "take intent.cancel",
               "open cancel.asking"),
        record(5, "shop.open cancel.asking", "shop.open", "take intent.no", "go kept", "end"),
    ])  # fmt: skip
    last = journey.turn(None)
    assert last
    assert [turn.number for turn in journey.until(last)] == [3, 4, 5]
    assert flows_of(last) == ["cancel", "shop"]
    assert [turn.number for turn in journey.until(journey.turns[1])] == [1, 2]


def test_what_cannot_be_followed_counts_as_not_noted() -> None:
    """A trace that leads elsewhere than the record says is not shown as if it had."""
    liar = record(1, "shop.open", "shop.done", "take intent.order", "go choosing")
    nonsense = record(2, "shop.done", "shop.open", "leap over")
    none = record(3, "shop.open", "shop.open")
    found = journey_of([none, nonsense, liar]).turns
    assert [turn.traced for turn in found] == [False, False, True]
    assert [turn.way for turn in found] == [(), (), ()]
    assert [turn.entered for turn in found] == [("shop.done",), ("shop.open",), ()]


def test_versions() -> None:
    """A line is of the version its turn ran on, or, after a start over, of the newer one."""
    journey = journey_of([
        record(1, "", "shop.open", "open shop.open"),
        record(2, "shop.open", "shop.open", "take intent.restart", "close", "on two",
               "open shop.open", version="two"),
        record(3, "shop.open", "shop.done", "place shop.open", "take intent.order", "go done",
               version="three"),
    ])  # fmt: skip
    second, third = journey.turns[1:]
    assert [second.version_of(each) for each in second.way] == ["one", "one", "two"]
    assert [third.version_of(each) for each in third.way] == ["three", "three"]


def test_entered() -> None:
    """A flow's first state is entered once when it is opened, and again when a step leads there."""
    way = ["open shop.open", "go open", "take intent.hello", "go open"]
    [turn] = journey_of([record(1, "", "shop.open", *way)]).turns
    assert turn.entered == ("shop.open", "shop.open")


def test_costs() -> None:
    """A turn's cost is the sum of its parts; the median leaves out what nobody measured."""
    costs = [{"understanding": 5, "actions": [10, 20]}, {"deciding": 5}, None]
    journey = journey_of(
        record(at, "", "", **({"cost": cost} if cost else {})) for at, cost in enumerate(costs, 1)
    )
    assert [turn.took for turn in journey.turns] == [35, 5, None]
    assert journey.median_took == 20
