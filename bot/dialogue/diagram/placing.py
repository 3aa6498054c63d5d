"""Third step of the layout: how far right each node stands, its rank's order being kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate, pairwise

from bot.dialogue.diagram.ordering import Neighbours, Ranks

ROUNDS = 40
"""Times each rank is moved towards its neighbours."""


def placed(
    ranks: Ranks,
    above: Neighbours,
    below: Neighbours,
    gap: Callable[[str, str], float],
    pull: Callable[[str, str], float],
) -> dict[str, float]:
    """Horizontal position of every node, the leftmost about 0.

    Args:
        gap: pixels there must be from a node to the next one in its rank.
        pull: how strongly two neighbours want to stand straight above each other.
    """
    at: dict[str, float] = {}
    for rank in ranks:
        at.update(zip(rank, _offsets(rank, gap), strict=True))
    for turn in range(ROUNDS):
        sides = [above] if turn % 2 == 0 else [below]
        if turn >= ROUNDS // 2:
            sides = [above, below]
        order = ranks if turn % 2 == 0 else ranks[::-1]
        for rank in order:
            _move(rank, at, sides, gap, pull)
    return at


def _offsets(rank: Sequence[str], gap: Callable[[str, str], float]) -> list[float]:
    return list(accumulate((gap(left, right) for left, right in pairwise(rank)), initial=0.0))


def _move(
    rank: Sequence[str],
    at: dict[str, float],
    sides: Sequence[Neighbours],
    gap: Callable[[str, str], float],
    pull: Callable[[str, str], float],
) -> None:
    """Move a rank as near to its neighbours as its order and gaps allow."""
    wishes, weights = [], []
    for node in rank:
        pulls = [(at[other], pull(node, other)) for side in sides for other in side.get(node, ())]
        weight = sum(strength for _, strength in pulls)
        wishes.append(sum(x * strength for x, strength in pulls) / weight if weight else at[node])
        weights.append(weight or 0.01)
    offsets = _offsets(rank, gap)
    free = [wish - offset for wish, offset in zip(wishes, offsets, strict=True)]
    for node, x, offset in zip(rank, _rising(free, weights), offsets, strict=True):
        at[node] = x + offset


def _rising(wishes: Sequence[float], weights: Sequence[float]) -> list[float]:
    """The numbers that never fall and differ least from ``wishes``, by weighted squares.

    Neighbours in the wrong order are pooled at their mean until none is left.
    """
    pools: list[tuple[float, float, int]] = []
    for wish, weight in zip(wishes, weights, strict=True):
        mean, heavy, count = wish, weight, 1
        while pools and pools[-1][0] > mean:
            before, other, many = pools.pop()
            mean = (mean * heavy + before * other) / (heavy + other)
            heavy, count = heavy + other, count + many
        pools.append((mean, heavy, count))
    return [mean for mean, _, count in pools for _ in range(count)]


def spread(ends: Mapping[str, float], centre: float, room: float) -> dict[str, float]:
    """Where lines meet a box: one beside the other, ordered by where they come from.

    Args:
        ends: for each line the position of its other end.
        room: width they may take.
    """
    step = min(16.0, room / max(1, len(ends) - 1))
    first = centre - step * (len(ends) - 1) / 2
    names = sorted(ends, key=lambda name: ends[name])
    return {name: first + place * step for place, name in enumerate(names)}
