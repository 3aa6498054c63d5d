"""A chart as an SVG picture that needs nothing beside it and follows the reader's colours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise

from bot.dialogue.diagram.chart import Arrow, Box, Chart, Label
from bot.dialogue.diagram.graph import Edge, Point, Size
from bot.dialogue.diagram.layout import Layout, layout_of
from bot.dialogue.diagram.lettering import width_of, wrapped
from bot.dialogue.diagram.marks import NO_MARKS, Marks

MARGIN = 28.0
HEADING = 52.0
"""Pixels from the top edge to the drawing."""

TITLE_SIZE, DOES_SIZE, LABEL_SIZE = 14.0, 11.5, 11.5
LINE = 15.0
"""Pixels from one line of small text to the next."""

LOOP = 30.0
"""How far an arrow from a box to itself reaches."""

NOTE_WIDTH = 250.0

STYLE = """
  svg { --paper: #ffffff; --ink: #1d2733; --soft: #5b6877; --box: #f2f6fa; --edge: #8494a5;
    --line: #8a97a5; --note: #fdf6dd; --note-edge: #d9c98b; --good: #1d7a44; --good-box: #e0f4e6;
    --bad: #b5482f; --bad-box: #fbeae5; --way: #2f3f9e; --way-box: #e3e6fb; }
  @media (prefers-color-scheme: dark) { svg { --paper: #14191f; --ink: #e4eaf0; --soft: #a3b0bd;
    --box: #212a34; --edge: #64768a; --line: #73818f; --note: #2e2a1b; --note-edge: #6d6238;
    --good: #5cc486; --good-box: #17311f; --bad: #ea8a72; --bad-box: #3a1f18;
    --way: #a3aeff; --way-box: #2a3160; } }
  svg text { font-family: system-ui, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif;
    fill: var(--ink); }
  svg .heading { font-size: 19px; font-weight: 600; }
  svg .title { font-size: 14px; font-weight: 600; text-anchor: middle; }
  svg .does { font-size: 11.5px; font-style: italic; fill: var(--soft); text-anchor: middle; }
  svg .label { font-size: 11.5px; }
  svg .middle { text-anchor: middle; }
  svg .outcome, svg .action { font-style: italic; }
  svg .guard, svg .action { fill: var(--soft); }
  svg .paper, svg .behind { fill: var(--paper); }
  svg .box { fill: var(--box); stroke: var(--edge); stroke-width: 1.3; }
  svg .inner { fill: none; }
  svg .pill { fill: var(--paper); stroke: var(--edge); stroke-dasharray: 4 3; }
  svg .note { fill: var(--note); stroke: var(--note-edge); }
  svg .line { fill: none; stroke: var(--line); stroke-width: 1.3; }
  svg .dashed { stroke-dasharray: 5 4; }
  svg .dot, svg .head { fill: var(--line); }
  svg .good .box { fill: var(--good-box); stroke: var(--good); }
  svg .bad .box { fill: var(--bad-box); stroke: var(--bad); stroke-dasharray: 5 3; }
  svg .line.good { stroke: var(--good); } svg .head.good { fill: var(--good); }
  svg .line.bad { stroke: var(--bad); stroke-dasharray: 5 3; } svg .head.bad { fill: var(--bad); }
  svg .label.bad { fill: var(--bad); }
  svg .been .box { stroke: var(--way); stroke-width: 2.2; }
  svg .here .box { fill: var(--way-box); stroke: var(--way); stroke-width: 2.6; }
  svg .ring { fill: none; stroke: var(--way); stroke-width: 1.6; }
  svg .line.been { stroke: var(--way); stroke-width: 2.4; } svg .head.been { fill: var(--way); }
  svg .line.now { stroke: var(--way); stroke-width: 4.5; } svg .head.now { fill: var(--way); }
  svg .label.now { font-weight: 700; fill: var(--way); }
  svg .label.refused, svg .label.refused tspan { text-decoration: line-through;
    fill: var(--bad); }
  svg .badge { fill: var(--way); stroke: var(--paper); stroke-width: 1.5; }
  svg .badged { font-size: 11.5px; font-weight: 700; text-anchor: middle; fill: var(--paper); }
""".strip("\n")


def svg(chart: Chart) -> str:
    """The picture, a whole SVG document."""
    return Picture(chart).drawn()


class Picture:
    """A chart with its layout, which is what takes time: it may be drawn with many marks."""

    def __init__(self, chart: Chart) -> None:
        self._chart = chart
        self._loops = {one.source: one for one in chart.arrows if one.source == one.target}
        self._arrows = [arrow for arrow in chart.arrows if arrow.source != arrow.target]
        nodes = {box.name: self._size(box) for box in chart.boxes}
        edges = [Edge(one.source, one.target, _label_size(one)) for one in self._arrows]
        self._layout: Layout = layout_of(nodes, edges)

    def drawn(self, marks: Marks = NO_MARKS, *, styled: bool = True) -> str:
        """A whole SVG document.

        Args:
            styled: with its own style; a page that allows none inline has :data:`STYLE` itself.
        """
        return "\n".join(self._parts(marks, styled=styled)) + "\n"

    def _parts(self, marks: Marks, *, styled: bool) -> Iterator[str]:
        note = list(self._note_lines())
        note_height = LINE * (len(note) + 1) + 18
        beside = self._is_free(NOTE_WIDTH + 20, note_height + 20)
        below = HEADING + self._layout.height
        width = max(self._layout.width, NOTE_WIDTH if note else 0)
        width = max(width, width_of(self._chart.title, 19)) + 2 * MARGIN
        height = below + MARGIN + (note_height + MARGIN if note and not beside else 0)
        title = escape(self._chart.title)
        yield (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
            f'width="{width:.0f}" height="{height:.0f}" role="img" aria-label="The flow {title}">'
        )
        yield f"<title>{title}</title>"
        if styled:
            yield f"<style>\n{STYLE}\n</style>"
        yield '<rect class="paper" width="100%" height="100%"/>'
        yield f'<text class="heading" x="{MARGIN}" y="34">{title}</text>'
        yield f'<g transform="translate({MARGIN} {HEADING})">'
        for arrow, route in zip(self._arrows, self._layout.routes, strict=True):
            gone = marks.of_arrow(arrow)
            yield from _line(arrow, route.points, gone, dashed=self._is_aside(arrow))
        for arrow, route in zip(self._arrows, self._layout.routes, strict=True):
            yield from _labels(arrow, route.label, marks)
        for box in self._chart.boxes:
            yield from self._box(box, marks)
        yield "</g>"
        if note:
            yield from _note(note, MARGIN, HEADING if beside else below + MARGIN)
        yield "</svg>"

    def _note_lines(self) -> Iterator[str]:
        for line in self._chart.everywhere:
            first, *others = wrapped(line, LABEL_SIZE, NOTE_WIDTH - 28)
            yield first
            yield from (f"\u2003{other}" for other in others)

    def _is_free(self, width: float, height: float) -> bool:
        """Whether nothing is drawn in so much of the upper left corner."""
        boxes = [
            (x - self._size(box).left, y)
            for box in self._chart.boxes
            for x, y in [self._layout.nodes[box.name]]
        ]
        lines = [
            (min(one[0], other[0]), min(one[1], other[1]))
            for route in self._layout.routes
            for one, other in pairwise(route.points)
        ]
        labels = [
            (route.label[0] - _label_size(arrow).left, route.label[1] - _label_size(arrow).height)
            for arrow, route in zip(self._arrows, self._layout.routes, strict=True)
        ]
        return all(x > width or y > height for x, y in [*boxes, *lines, *labels])

    def _is_aside(self, arrow: Arrow) -> bool:
        aside = {box.name for box in self._chart.boxes if box.shape != "state"}
        return not aside.isdisjoint((arrow.source, arrow.target))

    def _size(self, box: Box) -> Size:
        half = _width(box) / 2
        loop = self._loops.get(box.name)
        right = half + (LOOP + 8 + _label_size(loop).left * 2 if loop else 0)
        tall = max(_height(box), _label_size(loop).height + 8 if loop else 0)
        inset = (tall - _height(box)) / 2
        return Size(half + (30 if box.initial else 0), right, tall, inset)

    def _box(self, box: Box, marks: Marks) -> Iterator[str]:
        x, y = self._layout.nodes[box.name]
        width, tall = _width(box), _height(box)
        y += (self._size(box).height - tall) / 2
        left, middle = x - width / 2, y + tall / 2
        state = f' data-state="{escape(box.name)}"' if box.shape == "state" else ""
        kind = " ".join(filter(None, (_covered(box.exercised), marks.of_box(box.name))))
        yield f'<g class="{kind}"{state}>' if kind else f"<g{state}>"
        if loop := self._loops.get(box.name):
            yield from _loop(loop, x + width / 2, middle, marks)
        shape = {"state": "box", "flow": "note"}.get(box.shape, "pill")
        round_ = tall / 2 if shape == "pill" else 3 if shape == "note" else 9
        yield _rect(shape, left, y, width, tall, round_)
        if box.name == marks.here:
            yield _rect("ring", left - 4, y - 4, width + 8, tall + 8, round_ + 4)
        if box.end:
            yield _rect("box inner", left + 3.5, y + 3.5, width - 7, tall - 7, 6)
        if box.initial:
            yield f'<circle class="dot" cx="{left - 23:.1f}" cy="{middle:.1f}" r="5.5"/>'
            yield f'<path class="line" d="M{left - 18:.1f} {middle:.1f}H{left - 6:.1f}"/>'
            yield _head((left, middle), (1, 0), "")
        title = f"flow {box.title}" if box.shape == "flow" else box.title
        at = middle + 5 - (8 if box.does else 0)
        yield f'<text class="title" x="{x:.1f}" y="{at:.1f}">{escape(title)}</text>'
        if box.does:
            yield f'<text class="does" x="{x:.1f}" y="{at + 16:.1f}">{escape(box.does)}</text>'
        yield from marks.badge(box.name, left, y)
        yield "</g>"


def _width(box: Box) -> float:
    title = f"flow {box.title}" if box.shape == "flow" else box.title
    return max(width_of(title, TITLE_SIZE), width_of(box.does, DOES_SIZE), 56) + 28


def _height(box: Box) -> float:
    if box.shape != "state":
        return 28
    return 52 if box.does else 40


def _rect(kind: str, x: float, y: float, width: float, height: float, round_: float) -> str:
    return (
        f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" '
        f'height="{height:.1f}" rx="{round_:.1f}"/>'
    )


def _covered(exercised: bool | None) -> str:  # noqa: FBT001 - it is the value, not an option
    return "" if exercised is None else "good" if exercised else "bad"


def _with(kind: str, exercised: bool | None) -> str:  # noqa: FBT001 - likewise
    return kind if exercised is None else f"{kind} {'good' if exercised else 'bad'}"


def _label_size(arrow: Arrow) -> Size:
    widest = max(width_of(_words(label), LABEL_SIZE) for label in arrow.labels)
    return Size.centred(widest + 8, LINE * len(arrow.labels) + 4)


def _words(label: Label) -> str:
    guard = f" [{label.guard}]" if label.guard else ""
    return f"{label.text}{guard}{f' / {label.does}' if label.does else ''}"


def _labels(arrow: Arrow, at: Point, marks: Marks) -> Iterator[str]:
    """An arrow's labels, one below the other on a piece of paper, around a point."""
    size = _label_size(arrow)
    x, top = at[0], at[1] - size.height / 2
    yield _rect("behind", x - size.left, top, size.left * 2, size.height, 3)
    for number, label in enumerate(arrow.labels, start=1):
        yield _text(label, x, top + number * LINE - 2, "label middle", marks.of_label(label))


def _text(label: Label, x: float, y: float, kind: str, how: str) -> str:
    kind = _with(f"{kind} outcome" if label.outcome else kind, label.exercised)
    kind = f"{kind} {how}".rstrip()
    parts = escape(label.text)
    if label.guard:
        parts += f'<tspan class="guard"> [{escape(label.guard)}]</tspan>'
    if label.does:
        parts += f'<tspan class="action"> / {escape(label.does)}</tspan>'
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}">{parts}</text>'


def _line(arrow: Arrow, points: Sequence[Point], gone: str, *, dashed: bool) -> Iterator[str]:
    """A line through its points, vertical in each, with a head."""
    (x, y), (end_x, end_y) = points[0], points[-1]
    down = 1.0 if end_y > points[-2][1] else -1.0
    path = [f"M{x:.1f} {y:.1f}"]
    for to_x, to_y in [*points[1:-1], (end_x, end_y - 6 * down)]:
        half = (y + to_y) / 2
        straight = abs(to_x - x) < 0.5  # noqa: PLR2004 - half a pixel is no bend
        path.append(
            f"L{to_x:.1f} {to_y:.1f}"
            if straight
            else f"C{x:.1f} {half:.1f} {to_x:.1f} {half:.1f} {to_x:.1f} {to_y:.1f}"
        )
        x, y = to_x, to_y
    kind = f"{_with('line dashed' if dashed else 'line', arrow.exercised)} {gone}".rstrip()
    yield f'<path class="{kind}" d="{" ".join(path)}"/>'
    yield _head((end_x, end_y), (0, down), f"{_with('', arrow.exercised)} {gone}")


def _head(tip: Point, towards: Point, kind: str) -> str:
    (x, y), (dx, dy) = tip, towards
    back_x, back_y = x - 8 * dx, y - 8 * dy
    corners = (
        f"{back_x + 4 * dy:.1f},{back_y + 4 * dx:.1f} {back_x - 4 * dy:.1f},{back_y - 4 * dx:.1f}"
    )
    return f'<polygon class="{f"head {kind.strip()}".strip()}" points="{x:.1f},{y:.1f} {corners}"/>'


def _loop(arrow: Arrow, x: float, y: float, marks: Marks) -> Iterator[str]:
    """An arrow from the right border of a box, around and back, with its labels beside it."""
    gone = marks.of_arrow(arrow)
    kind = f"{_with('line', arrow.exercised)} {gone}".rstrip()
    out = x + LOOP
    yield (
        f'<path class="{kind}" d="M{x:.1f} {y - 9:.1f}C{out:.1f} {y - 18:.1f} '
        f'{out:.1f} {y + 18:.1f} {x + 7:.1f} {y + 10:.1f}"/>'
    )
    yield _head((x, y + 9), (-1, 0), f"{_with('', arrow.exercised)} {gone}")
    top = y - LINE * len(arrow.labels) / 2
    for number, label in enumerate(arrow.labels, start=1):
        yield _text(label, out, top + number * LINE - 4, "label", marks.of_label(label))


def _note(lines: Sequence[str], x: float, y: float) -> Iterator[str]:
    yield _rect("note", x, y, NOTE_WIDTH, LINE * (len(lines) + 1) + 18, 3)
    for number, line in enumerate(["in every state", *lines], start=1):
        weight = ' font-weight="600"' if number == 1 else ""
        at = f'x="{x + 12}" y="{y + 5 + number * LINE:.1f}"'
        yield f'<text class="label"{weight} {at}>{escape(line)}</text>'
