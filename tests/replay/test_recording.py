"""What may stand in a recording, and how mistakes in it are named."""

from pathlib import Path

import pytest

from bot.dialogue.attachment import Card, Location, Reaction
from bot.dialogue.reply import Button, Pdf, Picture, Reply
from bot.replay.recording import Answer, Recording, RecordingError, Said, Told, recordings_in
from tests.replay.writing import HEADER


def read(tmp_path: Path, turns: str, header: str = HEADER) -> Recording:
    """Read a recording with these turns."""
    path = tmp_path / "one.yml"
    path.write_text(f"{header}turns:\n{turns}")
    return Recording.read(path)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Pagi, Pak", Said(kind="text", text="Pagi, Pak")),
        ("'3'", Said(kind="text", text="3")),
        ("{tap: Setuju}", Said(kind="tap", text="Setuju")),
        ("{image: ini KTP saya}", Said(kind="image", text="ini KTP saya")),
        ("{sticker: ''}", Said(kind="sticker")),
        ("{again: true}", Said(kind="again")),
    ],
)
def test_users_do_many_things(tmp_path: Path, written: str, said: Said) -> None:
    """Texts, taps, pictures and repetitions are read as such."""
    recording = read(tmp_path, f"  - user: {written}\n")
    assert recording.script.turns[0].user == said


