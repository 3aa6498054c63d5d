"""The picture of one flow of a draft, as soon as that flow can be read, whatever else cannot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.dialogue.diagram.chart import chart_of
from bot.dialogue.diagram.svg import svg
from bot.dialogue.draft import Drafts
from bot.dialogue.flow import Flow
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


@dataclass(frozen=True, slots=True)
class ReadFlow:
    """A flow as it is written.

    Args:
        flow: what it includes among it.
        document: its file, laid over the one it is based on.
        shared: the file it includes, if it does.
    """

    flow: Flow
    document: Document
    shared: Document | None


def read_flow(files: Files, name: str) -> ReadFlow | None:
    """The flow in the file ``name``, with the files it is made of and no others; ``None`` when it
    cannot be read.
    """
    needed = _needed(files, name)
    with TemporaryDirectory(prefix="draft-") as made:
        lay_out(needed, Path(made))
        drafts = Drafts()
        drafts.read_flows([Path(made) / each for each in sorted(needed)])
    drawn = drafts.flows.get(Path(name).stem)
    if drawn is None or drafts.findings:
        return None
    shared = drafts.shared.get(drawn.part.include or "")
    flow = drawn.part.including(shared.part) if shared else drawn.part
    return ReadFlow(flow, drawn.document, shared.document if shared else None)


def draw(files: Files, name: str) -> Drawing:
    """Draw the flow in the file ``name``; costs a tenth of a second of a core."""
    read = read_flow(files, name)
    if read is None:
        return Drawing()
    lines = {}
    for state in read.flow.states:
        place = read.document.place(("states", state))
        if place.file.endswith(f"/{name}"):
            lines[state] = place.line
    chart = chart_of(read.flow)
    boxes = {box.name for box in chart.boxes}
    if read.flow.initial not in boxes or any(a.target not in boxes for a in chart.arrows):
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
