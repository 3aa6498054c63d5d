"""Talking to a draft: gone through again from its beginning whenever the draft changes."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.desk.room import RoomError
from bot.dialogue.versions import Files
from bot.drafting.replayed import Covered, Replayed
from bot.drafting.talk import Input, Talk
from tests.support.projects import Project
from tests.support.room import RoomHere

NOW = datetime(2026, 11, 23, 2, 0, 41, tzinfo=UTC)
HELLO = Input("text", "halo")


def talk(project: Project, *inputs: Input) -> Talk:
    """One with the project's only office."""
    return Talk(next(iter(project.load().offices)).id, NOW, inputs)


async def test_to_the_end(room: RoomHere, project: Project, files: Files) -> None:
    """Typed and tapped, from hello to what the project is for; each turn says where it led to and
    how it was understood.
    """
    inputs = (HELLO, Input("tap", "Minta ditelepon"), Input("text", "Rina Wulandari"))
    talked = await room.say(files, talk(project, *inputs))
    assert [turn.said for turn in talked.turns] == list(inputs)
    assert all(turn.messages and turn.state.startswith("callback.") for turn in talked.turns)
    first, _, third = talked.turns
    assert first.messages[-1].choices[0].title == "Minta ditelepon"
    assert first.understood
    assert first.understood.intent == "greet"
    assert third.understood
    assert ("person_name", "Rina Wulandari") in third.understood.entities


async def test_an_edit_shows_where_it_matters(
    room: RoomHere, project: Project, files: Files
) -> None:
    """The same inputs on the edited draft: turns with another answer have another mark, no other
    has.
    """
    inputs = (HELLO, Input("tap", "Minta ditelepon"), Input("text", "Rina Wulandari"))
    before = await room.say(files, talk(project, *inputs))
    text = files["replies/id.yml"].replace("bisa kami bantu", "dapat kami bantu")
    edited = {**files, "replies/id.yml": text}
    after = await room.say(edited, talk(project, *inputs))
    changed = [a.mark != b.mark for a, b in zip(before.turns, after.turns, strict=True)]
    assert changed == [True, False, False]
    assert await room.say(files, talk(project, *inputs)) == before


async def test_what_is_not_there_any_more(room: RoomHere, project: Project, files: Files) -> None:
    """A tap on what an edit took away is told, and nothing after it is played."""
    talked = await room.say(files, talk(project, HELLO, Input("tap", "Gone"), HELLO))
    assert len(talked.turns) == 2
    assert "no [Gone] to tap" in talked.turns[1].problem


async def test_time_passes(room: RoomHere, project: Project, files: Files) -> None:
    """What rings while somebody waits comes in the turn that waits."""
    once = {
        **files,
        "callback.yml": files["callback.yml"].replace(
            "  welcome:\n",
            "  welcome:\n    remind: [{after: 1 hour, say: apology}]\n",
        ),
    }
    talked = await room.say(once, talk(project, HELLO, Input("wait", "1 day"), HELLO))
    assert [len(turn.messages) for turn in talked.turns][1] == 1
    assert talked.turns[1].messages[0].key == "apology"
    assert talked.turns[1].understood is None


async def test_nothing_said(room: RoomHere, project: Project, files: Files) -> None:
    """A talk that has not begun has no turns."""
    assert (await room.say(files, talk(project))).turns == ()


async def test_nobody_talks_to_mistakes(room: RoomHere, project: Project, files: Files) -> None:
    """While a draft has mistakes their number is told."""
    wrong = {**files, "callback.yml": files["callback.yml"].replace("go: ", "go: x", 1)}
    talked = await room.say(wrong, talk(project, HELLO))
    assert (talked.turns, talked.mistakes > 0) == ((), True)
    with pytest.raises(RoomError, match="no office"):
        await room.say(files, replace(talk(project, HELLO), office="nowhere"))


async def test_saved_as_a_recording(room: RoomHere, project: Project, files: Files) -> None:
    """What was said becomes a recording that is green at once, odd words too."""
    inputs = (HELLO, Input("text", "# {{ nobody }}: 'x'"), Input("tap", "Minta ditelepon"))
    talked = await room.say(files, talk(project, *inputs), title="Halo: {{ odd }} #1")
    over = {"saved/halo.yml": talked.recording}
    steps = [step async for step in room.replay(files, over)]
    found = {each.path: each for each in steps if isinstance(each, Replayed)}
    assert found["saved/halo.yml"].trouble is None
    with pytest.raises(RoomError, match="Gone"):
        await room.say(files, talk(project, HELLO, Input("tap", "Gone")), title="Hilang")


async def test_replayed(room: RoomHere, files: Files) -> None:
    """All recordings on a draft: each as it comes, the first difference beside what was expected,
    what they exercise at the end; and what an update would write, which is green.
    """
    steps = [step async for step in room.replay(files, {})]
    (only,) = (each for each in steps if isinstance(each, Replayed))
    assert only.trouble is None
    assert isinstance(steps[-1], Covered)
    assert steps[-1].percent < 100
    assert all(each.line and each.file in files for each in steps[-1].missed)
    edited = {**files, "replies/id.yml": files["replies/id.yml"].replace("Terima kasih", "Makasih")}
    (red,) = [each async for each in room.replay(edited, {}) if isinstance(each, Replayed)]
    assert red.trouble
    assert {row.mark for row in red.trouble.rows} >= {"≠"}
    assert not any("/" in note for note in red.trouble.notes)
    (updated,) = await room.update(edited, {}, [red.path])
    assert updated.changes.startswith(f"--- {red.path}")
    over = {red.path: updated.text}
    (green,) = [each async for each in room.replay(edited, over) if isinstance(each, Replayed)]
    assert green.trouble is None
    (same,) = await room.update(edited, over, [red.path])
    assert same.changes == ""


async def test_taken_away_and_unreadable(room: RoomHere, files: Files) -> None:
    """A recording taken away is not played; one that is none is told as such."""
    (path,) = [each.path async for each in room.replay(files, {}) if isinstance(each, Replayed)]
    steps = [step async for step in room.replay(files, {path: "", "new.yml": "title: ["})]
    (new,) = (each for each in steps if isinstance(each, Replayed))
    assert (new.path, new.usable) == ("new.yml", False)
    assert new.trouble


async def test_no_replay_of_mistakes(room: RoomHere, files: Files) -> None:
    """A draft with mistakes is not replayed; their number is told."""
    wrong = {**files, "callback.yml": "flow: ["}
    (begun,) = [step async for step in room.replay(wrong, {})]
    assert (begun.of, begun.mistakes > 0) == (0, True)
