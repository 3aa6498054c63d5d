"""A chart as a Mermaid state diagram, which many web pages and editors draw."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.dialogue.diagram.chart import Arrow, Box, Chart, Label

_SPECIAL = re.compile(r"[^\w .,→()/-]")


def mermaid(chart: Chart) -> str:
    """The diagram's text."""
    return "\n".join(_lines(chart)) + "\n"


def _lines(chart: Chart) -> Iterator[str]:
    yield from ("---", f"title: {chart.title}", "---", "stateDiagram-v2")
    ids = {box.name: f"s{number}_{box.title}" for number, box in enumerate(chart.boxes)}
    ids = {name: re.sub(r"\W", "_", made) for name, made in ids.items()}
    for box in chart.boxes:
        yield f'    state "{_title(box)}" as {ids[box.name]}'
    for box in chart.boxes:
        if box.initial:
            yield f"    [*] --> {ids[box.name]}"
    for arrow in chart.arrows:
        yield f"    {ids[arrow.source]} --> {ids[arrow.target]}: {_labels(arrow)}"
    for box in chart.boxes:
        if box.end:
            yield f"    {ids[box.name]} --> [*]"
    if chart.everywhere:
        first = next(ids[box.name] for box in chart.boxes if box.initial)
        yield f"    note left of {first}"
        yield "        in every state"
        yield from (f"        {_escaped(line)}" for line in chart.everywhere)
        yield "    end note"
    yield from _coverage(chart, ids)


def _coverage(chart: Chart, ids: dict[str, str]) -> Iterator[str]:
    asked = {True: "exercised", False: "missed"}
    if any(box.exercised is not None for box in chart.boxes):
        yield "    classDef exercised fill:#d7f0dd,stroke:#2a8a4a,color:#10301b"
        yield "    classDef missed fill:#fbe3df,stroke:#c0442e,color:#4a150c,stroke-dasharray:5 3"
    for box in chart.boxes:
        if box.exercised is not None:
            yield f"    class {ids[box.name]} {asked[box.exercised]}"


def _title(box: Box) -> str:
    title = f"flow {box.title}" if box.shape == "flow" else box.title
    return _escaped(title) + (f"<br/><i>{_escaped(box.does)}</i>" if box.does else "")


def _labels(arrow: Arrow) -> str:
    return "<br/>".join(_label(label) for label in arrow.labels)


def _label(label: Label) -> str:
    text = _escaped(label.text)
    text = f"<i>{text}</i>" if label.outcome else text
    text += f" [{_escaped(label.guard)}]" if label.guard else ""
    return text + (f" / <i>{_escaped(label.does)}</i>" if label.does else "")


def _escaped(text: str) -> str:
    """Text with everything that Mermaid could take for its own as character codes."""
    return _SPECIAL.sub(lambda special: f"#{ord(special[0])};", text)
