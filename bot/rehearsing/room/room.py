"""The room itself: what pages ask for becomes a job of a process beside this one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from typing import Any, Final

import structlog

from bot.desk.room import RoomError
from bot.dialogue.versions import Files
from bot.drafting.checking import Checked
from bot.drafting.replayed import Begun, Covered, Replayed, Step, Updated
from bot.drafting.talk import Talk, Talked
from bot.rehearsing.room.helper import Helper
from bot.rehearsing.room.pieces import Piece, piece_of, value_of
from bot.settings import Secrets, Settings

log = structlog.get_logger(__name__)

SECONDS: Final = 45.0
"""Between two words of a process: reading the passport queue's flows takes one, three on a busy
machine, and a recording a tenth of one.
"""

STEPS: Final[Mapping[str, type[Step]]] = {
    each.__name__: each for each in (Begun, Replayed, Covered)
}


class ProcessRoom:
    """:class:`bot.desk.room.Room` in two processes: while one replays recordings, the other looks
    at what is typed.

    Args:
        settings: the office's; secrets are left out.
    """

    def __init__(self, settings: Settings) -> None:
        told = told_of(settings)
        self._typing, self._replaying = Helper(told), Helper(told)
        self._preparing: asyncio.Task[None] | None = None

    @property
    def pids(self) -> tuple[int | None, int | None]:
        """Of the process that looks at what is typed, and of the one that replays."""
        return self._typing.pid, self._replaying.pid

    def prepare(self) -> None:
        """See the Protocol."""
        if self._typing.pid is None and (self._preparing is None or self._preparing.done()):
            self._preparing = asyncio.create_task(self._prepare(), name="prepare drafts")

    async def check(self, files: Files, *, drawn: str = "", key: str = "") -> Checked:
        """See the Protocol."""
        job = {"job": "check", "files": dict(files), "drawn": drawn}
        return value_of(Checked, await self._one(f"check {key}", job))

    async def say(self, files: Files, talk: Talk, *, title: str = "", key: str = "") -> Talked:
        """See the Protocol."""
        job = {"job": "say", "files": dict(files), "talk": piece_of(talk), "title": title}
        return value_of(Talked, await self._one(f"say {key}", job))

    async def replay(
        self, files: Files, over: Mapping[str, str], *, key: str = ""
    ) -> AsyncGenerator[Step, None]:
        """See the Protocol."""
        job = {"job": "replay", "files": dict(files), "over": dict(over)}
        async with aclosing(self._replaying.ask(f"replay {key}", job, SECONDS)) as pieces:
            async for piece in pieces:
                yield step_of(piece)

    async def update(
        self, files: Files, over: Mapping[str, str], paths: Sequence[str], *, key: str = ""
    ) -> Sequence[Updated]:
        """See the Protocol."""
        job = {"job": "update", "files": dict(files), "over": dict(over), "paths": list(paths)}
        pieces = self._replaying.ask(f"update {key}", job, SECONDS)
        return [value_of(Updated, piece) async for piece in pieces]

    async def close(self, _: object = None) -> None:
        """See the Protocol."""
        if self._preparing:
            self._preparing.cancel()
            await asyncio.wait([self._preparing])
        await asyncio.gather(self._typing.close(), self._replaying.close())

    async def _prepare(self) -> None:
        """Have the process begun and the folder's flows read once."""
        try:
            async for _ in self._typing.ask("prepare", {"job": "prepare"}, SECONDS):
                pass
        except RoomError as error:  # whoever asks something is told what is wrong with it
            log.info("drafts_not_prepared", reason=str(error))

    async def _one(self, key: str, job: Mapping[str, Any]) -> Piece:
        """The one piece that a job says."""
        said = [piece async for piece in self._typing.ask(key, job, SECONDS)]
        if not said:
            raise RoomError("nothing was said about the draft; try again")
        return said[0]


def step_of(piece: Piece) -> Step:
    """A step of a replay, as the process says it."""
    return value_of(STEPS[piece["kind"]], {k: v for k, v in piece.items() if k != "kind"})


def told_of(settings: Settings) -> Mapping[str, Any]:
    """What the processes are told of the settings: no secret, and no Rasa, which needs one."""
    nlu = settings.nlu.model_copy(update={"provider": "local"})
    return settings.model_copy(update={"secrets": Secrets(), "nlu": nlu}).model_dump(mode="json")
