"""Drafts tried out: what is checked is what would be published."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
import pytest_asyncio

from bot.checked import checked_definitions
from bot.desk.room import RoomError
from bot.dialogue.versions import Files, files_in
from bot.drafting.talk import Input, Talk
from bot.errors import FlowError
from bot.rehearsing.room.room import ProcessRoom, told_of
from bot.settings import load_settings
from tests.support.house import House
from tests.support.projects import Project
from tests.support.room import RoomHere

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


async def test_as_published(room: RoomHere, project: Project, files: Files) -> None:
    """What has no mistakes has the version it would be published as."""
    found = await room.check(files)
    assert found.is_right
    assert found.findings == ()
    assert found.version == checked_definitions(project.settings.flows).flows.version


async def test_the_same_mistakes(room: RoomHere, project: Project, files: Files) -> None:
    """Mistakes are those ``antre flows check`` tells, words nobody can say among them."""
    text = files["callback.yml"].replace("go: ", "go: x", 1).replace("cancel:", "cancle:", 1)
    found = await room.check({**files, "callback.yml": text})
    (project.flows / "callback.yml").write_text(text)
    with pytest.raises(FlowError) as told:
        checked_definitions(project.settings.flows)
    assert [each.message for each in found.findings] == [
        each.message for each in told.value.findings
    ]
    assert {each.file for each in found.findings} == {"callback.yml"}


async def test_what_counts_beside_it(room: RoomHere, project: Project, files: Files) -> None:
    """A draft that was looked at is looked at anew when the offices change: they are live."""
    assert (await room.check(files)).is_right
    offices = project.flows / "offices.yml"
    offices.write_text(offices.read_text().replace("flow: callback", "flow: calback"))
    (finding,) = (await room.check(files)).findings
    assert finding.file.endswith("offices.yml")


async def test_strange_names(room: RoomHere, files: Files) -> None:
    """A file that would be written elsewhere is refused."""
    for name in ("../out.yml", "/etc/out.yml", "replies/../../out.yml", "replies/a/b.yml"):
        with pytest.raises(RoomError, match="is called so"):
            await room.check({**files, name: "flow: out"})


def test_no_secret_is_told(project: Project) -> None:
    """What the processes are told of the settings holds none."""
    environment = {"WHATSAPP_ACCESS_TOKEN": "quite-secret", "ANTRE_REST_TOKEN": "quite-secret-too"}
    settings = load_settings(project.folder / "config.yml", environment)
    assert settings.secrets.whatsapp_access_token
    assert "quite-secret" not in str(told_of(settings))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def small(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A project without examples: there is nothing to learn for a new process."""
    house = House.at(tmp_path_factory.mktemp("project"))
    flows = house.settings.flows.model_copy(update={"training": house.folder / "nothing"})
    house.settings = house.settings.model_copy(update={"flows": flows})
    return house


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def process_room(small: House) -> AsyncIterator[ProcessRoom]:
    """A room of processes."""
    room = ProcessRoom(small.settings)
    assert room.pids == (None, None)
    room.prepare()
    room.prepare()
    yield room
    await room.close()


@pytest.mark.asyncio(loop_scope="module")
async def test_in_a_process(process_room: ProcessRoom, small: House) -> None:
    """A process beside this one says the same: mistakes, the picture, a talk."""
    room, files = RoomHere(small.settings), files_in(small.folder, ("id",))
    (preparing,) = (each for each in asyncio.all_tasks() if each.get_name() == "prepare drafts")
    await asyncio.wait_for(preparing, 60)
    prepared = process_room.pids[0]
    assert prepared  # an editor has only come, and asked nothing yet
    wrong = {**files, "replies/id.yml": files["replies/id.yml"] + "\nnobody: halo\n"}
    for draft in (files, wrong):
        found = await process_room.check(draft, drawn="talk.yml")
        assert found.drawing.svg
        assert found == await room.check(draft, drawn="talk.yml")
    with pytest.raises(RoomError, match="is called so"):
        await process_room.check({"../out.yml": ""})
    talk = Talk("contoh", NOW, (Input("text", "halo"), Input("text", "setuju")))
    told = await process_room.say(files, talk)
    assert [turn.messages[0].text for turn in told.turns] == ["one v1", "two v1"]
    assert told == await room.say(files, talk)
    typing, replaying = process_room.pids
    assert typing == prepared
    assert replaying is None  # nobody has asked for a replay
