"""A flow of some version: what its steps say, where they stand, and its picture."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

from bot.dialogue.diagram.chart import Chart, chart_of
from bot.dialogue.diagram.svg import Picture
from bot.dialogue.flow import Flow, Step
from bot.dialogue.machine import tried_at
from bot.dialogue.trace import Trod
from bot.dialogue.versions import Files
from bot.drafting.drawing import ReadFlow, read_flow
from bot.replay.points import Written, written_steps

KEPT: Final = 48
"""Flows of versions that a process keeps ready: those of three versions."""

Texts = Callable[[str], Awaitable[Files | None]]
"""Gives the texts of a version's files, ``None`` when nobody has them any more."""


@dataclass(frozen=True)
class Leaf:
    """A flow as it was written in some version."""

    read: ReadFlow = field(repr=False)

    @property
    def flow(self) -> Flow:
        """With what it includes."""
        return self.read.flow

    def step(self, trod: Trod) -> Step | None:
        """The step that a line of a trace speaks of; ``None`` when there is none."""
        state = self.flow.states.get(trod.state)
        if state is None or not trod.word:
            return None
        tried = tried_at(self.flow, state, trod.word)
        at = max(trod.number, 1) - 1
        return tried[at] if at < len(tried) else None

    def place(self, step: Step) -> str:
        """Where a step is written, ``common.yml:31``."""
        found = self._written.get(id(step))
        if found is None:
            return ""
        place = found[0].place(found[1])
        return f"{Path(place.file).name}:{place.line}"

    @cached_property
    def chart(self) -> Chart:
        """Drawn, but for where things go."""
        return chart_of(self.flow)

    @cached_property
    def picture(self) -> Picture:
        """All of it; laying out takes up to half a second."""
        return Picture(self.chart)

    @cached_property
    def _written(self) -> Mapping[int, Written]:
        return dict(written_steps(self.flow, self.read.document, self.read.shared))


class Leaves:
    """Reads flows of versions, and keeps those that were looked at last.

    Args:
        texts: of versions.
    """

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._kept: OrderedDict[tuple[str, str], Leaf] = OrderedDict()
        self._reading = asyncio.Lock()

    async def of(self, version: str, flow: str) -> Leaf | None:
        """A flow of a version; ``None`` when nobody has it any more.

        It is read beside other requests, which takes a tenth of a second the first time.
        """
        key = version, flow
        if key not in self._kept:
            async with self._reading:
                if key not in self._kept:
                    leaf = await self._read(version, flow)
                    if leaf is None:
                        return None
                    self._kept[key] = leaf
        self._kept.move_to_end(key)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return self._kept[key]

    async def _read(self, version: str, flow: str) -> Leaf | None:
        files = await self._texts(version)
        if files is None or f"{flow}.yml" not in files:
            return None
        read = await asyncio.to_thread(read_flow, files, f"{flow}.yml")
        return Leaf(read) if read else None
