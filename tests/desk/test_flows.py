"""Drafts, publishing and the history: what editors do with flows, over plain HTTP."""

import re
from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path

import pytest

from bot.desk.drafts import Draft
from bot.dialogue.versions import Publication
from bot.drafting.texts import digest_of
from bot.settings import RECORDINGS
from tests.support.desk import NOW, DeskHouse, Visitor, open_house
from tests.support.house import House
from tests.support.room import RoomHere

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def project(tmp_path: Path) -> House:
    """A small project's folder and publications."""
    return House.at(tmp_path)


@pytest.fixture
async def house(project: House) -> AsyncIterator[DeskHouse]:
    """A desk over that project, its folder published as number 1."""
    await project.publish("yang pertama")
    async with open_house(settings=project.settings, versions=project.versions) as house:
        yield house


async def begun(editor: Visitor, **fields: str) -> str:
    """The address of a new draft."""
    answer = await editor.post("/desk/flows/drafts", title="Salam", **fields)
    assert answer.status == 303
    return str(answer.headers["Location"])


async def only(house: DeskHouse) -> Draft:
    """The one draft there is."""
    (head,) = await house.kept.drafts.heads()
    draft = await house.kept.drafts.load(head.id)
    assert draft
    return draft


async def save(visitor: Visitor, draft: Draft, text: str, name: str = "talk.yml") -> int:
    """Save a text as the page of ``draft`` would; the answer's status."""
    place = f"/desk/flows/drafts/{draft.id}/{name}"
    answer = await visitor.post(place, text=text, was=digest_of(draft.files[name]))
    return answer.status


async def published(house: DeskHouse, editor: Visitor, **fields: str) -> int:
    """Publish the one draft as the page shows it; the answer's status."""
    draft = await only(house)
    newest = await house.desk.workshop.versions.newest()
    form = {"note": "lebih sopan", "over": str(newest.number if newest else 0)}
    form |= {"revision": str(draft.revision)} | fields
    return (await editor.post(f"/desk/flows/drafts/{draft.id}/publish", **form)).status


async def history(house: DeskHouse) -> list[Publication]:
    """What was published, the first one first."""
    return [*reversed(await house.desk.workshop.versions.history())]


async def test_a_draft_begins_from_what_is_published(house: DeskHouse, project: House) -> None:
    """All files of the publication, and it is listed with who began it."""
    project.edit("v2")  # in the folder alone, which counts no more
    async with house.visitor("editor") as editor:
        place = await begun(editor)
        draft = await only(house)
        assert draft.files["replies/id.yml"].startswith("apology: apology v1\n")
        assert (draft.author, draft.base) == ("editor", (await history(house))[0].version)
        assert "talk.yml" in await editor.text(place)
        listed = await editor.text("/desk/flows")
    assert "Salam" in listed
    assert "yang pertama" in listed


async def test_checks_are_prepared_for_editors(house: DeskHouse) -> None:
    """Whoever may edit finds what checks a draft begun by then; for readers nothing is begun."""
    room = house.desk.room
    assert isinstance(room, RoomHere)
    for login, prepared in (("supervisor", 0), ("editor", 1)):
        async with house.visitor(login) as visitor:
            await visitor.text("/desk/flows")
        assert room.prepared == prepared


async def test_a_draft_is_edited_and_published(house: DeskHouse) -> None:
    """What was typed is checked, shown as a difference, published with a note, and counts."""
    async with house.visitor("editor") as editor:
        place = await begun(editor)
        draft = await only(house)
        text = draft.files["replies/id.yml"].replace("one: one", "one: satu")
        assert await save(editor, draft, text.replace("\n", "\r\n"), "replies/id.yml") == 303
        shown = await editor.text(f"{place}/publish")
        assert "one: satu v1" in shown
        assert await published(house, editor, note="") == 422
        assert await published(house, editor) == 303
        second = (await history(house))[1]
        assert (second.author, second.note, second.number) == ("editor", "lebih sopan", 2)
        files = await house.desk.workshop.versions.files(second.version)
        assert files
        assert files["replies/id.yml"] == text
        assert await house.kept.drafts.heads() == []
        again = await editor.post(f"{place}/publish", note="x", over="1", revision="2")
        assert (again.status, again.headers["Location"]) == (303, "/desk/flows")
    assert len(await history(house)) == 2


