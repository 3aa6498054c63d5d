"""Third step of the layout: how far right each place stands, its rank's order being kept.

The method of Brandes and Köpf (2001): places of neighbouring ranks are aligned into straight
columns and the columns pushed together, once towards each of the four corners; the mean of the
middle two answers is taken. Lines over several ranks come out straight.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.dialogue.diagram.ordering import Neighbours, Ranks


@dataclass(frozen=True, slots=True)
class Spacing:
    """What places need.

    Args:
        gap: pixels there must be from a place to the next one in its rank.
        lines: places that only lines run through; two of them are aligned before others.
    """

    gap: Callable[[str, str], float]
    lines: Collection[str]


def placed(
    ranks: Ranks, above: Neighbours, below: Neighbours, spacing: Spacing
) -> dict[str, float]:
    """Horizontal position of every place, in pixels from anywhere."""
    conflicts = _crossing_lines(ranks, above, spacing.lines)
    answers = []
    for towards_top in (True, False):
        for towards_left in (True, False):
            seen = ranks if towards_top else ranks[::-1]
            seen = seen if towards_left else [rank[::-1] for rank in seen]
            columns = _aligned(seen, above if towards_top else below, conflicts)
            answer = _pushed(seen, columns, spacing.gap, mirrored=not towards_left)
            answers.append(answer)
    widths = [max(a.values()) - min(a.values()) for a in answers]
    narrowest = answers[widths.index(min(widths))]
    for at, answer in enumerate(answers):
        edge = min if at % 2 == 0 else max
        shift = edge(narrowest.values()) - edge(answer.values())
        answers[at] = {place: x + shift for place, x in answer.items()}
    return {place: sum(sorted(answer[place] for answer in answers)[1:3]) / 2 for place in narrowest}


def _crossing_lines(
    ranks: Ranks, above: Neighbours, lines: Collection[str]
) -> frozenset[tuple[str, str]]:
    """Pairs of neighbours that may not be aligned: a long line that they cross goes straight."""
    found = set()
    for upper, lower in pairwise(ranks):
        at = {place: number for number, place in enumerate(upper)}
        pairs = [
            (at[other], number, other, place)
            for number, place in enumerate(lower)
            for other in above.get(place, ())
        ]
        long = [pair for pair in pairs if pair[2] in lines and pair[3] in lines]
        for pair in pairs:
            if any((pair[0] - one[0]) * (pair[1] - one[1]) < 0 for one in long):
                found.add((pair[2], pair[3]))
    return frozenset(found)


def _aligned(
    ranks: Sequence[Sequence[str]], before: Neighbours, conflicts: Collection[tuple[str, str]]
) -> dict[str, str]:
    """For every place the first one of its column."""
    first = {place: place for rank in ranks for place in rank}
    taken: set[str] = set()
    for upper, lower in pairwise(ranks):
        at = {place: number for number, place in enumerate(upper)}
        last = -1
        for place in lower:
            others = sorted(before.get(place, ()), key=lambda other: at[other])
            for middle in sorted({(len(others) - 1) // 2, len(others) // 2}) if others else ():
                other = others[middle]
                crossed = {(other, place), (place, other)} & set(conflicts)
                if (
                    first[place] == place
                    and other not in taken
                    and last < at[other]
                    and not crossed
                ):
                    first[place] = first[other]
                    taken.add(other)
                    last = at[other]
    return first


def _pushed(
    ranks: Sequence[Sequence[str]],
    first: Mapping[str, str],
    gap: Callable[[str, str], float],
    *,
    mirrored: bool,
) -> dict[str, float]:
    """Columns pushed to the left as far as they go, then back to what stands right of them.

    Args:
        mirrored: the ranks run from right to left.
    """
    left_of: dict[str, dict[str, float]] = {column: {} for column in first.values()}
    right_of: dict[str, dict[str, float]] = {column: {} for column in first.values()}
    for rank in ranks:
        for one, other in pairwise(rank):
            apart = gap(other, one) if mirrored else gap(one, other)
            left, right = first[one], first[other]
            apart = max(apart, left_of[right].get(left, 0.0))
            left_of[right][left] = right_of[left][right] = apart
    x: dict[str, float] = {}
    for column in _from_left(left_of):
        x[column] = max((x[left] + apart for left, apart in left_of[column].items()), default=0.0)
    for column in reversed(x):
        if right_of[column] and not left_of[column]:
            x[column] = min(x[right] - apart for right, apart in right_of[column].items())
    sign = -1 if mirrored else 1
    return {place: sign * x[column] for place, column in first.items()}


def _from_left(left_of: Mapping[str, Collection[str]]) -> list[str]:
    """Columns, each after all that stand left of it."""
    order: dict[str, None] = {}
    waiting = [*left_of][::-1]
    while waiting:
        column = waiting[-1]
        missing = [left for left in left_of[column] if left not in order]
        if missing:
            waiting += missing
        else:
            order[waiting.pop()] = None
    return list(order)


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
