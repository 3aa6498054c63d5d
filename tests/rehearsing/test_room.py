"""Drafts tried out: what is checked is what would be published."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.checked import checked_definitions
from bot.dialogue.versions import Files, files_in
from bot.errors import FlowError
from bot.rehearsing.room.room import ProcessRoom, told_of
from bot.settings import load_settings
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
async def room(project: Project) -> AsyncIterator[RoomHere]:
    """Where they are tried out."""
    room = RoomHere(project.settings)
    yield room
    await room.close()


async def test_as_published(room: RoomHere, project: Project, files: Files) -> None:
    """What has no mistakes has the version it would be published as."""
    found = await room.check(files)
    assert found.publishable
    assert found.findings == ()
    assert found.version == checked_definitions(project.settings.flows).flows.version


async def test_the_same_mistakes(room: RoomHere, project: Project, files: Files) -> None:
    """A mistake is told as ``antre flows check`` tells it, by the file's name within the draft."""
    wrong = {**files, "callback.yml": files["callback.yml"].replace("go: ", "go: x", 1)}
    found = await room.check(wrong)
    (project.flows / "callback.yml").write_text(wrong["callback.yml"])
    with pytest.raises(FlowError) as told:
        checked_definitions(project.settings.flows)
    assert not found.publishable
    assert [str(each) for each in found.findings] == [
        str(each).replace(f"{project.flows}/", "") for each in told.value.findings
    ]
    assert {each.place.file for each in found.findings} == {"callback.yml"}


async def test_the_folder_does_not_count(room: RoomHere, project: Project, files: Files) -> None:
    """Flows that stand in the folder and not in the draft are none; offices are the folder's."""
    (project.flows / "extra.yml").write_text("flow: [")
    assert (await room.check(files)).publishable
    offices = project.flows / "offices.yml"
    offices.write_text(offices.read_text().replace("flow: callback", "flow: calback"))
    (finding,) = (await room.check(files)).findings
    assert finding.place.file == "offices.yml"


async def test_strange_names(room: RoomHere, files: Files) -> None:
    """A file that would be written elsewhere is a mistake and is written nowhere."""
    found = await room.check({**files, "../out.yml": "flow: out"})
    assert not found.publishable
    assert [each.place.file for each in found.findings] == ["../out.yml"]


async def test_drawn(room: RoomHere, files: Files) -> None:
    """A flow is drawn, with the line of each state; not while there are mistakes in it, but while
    there are in others.
    """
    drawing = (await room.check(files, draw="callback")).drawing
    assert drawing
    assert drawing.svg.startswith("<svg")
    text = files["callback.yml"].splitlines()
    assert drawing.places
    for state, place in drawing.places.items():
        assert text[place.line - 1].strip() == f"{state}:"
    elsewhere = {**files, "replies/en.yml": "apology: ["}
    assert (await room.check(elsewhere, draw="callback")).drawing == drawing
    here = {**files, "callback.yml": "flow: callback\n"}
    assert (await room.check(here, draw="callback")).drawing is None
    assert (await room.check(files, draw="nothing")).drawing is None


def test_no_secret_is_told(project: Project) -> None:
    """What the processes are told of the settings holds none."""
    environment = {"WHATSAPP_ACCESS_TOKEN": "quite-secret", "ANTRE_REST_TOKEN": "quite-secret-too"}
    settings = load_settings(project.folder / "config.yml", environment)
    assert settings.secrets.whatsapp_access_token
    assert "quite-secret" not in str(told_of(settings))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def process_room(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[ProcessRoom]:
    """A room of processes."""
    project = Project.copied("template", tmp_path_factory.mktemp("project"))
    room = ProcessRoom(project.settings)
    yield room
    await room.close()


@pytest.mark.asyncio(loop_scope="module")
async def test_in_a_process(process_room: ProcessRoom, room: RoomHere, files: Files) -> None:
    """A process beside this one says the same, mistakes and picture too."""
    wrong = {**files, "replies/id.yml": files["replies/id.yml"] + "\nnobody: halo\n"}
    for draft in (files, wrong):
        found = await process_room.check(draft, draw="callback")
        here = await room.check(draft, draw="callback")
        assert list(map(str, found.findings)) == list(map(str, here.findings))
        assert (found.version, found.drawing) == (here.version, here.drawing)
