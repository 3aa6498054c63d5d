"""First step of the layout: which rank, counted from the top, a node stands in.

Nodes stand in even ranks and labels in the odd ones between, so that a label is laid out like a
node and never covers anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from graphlib import TopologicalSorter

from bot.dialogue.diagram.graph import Edge


def upward(nodes: Iterable[str], edges: Sequence[Edge]) -> frozenset[int]:
    """Positions of the edges that close a circle and so are drawn from below to above.

    Args:
        nodes: whoever comes first is looked at first: the initial state, then as in the file.
    """
    leaving: dict[str, list[int]] = {}
    for at, edge in enumerate(edges):
        leaving.setdefault(edge.source, []).append(at)
    found: set[int] = set()
    done: set[str] = set()
    for root in nodes:
        if root in done:
            continue
        open_, path = [(root, iter(leaving.get(root, ())))], {root}
        while open_:
            node, rest = open_[-1]
            for at in rest:
                if (target := edges[at].target) in path:
                    found.add(at)
                elif target not in done:
                    path.add(target)
                    open_.append((target, iter(leaving.get(target, ()))))
                    break
            else:
                open_.pop()
                path.discard(node)
                done.add(node)
    return frozenset(found)


def ranks_of(nodes: Sequence[str], downward: Sequence[tuple[str, str]]) -> dict[str, int]:
    """The rank of every node: two below the lowest node that leads to it.

    A node that nothing leads to, save the first, stands just above what it leads to itself.

    Args:
        downward: pairs without circles.
    """
    above: dict[str, list[str]] = {node: [] for node in nodes}
    below: dict[str, list[str]] = {node: [] for node in nodes}
    for source, target in downward:
        above[target].append(source)
        below[source].append(target)
    ranks: dict[str, int] = {}
    for node in TopologicalSorter(above).static_order():
        ranks[node] = max((ranks[source] + 2 for source in above[node]), default=0)
    for node in nodes[1:]:
        if not above[node] and below[node]:
            ranks[node] = max(0, min(ranks[target] for target in below[node]) - 2)
    return _from_zero(ranks)


def _from_zero(ranks: Mapping[str, int]) -> dict[str, int]:
    first = min(ranks.values(), default=0)
    return {node: rank - first for node, rank in ranks.items()}
