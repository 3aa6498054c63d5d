"""Drafts are looked at as a folder is, and their flows drawn as soon as they can be."""

from pathlib import Path
from tempfile import gettempdir

import pytest

from bot.definitions import load_definitions
from bot.dialogue.versions import Files, files_in
from bot.dialogue.vocabulary import Vocabulary
from bot.drafting.checking import Checked, check
from bot.drafting.drawing import draw
from bot.errors import FlowError
from bot.settings import Flows
from tests.support.house import House


@pytest.fixture
def settings(tmp_path: Path) -> Flows:
    """A small project's."""
    return House.at(tmp_path).settings.flows


@pytest.fixture
def files(settings: Flows) -> dict[str, str]:
    """Its flows and replies."""
    return dict(files_in(settings.folder, settings.languages))


def said(checked: Checked) -> list[tuple[str, int, int, str]]:
    """The findings, without what is no mistake."""
    found = [each for each in checked.findings if not each.warning]
    return [(each.file, each.line, each.column, each.message) for each in found]


def test_a_draft_that_is_right(settings: Flows, files: Files) -> None:
    """It has the version that the same folder has, and nothing is found."""
    checked = check(files, settings, None)
    assert (checked.is_right, said(checked)) == (True, [])
    assert checked.version == load_definitions(settings).flows.version


def test_a_draft_is_as_strict_as_a_folder(settings: Flows, files: dict[str, str]) -> None:
    """The same findings at the same lines, named by the path within the draft; all files at once,
    and the shape of flows and the words of messages among them.
    """
    files["talk.yml"] = (
        files["talk.yml"].replace("go: last}", "go: lst}") + "  nowhere: {end: true}\n"
    )
    files["replies/id.yml"] += "sorry: twice\n"
    files["talk.yml"] = files["talk.yml"].replace("approve", "aprove", 1)
    for name, text in files.items():
        (settings.folder / name).write_text(text)
    words = Vocabulary(frozenset({"approve"}), frozenset())
    with pytest.raises(FlowError) as error:
        load_definitions(settings, vocabulary=words)
    of_folder = [
        (place.file.removeprefix(f"{settings.folder}/"), place.line, place.column)
        for place in (each.place for each in error.value.findings)
    ]
    checked = check(files, settings, words)
    assert not checked.is_right
    assert [each[:3] for each in said(checked)] == of_folder
    assert {each[0] for each in said(checked)} == {"talk.yml", "replies/id.yml"}
    assert any("did you mean 'approve'" in each[3] for each in said(checked))


def test_a_draft_is_looked_at_and_not_the_folder(settings: Flows, files: dict[str, str]) -> None:
    """A file that stands in the folder alone is missed, and one that is not there is no matter."""
    (settings.folder / "replies" / "id.yml").write_text("apology: only here\n")
    assert check(files, settings, None).is_right
    del files["replies/id.yml"]
    (found, *_) = said(check(files, settings, None))
    assert (found[0], found[3]) == ("replies/id.yml", "the file does not exist")


def test_offices_without_their_flow(settings: Flows, files: dict[str, str]) -> None:
    """A flow that offices begin with cannot be taken away: the offices' file is named."""
    files["chat.yml"] = files.pop("talk.yml").replace("flow: talk", "flow: chat")
    (found,) = said(check(files, settings, None))
    assert found[0].endswith("offices.yml")
    assert "no flow 'talk'" in found[3]


def test_no_path_of_this_machine_is_told(settings: Flows, files: dict[str, str]) -> None:
    """Nor in sentences that name another file."""
    files["talk.yml"] = "flow: talk\nbased_on: other\n"
    files["other.yml"] = "flow: other\ninitial: a\nstates: {a: {go: b}}\n"
    told = str(check(files, settings, None).findings)
    assert str(Path(gettempdir())) not in told
    assert "draft-" not in told


def test_a_flow_is_drawn_with_its_lines(files: dict[str, str]) -> None:
    """Each state's box is named, and where it begins is told."""
    drawing = draw(files, "talk.yml")
    assert drawing.lines == {"first": 5, "second": 6, "last": 10}
    assert all(f'data-state="{state}"' in drawing.svg for state in drawing.lines)


@pytest.mark.parametrize(
    ("old", "new"),
    [("go: second", "go: secnd"), ("initial: first", "initial: frst"), ("ask: two", "ask: [two")],
    ids=["a step leads nowhere", "it begins nowhere", "no YAML"],
)
def test_a_flow_with_a_mistake_has_no_picture(files: dict[str, str], old: str, new: str) -> None:
    """Rather none than a wrong one; the page keeps the last."""
    files["talk.yml"] = files["talk.yml"].replace(old, new)
    assert not draw(files, "talk.yml").svg


def test_a_mistake_elsewhere_leaves_the_picture(settings: Flows, files: dict[str, str]) -> None:
    """A flow is drawn whatever is wrong with other files; one made of another has its states."""
    files["replies/id.yml"] = "["
    files["wrong.yml"] = "flow: ["
    files["child.yml"] = "flow: child\nbased_on: talk\ninitial: last\n"
    drawing = check(files, settings, None, "child.yml").drawing
    assert 'data-state="second"' in drawing.svg
    assert drawing.lines == {}
    assert check(files, settings, None, "replies/id.yml").drawing.svg == ""
