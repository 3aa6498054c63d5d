"""Pictures of a bot's flows, as text for a file or the terminal."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Literal, TypeAlias

from bot.dialogue.diagram.chart import chart_of
from bot.dialogue.diagram.mermaid import mermaid
from bot.dialogue.diagram.svg import svg
from bot.dialogue.flow import Flow
from bot.document import meant
from bot.errors import ConfigError

Form: TypeAlias = Literal["mermaid", "svg"]
"""What a picture is written in."""

SUFFIXES: Mapping[Form, str] = {"mermaid": ".mmd", "svg": ".svg"}
"""How the names of such files end."""


def drawings(
    flows: Mapping[str, Flow],
    only: str | None,
    form: Form,
    missed: Mapping[str, Collection[str]] | None = None,
) -> dict[str, str]:
    """The pictures by flow.

    Args:
        only: the flow to draw; all of them if ``None``.
        missed: what recordings never passed, by flow; see :func:`chart_of`.

    Raises:
        ConfigError: there is no such flow.
    """
    if only is not None and only not in flows:
        raise ConfigError(f"no flow {only!r}{meant(only, sorted(flows))}")
    write = svg if form == "svg" else mermaid
    return {
        name: write(chart_of(flow, None if missed is None else missed.get(name, ())))
        for name, flow in flows.items()
        if only in (None, name)
    }


def write_drawings(texts: Mapping[str, str], form: Form, output: Path) -> list[Path]:
    """Write pictures: a single one into the file ``output``, several into the folder."""
    if len(texts) == 1:
        paths = [output]
    else:
        output.mkdir(parents=True, exist_ok=True)
        paths = [output / f"{flow}{SUFFIXES[form]}" for flow in texts]
    for path, text in zip(paths, texts.values(), strict=True):
        path.write_text(text, encoding="utf-8")
    return paths
