"""docs/flows.md: what it shows is right. Blocks named by a file are written into a new project."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from bot.app import rehearsal
from bot.booking.office import Office
from bot.booking.rules import Rules
from bot.definitions import load_definitions
from bot.dialogue.flow import Flow, Slot, State, Step
from bot.dialogue.sentences import Sentences
from bot.dialogue.slot_type import Given, Refused
from bot.document import Document
from bot.project import new_project
from bot.replay.player import play
from bot.replay.recording import Recording
from bot.replay.report import complaints_about
from bot.settings import load_settings
from nlu.known import vocabulary_of

GUIDE = Path(__file__).parents[1] / "docs" / "flows.md"
FENCED = re.compile(
    r"(?:^`([\w/.]+\.(?:yml|py))`(, at the end)?:\n\n)?^```(?:yaml|python)\n(.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Block:
    """A block of YAML or Python of the guide.

    Args:
        step: heading it stands under.
        file: the file of the project it is, or is added to; empty for a fragment.
    """

    line: int
    step: str
    file: str
    adds: bool
    text: str


def blocks() -> Iterator[Block]:
    """All of them, in their order."""
    guide = GUIDE.read_text(encoding="utf-8")
    for found in FENCED.finditer(guide):
        headings = re.findall(r"^##+ (.+)$", guide[: found.start()], re.MULTILINE)
        line = 1 + guide.count("\n", 0, found.start(3))
        yield Block(line, headings[-1], found[1] or "", bool(found[2]), found[3])


NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)

FRAGMENTS = [pytest.param(b, id=f"line {b.line}") for b in blocks() if not b.file]


def is_part_of(model: type[BaseModel], data: Mapping[str, Any]) -> bool:
    """Whether ``data`` are some of the model's keys with values they may have."""
    fields = {field.alias or name: field for name, field in model.model_fields.items()}
    for key, value in data.items():
        if key not in fields:
            return False
        try:
            TypeAdapter(fields[key].rebuild_annotation()).validate_python(value)
        except ValidationError:
            return False
    return True


def is_of_each(model: type[BaseModel], data: Mapping[str, Any]) -> bool:
    """Whether ``data`` are such things by name."""
    return all(isinstance(part, dict) and is_part_of(model, part) for part in data.values())


def is_replies(data: Mapping[str, Any]) -> bool:
    """Whether ``data`` are sentences by key."""
    try:
        Sentences.model_validate(data)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("block", FRAGMENTS)
def test_a_fragment_is_a_piece_of_some_file(block: Block) -> None:
    """Its keys and values are those of a flow, state, step, slot, reply or office."""
    data = Document.parse(block.text, f"docs/flows.md, from line {block.line}").data
    parts = (Flow, State, Step, Slot, Rules)
    assert (
        any(is_part_of(part, data) for part in parts)
        or any(is_of_each(part, data) for part in (State, Step, Slot, Office))
        or is_replies(data)
    )


@pytest.mark.parametrize(
    "text",
    ["asking: {aks: question}", "ask: [1]", "states: {over: {end: perhaps}}", "text: {a: {}}"],
)
def test_a_wrong_fragment_is_none(text: str) -> None:
    """The test above can fail."""
    with pytest.raises(AssertionError):
        test_a_fragment_is_a_piece_of_some_file(Block(1, "", "", adds=False, text=text))


async def test_the_steps_can_be_followed(tmp_path: Path) -> None:
    """After each step the project has no mistakes; its recording, at the end, is how it answers."""
    folder = tmp_path / "warung"
    new_project(folder, "Warung Contoh")
    written = [block for block in blocks() if block.file]
    for at, block in enumerate(written):
        path = folder / block.file
        before = path.read_text() if block.adds else ""
        if path.suffix == ".py":  # the text tells what to import
            before = f"from bot.dialogue.slot_type import Given, Refused, slot_type\n{before}"
        path.write_text(before + block.text, encoding="utf-8")
        if at + 1 == len(written) or written[at + 1].step != block.step:
            settings = load_settings(folder / "config.yml", {})
            if (folder / "flows" / "table.yml").exists():
                words = vocabulary_of(folder / "nlu" / "data")
                definitions = load_definitions(settings.flows, vocabulary=words)
    played = await play(
        Recording.read(folder / "conversations" / "table.yml"),
        definitions,
        lambda definitions, clock, random: rehearsal(definitions, settings, clock, random),
    )
    assert [str(complaint) for complaint in complaints_about(played)] == []
    assert len({block.step for block in written}) > 5
    party = definitions.flows.slot_types["party"].read
    assert party(Given("2", NOW)) == 2
    with pytest.raises(Refused):
        party(Given("9", NOW))