@pytest.mark.parametrize(
    ("turn", "complaint"),
    [
        ("- user: #tgllayanan", "user: nothing stands here; a message that begins with #"),
        ("- user: 3", "user: 3 is not read as a text; put it in quotes"),
        ("- user: {tab: Setuju}", "user: write a text, {tap: Title}, {again: true}"),
        ("- user: {again: false}", "user: write a text"),
        ("- usr: hi", "unknown key 'usr'; did you mean 'user'?"),
        ("- wait: a while", "wait: 'a while' is no duration"),
        ("- {user: hi, wait: 1 hour}", "'user' and 'wait' are two turns"),
        ("- {user: hi, bot: [3]}", "this is not read as a text; put what the bot says in quotes"),
        ("- {user: hi, bot: [{buttons: [A]}]}", "one of 'text', 'contains', 'matches' and 'reply'"),
        ("- {user: hi, bot: [{text: a, contains: a}]}", "one of 'text', 'contains'"),
        ("- {user: hi, bot: [{matches: '(a'}]}", "this is no regular expression: missing )"),
        ("- {user: hi, bot: [{text: a, with: {b: c}}]}", "'with' belongs to 'reply'"),
        ("- {user: {location: {latitude: 91, longitude: 0}}}", "less than or equal to 90, not 91"),
        ("- {user: {location: {latitude: here, longitude: 0}}}", "a valid number"),
        ("- {user: {at_once: [one]}}", "write a text, {tap: Title}"),
        ("- {user: {image: a, file: lost}}", "'lost' is not one of them; known are: ok"),
        ("- {staff: {check_in: A, serve: A}}", "write one of check_in, call"),
        ("- {staff: {close: 2026-11-24}}", "'close' needs a 'reason'"),
        ("- {staff: {serve: A, move: true}}", "'move' does not belong to 'serve'"),
        ("- {user: hi, capture: {code: '(a)(b)'}}", "one group around what is wanted"),
        ("- {user: hi, capture: {Code: '(a)'}}", "Code"),
        ("- {user: hi, expect: {stat: x}}", "unknown key 'stat'; did you mean 'state'?"),
        ("- {user: '{{ code }}'}", "nothing was captured as 'code' by then"),
    ],
)
def test_mistakes_are_named_with_their_place(tmp_path: Path, turn: str, complaint: str) -> None:
    """What is wrong, on which line, and what to write instead."""
    with pytest.raises(RecordingError) as error:
        read(tmp_path, f"  {turn}\n")
    assert str(error.value).startswith(f"{tmp_path / 'one.yml'}:6:")
    assert complaint in str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("+07:00", "", ":2:1: now: write a moment with its zone, as 2026-11-23T09:00+07:00"),
        ("2026-11-23T09:00+07:00", "today", ":2:1: now: write a moment with its zone"),
        ("2026-11-23T09:00+07:00", "9999-12-31T23:59-12:00", ":2:1: now: write a year from 2000"),
        ("2026-11-23T09:00+07:00", "0001-01-01T00:00+14:00", ":2:1: now: write a year from 2000"),
        ("'6281200000001'", "6281200000001", "sender: put it in quotes: '6281200000001'"),
        ("title: A greeting\n", "", "'title' is missing here"),
    ],
)
def test_mistakes_in_the_header(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    """The header is checked likewise."""
    with pytest.raises(RecordingError, match=r"one\.yml") as error:
        read(tmp_path, "  - user: hi\n", HEADER.replace(old, new))
    assert complaint in str(error.value)


def test_every_mistake_at_once(tmp_path: Path) -> None:
    """All mistakes of a file are named together, in reading order."""
    with pytest.raises(RecordingError) as error:
        read(tmp_path, "  - user: 3\n  - wait: never\n")
    assert [finding.place.line for finding in error.value.findings] == [6, 7]


def test_answers_are_compared_exactly() -> None:
    """Words, buttons, menu and barcode must be the same; a final line break need not."""
    reply = Reply("Halo\nPak", (Button("Ya", "/approve"),), menu="Pilih", barcode="JKP-1")
    right = Answer(text="Halo\nPak\n", buttons=("Ya",), menu="Pilih", barcode="JKP-1")
    assert right.fits(Told(reply))
    shown = Told(Reply("t", picture=Picture("a.png", "e" * 64)))
    assert not Answer(text="t").fits(shown)
    assert Answer(text="t", picture="a.png").fits(shown)
    for changed in (
        {"picture": "a.png"},
        {"text": "Halo Pak"},
        {"buttons": ()},
        {"menu": ""},
        {"barcode": "JKP-2"},
    ):
        assert not right.model_copy(update=changed).fits(Told(reply))


def test_what_else_a_reply_brings() -> None:
    """Documents, places and cards must be the same; a reaction only where one is expected."""
    reply = Reply(
        "Halo",
        document=Pdf("form.pdf", "e" * 64),
        location=Location(-6.2, 106.8, "Kantor"),
        contact=Card("Kantor", ("+62 812 0000 0001",)),
        reaction=Reaction("m1", "✅"),
    )
    told = Told(reply)
    right = Answer(text="Halo", document="form.pdf", location="-6.2, 106.8", contact="Kantor")
    assert right.fits(told)
    assert Answer.of(reply) == right.model_copy(update={"reaction": "✅"})
    for part in ("document", "location", "contact"):
        assert not right.model_copy(update={part: ""}).fits(told)
        assert not right.model_copy(update={part: "x"}).fits(told)
    assert right.model_copy(update={"reaction": "✅"}).fits(told)
    assert not right.model_copy(update={"reaction": "👍"}).fits(told)
    assert not Answer(text="Halo", reaction="✅").fits(Told(Reply("Halo")))


def test_contains_looks_at_words_alone() -> None:
    """A part of the text is enough, whatever can be tapped."""
    reply = Reply("Halo Pak", (Button("Ya", "/approve"),))
    assert Answer(contains="lo P").fits(Told(reply))
    assert not Answer(contains="Bu").fits(Told(reply))


def test_folders_are_searched(tmp_path: Path) -> None:
    """A folder means every recording below it, in order; a file named twice is played once."""
    inner = tmp_path / "inner"
    inner.mkdir()
    for path in (tmp_path / "b.yml", inner / "a.yml", tmp_path / "notes.txt"):
        path.touch()
    assert recordings_in([tmp_path, tmp_path / "b.yml"]) == [tmp_path / "b.yml", inner / "a.yml"]


def test_an_empty_folder_is_a_mistake(tmp_path: Path) -> None:
    """Playing nothing must not look like success."""
    with pytest.raises(RecordingError, match="holds no recording"):
        recordings_in([tmp_path])


def test_a_missing_file_is_a_mistake(tmp_path: Path) -> None:
    """So is a path that is not there."""
    with pytest.raises(RecordingError, match="does not exist"):
        Recording.read(tmp_path / "none.yml")


def test_a_recording_without_turns_is_a_mistake(tmp_path: Path) -> None:
    """It would pass whatever the bot does."""
    with pytest.raises(RecordingError, match="nothing happens in this recording"):
        read(tmp_path, "  []\n")
