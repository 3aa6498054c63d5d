"""What the tests of recordings share: the real definitions, and recordings written on the spot."""

from pathlib import Path
from textwrap import dedent, indent

import pytest

from bot.definitions import Definitions, load_definitions
from bot.rehearsing.studio import in_memory, rehearse_with
from bot.replay.player import Played, Rehearse, play
from bot.replay.recording import Recording
from bot.replay.suite import Result
from bot.replay.suite import replay_file as replay_one
from bot.settings import load_settings
from tests.replay.writing import HEADER, PlayTurns, ReplayFile, Write

ROOT = Path(__file__).parents[2]
SETTINGS = load_settings(ROOT / "config.yml", {})


@pytest.fixture(scope="session")
def definitions() -> Definitions:
    """The repository's own flows, replies and offices."""
    return load_definitions(SETTINGS.flows)


@pytest.fixture(scope="session")
def rehearse() -> Rehearse:
    """Makes bots on empty memory stores; exact forms are all they understand."""
    return rehearse_with(SETTINGS, None)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a recording with these turns and returns its path."""

    def write(turns: str, header: str = HEADER) -> Path:
        path = tmp_path / "one.yml"
        path.write_text(f"{header}turns:\n{indent(dedent(turns).strip(), '  ')}\n")
        return path

    return write


@pytest.fixture
def play_turns(write: Write, definitions: Definitions, rehearse: Rehearse) -> PlayTurns:
    """Plays a recording with these turns."""

    async def play_turns(turns: str, header: str = HEADER) -> Played:
        return await play(Recording.read(write(turns, header)), definitions, rehearse)

    return play_turns


@pytest.fixture
def replay_file(definitions: Definitions) -> ReplayFile:
    """Replays, and may update, one file."""

    async def replay_file(path: Path, *, updating: bool = False) -> Result:
        stage = in_memory(SETTINGS, None)
        return await replay_one(path, definitions, stage, updating=updating)

    return replay_file
