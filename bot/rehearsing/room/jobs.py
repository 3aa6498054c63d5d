"""What the processes of the room do."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, Final, TypeAlias

from bot.rehearsing.room.drafted import Shelf
from bot.rehearsing.room.pieces import Piece, checked_piece
from bot.settings import Settings

Job: TypeAlias = Mapping[str, Any]


class Bench:
    """What jobs work on.

    Args:
        settings: without secrets.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.shelf = Shelf(settings.flows)


async def check(bench: Bench, job: Job) -> AsyncIterator[Piece]:
    """What is wrong with ``files``, and the picture of the flow in the file ``drawn``."""
    yield checked_piece(bench.shelf.check(job["files"], job["drawn"]))


JOBS: Final[Mapping[str, Callable[[Bench, Job], AsyncIterator[Piece]]]] = {"check": check}
"""By name: each says its pieces one after the other."""
