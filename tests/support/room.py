"""Drafts tried out in the tests' own process: the same jobs, and no process to wait for."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from bot.dialogue.versions import Files
from bot.drafting.checking import Checked
from bot.rehearsing.room.jobs import JOBS, Bench
from bot.rehearsing.room.pieces import checked_from
from bot.settings import Settings, load_settings

ROOT = Path(__file__).parents[2]


@cache
def shipped_settings() -> Settings:
    """Those of the project, whatever the environment says."""
    return load_settings(ROOT / "config.yml", {})


class RoomHere:
    """:class:`bot.desk.room.Room` without processes."""

    def __init__(self, settings: Settings) -> None:
        self._bench = Bench(settings)

    async def check(self, files: Files, *, drawn: str = "", key: str = "") -> Checked:
        """See the Protocol; ``key`` says nothing where one thing is done after the other."""
        job = {"files": files, "drawn": drawn, "key": key}
        async for piece in JOBS["check"](self._bench, job):
            return checked_from(piece)
        raise AssertionError("nothing was said")

    async def close(self, _: object = None) -> None:
        """Nothing to end."""
