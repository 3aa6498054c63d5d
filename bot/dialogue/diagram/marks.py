"""One conversation's way over a drawing: where it came through, what was taken, what was refused.

Nothing is said by colour alone: states carry the numbers of when they were entered, a step that
was taken is thick, that of the turn in question thicker and its words bold, a refused guard is
struck through.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Final, Literal, TypeAlias

from bot.dialogue.diagram.chart import Arrow, Chart, Label
from bot.dialogue.diagram.lettering import width_of

How: TypeAlias = Literal["been", "now", "refused"]
"""A step taken before, one taken in the turn in question, one refused in it."""

BADGE_SIZE: Final = 11.5
_STRENGTH: Final = ("now", "been")


@dataclass(frozen=True, slots=True)
class Marks:
    """What to mark.

    Args:
        entered: when a state was entered, counted from 1, by its box.
        here: the box of the state that is open afterwards.
        ways: by :func:`bot.dialogue.diagram.chart.way_key`.
    """

    entered: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    here: str = ""
    ways: Mapping[str, How] = field(default_factory=dict)

    def of_label(self, label: Label) -> str:
        """How a label's step went; empty for one that had no part in it."""
        return self.ways.get(label.way, "")

    def of_arrow(self, arrow: Arrow) -> str:
        """How an arrow was gone; what was refused was not."""
        gone = {self.of_label(label) for label in arrow.labels}
        return next((how for how in _STRENGTH if how in gone), "")

    def of_box(self, box: str) -> str:
        """Whether it was entered, and is open."""
        return "here" if box == self.here else "been" if box in self.entered else ""

    def badge(self, box: str, left: float, top: float) -> Iterator[str]:
        """The numbers of a state, over a corner of its box."""
        if box not in self.entered:
            return
        words = "·".join(map(str, self.entered[box]))
        width = width_of(words, BADGE_SIZE) + 12
        yield (
            f'<rect class="badge" x="{left - 8:.1f}" y="{top - 9:.1f}" width="{width:.1f}" '
            'height="18" rx="9"/>'
        )
        at = f'x="{left - 8 + width / 2:.1f}" y="{top + 4:.1f}"'
        yield f'<text class="badged" {at}>{escape(words)}</text>'


NO_MARKS: Final = Marks()


def nearby(chart: Chart, marks: Marks, focus: frozenset[str]) -> Chart:
    """What of a chart a conversation came through, and whereto it might have gone from ``focus``.

    Args:
        focus: boxes whose every way out is kept.
    """
    been = {*marks.entered, *focus} & {box.name for box in chart.boxes}
    arrows = [arrow for arrow in chart.arrows if arrow.source in focus or marks.of_arrow(arrow)]
    shown = been | {end for arrow in arrows for end in (arrow.source, arrow.target)}
    called = {box.name for box in chart.boxes if box.shape == "flow"} & shown
    arrows += [arrow for arrow in chart.arrows if arrow.source in called and arrow.target in shown]
    boxes = tuple(box for box in chart.boxes if box.name in shown)
    return Chart(chart.title, boxes, tuple(dict.fromkeys(arrows)), ()) if boxes else chart
