"""docs/understanding.md says what is so."""

import json
import re
import shlex
from pathlib import Path

import pytest
from typer.main import get_command

from bot.cli import cli
from nlu.corpus import read_file
from nlu.vocabulary import KIND_OF
from tests.understanding.conftest import ROOT, Antre

GUIDE = (ROOT / "docs" / "understanding.md").read_text(encoding="utf-8")


def blocks(kind: str) -> list[str]:
    """The guide's code blocks of a kind."""
    return re.findall(rf"^```{kind}\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)


def test_what_is_reported() -> None:
    """The table of intents is that of the code."""
    rows = re.findall(r"^\| `(\w+)` \| (.*) \|$", GUIDE, re.MULTILINE)
    written = {own: reported for reported, names in rows for own in re.findall(r"\w+", names)}
    assert written == KIND_OF


def test_answers(antre: Antre) -> None:
    """The example of an answer is what its question is answered."""
    question, answer, *_ = blocks("json")
    assert json.loads(antre("parse", lines=question).stdout) == json.loads(answer)


def test_labels(antre: Antre, tmp_path: Path) -> None:
    """The example of a label can be evaluated."""
    path = tmp_path / "label.jsonl"
    path.write_text(blocks("json")[2])
    assert antre("evaluate", str(path)).stdout.startswith("intent")


def test_examples(tmp_path: Path) -> None:
    """The examples can be learnt from."""
    path = tmp_path / "nlu.yml"
    path.write_text(blocks("yaml")[0])
    read = read_file(path)
    assert [entity.type for e in read.examples for entity in e.entities] == ["service_date"] * 2
    assert not [finding for finding in read.findings if not finding.warning]


@pytest.mark.parametrize("line", re.findall(r"^antre nlu .*", GUIDE, re.MULTILINE))
def test_commands(line: str) -> None:
    """Every command there is one, with options that it has."""
    words = shlex.split(line.partition("<")[0], comments=True)
    command = get_command(cli).commands["nlu"].commands[words[2]]  # type: ignore[attr-defined]  # groups
    known = {option for each in command.params for option in each.opts}
    assert {word for word in words if word.startswith("--")} <= known
