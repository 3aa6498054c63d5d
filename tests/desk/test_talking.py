"""The side chat of a draft, over plain HTTP: nothing of it is kept, everything is in its form."""

import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest

from bot.booking.office import load_offices
from bot.desk.drafts import Draft
from bot.desk.marking import marked
from tests.support.desk import DeskHouse, Visitor, open_house
from tests.support.house import TALK, House

FIELD = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def project(tmp_path: Path) -> House:
    """A small project's folder."""
    return House.at(tmp_path)


@pytest.fixture
async def house(project: House) -> AsyncIterator[DeskHouse]:
    """A desk over it; the project's own office is the desk's."""
    text = (project.folder / "offices.yml").read_text().replace("contoh:", "jakarta_pusat:")
    (project.folder / "offices.yml").write_text(text)
    offices = load_offices(project.folder / "offices.yml")
    async with open_house(settings=project.settings, offices=offices) as house:
        yield house


class Talking:
    """An editor's page with the side chat of a new draft."""

    def __init__(self, visitor: Visitor, draft: Draft) -> None:
        self.visitor = visitor
        self.draft = draft
        self.place = f"/desk/flows/drafts/{draft.id}/talk"
        self.page = ""
        self.fields: dict[str, str] = {}

    async def do(self, place: str = "", **fields: str) -> int:
        """Send the form as the page has it, with something said or pressed; the status."""
        sent = {**self.fields, **fields}
        sent.pop("csrf", "")
        answer = await self.visitor.post(place or f"{self.place}?part=1", **sent)
        self.page = await answer.text()
        self.fields = {n: unescape(v) for n, v in FIELD.findall(self.page)}
        return answer.status

    @property
    def told(self) -> str:
        """What is read in the page."""
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", self.page)).split())


@pytest.fixture
async def talking(house: DeskHouse) -> AsyncIterator[Talking]:
    """Somebody who begins a draft and talks to it."""
    async with house.visitor("editor") as editor:
        await editor.post("/desk/flows/drafts", title="Salam")
        (head,) = await house.kept.drafts.heads()
        draft = await house.kept.drafts.load(head.id)
        assert draft
        yield Talking(editor, draft)


async def test_from_hello_to_the_end(talking: Talking) -> None:
    """Typed in the page, with the state and what was understood under each turn; taken back and
    begun again; and the form alone carries it all.
    """
    assert "Coba bicara" in await talking.visitor.text(talking.place)
    assert await talking.do(say="halo") == 200
    assert "one v1" in talking.told
    assert "→ talk.first" in talking.told
    await talking.do(say="setuju")
    assert "two v1" in talking.told
    assert "approve" in talking.told
    await talking.do(wait="1 hour")
    assert "late v1" in talking.told
    assert json.loads(talking.fields["inputs"])[-1] == ["wait", "1 hour"]
    await talking.do(do="back")
    assert "late v1" not in talking.told
    await talking.do(do="restart")
    assert json.loads(talking.fields["inputs"]) == []


async def test_nothing_is_kept(house: DeskHouse, talking: Talking) -> None:
    """Neither conversation nor seat nor entry of the audit comes of a talk."""
    before = await house.kept.drafts.load(talking.draft.id)
    await talking.do(say="halo")
    await talking.do(say="setuju")
    assert await house.kept.drafts.load(talking.draft.id) == before
    since, until = house.moment - timedelta(days=1), house.moment + timedelta(days=1)
    entries = await house.kept.audit.between("jakarta_pusat", since, until)
    assert {each.action for each in entries} == {"signed_in", "draft_begun"}


