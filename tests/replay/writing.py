"""How the tests of recordings write one."""

from pathlib import Path
from typing import Protocol

from bot.replay.player import Played
from bot.replay.suite import Result

HEADER = """\
title: A greeting
now: 2026-11-23T09:00+07:00
office: jakarta_pusat
contact: {sender: '6281200000001'}
"""
"""Four lines; ``turns:`` is the fifth."""


class Write(Protocol):
    """Writes a recording with these turns and returns its path."""

    def __call__(self, turns: str, header: str = HEADER) -> Path: ...


class PlayTurns(Protocol):
    """Plays a recording with these turns."""

    async def __call__(self, turns: str, header: str = HEADER) -> Played: ...


class ReplayFile(Protocol):
    """Replays, and may update, one file."""

    async def __call__(self, path: Path, *, updating: bool = False) -> Result: ...
