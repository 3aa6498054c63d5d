"""Findings for programs: JSON, and annotations of GitHub Actions."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import cli
from bot.definitions import load_definitions
from bot.errors import Finding, Place
from bot.findings import written
from bot.settings import Flows

ROOT = Path(__file__).parents[1]

FOUND = [Finding("no state 'a'; 100 % sure\nreally", Place("flows/a,b.yml", 3, 5))]


def test_json() -> None:
    """A list of places and messages."""
    assert json.loads(written(FOUND, "json")) == [
        {
            "file": "flows/a,b.yml",
            "line": 3,
            "column": 5,
            "message": "no state 'a'; 100 % sure\nreally",
            "severity": "error",
        }
    ]


def test_github() -> None:
    """One line a finding, its own signs escaped."""
    assert written(FOUND, "github") == (
        "::error file=flows/a%2Cb.yml,line=3,col=5::no state 'a'; 100 %25 sure%0Areally"
    )


def test_command(tmp_path: Path) -> None:
    """The command writes either, and exits 1."""
    folder = tmp_path / "flows"
    shutil.copytree(Path(__file__).parents[1] / "flows", folder)
    assert CliRunner().invoke(cli, ["flows", "check", str(folder), "--format", "json"]).output == (
        "[]\n"
    )
    path = folder / "status.yml"
    path.write_text(path.read_text().replace("go: shown", "go: show"), encoding="utf-8")
    result = CliRunner().invoke(cli, ["flows", "check", str(folder), "--format", "json"])
    assert result.exit_code == 1
    assert {Path(found["file"]).name for found in json.loads(result.output)} == {"status.yml"}


def test_warnings(tmp_path: Path) -> None:
    """The command tells of warnings like of mistakes, and says that they are."""
    folder = tmp_path / "flows"
    shutil.copytree(Path(__file__).parents[1] / "flows", folder)
    path = folder / "replies" / "en.yml"
    lines = [line for line in path.read_text().splitlines() if not line.startswith("declined:")]
    path.write_text("\n".join(lines), encoding="utf-8")
    result = CliRunner().invoke(cli, ["flows", "check", str(folder), "--format", "json"])
    assert result.exit_code == 1
    (found,) = json.loads(result.output)
    assert found["severity"] == "warning"
    assert "'declined' is said in" in found["message"]
    result = CliRunner().invoke(cli, ["flows", "check", str(folder), "--format", "github"])
    assert result.output.startswith("::warning file=")
    assert load_definitions(Flows(folder=folder)).flows.warnings


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("server:\n  prot: 1\n", 2, 'server.prot: unknown setting; did you mean "port"?'),
        ("server:\n  port: 1\n   host: x\n", 3, "not valid YAML: "),
        ("log:\n  level: ${LEVEL}\n", 2, "Rasa, which reads this file too, "),
    ],
)
def test_settings(tmp_path: Path, text: str, line: int, message: str) -> None:
    """Settings that cannot be used are findings like those of any file."""
    config = tmp_path / "config.yml"
    config.write_text(text, encoding="utf-8")
    arguments = ["flows", "check", "--config", str(config), "--format"]
    result = CliRunner().invoke(cli, [*arguments, "json"])
    assert result.exit_code == 1
    (found,) = json.loads(result.output)
    assert (found["file"], found["line"], found["severity"]) == (str(config), line, "error")
    assert found["message"].startswith(message)
    result = CliRunner().invoke(cli, [*arguments, "github"])
    assert result.exit_code == 1
    assert result.output.startswith(f"::error file={config},line={line},")


def test_no_settings(tmp_path: Path) -> None:
    """So is a file that is not there."""
    config = str(tmp_path / "config.yml")
    result = CliRunner().invoke(cli, ["flows", "check", "--config", config, "--format", "json"])
    (found,) = json.loads(result.output)
    assert found["file"] == config
    assert found["message"].startswith("no such file; ")


def test_variables() -> None:
    """What a variable has wrong stands in no file, and its name is in the message."""
    arguments = ["flows", "check", "--config", str(ROOT / "config.yml"), "--format"]
    environ = {"ANTRE_SERVER_PORT": "abc"}
    (found,) = json.loads(CliRunner(env=environ).invoke(cli, [*arguments, "json"]).output)
    assert found["file"] == ""
    assert found["message"].startswith("ANTRE_SERVER_PORT: must be a number")
    result = CliRunner(env=environ).invoke(cli, [*arguments, "github"])
    assert result.output.startswith("::error::ANTRE_SERVER_PORT: must be")