async def test_what_is_typed_counts(talking: Talking) -> None:
    """The talk goes on what stands in the editor, saved or not; turns that an edit changes are
    marked, until the next edit.
    """
    await talking.do(say="halo")
    await talking.do(say="setuju")
    text = talking.draft.files["replies/id.yml"].replace("two v1", "dua v2")
    typed = {"file": "replies/id.yml", "text": text.replace("\n", "\r\n")}
    await talking.do(do="again", **typed)
    assert "dua v2" in talking.told
    assert talking.page.count('class="turn changed"') == 1
    await talking.do(say="setuju", **typed)
    assert talking.page.count('class="turn changed"') == 1
    await talking.do(
        do="again", file="replies/id.yml", text=text.replace("one: one v1", "one: satu v3")
    )
    assert talking.page.count('class="turn changed"') == 1
    assert "satu v3" in talking.told


async def test_mistakes_wait(talking: Talking) -> None:
    """While there are mistakes they are counted; the talk is there again when they are mended."""
    await talking.do(say="halo")
    wrong = {"file": "talk.yml", "text": TALK.replace("go: last", "go: lst")}
    await talking.do(do="again", **wrong)
    assert "1 kesalahan" in talking.told
    await talking.do(do="again")
    assert "one v1" in talking.told
    assert 'class="turn changed"' not in talking.page


async def test_what_makes_no_sense(talking: Talking) -> None:
    """Whatever is sent in place of a talk is left out; it breaks nothing."""
    for inputs in ("[", "{}", '[["tap"]]', '[["wait", "9 years"]]', "[" * 5000, '[["evil", "x"]]'):
        status = await talking.do(inputs=inputs, seen=inputs, at="never", office="nowhere", say="")
        assert status == 200
        assert json.loads(talking.fields["inputs"]) == []
    many = json.dumps([["text", "halo"]] * 70)
    assert await talking.do(inputs=many, say="halo") == 200
    assert "sudah panjang" in talking.told
    assert await talking.do(inputs='[["tap", "Gone"]]', say="") == 200
    assert "no [Gone] to tap" in talking.told


async def test_scripts_are_words(talking: Talking) -> None:
    """Neither what is said nor what a draft says becomes part of the page."""
    text = talking.draft.files["replies/id.yml"].replace("one v1", f"'*{SCRIPT}*'")
    await talking.do(say=SCRIPT, file="replies/id.yml", text=text)
    assert SCRIPT in talking.told or SCRIPT in unescape(talking.page)
    assert "<script>" not in talking.page
    assert str(marked(f"*{SCRIPT}* _x_")) == "<b>&lt;script&gt;alert(1)&lt;/script&gt;</b> <i>x</i>"


async def test_saved_as_a_recording(house: DeskHouse, talking: Talking) -> None:
    """The draft brings what was said, under a name of its own; without a title nothing is kept."""
    await talking.do(say="halo")
    await talking.do(say="setuju")
    fields = dict(talking.fields)
    assert await talking.do(f"{talking.place}/save") == 422
    talking.fields = fields
    assert await talking.do(f"{talking.place}/save", title="Halo, lalu setuju") == 303
    draft = await house.kept.drafts.load(talking.draft.id)
    assert draft
    text = draft.recordings["saved/halo_lalu_setuju.yml"]
    assert text.startswith("title: Halo, lalu setuju\n")
    assert "two v1" in text
    talking.fields = fields
    assert await talking.do(f"{talking.place}/save", title="Halo, lalu setuju") == 303
    draft = await house.kept.drafts.load(talking.draft.id)
    assert draft
    assert set(draft.recordings) == {
        "saved/halo_lalu_setuju.yml",
        "saved/halo_lalu_setuju_2.yml",
    }


async def test_who_may(house: DeskHouse, talking: Talking) -> None:
    """Supervisors try a draft, and have no way to change it."""
    async with house.visitor("supervisor") as supervisor:
        looking = Talking(supervisor, talking.draft)
        assert await looking.do(say="halo") == 200
        assert "Simpan" not in looking.told
        assert await looking.do(f"{talking.place}/save", title="x") == 403
        assert (await supervisor.get("/desk/flows/drafts/none/talk")).status == 404
