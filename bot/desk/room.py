"""Where the desk has drafts of flows tried out: beside the process that serves, never in it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Protocol

from bot.dialogue.versions import Files
from bot.drafting.checking import Checked
from bot.drafting.replayed import Step, Updated
from bot.drafting.talk import Talk, Talked
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

    def prepare(self) -> None:
        """Begin, beside, what checks will need: an editor has come and will ask for one."""
        ...

    async def check(self, files: Files, *, drawn: str = "", key: str = "") -> Checked:
        """Check a draft, also one that was not saved, as :func:`bot.drafting.checking.check` does.

        Args:
            files: texts by path, as :func:`bot.dialogue.versions.files_in` gives them.
            drawn: the file whose flow is drawn.
        """
        ...

    async def say(self, files: Files, talk: Talk, *, title: str = "", key: str = "") -> Talked:
        """Go through a talk with a draft, from its beginning.

        Args:
            title: of the recording that is made of it; none is made without.
        """
        ...

    def replay(
        self, files: Files, over: Mapping[str, str], *, key: str = ""
    ) -> AsyncGenerator[Step, None]:
        """Replay all recordings on a draft; each is told as soon as it was, the coverage last.

        Args:
            over: recordings that are laid over the folder's, by path; an empty text takes one away.
        """
        ...

    async def update(
        self, files: Files, over: Mapping[str, str], paths: Sequence[str], *, key: str = ""
    ) -> Sequence[Updated]:
        """Some recordings with what a draft says; nothing is written anywhere."""
        ...

    async def close(self, _: object = None) -> None:
        """End what goes on; the application shuts down."""
        ...
