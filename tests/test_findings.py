"""Findings for programs: JSON, and annotations of GitHub Actions."""

import json
import shutil
from pathlib import Path

from typer.testing import CliRunner

from bot.cli import cli
from bot.definitions import load_definitions
from bot.errors import Finding, Place
from bot.findings import written
from bot.settings import Flows

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
