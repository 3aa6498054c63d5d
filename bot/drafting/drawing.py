"""The picture of one flow of a draft, as soon as that flow can be read, whatever else cannot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.dialogue.diagram.chart import chart_of
from bot.dialogue.diagram.svg import svg
from bot.dialogue.draft import Drafts
from bot.dialogue.versions import Files, lay_out
from bot.document import Document
from bot.errors import Finding

_OTHERS = ("include", "based_on")
"""Keys of a flow that name files it is made of."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A flow drawn.

    Args:
        svg: the picture; empty when the flow cannot be read, or there is nothing to draw.
        lines: where each state of the picture begins in the flow's own file, 1-based.
    """

    svg: str = ""
    lines: Mapping[str, int] = field(default_factory=dict)


def draw(files: Files, name: str) -> Drawing:
    """Draw the flow in the file ``name``; costs a tenth of a second of a core."""
    needed = _needed(files, name)
    with TemporaryDirectory(prefix="draft-") as made:
        lay_out(needed, Path(made))
        drafts = Drafts()
        drafts.read_flows([Path(made) / each for each in sorted(needed)])
    drawn = drafts.flows.get(Path(name).stem)
    if drawn is None or drafts.findings:
        return Drawing()
    shared = drafts.shared.get(drawn.part.include or "")
    flow = drawn.part.including(shared.part) if shared else drawn.part
    lines = {}
    for state in flow.states:
        place = drawn.document.place(("states", state))
        if place.file.endswith(f"/{name}"):
            lines[state] = place.line
    chart = chart_of(flow)
    boxes = {box.name for box in chart.boxes}
    if flow.initial not in boxes or any(arrow.target not in boxes for arrow in chart.arrows):
        return Drawing()  # a step leads nowhere, which a finding says
    return Drawing(svg(chart), lines)


def _needed(files: Files, name: str) -> dict[str, str]:
    """A flow and the files it is made of, by name."""
    needed: dict[str, str] = {}
    asked = [name]
    while asked:
        each = asked.pop()
        if each in needed or each not in files:
            continue
        needed[each] = files[each]
        try:
            data = Document.leniently(files[each], each).data
        except Finding:
            continue
        asked += [f"{data[key]}.yml" for key in _OTHERS if isinstance(data.get(key), str)]
    return needed
