"""Flows, replies and offices, read together."""

import shutil
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.checked import checked_definitions
from bot.definitions import load_definitions
from bot.dialogue.store import Contact
from bot.dialogue.versions import files_in
from bot.dialogue.vocabulary import Vocabulary
from bot.errors import FlowError
from bot.settings import Flows, load_settings
from nlu.known import vocabulary_of
from tests.support.values import SURROUNDINGS

A_PREFIX = "a prefix is three capital letters without I, L and O, which people read as digits"
ROOT = Path(__file__).parents[1]
FLOWS = ROOT / "flows"


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
    edit(folder, "offices.yml", "    prefix: DPK", "    prefix: DPK\n    flow: pasport_guided")
    line = 1 + (folder / "offices.yml").read_text().split("flow: pasport")[0].count("\n")
    with pytest.raises(FlowError) as error:
        load_definitions(Flows(folder=folder))
    assert str(error.value) == (
        f"{folder}/offices.yml:{line}:5: depok: no flow 'pasport_guided'; "
        "did you mean 'passport_guided'?"
    )


def test_nothing_hides_anything(folder: Path) -> None:
    """Mistakes in code, flows, replies and every part of the offices are one report."""
    edit(folder, "cancel.yml", "do: cancel_booking", "do: cancel_bookin")
    edit(folder, "replies/en.yml", "tap: ask_dates", "tap: ask_date")
    edit(folder, "offices.yml", "lead_days: 1 ", "lead_days: one ")
    edit(folder, "offices.yml", "prefix: DPK", "prefix: BOG\n    flow: canel")
    code = folder / "actions.py"
    code.write_text("from nowhere_at_all import of_mine\n")
    vocabulary = vocabulary_of(folder / "nlu")
    with pytest.raises(FlowError) as error:
        load_definitions(Flows(folder=folder, code=(code,)), vocabulary=vocabulary)
    lines = str(error.value).replace(f"{folder}/", "").splitlines()
    assert [line.partition(": ")[2] for line in lines] == [
        "cannot be imported: ModuleNotFoundError: No module named 'nowhere_at_all'",
        "no action 'cancel_bookin'; did you mean 'cancel_booking'?",
        "lead_days: write a whole number, not 'one'",
        f"prefix: {A_PREFIX}, not 'BOG'",
        "depok: no flow 'canel'; did you mean 'cancel'?",
        "no flow listens for 'ask_date'; did you mean 'ask_dates'?",
    ]
    assert all(line.split(": ")[0].count(":") == 2 for line in lines), "file, line and column"


@pytest.mark.parametrize("config", ["config.yml", "examples/clinic/config.yml"])
def test_the_words_of_a_project(config: str) -> None:
    """With the intents and entities that are really understood or tapped, all is sound; without
    the taps of their own buttons it would not be, so they are looked at.
    """
    path = ROOT / config
    settings = load_settings(path, {}).flows
    load_definitions(settings, vocabulary=vocabulary_of(path.parent / "nlu" / "data"))
    with pytest.raises(FlowError, match="no intent"):
        load_definitions(settings, vocabulary=Vocabulary(frozenset(), frozenset()))


def test_checked_with_examples(folder: Path) -> None:
    """What is served is read with its examples: their mistakes come with all others, warnings too,
    and once they are mended their intents are known.
    """
    training = folder / "training"
    training.mkdir()
    settings = Flows(folder=folder, training=training)
    (training / "nlu.yml").write_text("nlu:\n\t- x", encoding="utf-8")
    edit(folder, "replies/en.yml", "\ndeclined:", "\ndeclyned:")
    with pytest.raises(FlowError) as error:
        checked_definitions(settings)
    found = [(Path(each.place.file).name, each.warning) for each in error.value.findings]
    assert ("nlu.yml", False) in found
    assert ("en.yml", True) in found
    edit(folder, "replies/en.yml", "\ndeclyned:", "\ndeclined:")
    edit(folder, "cancel.yml", "approve:", "order_pizza:")
    files = files_in(folder, settings.languages)
    text = "nlu:\n  - intent: order_pizza\n    examples: |\n      - pesan pizza\n"
    (training / "nlu.yml").write_text(text, encoding="utf-8")
    checked_definitions(settings)
    (training / "nlu.yml").unlink()
    with pytest.raises(FlowError, match="no intent 'order_pizza'"):
        checked_definitions(settings)
    assert checked_definitions(settings, files).flows.version
