"""``antre nlu parse``: a line in, a line of JSON out."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from nlu.vocabulary import INTENTS, KIND_OF, REPORTED, UNTAPPABLE, kind_of
from tests.understanding.conftest import ROOT, Antre

NOW = ("--now", "2026-11-23T09:00:00+07:00")
"""A Monday."""

CONTRACT = frozenset({
    "greet", "ask_dates", "choose_date", "submit_identity", "approve", "reject", "cancel",
    "reschedule", "ask_status", "ask_requirements", "ask_location_hours", "help", "talk_to_staff",
    "thanks", "goodbye", "out_of_scope", "correct", "change_language", "family", "mark_late",
})  # fmt: skip


def answers(result: Result) -> list[dict[str, Any]]:
    """The lines of JSON that were written."""
    return [json.loads(line) for line in result.stdout.splitlines()]


def one(result: Result) -> dict[str, Any]:
    """The only answer, of a run that went well."""
    assert result.exit_code == 0, result.output
    (answer,) = answers(result)
    return answer


def values(answer: dict[str, Any]) -> dict[str, Any]:
    """Entity values by type."""
    return {each["type"]: each["value"] for each in answer["entities"]}


def test_a_message(antre: Antre) -> None:
    """An answer has exactly what the contract says."""
    answer = one(antre("parse", *NOW, "besok bisa?"))
    assert list(answer) == ["text", "intent", "confidence", "entities"]
    assert (answer["text"], answer["intent"]) == ("besok bisa?", "choose_date")
    assert answer["entities"] == [{"type": "service_date", "value": "2026-11-24"}]
    assert 0 < answer["confidence"] <= 1


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("#Budi#25011987#5 Januari", "birth_date", "1987-01-25"),
        ("#Budi#25011987#5 Januari", "service_date", "2027-01-05"),
        ("nomor hp saya 0812 0000 0012", "phone", "+6281200000012"),
        ("00002681", "approval_code", "00002681"),
        ("yang nomor 3 aja", "option_number", 3),
        ("nik saya 3171014507890003", "nik", "3171014507890003"),
    ],
)
def test_values(antre: Antre, text: str, kind: str, value: object) -> None:
    """Values are normalised: days ISO, telephone numbers E.164, choices numbers."""
    assert values(one(antre("parse", *NOW, text)))[kind] == value


def test_lines_in_order(antre: Antre) -> None:
    """Plain lines and JSON may be mixed; each is answered in its place, blank ones are not."""
    lines = 'halo\n\n{"text": "makasih ya"}\r\nterakhir 😀\n'
    result = antre("parse", lines=lines)
    assert [answer["text"] for answer in answers(result)] == ["halo", "makasih ya", "terakhir 😀"]
    assert [answer["intent"] for answer in answers(result)][:2] == ["greet", "thanks"]


def test_wrong_lines(antre: Antre) -> None:
    """Each is told with its number, the others are answered, and the status says so."""
    lines = (
        b'halo\n{"text": 3}\n{bad\n\xff\xfe\n{"state": "welcome"}\n'
        b'{"text": "x", "state": "bookd"}\nhai\n'
    )
    result = antre("parse", lines=lines)
    assert result.exit_code == 1
    assert [answer["text"] for answer in answers(result)] == ["halo", "hai"]
    said = [line for line in result.stderr.splitlines() if line.startswith("line ")]
    assert said[0] == 'line 2: "text" must be a text, not 3'
    assert said[1].startswith("line 3: not JSON: ")
    assert said[2] == "line 4: not UTF-8"
    assert said[3] == 'line 5: "text" is missing'
    assert said[4] == "line 6: no flow has a state 'bookd'; did you mean 'booked'?"


def test_a_moment_between(antre: Antre) -> None:
    """A line may say from when on the messages are; so test files can be piped in."""
    lines = '{"now": "2026-11-23T09:00+07:00"}\nbesok\n{"now": "2026-12-01T09:00+07:00"}\nbesok\n'
    days = [values(answer)["service_date"] for answer in answers(antre("parse", lines=lines))]
    assert days == ["2026-11-24", "2026-12-02"]


def test_the_offices_day(antre: Antre) -> None:
    """Before midnight in Jakarta it is tomorrow already in Makassar."""
    late = ("--now", "2026-11-23T23:30+07:00", "--office", "makassar")
    assert values(one(antre("parse", *late, "besok")))["service_date"] == "2026-11-25"


@pytest.mark.parametrize(
    ("state", "text", "intent", "found"),
    [
        ("choosing_date", "3", "choose_date", {"option_number": 3}),
        ("confirming", "12052017", "approve", {"approval_code": "12052017"}),
        ("identifying", "Rina Wulandari", "submit_identity", {"person_name": "Rina Wulandari"}),
        ("identifying", "17 agustus 1990", "submit_identity", {"birth_date": "1990-08-17"}),
        ("welcome", "iya", "approve", {}),
        ("booked", "batal", "cancel", {}),
    ],
)
def test_states(antre: Antre, state: str, text: str, intent: str, found: dict[str, object]) -> None:
    """What the open state waits for is the context a message is understood in."""
    answer = one(antre("parse", *NOW, "--state", state, text))
    assert (answer["intent"], values(answer)) == (intent, found)


def test_a_state_of_another_flow(antre: Antre) -> None:
    """A state that the office's flow does not have is found where it stands."""
    lines = '{"text": "tanggal 5", "state": "choosing_date", "office": "tangerang"}\n'
    assert one(antre("parse", *NOW, lines=lines))["intent"] == "choose_date"


