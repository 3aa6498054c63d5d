"""Second step of the layout: who stands left of whom in a rank, so that few lines cross."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TypeAlias

Ranks: TypeAlias = list[list[str]]
Neighbours: TypeAlias = Mapping[str, Sequence[str]]

ROUNDS = 24
"""Times each rank is put in order; more no longer helps."""


def ordered(ranks: Ranks, above: Neighbours, below: Neighbours) -> Ranks:
    """The ranks in an order with few crossings: the best of some rounds of going down and up.

    Args:
        above: for each node its neighbours in the rank above, ``below`` in the one below.
    """
    current = [list(rank) for rank in ranks]
    best, fewest = current, crossings(current, below)
    for turn in range(ROUNDS):
        current = [list(rank) for rank in current]
        down = turn % 2 == 0
        steps = range(1, len(current)) if down else range(len(current) - 2, -1, -1)
        for at in steps:
            fixed = current[at - 1] if down else current[at + 1]
            current[at] = _by_barycentre(current[at], fixed, above if down else below)
        _exchange(current, above, below)
        if (count := crossings(current, below)) < fewest:
            best, fewest = current, count
        if not fewest:
            break
    return best


def crossings(ranks: Ranks, below: Neighbours) -> int:
    """How often lines between neighbouring ranks cross."""
    count = 0
    for upper, lower in pairwise(ranks):
        at = {node: place for place, node in enumerate(lower)}
        seen: list[int] = []
        for node in upper:
            ends = sorted(at[target] for target in below.get(node, ()))
            count += sum(len(seen) - bisect_right(seen, end) for end in ends)
            for end in ends:
                insort(seen, end)
    return count


def _by_barycentre(rank: Sequence[str], fixed: Sequence[str], neighbours: Neighbours) -> list[str]:
    """A rank by the mean place of each node's neighbours; one without any keeps its place."""
    at = {node: place for place, node in enumerate(fixed)}
    wish = {}
    for place, node in enumerate(rank):
        ends = [at[other] for other in neighbours.get(node, ())]
        wish[node] = sum(ends) / len(ends) if ends else place * len(fixed) / len(rank)
    return sorted(rank, key=lambda node: wish[node])


def _exchange(ranks: Ranks, above: Neighbours, below: Neighbours) -> None:
    """Swap neighbours in a rank as long as that saves crossings."""
    improved = True
    while improved:
        improved = False
        for at, rank in enumerate(ranks):
            beside = [ranks[at - 1] if at else [], ranks[at + 1] if at + 1 < len(ranks) else []]
            places = [{node: place for place, node in enumerate(other)} for other in beside]
            for left in range(len(rank) - 1):
                pair = rank[left], rank[left + 1]
                now = sum(_crossed(*pair, *side) for side in _sides(places, above, below))
                then = sum(_crossed(*pair[::-1], *side) for side in _sides(places, above, below))
                if then < now:
                    rank[left : left + 2] = pair[::-1]
                    improved = True


def _sides(
    places: Sequence[Mapping[str, int]], above: Neighbours, below: Neighbours
) -> Iterator[tuple[Mapping[str, int], Neighbours]]:
    yield places[0], above
    yield places[1], below


def _crossed(left: str, right: str, at: Mapping[str, int], neighbours: Neighbours) -> int:
    ends = [at[other] for other in neighbours.get(right, ())]
    return sum(at[other] > end for other in neighbours.get(left, ()) for end in ends)
