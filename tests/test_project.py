"""`antre init`: what it writes works at once."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

from bot.app import rehearsal
from bot.cli import cli
from bot.definitions import load_definitions
from bot.errors import ConfigError
from bot.project import TEMPLATE, new_project
from bot.replay.player import play
from bot.replay.recording import Recording
from bot.settings import load_settings

ROOT = Path(__file__).parents[1]
ANTRE = [sys.executable, "-c", "from bot.cli import main; main()"]


def antre(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command within a folder, as its user does."""
    return subprocess.run(  # noqa: S603 - our own command
        [*ANTRE, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("name", ["", "Toko Bunga", 'A "B": {c} #d', "Ωμέγα", "1"])
def test_a_new_project_is_whole(tmp_path: Path, name: str) -> None:
    """Its flows, replies, office and action load without a finding, whatever its name."""
    folder = tmp_path / "flower-shop"
    new_project(folder, name)
    definitions = load_definitions(load_settings(folder / "config.yml", {}).flows)
    (office,) = definitions.offices
    assert office.name == (name or "Flower Shop")
    assert "check_hours" in definitions.code.actions
    assert office.flow in definitions.flows.flows


def test_it_passes_its_own_tests(tmp_path: Path) -> None:
    """From within it, `antre flows check` and `antre replay` find nothing to complain of."""
    new_project(tmp_path / "shop")
    for arguments in (["flows", "check"], ["replay", "conversations"]):
        done = antre(tmp_path / "shop", *arguments)
        assert done.returncode == 0, done.stdout + done.stderr


def test_nothing_is_left_to_fill_in(tmp_path: Path) -> None:
    """Every placeholder has become something; what the template has, the project has."""
    written = new_project(tmp_path / "shop", "Shop")
    for path in written:
        assert not any(f"@{word}@" in path.read_text() for word in ("NAME", "TITLE", "DATABASE"))
    names = {path.relative_to(TEMPLATE) for path in TEMPLATE.rglob("*.*") if path.suffix != ".pyc"}
    assert names <= {path.relative_to(tmp_path / "shop") for path in written}
    assert tmp_path / "shop" / ".gitignore" in written


def test_each_file_names_a_schema_that_is_there(tmp_path: Path) -> None:
    """Editors complete the project's own flows, its own action among the names."""
    new_project(tmp_path / "shop")
    flows = tmp_path / "shop" / "flows"
    for path in [*flows.rglob("*.yml"), *(tmp_path / "shop" / "conversations").rglob("*.yml")]:
        first = path.read_text().partition("\n")[0]
        assert (path.parent / first.partition("$schema=")[2]).is_file(), path
    assert "check_hours" in (flows / "schema" / "flow.schema.json").read_text()


def test_the_training_data_can_be_read(tmp_path: Path) -> None:
    """Each intent of the examples is one that a flow of the project hears."""
    new_project(tmp_path / "shop")
    data = YAML(typ="safe").load((tmp_path / "shop/nlu/data/nlu.yml").read_text())
    written = "".join(path.read_text() for path in (tmp_path / "shop/flows").glob("*.yml"))
    assert [one["intent"] for one in data["nlu"] if f"{one['intent']}:" not in written] == []


@pytest.mark.parametrize("name", ["two\nlines\x00", "x" * 61, "\x1b[2J"])
def test_a_name_nobody_can_read(tmp_path: Path, name: str) -> None:
    """Such a name is refused, and nothing is written."""
    with pytest.raises(ConfigError, match="--name"):
        new_project(tmp_path / "shop", name)
    assert not (tmp_path / "shop").exists()


def test_what_is_there_is_left_alone(tmp_path: Path) -> None:
    """A folder with anything in it, or a file, is refused and not touched."""
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(ConfigError, match="not empty"):
        new_project(tmp_path)
    with pytest.raises(ConfigError, match="not empty"):
        new_project(tmp_path / "notes.txt")
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_an_empty_folder_will_do(tmp_path: Path) -> None:
    """`mkdir shop && antre init shop` works, and the command says how to go on."""
    (tmp_path / "shop").mkdir()
    result = CliRunner().invoke(cli, ["init", str(tmp_path / "shop"), "--name", "Shop"])
    assert result.exit_code == 0, result.output
    assert "antre demo" in result.output
    assert f"{tmp_path / 'shop' / 'config.yml'}: written" in result.output


async def test_the_first_language_greets(tmp_path: Path) -> None:
    """A project says in its settings which language a conversation begins in."""
    new_project(tmp_path / "shop")
    config = tmp_path / "shop" / "config.yml"
    config.write_text(config.read_text().replace("[id, en]", "[en, id]"))
    settings = load_settings(config, {})
    recording = tmp_path / "hello.yml"
    recording.write_text(
        "{title: Hello, now: 2026-11-23T09:30+07:00, office: main, contact: {sender: '1'},"
        " turns: [{user: hello, bot: [{contains: Hello!}, {contains: How can we help}]}]}"
    )
    played = await play(
        Recording.read(recording),
        load_definitions(settings.flows),
        lambda definitions, clock, random: rehearsal(definitions, settings, clock, random),
    )
    assert played.differences == []