async def test_what_has_mistakes_is_not_published(house: DeskHouse) -> None:
    """Each is shown with its line, a link to it, and nothing is published, whatever is sent."""
    async with house.visitor("admin") as admin:
        place = await begun(admin)
        draft = await only(house)
        await save(admin, draft, draft.files["talk.yml"].replace("go: last", "go: lst"))
        for page in (f"{place}/publish", f"{place}?check=1", f"{place}/talk.yml?check=1"):
            assert f'href="{place}/talk.yml#L8"' in await admin.text(page)
        assert await published(house, admin, force="yes") == 422
    assert len(await history(house)) == 1


async def test_two_editors_lose_nothing(house: DeskHouse) -> None:
    """Of two who change one file the second sees both texts, and saves over the first knowingly;
    changes to two files are both kept.
    """
    async with house.visitor("editor") as one, house.visitor("everywhere") as two:
        await begun(one)
        draft = await only(house)
        assert await save(one, draft, draft.files["talk.yml"] + "# satu\n") == 303
        place = f"/desk/flows/drafts/{draft.id}/talk.yml"
        mine = draft.files["talk.yml"] + "# dua\n"
        answer = await two.post(place, text=mine, was=digest_of(draft.files["talk.yml"]))
        page = unescape(await answer.text())
        assert answer.status == 409
        assert mine in page
        assert "# satu" in page
        assert (await only(house)).files["talk.yml"].endswith("# satu\n")
        other = draft.files["replies/id.yml"] + "# tiga\n"
        assert await save(two, draft, other, "replies/id.yml") == 303
        was = re.search(r'name="was" value="(\w+)"', page)
        assert was
        assert (await two.post(place, text=mine, was=was[1])).status == 303
        now = await only(house)
        assert (now.files["talk.yml"], now.files["replies/id.yml"]) == (mine, other)


async def test_a_script_is_told_of_the_other_editor(house: DeskHouse) -> None:
    """The page's script gets the sentence and the status that has it show both texts."""
    async with house.visitor("editor") as editor:
        await begun(editor)
        draft = await only(house)
        answer = await editor.http.post(
            f"/desk/flows/drafts/{draft.id}/talk.yml",
            data={"text": "flow: talk\n", "was": "of-another-text"},
            headers={"Accept": "application/json", "X-CSRF-Token": await editor.token()},
        )
        assert answer.status == 409
        assert "editor menyimpan file ini" in (await answer.json())["error"]


async def test_a_text_outlives_its_draft(house: DeskHouse) -> None:
    """Who saves into a draft that somebody deleted gets back what they typed."""
    async with house.visitor("editor") as editor:
        await begun(editor)
        draft = await only(house)
        await house.kept.drafts.delete(draft.id, draft.revision)
        place = f"/desk/flows/drafts/{draft.id}/talk.yml"
        answer = await editor.post(place, text="# lama ditulis\n", was="x")
        assert answer.status == 410
        assert "# lama ditulis" in await answer.text()


async def test_somebody_published_meanwhile(house: DeskHouse, project: House) -> None:
    """A draft never undoes what was published since it began: it is put together first."""
    async with house.visitor("editor") as editor:
        place = await begun(editor)
        draft = await only(house)
        replies = draft.files["replies/id.yml"]
        assert (
            await save(editor, draft, replies.replace("one: one v1", "one: satu"), "replies/id.yml")
            == 303
        )
        project.edit("v1")
        path = project.folder / "replies" / "id.yml"
        path.write_text(path.read_text().replace("done v1", "selesai"))
        await project.publish("dari terminal")
        assert await published(house, editor, over="1") == 409
        assert await published(house, editor) == 409
        page = await editor.text(f"{place}/publish")
        assert "dari terminal" in page
        assert "replies/id.yml" in page
        assert (await editor.post(f"{place}/renew")).status == 303
        merged = (await only(house)).files["replies/id.yml"]
        assert "one: satu\n" in merged
        assert "done: selesai\n" in merged
        assert await published(house, editor) == 303
    assert [each.note for each in await history(house)][1:] == ["dari terminal", "lebih sopan"]


