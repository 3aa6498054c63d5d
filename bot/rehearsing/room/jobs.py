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

    def close(self) -> None:
        """Give back what is kept; a process that ends need not."""
        self.shelf.close()


async def check(bench: Bench, job: Job) -> AsyncIterator[Piece]:
    """What is wrong with ``files``, and the picture of the flow ``draw``."""
    yield checked_piece(bench.shelf.read(job["files"]).checked(job["draw"]))


JOBS: Final[Mapping[str, Callable[[Bench, Job], AsyncIterator[Piece]]]] = {"check": check}
"""By name: each says its pieces one after the other."""
