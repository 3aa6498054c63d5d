"""Drafts tried out in the tests' own process: the same jobs, and no process to wait for."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from bot.desk.room import RoomError
from bot.dialogue.versions import Files
from bot.drafting.checking import Checked
from bot.drafting.replayed import Step, Updated
from bot.drafting.talk import Talk, Talked
from bot.errors import AntreError
from bot.rehearsing.room.jobs import JOBS, Bench
from bot.rehearsing.room.pieces import Piece, piece_of, value_of
from bot.rehearsing.room.room import step_of
from bot.rehearsing.studio import in_memory
from bot.settings import Settings, load_settings

ROOT = Path(__file__).parents[2]


@cache
def shipped_settings() -> Settings:
    """Those of the project, whatever the environment says."""
    return load_settings(ROOT / "config.yml", {})


class RoomHere:
    """:class:`bot.desk.room.Room` without processes; ``key`` says nothing where one thing is done
    after the other. The grammar alone understands messages, for nothing has to be learnt then.
    """

    def __init__(self, settings: Settings) -> None:
        self.prepared = 0
        self._bench = Bench(settings, in_memory(settings, None))

    def prepare(self) -> None:
        """Nothing to begin; it is counted."""
        self.prepared += 1

    async def check(self, files: Files, *, drawn: str = "", key: str = "") -> Checked:
        """See the Protocol."""
        (piece,) = [each async for each in self._done("check", files=files, drawn=drawn, key=key)]
        return value_of(Checked, piece)

    async def say(self, files: Files, talk: Talk, *, title: str = "", key: str = "") -> Talked:
        """See the Protocol."""
        told = {"files": files, "talk": piece_of(talk), "title": title, "key": key}
        (piece,) = [each async for each in self._done("say", **told)]
        return value_of(Talked, piece)

    async def replay(
        self, files: Files, over: Mapping[str, str], *, key: str = ""
    ) -> AsyncGenerator[Step, None]:
        """See the Protocol."""
        async for piece in self._done("replay", files=files, over=over, key=key):
            yield step_of(piece)

    async def update(
        self, files: Files, over: Mapping[str, str], paths: Sequence[str], *, key: str = ""
    ) -> Sequence[Updated]:
        """See the Protocol."""
        told = {"files": files, "over": over, "paths": paths, "key": key}
        return [value_of(Updated, piece) async for piece in self._done("update", **told)]

    async def close(self, _: object = None) -> None:
        """Nothing to end."""

    async def _done(self, job: str, **told: Any) -> AsyncIterator[Piece]:
        try:
            async for piece in JOBS[job](self._bench, told):
                yield piece
        except AntreError as error:
            raise RoomError(str(error)) from None