async def test_going_back_takes_two_clicks(house: DeskHouse, project: House) -> None:
    """The button leads to what it would change; the second click does it, and a third nothing."""
    project.edit("v2")
    await project.publish("yang kedua")
    async with house.visitor("editor") as editor:
        page = await editor.text("/desk/flows/history")
        assert "/desk/flows/history/1/restore" in page
        assert "/desk/flows/history/2/restore" not in page
        shown = await editor.text("/desk/flows/history/1/restore")
        assert "one: one v1" in shown
        stale = await editor.post("/desk/flows/history/1/restore", over="1")
        assert stale.status == 409
        for _ in range(2):
            done = await editor.post("/desk/flows/history/1/restore", over="2", note="")
            assert done.status == 303
        found = await history(house)
        assert len(found) == 3
        assert found[2].version == found[0].version != found[1].version
        assert found[2].note == "kembali ke terbitan 1"
        compared = await editor.text("/desk/flows/history/differences?from=1&to=2")
        assert "two: two v2" in compared


async def test_nothing_is_published_yet(project: House) -> None:
    """The first draft begins from the folder, and its publication is number 1."""
    async with open_house(settings=project.settings, versions=project.versions) as house:
        async with house.visitor("editor") as editor:
            assert "isi folder" in await editor.text("/desk/flows")
            await begun(editor)
            draft = await only(house)
            text = draft.files["replies/id.yml"].replace("one: one v1", "one: satu")
            assert await save(editor, draft, text, "replies/id.yml") == 303
            assert await published(house, editor) == 303
        assert [each.number for each in await history(house)] == [1]


async def test_flows_come_and_go(house: DeskHouse) -> None:
    """A new one is right as it is but for what nothing leads to; before one goes, what needs it is
    shown.
    """
    async with house.visitor("editor") as editor:
        place = await begun(editor)
        for name in ("Salah Nama", "talk", "offices", "../x", "replies/id"):
            assert (await editor.post(f"{place}/files", name=name)).status == 422, name
        answer = await editor.post(f"{place}/files", name="baru.yml")
        assert answer.headers["Location"] == f"{place}/baru.yml"
        draft = await only(house)
        calling = draft.files["talk.yml"].replace(
            "{say: done,", "{say: done, on: {approve: {call: baru}},"
        )
        assert await save(editor, draft, calling) == 303
        assert (
            "alur &#39;baru&#39;"
            in await (await editor.get(f"{place}/delete-file?file=baru.yml")).text()
        )
        assert (await editor.post(f"{place}/delete-file", file="replies/id.yml")).status == 404
        assert (await editor.post(f"{place}/delete-file", file="baru.yml")).status == 303
        assert "baru.yml" not in (await only(house)).files


async def test_supervisors_read(house: DeskHouse) -> None:
    """They see drafts, differences and the history; nothing they send changes anything."""
    async with house.visitor("editor") as editor, house.visitor("supervisor") as reader:
        place = await begun(editor)
        for path in (place, f"{place}/talk.yml", f"{place}/publish", "/desk/flows/history"):
            page = await reader.text(path)
            assert 'name="note"' not in page
            assert '<button class="main"' not in page
        assert await save(reader, await only(house), "x") == 403
        assert (await reader.post("/desk/flows/history/1/restore", over="1")).status == 403


async def test_only_admins_pass_over_objections(house: DeskHouse, project: House) -> None:
    """Where recordings must be replayed, an editor cannot publish without; an admin may, and what
    spoke against it stands in the history.
    """
    house.desk.workshop.settings = project.settings.flows.model_copy(
        update={"publish_requires": (RECORDINGS,)}
    )
    async with house.visitor("editor") as editor, house.visitor("admin") as admin:
        await begun(editor)
        draft = await only(house)
        text = draft.files["replies/id.yml"].replace("one: one v1", "one: satu")
        await save(editor, draft, text, "replies/id.yml")
        assert await published(house, editor, force="yes") == 422
        assert await published(house, admin) == 422
        assert await published(house, admin, force="yes") == 303
    assert "not replayed" in (await history(house))[1].forced


