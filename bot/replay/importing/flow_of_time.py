"""Which of many moments belong together: the most that follow each other in time.

A chat quoted in a message, or a date in the middle of one, begins a line as messages do; but it
says another time than those around it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise


def in_order(moments: Sequence[datetime], weights: Sequence[int]) -> list[int]:
    """Positions of the heaviest part of ``moments`` in which none is before the one before it.

    The first always belongs to it: a file begins with a message. Among parts of the same weight
    that which ends earliest: dates of appointments lie ahead.
    """
    if all(earlier <= later for earlier, later in pairwise(moments)):
        return list(range(len(moments)))
    ranks = {moment: rank for rank, moment in enumerate(sorted(set(moments)), start=1)}
    # A Fenwick tree: for each rank the heaviest part that ends no later, and its last position.
    best: list[tuple[int, int]] = [(0, -1)] * (len(ranks) + 1)
    before = [-1] * len(moments)
    first = ranks[moments[0]]
    for at, moment in enumerate(moments):
        rank = ranks[moment]
        if rank < first:
            continue
        weight, last, step = 0, -1, rank
        while step:
            if best[step][0] > weight:
                weight, last = best[step]
            step &= step - 1
        before[at] = last
        weight += weights[at]
        step = rank
        while step < len(best):
            if weight > best[step][0]:
                best[step] = (weight, at)
            step += step & -step
    return _followed_back(best, before, len(ranks))


def _followed_back(best: Sequence[tuple[int, int]], before: Sequence[int], step: int) -> list[int]:
    weight, at = 0, -1
    while step:
        if best[step][0] >= weight:
            weight, at = best[step]
        step &= step - 1
    kept = []
    while at >= 0:
        kept.append(at)
        at = before[at]
    return kept[::-1]
