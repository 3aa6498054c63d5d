"""A conversation's way over the picture of a flow."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from typing import Final

from bot.dialogue.diagram.chart import EVERYWHERE, way_key
from bot.dialogue.diagram.marks import How, Marks, nearby
from bot.dialogue.diagram.svg import Picture
from bot.dialogue.trace import REFUSE, TAKE, Trod
from bot.inspecting.journey import Turn
from bot.inspecting.leaf import Leaf

SMALL: Final = 8
"""A flow of so many boxes is shown whole."""


def flows_of(turn: Turn) -> list[str]:
    """Flows that a turn had to do with, the one to look at first before the others: where a step
    was taken, else where the conversation stands.
    """
    acted = [each.flow for each in turn.way if each.verb in (TAKE, REFUSE)]
    passed = [each.flow for each in turn.way]
    stood = [place.partition(".")[0] for place in reversed((*turn.before, *turn.after))]
    return list(dict.fromkeys([*acted, *passed, *stood]))


def marks_of(leaf: Leaf, so_far: Sequence[Turn]) -> Marks:
    """What a conversation left on a flow.

    Args:
        so_far: the turns of its episode, up to the one that is looked at.
    """
    flow, last = leaf.flow.flow, so_far[-1]
    entered: dict[str, tuple[int, ...]] = {}
    number = 0
    for turn in so_far:
        for place in turn.entered:
            number += 1
            of, _, state = place.partition(".")
            if of == flow:
                entered[state] = (*entered.get(state, ()), number)
    ways: dict[str, How] = {}
    for turn in so_far:
        for trod in turn.way:
            how: How = "now" if turn is last else "been"
            if trod.flow == flow and trod.verb == TAKE:
                ways |= dict.fromkeys(_ways(leaf, trod), how)
            elif trod.flow == flow and trod.verb == REFUSE and turn is last:
                for way in _ways(leaf, trod):
                    ways.setdefault(way, "refused")
    open_now = [place.partition(".") for place in last.after]
    here = next((state for of, _, state in reversed(open_now) if of == flow), "")
    return Marks(entered, here, ways)


async def drawn(leaf: Leaf, so_far: Sequence[Turn], *, whole: bool) -> str:
    """The picture of a flow with a conversation's way, as it may stand in a page.

    Args:
        whole: all of it, not only what the conversation came near to.
    """
    marks = marks_of(leaf, so_far)
    if not whole and len(leaf.chart.boxes) > SMALL:
        chart = nearby(leaf.chart, marks, _focus(leaf, so_far[-1]))
        picture = await asyncio.to_thread(Picture, chart)
    else:
        picture = await asyncio.to_thread(lambda: leaf.picture)
    return picture.drawn(marks, styled=False)


def _focus(leaf: Leaf, turn: Turn) -> frozenset[str]:
    """The states in which something was decided in a turn, or could have been."""
    flow = leaf.flow.flow
    decided = {each.state for each in turn.way if each.flow == flow and each.verb == TAKE}
    stood = {place.partition(".")[2] for place in turn.after if place.startswith(f"{flow}.")}
    return frozenset(decided or stood)


def _ways(leaf: Leaf, trod: Trod) -> Iterator[str]:
    """The labels of a step, in the state and where it is drawn for all of them."""
    step = leaf.step(trod)
    if step is not None:
        yield way_key(trod.state, trod.word, step, over=trod.over)
        if EVERYWHERE in _boxes(leaf):
            yield way_key("", trod.word, step)


def _boxes(leaf: Leaf) -> set[str]:
    return {box.name for box in leaf.chart.boxes}
