"""Recorded conversations as tests: ``pytest tests/conversations``.

A plugin of pytest's. Every ``.yml`` file under the folders of the setting ``antre_recordings``
(``tests/conversations`` unless a project says otherwise) is a test; what differs is told with file
and line. The bot is loaded once, when the first of them runs.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from bot.rehearsing.studio import Studio
    from bot.replay.suite import Result

FOLDERS: Final = "antre_recordings"
CONFIG: Final = "antre_config"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Make the settings known."""
    folders = "folders of recorded conversations, from the project's own"
    parser.addini(FOLDERS, folders, "args", ["tests/conversations"])
    parser.addini(CONFIG, "the bot's settings, from the project's folder", default="config.yml")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.File | None:
    """A file of one test, if it is a recording."""
    folders = [parent.config.rootpath / each for each in parent.config.getini(FOLDERS)]
    if file_path.suffix == ".yml" and any(folder in file_path.parents for folder in folders):
        return RecordingFile.from_parent(parent, path=file_path)
    return None


class DifferentError(Exception):
    """The bot answers differently.

    Args:
        result: how the recording went.
    """

    def __init__(self, result: Result) -> None:
        super().__init__("\n\n".join(map(str, result.complaints)))


class RecordingFile(pytest.File):
    """A recording."""

    def collect(self) -> Iterator[pytest.Item]:
        """Its one test, named by the file."""
        yield RecordingItem.from_parent(self, name=self.path.stem)


class RecordingItem(pytest.Item):
    """Plays a recording."""

    def runtest(self) -> None:
        """Fail with all that differs."""
        result = _bot_of(self.config).replay(self.path)
        if not result.passed:
            raise DifferentError(result)

    def repr_failure(
        self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None
    ) -> str:
        """What differs, and no traceback; that of a mistake of our own as always."""
        if isinstance(excinfo.value, DifferentError):
            return str(excinfo.value)
        return str(super().repr_failure(excinfo, style))  # type: ignore[arg-type] # pytest's own

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where it stands."""
        return self.path, 0, self.name


class _Loaded:
    """The bot that recordings are played on, and the loop it runs in."""

    def __init__(self, config: Path) -> None:
        from bot.command_settings import demo_settings  # noqa: PLC0415 - only if there is a recording
        from bot.rehearsing.studio import studio  # noqa: PLC0415

        self._runner = asyncio.Runner()
        self._stack = AsyncExitStack()
        entered = self._stack.enter_async_context(studio(demo_settings(config, os.environ)))
        self._studio: Studio = self._runner.run(entered)

    def replay(self, path: Path) -> Result:
        """Replay one recording."""
        return self._runner.run(self._studio.replay(path))

    def close(self) -> None:
        """Give everything back."""
        self._runner.run(self._stack.aclose())
        self._runner.close()


_LOADED: Final = pytest.StashKey[_Loaded]()


def _bot_of(config: pytest.Config) -> _Loaded:
    """The bot of this run."""
    if _LOADED not in config.stash:
        loaded = _Loaded(config.rootpath / config.getini(CONFIG))
        config.stash[_LOADED] = loaded
        config.add_cleanup(loaded.close)
    return config.stash[_LOADED]
