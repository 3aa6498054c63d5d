"""A small project, and where its drafts are tried out."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.dialogue.versions import Files, files_in
from tests.support.projects import Project
from tests.support.room import RoomHere


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where what is learnt of the project's examples is kept, once for all of its copies."""
    return tmp_path_factory.mktemp("models")


@pytest.fixture
def project(tmp_path: Path, models: Path) -> Project:
    """A small one, as ``antre init`` writes it."""
    made = Project.copied("template", tmp_path)
    nlu = made.settings.nlu.model_copy(update={"models": models})
    return replace(made, settings=made.settings.model_copy(update={"nlu": nlu}))


@pytest.fixture
def files(project: Project) -> Files:
    """Its flows and replies, as a draft begins."""
    return files_in(project.flows, project.settings.flows.languages)


@pytest.fixture
def room(project: Project) -> RoomHere:
    """Where they are tried out."""
    return RoomHere(project.settings)
