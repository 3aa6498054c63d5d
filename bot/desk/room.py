"""Where the desk has drafts of flows tried out: beside the process that serves, never in it."""

from __future__ import annotations

from typing import Protocol

from bot.dialogue.versions import Files
from bot.drafting.checking import Checked
from bot.errors import AntreError


class RoomError(AntreError):
    """Nothing can be said about a draft now; the text says why and what to do."""


class Superseded(AntreError):
    """The same page has asked again meanwhile; nobody waits for this answer any more."""


class Room(Protocol):
    """Tries drafts out.

    ``key`` names the page that asks: its newer question takes the place of an older one, which
    raises :class:`Superseded`. Everything raises :class:`RoomError` when the process that does it
    ends or hangs over it; the next question finds a new one.
    """

    async def check(self, files: Files, *, drawn: str = "", key: str = "") -> Checked:
        """Check a draft, also one that was not saved, as :func:`bot.drafting.checking.check` does.

        Args:
            files: texts by path, as :func:`bot.dialogue.versions.files_in` gives them.
            drawn: the file whose flow is drawn.
        """
        ...

    async def close(self, _: object = None) -> None:
        """End what goes on; the application shuts down."""
        ...