async def test_what_was_typed_is_shown_as_it_was_typed(house: DeskHouse) -> None:
    """Titles, notes, YAML and findings that hold a script are text on every page."""
    async with house.visitor("admin") as admin:
        await admin.post("/desk/flows/drafts", title=SCRIPT)
        draft = await only(house)
        place = f"/desk/flows/drafts/{draft.id}"
        hostile = draft.files["talk.yml"] + f"# </textarea>{SCRIPT}\n'{SCRIPT}': 1\n"
        assert await save(admin, draft, hostile) == 303
        pages = ["/desk/flows", place, f"{place}?check=1", f"{place}/publish"]
        pages += [f"{place}/differences", f"{place}/talk.yml?check=1"]
        for page in pages:
            text = await (await admin.get(page)).text()
            assert SCRIPT not in text, page
            assert "&lt;script&gt;" in text, page
        shown = await admin.text(f"{place}/talk.yml")
        assert hostile in shown
        fine = draft.files["talk.yml"] + "# lain\n"
        assert await save(admin, await only(house), fine) == 303
        assert await published(house, admin, note=SCRIPT) == 303
        for page in (
            "/desk/flows",
            "/desk/flows/history",
            "/desk/flows/history/differences?from=1&to=2",
        ):
            assert SCRIPT not in await (await admin.get(page)).text(), page


async def test_a_draft_is_checked_as_it_is_typed(house: DeskHouse) -> None:
    """Unsaved text is looked at with the other files; nothing is kept, and nothing audited."""
    async with house.visitor("editor") as editor:
        place = await begun(editor)
        draft = await only(house)
        wrong = draft.files["talk.yml"].replace("ask: one", "ask: oen")
        answer = await editor.post(f"{place}/check", file="talk.yml", text=wrong)
        said = await answer.json()
        (finding,) = [each for each in said["findings"] if not each["warning"]]
        assert (finding["file"], finding["line"]) == ("talk.yml", 5)
        assert said["lines"]["second"] == 6
        assert 'data-state="second"' in said["drawing"]
        assert "<style" not in said["drawing"]
        assert (await only(house)).files == draft.files
    day = NOW.replace(hour=0)
    audit = await house.kept.audit.between("jakarta_pusat", day, day.replace(hour=23))
    assert [entry.action for entry in audit if entry.action.startswith("flow")] == []


async def test_saving_again_and_again_is_one_entry(house: DeskHouse) -> None:
    """What one person saves of a draft within minutes is one line of the audit."""
    async with house.visitor("editor") as editor:
        await begun(editor)
        for n in range(3):
            draft = await only(house)
            await save(editor, draft, draft.files["talk.yml"] + f"# {n}\n")
            house.wait(minutes=1)
        house.wait(minutes=15)
        draft = await only(house)
        await save(editor, draft, draft.files["talk.yml"] + "# later\n")
    day = NOW.replace(hour=0)
    audit = await house.kept.audit.between("jakarta_pusat", day, day.replace(hour=23))
    saved = [entry.subject for entry in audit if entry.action == "draft_saved"]
    assert saved == [f"draft:{draft.id}/talk.yml"] * 2


async def test_too_much_text_is_refused(house: DeskHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    """In words, and nothing is saved."""
    async with house.visitor("editor") as editor:
        await begun(editor)
        draft = await only(house)
        monkeypatch.setattr("bot.desk.drafts.LARGEST_FILE", 1000)
        assert await save(editor, draft, "#" * 1001) == 413
        assert await only(house) == draft


async def test_words_are_offered_as_one_types(house: DeskHouse) -> None:
    """At a line and column of unsaved text; a script among them stays text."""
    async with house.visitor("editor") as editor:
        place = await begun(editor)
        draft = await only(house)
        text = draft.files["talk.yml"].replace("states:", "states:\n  new: {go: se}")
        fields = {"file": "talk.yml", "text": text, "line": "5", "column": "15"}
        said = await (await editor.post(f"{place}/complete", **fields)).json()
        assert [each["label"] for each in said["candidates"]] == ["second"]
        assert said["start"] == 13
        fields |= {"line": "", "column": "x"}
        assert (await editor.post(f"{place}/complete", **fields)).status == 200
        assert (await editor.post(f"{place}/complete", **fields | {"file": "no"})).status == 404
