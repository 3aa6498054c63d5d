"""Recordings on a draft, over plain HTTP: replayed, read, updated, taken back, published."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.booking.office import load_offices
from bot.desk.drafts import Draft
from bot.desk.room import RoomError
from bot.drafting.edits import Edits
from bot.drafting.runs import SILENT, Run
from bot.settings import RECORDINGS
from tests.desk.conftest import RECORDING
from tests.support.desk import NOW, DeskHouse, Visitor, open_house
from tests.support.house import House

OF = re.compile(r'name="of" value="([^"]+)"')
SCRIPT = "<script>alert(1)</script>"
OTHER = RECORDING.partition("  - user: setuju")[0].replace("Setuju dua kali", "Halo saja")


@pytest.fixture
def project(tmp_path: Path) -> House:
    """A small project with two recordings."""
    project = House.at(tmp_path)
    offices = tmp_path / "offices.yml"
    offices.write_text(offices.read_text().replace("contoh:", "jakarta_pusat:"))
    folder = project.settings.flows.recordings
    folder.mkdir()
    (folder / "agrees.yml").write_text(RECORDING.replace("two v1", "two v1   # tetap di sini"))
    (folder / "greets.yml").write_text(OTHER)
    return project


@pytest.fixture
async def house(project: House) -> AsyncIterator[DeskHouse]:
    """A desk over it."""
    offices = load_offices(project.folder / "offices.yml")
    await project.publish("yang pertama")
    async with open_house(
        settings=project.settings, offices=offices, versions=project.versions
    ) as house:
        yield house


@pytest.fixture
async def editor(house: DeskHouse) -> AsyncIterator[Visitor]:
    """An editor who has begun a draft."""
    async with house.visitor("editor") as editor:
        await editor.post("/desk/flows/drafts", title="Salam")
        yield editor


async def draft_in(house: DeskHouse) -> Draft:
    """The one draft there is."""
    (head,) = await house.kept.drafts.heads()
    draft = await house.kept.drafts.load(head.id)
    assert draft
    return draft


async def edited(house: DeskHouse, old: str, new: str, name: str = "replies/id.yml") -> Draft:
    """The draft with another text, saved."""
    draft = await draft_in(house)
    texts = {**draft.files, name: draft.files[name].replace(old, new)}
    assert await house.kept.drafts.save(replace(draft, files=texts))
    return await draft_in(house)


async def replayed(house: DeskHouse, editor: Visitor) -> str:
    """Have the draft replayed, wait for it, and read the page."""
    place = f"/desk/flows/drafts/{(await draft_in(house)).id}/replay"
    assert (await editor.post(place)).status == 303
    for _ in range(500):
        run = await house.kept.runs.load((await draft_in(house)).id)
        if run and run.is_over:
            break
        await asyncio.sleep(0.01)
    return await read(editor, place)


async def read(editor: Visitor, place: str) -> str:
    """A page's words."""
    page = await editor.text(place)
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


async def test_all_green(house: DeskHouse, editor: Visitor) -> None:
    """On what is published nothing differs; what no recording passes is named with its line."""
    place = f"/desk/flows/drafts/{(await draft_in(house)).id}"
    assert "Belum diputar ulang" in await read(editor, f"{place}/replay")
    said = await replayed(house, editor)
    assert "✓ 2 sama" in said
    assert "berbeda" not in said
    assert "talk.yml:10" in said  # the last state
    page = await editor.text(f"{place}/replay")
    assert f'{place}/talk.yml#L10"' in page


async def test_red_read_updated_undone(house: DeskHouse, editor: Visitor) -> None:
    """An edit turns a recording red; its difference is read, what an update writes is read, and
    then it is green without being replayed again; taken back it is red again.
    """
    draft = await edited(house, "two v1", "dua")
    said = await replayed(house, editor)
    assert "✗ 1 berbeda" in said
    assert "✓ 1 sama" in said
    assert "agrees.yml:11" in said
    assert "≠ two v1 dua" in said
    place = f"/desk/flows/drafts/{draft.id}/replay"
    asked = f"{place}/update?recording=agrees.yml"
    assert "bot: dua # tetap di sini" in await read(editor, asked) or "- dua" in await read(
        editor, asked
    )
    of = OF.findall(await editor.text(asked))[0]
    assert (await editor.post(f"{place}/update", recording="agrees.yml", of=of)).status == 303
    kept = (await draft_in(house)).recordings
    assert list(kept) == ["agrees.yml"]
    assert "dua" in kept["agrees.yml"]
    said = await read(editor, place)
    assert "✓ 2 sama" in said
    assert "draf sudah berubah" not in said
    assert (await editor.post(f"{place}/undo", recording="agrees.yml")).status == 303
    assert (await draft_in(house)).recordings == {}
    assert "draf sudah berubah" in await read(editor, place)
    assert "✗ 1 berbeda" in await replayed(house, editor)


