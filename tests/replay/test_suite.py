"""Many recordings at once: ``antre replay``, what it prints and writes, and its exit codes."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from typer.testing import CliRunner, Result

from bot.cli import cli
from bot.definitions import Definitions
from tests.replay.writing import Write

ROOT = Path(__file__).parents[2]
RIGHT = "- {user: Pagi, bot: [{contains: Selamat}, {contains: Cara}]}\n"
WRONG = "- {user: 'Pagi & <siang>', bot: [\"Halo \\a\"]}\n"


@pytest.fixture
def folder(write: Write, tmp_path: Path) -> Path:
    """A recording that is right, one that is wrong and one that cannot be read."""
    for name, turns in (("right", RIGHT), ("wrong", WRONG), ("broken", "- user: 3\n")):
        write(turns).rename(tmp_path / f"{name}.yml")
    return tmp_path


@pytest.fixture(autouse=True)
def _loaded_once(monkeypatch: pytest.MonkeyPatch, definitions: Definitions) -> None:
    """What takes seconds to load is the same for every command run here."""
    monkeypatch.setattr("bot.rehearsing.studio.load_definitions", lambda _: definitions)


def run(*arguments: object) -> Result:
    """Run the command with the repository's own settings."""
    config = ["--config", str(ROOT / "config.yml")]
    return CliRunner().invoke(cli, ["replay", *map(str, arguments), *config])


def test_one_line_a_recording_and_what_differs(folder: Path) -> None:
    """A file that cannot be read does not keep the others from being played; JUnit and JSON say
    the same as the page, and odd characters do no harm.
    """
    junit, document = folder / "out.xml", folder / "out.json"
    result = run(folder, "--junit", junit, "--json", document)
    assert result.exit_code == 2
    lines = result.output.splitlines()
    marks = [line[:4] for line in lines if line.startswith(("ok", "FAIL"))]
    assert marks == ["FAIL", "ok  ", "FAIL"]
    assert lines[-1].startswith("3 recordings: 1 as recorded, 1 different, 1 unusable; ")
    assert any("Halo" in line and "Selamat pagi" in line for line in lines)  # side by side
    suite = ET.parse(junit).find("testsuite")  # noqa: S314 - our own
    assert suite is not None
    assert (suite.get("tests"), suite.get("failures")) == ("3", "2")
    failures = {
        case.get("file"): failure.get("message")
        for case in suite
        for failure in case.findall("failure")
    }
    assert set(failures) == {str(folder / "broken.yml"), str(folder / "wrong.yml")}
    assert "Pagi & <siang>" in str(failures[str(folder / "wrong.yml")])
    told = json.loads(document.read_text())
    assert told["verdict"] == "unusable"
    assert [each["passed"] for each in told["recordings"]] == [False, True, False]
    (difference,) = told["recordings"][2]["differences"]
    assert (difference["line"], difference["expected"][0]) == (6, "Halo \a")
    assert difference["notes"][0].startswith("understood: greet, sure to")


def test_a_part_may_be_chosen(folder: Path) -> None:
    """By words in path and title; none at all is a mistake, for it would look like success."""
    assert (
        "1 recording: 1 as recorded" in run(folder, "-k", "RIGHT or (greeting and nosuch)").output
    )
    nothing = run(folder, "-k", "not greeting and not broken and not wrong")
    assert (nothing.exit_code, "chooses none of 3 recordings" in nothing.output) == (2, True)
    senseless = run(folder, "-k", "right and")
    assert (senseless.exit_code, "makes no sense" in senseless.output) == (2, True)


def test_it_may_stop_at_the_first(folder: Path) -> None:
    """What comes after what is wrong is not played."""
    assert "3 recordings: 1 unusable, 2 not played" in run(folder, "-x").output


@pytest.mark.long
def test_processes_say_the_same(folder: Path) -> None:
    """Two processes, results in the order of the files; what they passed is added up."""
    alone, together = folder / "one.json", folder / "two.json"
    one = run(folder, "--json", alone, "--coverage")
    two = run(folder, "--jobs", 2, "--json", together, "--coverage")
    assert two.exit_code == one.exit_code == 2
    told = [json.loads(path.read_text())["recordings"] for path in (alone, together)]
    for recording in (each for recordings in told for each in recordings):
        del recording["seconds"]
    assert told[0] == told[1]
    covered = [each.output.splitlines()[-1] for each in (one, two)]
    assert covered[0] == covered[1]
    assert "% of states and transitions" in covered[0]


def test_a_database_says_the_same(folder: Path) -> None:
    """On the embedded database, one of its own for each recording."""
    result = run(folder / "right.yml", folder / "wrong.yml", "--storage", "mongo")
    assert result.exit_code == 1
    assert "2 recordings: 1 as recorded, 1 different" in result.output


@pytest.mark.parametrize("paths", [["nowhere.yml"], ["."]])
def test_what_is_not_there_cannot_be_used(tmp_path: Path, paths: list[str]) -> None:
    """A path without a recording is exit code 2, in a line and not as a traceback."""
    result = run(*[tmp_path / path for path in paths])
    assert result.exit_code == 2
    assert "Traceback" not in result.output
