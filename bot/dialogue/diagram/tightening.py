"""Fourth step of the layout: boxes and straight lines drawn closer to what they lead to.

Every box, and every straight piece of a line, is moved sideways to the middle of its neighbours as
far as there is room, until nothing moves: lines grow shorter, and nothing bends that was straight.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.dialogue.diagram.ordering import Neighbours, Ranks

ROUNDS = 30
"""Times everything is moved, at most."""

STILL = 0.01
"""Pixels that are no move."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands where: whom each place is linked to, and who stands beside it."""

    above: Neighbours
    below: Neighbours
    gap: Callable[[str, str], float]


def tightened(
    ranks: Ranks, x: Mapping[str, float], chains: Sequence[Sequence[str]], around: Surroundings
) -> dict[str, float]:
    """Better horizontal positions.

    Args:
        x: positions that keep all gaps.
        chains: the places each line runs through, boxes not among them.
    """
    at = dict(x)
    beside = [(one, other) for rank in ranks for one, other in pairwise(rank)]
    left, right = {other: one for one, other in beside}, dict(beside)
    pieces = [piece for chain in chains for piece in _straight(chain, at)]
    in_lines = {place for piece in pieces for place in piece}
    pieces += [[place] for rank in ranks for place in rank if place not in in_lines]
    for turn in range(ROUNDS):
        moved = 0.0
        for piece in sorted(pieces, key=lambda piece: at[piece[0]], reverse=turn % 2 == 0):
            here = at[piece[0]]
            lowest = [at[left[p]] + around.gap(left[p], p) for p in piece if p in left]
            highest = [at[right[p]] - around.gap(p, right[p]) for p in piece if p in right]
            to = min([max([_middle(piece, at, around), *lowest]), *highest])
            at.update(dict.fromkeys(piece, to))
            moved += abs(to - here)
        if moved < STILL:
            break
    return at


def _straight(chain: Sequence[str], at: Mapping[str, float]) -> list[list[str]]:
    """The pieces of a line whose places stand straight above each other."""
    pieces: list[list[str]] = []
    for place in chain:
        if pieces and abs(at[pieces[-1][0]] - at[place]) < STILL:
            pieces[-1].append(place)
        else:
            pieces.append([place])
    return pieces


def _middle(piece: Sequence[str], at: Mapping[str, float], around: Surroundings) -> float:
    """The median of what a piece is linked to; of two middle ones, whatever moves it least."""
    here = at[piece[0]]
    ends = sorted(
        at[other]
        for place in piece
        for side in (around.above, around.below)
        for other in side.get(place, ())
        if other not in piece
    )
    if not ends:
        return here
    low, high = ends[(len(ends) - 1) // 2], ends[len(ends) // 2]
    return min(max(here, low), high)