async def test_deleted(house: DeskHouse, editor: Visitor) -> None:
    """A recording of what is not wanted any more goes with the draft; taken back it counts again,
    and one that the draft alone brings is gone at once.
    """
    draft = await edited(house, "two v1", "dua")
    place = f"/desk/flows/drafts/{draft.id}/replay"
    assert "Hapus rekaman agrees.yml" in await replayed(house, editor)
    assert (await editor.post(f"{place}/delete", recording="agrees.yml")).status == 303
    assert (await draft_in(house)).recordings == {"agrees.yml": ""}
    assert "agrees.yml dihapus bila draf ini diterbitkan Urungkan" in await read(editor, place)
    said = await replayed(house, editor)
    assert "✓ 1 sama" in said
    assert "berbeda" not in said
    assert (await editor.post(f"{place}/undo", recording="agrees.yml")).status == 303
    assert "✗ 1 berbeda" in await replayed(house, editor)

    await Edits(house.kept.drafts).save_recordings(draft.id, {"new.yml": OTHER}, "sari", NOW)
    assert (await editor.post(f"{place}/delete", recording="new.yml")).status == 303
    assert (await editor.post(f"{place}/delete", recording="../none.yml")).status == 303
    assert (await draft_in(house)).recordings == {}


async def test_all_that_differ(house: DeskHouse, editor: Visitor) -> None:
    """Updated at once, after reading; what was shown of another state of the draft is not done."""
    draft = await edited(house, "one: one v1", "one: satu")
    await replayed(house, editor)
    place = f"/desk/flows/drafts/{draft.id}/replay"
    of = OF.findall(await editor.text(f"{place}/update?recording=*"))[0]
    await edited(house, "two v1", "dua")
    answer = await editor.post(f"{place}/update", recording="*", of=of)
    assert answer.status == 409
    assert (await draft_in(house)).recordings == {}
    await replayed(house, editor)
    of = OF.findall(await editor.text(f"{place}/update?recording=*"))[0]
    assert (await editor.post(f"{place}/update", recording="*", of=of)).status == 303
    assert set((await draft_in(house)).recordings) == {"agrees.yml", "greets.yml"}
    assert "✓ 2 sama" in await read(editor, place)
    assert "✓ 2 sama" in await replayed(house, editor)


async def test_published_with_its_recordings(house: DeskHouse, editor: Visitor) -> None:
    """Where recordings must agree they are asked for; what a draft brings counts from then on."""
    flows = house.desk.workshop.settings
    house.desk.workshop.settings = flows.model_copy(update={"publish_requires": (RECORDINGS,)})
    draft = await edited(house, "two v1", "dua")
    place = f"/desk/flows/drafts/{draft.id}"
    assert "belum diputar ulang" in await read(editor, f"{place}/publish")
    await replayed(house, editor)
    assert "1 dari 2 rekaman berbeda" in await read(editor, f"{place}/publish")
    of = OF.findall(await editor.text(f"{place}/replay/update?recording=agrees.yml"))[0]
    await editor.post(f"{place}/replay/update", recording="agrees.yml", of=of)
    form = {"note": "lebih singkat", "over": "1"}
    form["revision"] = str((await draft_in(house)).revision)
    assert (await editor.post(f"{place}/publish", **form)).status == 303
    (kept,) = await house.kept.recordings.all()
    assert (kept.path, kept.by, kept.note) == ("agrees.yml", "editor", "lebih singkat")
    await editor.post("/desk/flows/drafts", title="Berikutnya")
    assert "✓ 2 sama" in await replayed(house, editor)


