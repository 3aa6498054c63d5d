"""Where boxes, labels and lines of a drawing go: a layered layout (Sugiyama's method).

States stand in ranks from top to bottom, as near as possible to the order in which a
conversation passes them. An edge over several ranks runs through a place of its own in each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from bot.dialogue.diagram.graph import Edge, Point, Size
from bot.dialogue.diagram.ordering import ordered
from bot.dialogue.diagram.placing import Spacing, placed, spread
from bot.dialogue.diagram.ranking import ranks_of, upward
from bot.dialogue.diagram.tightening import Surroundings, tightened

BESIDE = 18.0
"""Pixels between nodes of a rank; a line needs half of it."""

BETWEEN = 20.0
"""Pixels between a rank and the next, at least."""

STEEP, STEEPEST = 0.06, 26.0
"""Further pixels between ranks for each pixel a line goes sideways there, so that it can be
followed; and the most of that."""


@dataclass(frozen=True, slots=True)
class Route:
    """The way of one edge.

    Args:
        points: from the source's border to the target's; lines pass them vertically.
        label: middle of the label.
    """

    points: tuple[Point, ...]
    label: Point


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything goes.

    Args:
        nodes: where edges meet the node's top: horizontally its line, vertically its top.
        routes: as many and in the order of the edges.
    """

    nodes: Mapping[str, Point]
    routes: tuple[Route, ...]
    width: float
    height: float


def layout_of(nodes: Mapping[str, Size], edges: Sequence[Edge]) -> Layout:
    """Lay a graph out.

    Args:
        nodes: their sizes by name; the first one stands on top.
        edges: between different nodes.
    """
    return _Layering(nodes, edges).layout()


@dataclass(slots=True)
class _Layering:
    """A graph cut into ranks, every edge into a chain of places one rank apart."""

    nodes: Mapping[str, Size]
    edges: Sequence[Edge]
    sizes: dict[str, Size] = field(default_factory=dict)
    chains: list[list[str]] = field(default_factory=list)
    ranks: list[list[str]] = field(default_factory=list)
    above: dict[str, list[str]] = field(default_factory=dict)
    below: dict[str, list[str]] = field(default_factory=dict)
    turned: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        self.turned = upward(self.nodes, self.edges)
        pairs = [
            (edge.target, edge.source) if at in self.turned else (edge.source, edge.target)
            for at, edge in enumerate(self.edges)
        ]
        rank_of = ranks_of(list(self.nodes), pairs)
        self.sizes.update(self.nodes)
        self.ranks = [[] for _ in range(max(rank_of.values(), default=0) + 1)]
        for node, rank in rank_of.items():
            self.ranks[rank].append(node)
        for at, ((upper, lower), edge) in enumerate(zip(pairs, self.edges, strict=True)):
            between = range(rank_of[upper] + 1, rank_of[lower])
            labelled = between[-1] if at in self.turned else between[0]
            chain = [upper, *(f"{at}:{rank}" for rank in between), lower]
            for rank, place in zip(between, chain[1:-1], strict=True):
                self.ranks[rank].append(place)
                self.sizes[place] = edge.label if rank == labelled else Size(0, 0, 0)
            for one, other in pairwise(chain):
                self.below.setdefault(one, []).append(other)
                self.above.setdefault(other, []).append(one)
            self.chains.append(chain)

    def layout(self) -> Layout:
        ranks = ordered(self.ranks, self.above, self.below)
        lines = self.sizes.keys() - self.nodes.keys()
        x = placed(ranks, self.above, self.below, Spacing(self._gap, lines))
        around = Surroundings(self.above, self.below, self._gap)
        x = tightened(ranks, x, [chain[1:-1] for chain in self.chains], around)
        left = min((x[place] - size.left for place, size in self.sizes.items()), default=0.0)
        x = {place: at - left for place, at in x.items()}
        tops, heights = self._heights(ranks, x)
        rank_of = {place: rank for rank, places in enumerate(ranks) for place in places}
        nodes = {
            node: (x[node], tops[rank_of[node]] + (heights[rank_of[node]] - size.height) / 2)
            for node, size in self.nodes.items()
        }
        leaving = self._ports(x, side=0)
        arriving = self._ports(x, side=-1)
        routes = []
        for at, chain in enumerate(self.chains):
            upper, lower = self.sizes[chain[0]], self.sizes[chain[-1]]
            bottom, top = nodes[chain[0]][1] + upper.height, nodes[chain[-1]][1]
            points: list[Point] = [(leaving[at], bottom - upper.inset), (leaving[at], bottom)]
            label = points[0]
            for place in chain[1:-1]:
                over, tall = tops[rank_of[place]], heights[rank_of[place]]
                points += [(x[place], over), (x[place], over + tall)]
                if self.sizes[place].height:
                    label = (x[place], over + tall / 2)
            points += [(arriving[at], top), (arriving[at], top + lower.inset)]
            points = [point for point, _ in groupby(points)]
            routes.append(Route(tuple(points[::-1] if at in self.turned else points), label))
        width = max((x[place] + size.right for place, size in self.sizes.items()), default=0.0)
        return Layout(nodes, tuple(routes), width, tops[-1] + heights[-1] if tops else 0.0)

    def _gap(self, left: str, right: str) -> float:
        room = self.sizes[left].right + self.sizes[right].left
        lines = (left not in self.nodes) + (right not in self.nodes)
        return room + BESIDE - lines * BESIDE / 4

    def _heights(
        self, ranks: list[list[str]], x: Mapping[str, float]
    ) -> tuple[list[float], list[float]]:
        """Top and height of each rank."""
        tops, heights, top = [], [], 0.0
        for rank in ranks:
            tops.append(top)
            heights.append(max((self.sizes[place].height for place in rank), default=0.0))
            sideways = max(
                (abs(x[place] - x[other]) for place in rank for other in self.below.get(place, ())),
                default=0.0,
            )
            top += heights[-1] + BETWEEN + min(STEEP * sideways, STEEPEST)
        return tops, heights

    def _ports(self, x: Mapping[str, float], side: int) -> dict[int, float]:
        """Where each edge meets its upper (``side`` 0) or lower (-1) node."""
        ends: dict[str, dict[str, float]] = {}
        for at, chain in enumerate(self.chains):
            beside = chain[1] if side == 0 else chain[-2]
            ends.setdefault(chain[side], {})[str(at)] = x[beside]
        ports: dict[int, float] = {}
        for node, lines in ends.items():
            size = self.nodes[node]
            room = 2 * min(size.left, size.right) - 24
            ports.update(
                (int(at), port) for at, port in spread(lines, x[node], max(room, 0)).items()
            )
        return ports
