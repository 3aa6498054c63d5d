"""Where the desk has drafts of flows tried out: beside the process that serves, never in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.dialogue.versions import Files
from bot.errors import AntreError, Finding, Place


class RoomError(AntreError):
    """Nothing can be said about a draft now; the text says why and what to do."""


class Superseded(AntreError):
    """The same page has asked again meanwhile; nobody waits for this answer any more."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """The picture of a flow.

    Args:
        svg: as :mod:`bot.dialogue.diagram.svg` draws it.
        places: where each state is written, by its name; ``file`` is the name within the draft.
    """

    svg: str
    places: Mapping[str, Place]


@dataclass(frozen=True, slots=True)
class Checked:
    """What ``antre flows check`` would say of a draft.

    Args:
        findings: in reading order; ``place.file`` is the name within the draft. ``offices.yml``
            and the project's code may be named, too: they are the office's, as they are now.
        version: it would have; empty while it has mistakes.
        drawing: of the flow that was asked for; ``None`` while there are mistakes in it.
    """

    findings: tuple[Finding, ...]
    version: str
    drawing: Drawing | None = None

    @property
    def publishable(self) -> bool:
        """Whether there is nothing but warnings."""
        return bool(self.version)


class Room(Protocol):
    """Tries drafts out.

    ``key`` names the page that asks: its newer question takes the place of an older one, which
    raises :class:`Superseded`. Everything raises :class:`RoomError` when the process that does it
    ends or hangs over it; the next question finds a new one.
    """

    async def check(self, files: Files, *, draw: str = "", key: str = "") -> Checked:
        """Check a draft, also one that was not saved.

        Args:
            files: texts by path, as :func:`bot.dialogue.versions.files_in` gives them.
            draw: name of the flow to draw.
        """
        ...

    async def close(self, _: object = None) -> None:
        """End what goes on; the application shuts down."""
        ...
