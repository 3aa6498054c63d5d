"""What must agree before flows are published: recordings, and conversations that took place."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.app import stored_recordings
from bot.console import Console
from bot.definitions import load_definitions
from bot.errors import AntreError, ConfigError
from bot.logs import configure_logs
from bot.recordings import laid_out
from bot.rehearsing.running import LONG, progress_on
from bot.rehearsing.studio import studio
from bot.rehearsing.traffic import Looking, replay_stored
from bot.replay.report import show
from bot.replay.traffic.tally import show_tally
from bot.settings import RECORDINGS, TRAFFIC, Settings


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of replaying what stands in the folder.

    Args:
        version: that was replayed; only this may be published.
        objections: what speaks against it, in a few words each; none when all agrees.
    """

    version: str
    objections: Sequence[str] = ()

    def allow(self, *, force: bool) -> str:
        """What spoke against it and is passed over; empty when nothing did.

        Raises:
            AntreError: something does, and nobody forces it.
        """
        told = "; ".join(self.objections)
        if told and not force:
            raise AntreError(
                f"not published: {told}. Mend the flows, update the recordings (antre replay "
                "--update), or say --force; it is kept in the history with your note"
            )
        return told


async def replayed(
    settings: Settings, required: Collection[str], console: Console, now: datetime
) -> Replayed:
    """Replay what is required on the folder's flows, and print what differs.

    Args:
        required: :data:`RECORDINGS` and :data:`TRAFFIC`, or one of them.

    Raises:
        FlowError: the flows have mistakes.
        ConfigError: there are no recordings.
        StorageUnavailable: the database does not answer.
    """
    version = load_definitions(settings.flows).flows.version
    told = []
    if RECORDINGS in required:
        told.append(await _recordings(settings, console))
    if TRAFFIC in required:
        told.append(await _traffic(settings, console, now))
    return Replayed(version, [each for each in told if each])


@asynccontextmanager
async def recordings_that_count(settings: Settings) -> AsyncIterator[Sequence[Path]]:
    """The files of the recordings that count: the folder's, and over them those that editors keep
    in the database.

    Raises:
        ConfigError: there are none.
        StorageUnavailable: the database does not answer.
    """
    folder = settings.flows.recordings
    async with stored_recordings(settings) as store:
        kept = await store.all()
    with laid_out(folder, kept) as paths:
        if not paths:
            raise ConfigError(
                f"flows.recordings: {folder}: no recording there, nor in the database; write where "
                "they are"
            )
        yield paths


async def _recordings(settings: Settings, console: Console) -> str:
    configure_logs("critical", "console")  # what fails is told
    async with AsyncExitStack() as stack:
        paths, differing = await stack.enter_async_context(recordings_that_count(settings)), 0
        here = await stack.enter_async_context(studio(settings))
        with progress_on(console, hidden=len(paths) < LONG) as progress:
            for path in progress.track(paths, description="recordings"):
                result = await here.replay(path)
                differing += not result.passed
                for complaint in result.complaints:
                    show(complaint, console)
    console.print(f"{len(paths)} recordings: {differing} different")
    return f"{differing} of {len(paths)} recordings differ" if differing else ""


async def _traffic(settings: Settings, console: Console, now: datetime) -> str:
    tally = await replay_stored(settings, Looking(settings.flows.traffic_days), console, now)
    show_tally(tally, console)
    counted = f"{tally.changed} of {tally.conversations} conversations"
    return f"{counted} would change" if tally.changed else ""
