"""The projects that are shipped: the passport queue, the clinic, and what ``antre init`` writes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.definitions import Definitions, load_definitions
from bot.project import new_project
from bot.settings import Settings, load_settings

ROOT = Path(__file__).parents[2]
SHIPPED = ("passport", "clinic", "template")


@dataclass(frozen=True)
class Project:
    """A copy of a shipped project, to read or to spoil.

    Attributes:
        folder: with its ``config.yml``.
    """

    name: str
    folder: Path
    settings: Settings

    @classmethod
    def copied(cls, name: str, into: Path) -> Project:
        """Write the project ``name`` into the empty folder ``into``."""
        if name == "template":
            new_project(into, "Toko Contoh")
        elif name == "clinic":
            shutil.copytree(ROOT / "examples" / "clinic", into, dirs_exist_ok=True)
        else:
            shutil.copytree(ROOT / "flows", into / "flows")
            shutil.copy(ROOT / "config.yml", into)
        return cls(name, into, load_settings(into / "config.yml", {}))

    @property
    def flows(self) -> Path:
        """Folder of the flow files."""
        return self.settings.flows.folder

    def files(self) -> Iterator[Path]:
        """Every file that staff edit."""
        yield from sorted([*self.flows.glob("*.yml"), *self.flows.glob("replies/*.yml")])

    def load(self) -> Definitions:
        """Read all of it.

        Raises:
            FlowError: with every finding.
        """
        return load_definitions(self.settings.flows)
