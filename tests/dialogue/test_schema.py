import copy
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML
from typer.testing import CliRunner

from bot.booking import actions as booking_actions
from bot.cli import cli
from bot.dialogue.actions import actions_in
from bot.dialogue.duration import LENGTHS, duration
from bot.dialogue.flow import Flow
from bot.dialogue.schema import schema_of
from bot.schemas import FOLDER, Kind, schemas
from nlu.vocabulary import INTENTS

FLOWS = Path(__file__).parents[2] / "flows"
ACTIONS = actions_in(booking_actions)
TEXTS = schemas(ACTIONS, INTENTS)
FILES = sorted(path for path in FLOWS.rglob("*.yml"))
RECORDINGS = sorted((FLOWS.parent / "tests" / "conversations").rglob("*.yml"))


def schema(kind: Kind) -> dict[str, Any]:
    """The schema of a kind of file."""
    made: dict[str, Any] = json.loads(TEXTS[kind])
    return made


def schema_named_in(path: Path) -> Path:
    """The schema a file names in its first line."""
    first = path.read_text(encoding="utf-8").partition("\n")[0]
    before, _, named = first.partition("$schema=")
    assert before == "# yaml-language-server: ", f"{path.name} names no schema"
    return (path.parent / named).resolve()


def as_an_editor_reads(path: Path) -> Any:
    """A file's content; editors take dates for the text they are."""
    yaml = YAML(typ="safe")
    return as_text(yaml.load(path.read_text(encoding="utf-8")))


def as_text(value: Any) -> Any:
    """Dates as the text they are written as, also where they are keys."""
    if isinstance(value, dict):
        return {str(key): as_text(each) for key, each in value.items()}
    if isinstance(value, list):
        return [as_text(each) for each in value]
    return value if isinstance(value, str | int | float | None) else value.isoformat()


def mistakes(kind: Kind, data: Any) -> list[str]:
    """Where a schema finds fault, as ``states.welcome.say``."""
    found = Draft202012Validator(schema(kind)).iter_errors(data)
    return [".".join(map(str, error.absolute_path)) for error in found]


GOOD: dict[str, Any] = {
    "flow": "small",
    "initial": "asking",
    "slots": {"day": {"type": "date"}},
    "always": {"help": {"say": "help"}},
    "states": {
        "asking": {
            "say": ["hello", "welcome"],
            "do": "find_dates",
            "outcomes": {"found": {"say": "dates"}},
            "on": {"approve": {"go": "over"}, "an_intent_of_our_own": {"set": {"day": None}}},
            "timeout": {"after": "30 minutes", "go": "over"},
        },
        "over": {"end": True},
    },
}


@pytest.mark.parametrize("kind", TEXTS)
def test_the_committed_schemas_are_up_to_date(kind: Kind) -> None:
    """What editors use is what the models say; else run `antre flows schema --write`."""
    written = FLOWS / FOLDER / f"{kind}.schema.json"
    assert written.read_text(encoding="utf-8") == TEXTS[kind]


@pytest.mark.parametrize("kind", TEXTS)
def test_schemas_are_schemas(kind: Kind) -> None:
    """Each is valid by the rules of its draft."""
    Draft202012Validator.check_schema(schema(kind))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_shipped_files_obey_the_schema_they_name(path: Path) -> None:
    """An editor that opens any file of flows/ marks nothing in it."""
    named = json.loads(schema_named_in(path).read_text(encoding="utf-8"))
    found = list(Draft202012Validator(named).iter_errors(as_an_editor_reads(path)))
    assert [error.message for error in found] == []


def test_every_schema_is_named_by_some_file() -> None:
    """No schema is made for nobody."""
    named = {schema_named_in(path).name for path in FILES} | {"recording.schema.json"}
    assert named == {f"{kind}.schema.json" for kind in TEXTS}


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_shipped_recordings_obey_their_schema(path: Path) -> None:
    """An editor that knows the schema marks nothing in a recording that can be replayed."""
    assert mistakes("recording", as_an_editor_reads(path)) == []


@pytest.mark.parametrize(
    ("turn", "where"),
    [
        ({"usr": "Pagi"}, "turns.0"),
        ({"user": {"tab": "Setuju"}}, "turns.0.user"),
        ({"user": "Pagi", "bot": [{"contain": "Selamat"}]}, "turns.0.bot"),
        ({"wait": "a while"}, "turns.0.wait"),
        ({"staff": {"chek_in": "A"}}, "turns.0.staff"),
        ({"user": "Pagi", "expect": {"sate": "welcome"}}, "turns.0.expect"),
    ],
)
def test_a_slip_in_a_recording_is_marked(turn: dict[str, Any], where: str) -> None:
    """Where the reader of recordings refuses it, too."""
    header = {"title": "t", "now": "2026-11-23T09:00+07:00", "office": "batam"}
    recording = {**header, "contact": {"sender": "6281200000001"}, "turns": [{"user": "Pagi"}]}
    assert mistakes("recording", recording) == []
    assert mistakes("recording", {**recording, "turns": [turn]}) == [where]


def test_a_good_flow_is_good_for_reader_and_editor() -> None:
    """The example that the next test spoils is right in itself."""
    Flow.model_validate(GOOD)
    assert mistakes("flow", GOOD) == []


