"""The room itself: what pages ask for becomes a job of a process beside this one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bot.desk.room import RoomError
from bot.dialogue.versions import Files
from bot.drafting.checking import Checked
from bot.rehearsing.room.helper import Helper
from bot.rehearsing.room.pieces import checked_from
from bot.settings import Secrets, Settings

CHECK_SECONDS: Final = 45.0
"""The passport queue's flows take one, three on a busy machine."""


class ProcessRoom:
    """:class:`bot.desk.room.Room` in processes.

    Args:
        settings: the office's; secrets are left out.
    """

    def __init__(self, settings: Settings) -> None:
        self._typing = Helper(told_of(settings))

    async def check(self, files: Files, *, drawn: str = "", key: str = "") -> Checked:
        """See the Protocol."""
        job = {"job": "check", "files": dict(files), "drawn": drawn}
        async for piece in self._typing.ask(f"check {key}", job, CHECK_SECONDS):
            return checked_from(piece)
        raise RoomError("nothing was said about the draft; try again")

    async def close(self, _: object = None) -> None:
        """See the Protocol."""
        await self._typing.close()


def told_of(settings: Settings) -> Mapping[str, Any]:
    """What the processes are told of the settings: no secret, and no Rasa, which needs one."""
    nlu = settings.nlu.model_copy(update={"provider": "local"})
    return settings.model_copy(update={"secrets": Secrets(), "nlu": nlu}).model_dump(mode="json")
