"""Flows, replies and offices, read together."""

import shutil
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.definitions import load_definitions
from bot.dialogue.store import Contact
from bot.errors import FlowError
from bot.settings import Flows
from tests.support.values import SURROUNDINGS

FLOWS = Path(__file__).parents[1] / "flows"


def test_shipped() -> None:
    """What is delivered fits together, and an office is a venue with words for replies."""
    definitions = load_definitions(Flows(folder=FLOWS))
    venue = definitions.venue_of(Contact("rest", "me", "makassar"))
    assert (venue.flow, venue.zone) == ("passport_guided", ZoneInfo("Asia/Makassar"))
    office = venue.variables["office"]
    assert office["zone"] == "WITA"
    assert office.keys() == SURROUNDINGS["office"].keys()


def test_an_office_nobody_knows() -> None:
    """A contact of no office has no venue."""
    definitions = load_definitions(Flows(folder=FLOWS))
    with pytest.raises(KeyError, match="nowhere"):
        definitions.venue_of(Contact("rest", "me", "nowhere"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped files."""
    return Path(shutil.copytree(FLOWS, tmp_path / "flows"))


def edit(folder: Path, file: str, old: str, new: str) -> None:
    """Change one place of a file."""
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_all_mistakes_together(folder: Path) -> None:
    """Mistakes in flows and in offices are told at once."""
    edit(folder, "cancel.yml", "initial: looking", "initail: looking")
    edit(folder, "offices.yml", "prefix: BGR", "prefix: BOG")
    with pytest.raises(FlowError) as error:
        load_definitions(Flows(folder=folder))
    assert {Path(finding.place.file).name for finding in error.value.findings} == {
        "cancel.yml",
        "offices.yml",
    }


def test_a_flow_that_is_not_there(folder: Path) -> None:
    """An office's dialogue is one of the flows; the complaint stands at the office's own word."""
    edit(folder, "offices.yml", "    prefix: BGR", "    prefix: BGR\n    flow: pasport_guided")
    line = 1 + (folder / "offices.yml").read_text().split("flow: pasport")[0].count("\n")
    with pytest.raises(FlowError) as error:
        load_definitions(Flows(folder=folder))
    assert str(error.value) == (
        f"{folder}/offices.yml:{line}:5: bogor: no flow 'pasport_guided'; "
        "did you mean 'passport_guided'?"
    )