@pytest.mark.parametrize(
    ("loc", "key", "value"),
    [
        ("states.asking", "sya", "hello"),
        ("states.asking.timeout", "aftr", "1 hour"),
        ("states.asking.on.approve", "got", "over"),
        ("slots.day", "typ", "date"),
        ("states", "Asking", {"end": True}),
        ("states.asking.timeout", "after", "30 minuts"),
        ("states.asking.timeout", "after", "soon"),
        ("states.asking", "say", 7),
        ("states.over", "end", "perhaps"),
        ("", "initial", "two words"),
    ],
)
def test_a_slip_is_marked_where_the_reader_refuses_it(loc: str, key: str, value: Any) -> None:
    """Misspelt keys, wrong types and bad durations: editor and reader agree."""
    spoilt = copy.deepcopy(GOOD)
    part = spoilt
    for step in filter(None, loc.split(".")):
        part = part[step]
    part[key] = value
    with pytest.raises(ValueError, match="validation error"):
        Flow.model_validate(spoilt)
    assert any(found in (loc, f"{loc}.{key}".lstrip(".")) for found in mistakes("flow", spoilt))


def test_unknown_actions_and_outcomes_are_marked() -> None:
    """`do` and `outcomes` know the actions there are."""
    spoilt = copy.deepcopy(GOOD)
    spoilt["states"]["asking"] |= {"do": "find_date", "outcomes": {"fuond": {}}}
    assert mistakes("flow", spoilt) == ["states.asking.do", "states.asking.outcomes"]


def test_only_an_action_without_a_choice_may_stand_under_leave() -> None:
    """`leave` knows the actions with a single outcome."""
    for action, marked in (("release_hold", []), ("find_dates", ["states.asking.leave"])):
        flow = copy.deepcopy(GOOD)
        flow["states"]["asking"]["leave"] = action
        assert mistakes("flow", flow) == marked


def test_unknown_slot_types_are_marked() -> None:
    """`type` knows the types there are."""
    assert mistakes("flow", {**GOOD, "slots": {"day": {"type": "dat"}}}) == ["slots.day.type"]


def test_a_misspelt_key_in_replies_and_offices_is_marked() -> None:
    """Buttons, menus, rules and offices know their keys too."""
    button = {"title": "Yes", "tpa": "approve"}
    assert mistakes("replies", {"hello": {"text": "Hello", "buttons": [button]}})
    offices = as_an_editor_reads(FLOWS / "offices.yml")
    offices["offices"]["bogor"]["cancle"] = "never"
    assert mistakes("offices", offices) == ["offices.bogor"]
    offices["defaults"]["sessions"][0]["from"] = "25:00"
    assert "defaults.sessions.0.from" in mistakes("offices", offices)


@pytest.mark.parametrize("unit", LENGTHS)
def test_every_unit_the_reader_knows_is_in_the_schema(unit: str) -> None:
    """A duration that can be read is never marked."""
    data = copy.deepcopy(GOOD)
    data["states"]["asking"]["timeout"]["after"] = f"2 {unit}"
    assert duration(f"2 {unit}") == 2 * LENGTHS[unit]
    assert mistakes("flow", data) == []


@pytest.mark.parametrize("kind", ["flow", "shared", "offices"])
def test_every_key_has_a_hover_text(kind: Kind) -> None:
    """Whatever staff may write is explained where they write it."""
    made = schema(kind)
    parts = {"": made, **made["$defs"]}
    silent = [
        f"{name}.{key}"
        for name, part in parts.items()
        for key, field in part.get("properties", {}).items()
        if "description" not in field and "$ref" not in field
    ]
    assert set(silent) <= {".states", "Session.id"}  # their names say it all


def test_hover_texts_are_the_docstrings_sentences() -> None:
    """One source: the Args of the models, inherited ones too, without markup."""
    keys = schema_of(Flow, "Flow")["properties"]
    assert keys["initial"]["description"] == "the state an episode begins in."
    assert keys["always"]["description"] == "steps for intents heard in every state."
    assert ":class:" not in keys["include"]["description"]


def test_actions_are_explained_in_the_list_to_choose_from() -> None:
    """Completion under `do` shows what each action is for."""
    choices = schema("flow")["$defs"]["State"]["properties"]["do"]["anyOf"]
    assert {choice["const"]: choice["description"] for choice in choices} == {
        name: action.summary.replace("``", "`") for name, action in ACTIONS.items()
    }


def test_the_command_prints_and_writes(tmp_path: Path) -> None:
    """`antre flows schema` prints one; `--write` puts all beside the flows."""
    (tmp_path / "flows").mkdir()
    settings = tmp_path / "config.yml"
    settings.write_text("flows:\n  folder: flows\n")
    run = CliRunner().invoke
    assert run(cli, ["flows", "schema", "offices"]).output == TEXTS["offices"]
    assert run(cli, ["flows", "schema", "--write", "--config", str(settings)]).exit_code == 0
    written = {path.name for path in (tmp_path / "flows" / FOLDER).iterdir()}
    assert written == {f"{kind}.schema.json" for kind in TEXTS}
