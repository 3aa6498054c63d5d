"""A small project, and where its drafts are tried out."""

from pathlib import Path

import pytest

from bot.dialogue.versions import Files, files_in
from tests.support.projects import Project
from tests.support.room import RoomHere


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A small one, as ``antre init`` writes it."""
    return Project.copied("template", tmp_path)


@pytest.fixture
def files(project: Project) -> Files:
    """Its flows and replies, as a draft begins."""
    return files_in(project.flows, project.settings.flows.languages)


@pytest.fixture
def room(project: Project) -> RoomHere:
    """Where they are tried out."""
    return RoomHere(project.settings)