async def test_shown_as_it_goes(house: DeskHouse, editor: Visitor) -> None:
    """Who follows is told how far it is; once begun it is not begun again."""
    await replayed(house, editor)
    place = f"/desk/flows/drafts/{(await draft_in(house)).id}/replay"
    before = await house.kept.runs.load((await draft_in(house)).id)
    async with editor.http.get(f"{place}/live") as stream:
        async for line in stream.content:
            if line.startswith(b"data: "):
                assert json.loads(line[6:])["over"]
                break
    await editor.post(place)
    assert await house.kept.runs.load((await draft_in(house)).id) == before


async def test_again(house: DeskHouse, editor: Visitor, project: House) -> None:
    """Asked for, it is replayed again: the folder's recordings may be others by now."""
    assert "✓ 2 sama" in await replayed(house, editor)
    (project.settings.flows.recordings / "greets.yml").unlink()
    place = f"/desk/flows/drafts/{(await draft_in(house)).id}/replay"
    await editor.post(place, again="yes")
    for _ in range(500):
        if "✓ 1 sama" in await read(editor, place):
            break
        await asyncio.sleep(0.01)
    assert "✓ 1 sama" in await read(editor, place)


async def test_mistakes_and_troubles(
    house: DeskHouse, editor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A draft with mistakes is not replayed; a process that dies is told, and it can be begun anew;
    so is one whose server died.
    """
    draft = await edited(house, "go: last", "go: lst", "talk.yml")
    assert "Draf punya 1 kesalahan" in await replayed(house, editor)
    draft = await edited(house, "go: lst", "go: last", "talk.yml")

    async def dies(*_: object, **__: object) -> AsyncIterator[object]:
        raise RoomError("it ended over it")
        yield

    with monkeypatch.context() as patched:
        patched.setattr(house.desk.room, "replay", dies)
        assert "it ended over it" in await replayed(house, editor)
    assert "✓ 2 sama" in await replayed(house, editor)
    run = await house.kept.runs.load(draft.id)
    assert run
    await house.kept.runs.put(replace(run, covered=None, results=()))
    house.wait(seconds=SILENT.total_seconds() + 1)
    place = f"/desk/flows/drafts/{draft.id}/replay"
    assert "has ended; begin again" in await read(editor, place)


async def test_scripts_are_words(house: DeskHouse, editor: Visitor, project: House) -> None:
    """What recordings and drafts hold is text on every page."""
    hostile = RECORDING.replace("Setuju dua kali", f"'{SCRIPT}'").replace("one v1", f"'{SCRIPT}'")
    (project.settings.flows.recordings / "hostile.yml").write_text(hostile)
    draft = await edited(house, "two: two v1", f"two: '{SCRIPT}'")
    assert "✗ 2 berbeda" in await replayed(house, editor)
    place = f"/desk/flows/drafts/{draft.id}/replay"
    for path in (
        place,
        f"{place}/update?recording=*",
        f"{place}?q={SCRIPT}",
        f"{place}?saved={SCRIPT}",
    ):
        page = await (await editor.get(path)).text()
        assert SCRIPT not in page, path


async def test_who_may(house: DeskHouse, editor: Visitor) -> None:
    """Supervisors replay and read, and change no recording."""
    draft = await edited(house, "two v1", "dua")
    place = f"/desk/flows/drafts/{draft.id}/replay"
    async with house.visitor("supervisor") as reader:
        said = await replayed(house, reader)
        assert "✗ 1 berbeda" in said
        assert "Perbarui" not in said
        assert (await reader.post(f"{place}/update", recording="agrees.yml", of="x")).status == 403
        assert "Hapus" not in said
        for change in ("undo", "delete"):
            answer = await reader.post(f"{place}/{change}", recording="agrees.yml")
            assert answer.status == 403
    assert (await editor.get("/desk/flows/drafts/none/replay")).status == 404
    assert (await editor.get("/desk/flows/drafts/none/replay/live")).status == 404
    assert "Tidak ada" in await read(editor, f"{place}/update?recording=../none.yml")


def test_a_run_goes_on() -> None:
    """A run that was heard of lately is not given up."""
    run = Run("a", "b", NOW)
    assert run.given_up(NOW + SILENT - timedelta(seconds=1)) == run
    assert run.given_up(NOW + SILENT).trouble