def test_everything(antre: Antre) -> None:
    """``--all`` shows what flows hear, with their own names and all types."""
    answer = one(antre("parse", "--all", "ganti bahasa inggris dong"))
    assert answer["intent"] == "change_language"
    assert answer["entities"][0]["type"] == "language"
    assert set(answer) >= {"problems", "guesses", "example"}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--state", "bookd"), "no flow has a state 'bookd'; did you mean 'booked'?"),
        (("--office", "bogr"), "no office 'bogr'; did you mean 'bogor'?"),
        (("--now", "besok"), "--now: write a moment with its zone"),
        (("--now", "2026-11-23T09:00"), "--now: write a moment with its zone"),
    ],
)
def test_wrong_options(antre: Antre, options: tuple[str, ...], said: str) -> None:
    """They are told once, before any line is read."""
    result = antre("parse", *options, "halo")
    assert result.exit_code == 1
    assert said in str(result.exception)


def test_without_a_classifier(antre: Antre) -> None:
    """The grammar alone reads exact forms and plain words."""
    assert one(antre("parse", "--provider", "grammar", "batal"))["intent"] == "cancel"


def test_rasa_that_is_not_there(antre: Antre, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks for Rasa is not answered by another one."""
    monkeypatch.setenv("ANTRE_NLU_RASA_URL", "http://127.0.0.1:9")
    result = antre("parse", "--provider", "rasa", "halo")
    assert result.exit_code == 1
    assert "Rasa at http://127.0.0.1:9 does not answer" in str(result.exception)


def test_every_intent_is_reported_by_a_known_name() -> None:
    """Others need not know how finely our flows tell meanings apart."""
    ours = {"restart", "erase_data", "done", "drop_member", "replace_member", "choose_member"}
    reported = {kind_of(intent) for intent in INTENTS - UNTAPPABLE}
    assert reported - ours == CONTRACT
    assert set(KIND_OF) <= INTENTS
    assert len(REPORTED) == 9


def test_flushed_line_by_line(models: Path) -> None:
    """A program that writes one line and waits for its answer gets it."""
    process = subprocess.Popen(
        [sys.executable, "-c", "from bot.cli import main; main()", "nlu", "parse"],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "ANTRE_NLU_MODELS": str(models), "PATH": ""},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin
    assert process.stdout
    with process:
        for text in ("halo", "batal"):
            process.stdin.write(f"{text}\n".encode())
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["text"] == text
        process.stdin.close()
    assert process.returncode == 0


@pytest.mark.parametrize("key", ["text", "state", "office"])
def test_half_a_character_is_refused_and_the_next_line_answered(antre: Antre, key: str) -> None:
    """JSON can write one half of an emoji; no text can have it, and no answer could be written."""
    line = json.dumps({"text": "besok", key: "\ud83d"})
    result = antre("parse", *NOW, lines=f'{line}\n{{"text": "besok"}}\n'.encode())
    assert result.exit_code == 1
    assert f'line 1: "{key}" has half a character' in result.stderr
    assert [each["text"] for each in answers(result)] == ["besok"]


def test_an_argument_that_is_no_text_is_refused(antre: Antre) -> None:
    """As a shell passes bytes that are not UTF-8."""
    result = antre("parse", *NOW, "\udcff", "besok")
    assert result.exit_code == 1
    assert "line 1: not UTF-8" in result.stderr
    assert [each["text"] for each in answers(result)] == ["besok"]


@pytest.mark.parametrize("now", ["0001-01-01T00:00+14:00", "9999-12-31T23:00-12:00"])
def test_a_moment_of_another_age_is_refused(antre: Antre, now: str) -> None:
    """No calendar of ours goes there."""
    result = antre("parse", *NOW, lines=json.dumps({"text": "besok", "now": now}).encode())
    assert result.exit_code == 1
    assert "line 1: write a year from 2000 to 2100" in result.stderr
    assert "--now: write a year" in str(antre("parse", "--now", now, "besok").exception)
