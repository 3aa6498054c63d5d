"""What the processes of the room do."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, Final, TypeAlias

from bot.dialogue.versions import files_in
from bot.drafting.replayed import Begun
from bot.drafting.talk import Talk, Talked
from bot.errors import FlowError
from bot.recordings import overlaid, texts_in
from bot.rehearsing.room.drafted import Shelf
from bot.rehearsing.room.pieces import Piece, piece_of, value_of
from bot.rehearsing.room.replaying import replayed, updated
from bot.rehearsing.room.talking import talked
from bot.rehearsing.studio import in_memory, tell
from bot.replay.suite import Stage
from bot.settings import Settings
from nlu.local import ready

Job: TypeAlias = Mapping[str, Any]


class Bench:
    """What jobs work on.

    Args:
        settings: without secrets.
        stage: where recordings are played; made at the first need if not given.
    """

    def __init__(self, settings: Settings, stage: Stage | None = None) -> None:
        self.settings = settings
        self.shelf = Shelf(settings.flows)
        self._stage = stage

    async def stage(self) -> Stage:
        """Where recordings are played: in memory, with what is learnt of the office's examples."""
        if self._stage is None:
            training, models = self.settings.flows.training, self.settings.nlu.models
            classifier = await ready(training, models, tell)
            self._stage = in_memory(self.settings, classifier)
        return self._stage

    def recordings(self, job: Job) -> dict[str, str]:
        """Those that count: the folder's, and the job's over them."""
        return overlaid(texts_in(self.settings.flows.recordings), job["over"])


async def prepare(bench: Bench, _: Job) -> AsyncIterator[Piece]:
    """Read the folder's flows, so that the first draft is checked as quickly as the next."""
    settings = bench.settings.flows
    bench.shelf.read(files_in(settings.folder, settings.languages))
    yield {}


async def check(bench: Bench, job: Job) -> AsyncIterator[Piece]:
    """What is wrong with ``files``, and the picture of the flow in the file ``drawn``."""
    yield piece_of(bench.shelf.check(job["files"], job["drawn"]))


async def say(bench: Bench, job: Job) -> AsyncIterator[Piece]:
    """How a ``talk`` goes on ``files``; as a recording, too, if it has a ``title``."""
    try:
        definitions = bench.shelf.read(job["files"])
    except FlowError as error:
        yield piece_of(Talked(mistakes=len(error.findings)))
        return
    talk = value_of(Talk, job["talk"])
    yield piece_of(await talked(talk, definitions, await bench.stage(), job["title"]))


async def replay(bench: Bench, job: Job) -> AsyncIterator[Piece]:
    """How all recordings go on ``files``, those of ``over`` over the folder's."""
    try:
        definitions = bench.shelf.read(job["files"])
    except FlowError as error:
        yield {"kind": Begun.__name__, **piece_of(Begun(0, len(error.findings)))}
        return
    recordings, stage = bench.recordings(job), await bench.stage()
    async for step in replayed(definitions, job["files"], recordings, stage):
        yield {"kind": type(step).__name__, **piece_of(step)}


async def update(bench: Bench, job: Job) -> AsyncIterator[Piece]:
    """The recordings of ``paths`` with what ``files`` say."""
    definitions, recordings = bench.shelf.read(job["files"]), bench.recordings(job)
    paths = [path for path in job["paths"] if path in recordings]
    async for each in updated(definitions, recordings, paths, await bench.stage()):
        yield piece_of(each)


JOBS: Final[Mapping[str, Callable[[Bench, Job], AsyncIterator[Piece]]]] = {
    "prepare": prepare,
    "check": check,
    "say": say,
    "replay": replay,
    "update": update,
}
"""By name: each says its pieces one after the other."""
