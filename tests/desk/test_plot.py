"""Bars and lines are as high as their figures, whatever these are."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.reporting.plot import BOTTOM, HEIGHT, LETTER, TOP, Group, Series, plot_of
from bot.desk.words import Words

SERIES = (Series("a", "A"), Series("b", "B"), Series("line", "L", is_line=True))
FIGURES = st.fixed_dictionaries(
    {
        "a": st.integers(0, 5000),
        "b": st.integers(0, 5000),
        "line": st.none() | st.floats(0, 5000).map(lambda value: round(value, 1)),
    }
)


@given(st.lists(FIGURES, max_size=70))
def test_heights(drawn: list[dict[str, float | None]]) -> None:
    """In proportion to the highest level, which nothing is above; a gap in a line where there is
    no figure; columns beside each other within the picture.
    """
    groups = [Group(str(at), f"day {at}", figures) for at, figures in enumerate(drawn)]
    plot = plot_of("p", groups, SERIES, {}, str)
    floor = HEIGHT - BOTTOM
    top = float(plot.ticks[-1].label)
    unit = (floor - TOP) / top
    assert plot.ticks[0].label in {"0", "0.0"}
    assert plot.ticks[-1].y == pytest.approx(TOP)
    assert 1 <= len(plot.ticks) - 1 <= 5
    for column, group in zip(plot.columns, groups, strict=True):
        assert [part.name for part in column.parts] == [n for n in "ab" if group.figures[n]]
        for part in column.parts:
            assert part.height == pytest.approx((group.figures[part.name] or 0) * unit, abs=0.01)
        assert all(block.y >= TOP - 0.02 for block in (*column.parts, *column.marks))
        value = group.figures["line"]
        if value is None:
            assert column.marks == []
        else:
            assert column.marks[0].y == pytest.approx(floor - value * unit, abs=0.01)
        assert column.x + column.width <= plot.width
    points = re.findall(r"[ML][\d.]+ [\d.]+", plot.lines[0].path)
    assert len(points) == sum(group.figures["line"] is not None for group in groups)


@given(st.integers(1, 400))
def test_names_have_room(count: int) -> None:
    """Names under the axis do not run into each other, however many groups there are."""
    words = Words("id")
    groups = [Group(f"{at % 31}", f"{at}", {"a": 1, "b": 1, "line": None}) for at in range(count)]
    plot = plot_of("p", groups, SERIES, {}, words.number)
    named = [column for column in plot.columns if column.label]
    assert named
    for one, other in pairwise(named):
        room = (len(one.label) + len(other.label)) / 2 * LETTER
        assert other.middle - one.middle > room
