"""Many recordings at once: lines, exit code, JUnit XML, and the example of the documentation."""

import re
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from rich.console import Console
from typer.testing import CliRunner

from bot.cli import cli
from bot.definitions import Definitions
from bot.junit import junit_xml
from bot.replay.junit import cases_of
from bot.replay.player import Rehearse
from bot.replay.recording import recordings_in
from bot.replay.suite import replay
from tests.replay.writing import HEADER, ReplayFile, Write

ROOT = Path(__file__).parents[2]
RIGHT = "- {user: Pagi, bot: [{contains: Selamat}, {contains: Cara}]}\n"
WRONG = "- {user: 'Pagi & <siang>', bot: [\"Halo \\a\"]}\n"


@pytest.fixture
def folder(write: Write, tmp_path: Path) -> Path:
    """A recording that is right, one that is wrong and one that cannot be read."""
    for name, turns in (("right", RIGHT), ("wrong", WRONG), ("broken", "- user: 3\n")):
        write(turns).rename(tmp_path / f"{name}.yml")
    return tmp_path


async def test_one_line_a_recording_and_what_differs(
    folder: Path, definitions: Definitions, rehearse: Rehearse
) -> None:
    """A file that cannot be read does not keep the others from being played."""
    out = StringIO()
    paths = recordings_in([folder])
    results = await replay(paths, definitions, rehearse, Console(file=out, soft_wrap=True))
    assert [result.passed for result in results] == [False, True, False]
    lines = out.getvalue().splitlines()
    assert [line[:4] for line in lines if line.startswith(("ok", "FAIL"))] == [
        "FAIL",
        "ok  ",
        "FAIL",
    ]
    assert any(line.startswith("    + Selamat pagi") for line in lines)


async def test_junit_xml_is_well_formed(
    folder: Path, definitions: Definitions, rehearse: Rehearse
) -> None:
    """Every recording is a test case; failures carry their place; odd characters do no harm."""
    paths = recordings_in([folder])
    results = await replay(paths, definitions, rehearse, Console(file=StringIO()))
    suite = ET.fromstring(junit_xml("antre replay", cases_of(results))).find("testsuite")  # noqa: S314 - our own
    assert suite is not None
    assert (suite.get("tests"), suite.get("failures")) == ("3", "2")
    failures = {
        case.get("file"): failure.get("message")
        for case in suite
        for failure in case.findall("failure")
    }
    assert set(failures) == {str(folder / "broken.yml"), str(folder / "wrong.yml")}
    assert "Pagi & <siang>" in str(failures[str(folder / "wrong.yml")])


@pytest.mark.parametrize(("name", "code"), [("right", 0), ("wrong", 1), ("broken", 1)])
def test_the_command_says_by_its_exit_code(folder: Path, name: str, code: int) -> None:
    """0 when all is as recorded, else 1."""
    config = ["--config", str(ROOT / "config.yml")]
    out = folder / "out.xml"
    arguments = ["replay", str(folder / f"{name}.yml"), "--junit", str(out), "--coverage", *config]
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == code, result.output
    assert "% exercised" in result.output
    assert out.read_bytes().startswith(b"<?xml")


@pytest.mark.parametrize("at", [0, 1])
async def test_the_examples_in_the_documentation_pass(
    tmp_path: Path, replay_file: ReplayFile, at: int
) -> None:
    """What testers are shown works, all of it."""
    text = (ROOT / "docs" / "testing.md").read_text()
    examples = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert len(examples) == 2
    path = tmp_path / "example.yml"
    path.write_text(examples[at])
    result = await replay_file(path)
    assert [str(complaint) for complaint in result.complaints] == []
    assert HEADER.splitlines()[1] in examples[0]  # of today, not of some other format
