"""``docs/testing.md``: every recording in it passes."""

import re
from pathlib import Path

import pytest

from bot.replay.recording import Script
from tests.replay.writing import ReplayFile

GUIDE = (Path(__file__).parents[2] / "docs" / "testing.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)


@pytest.mark.parametrize("at", range(len(EXAMPLES)))
async def test_every_example_passes(tmp_path: Path, replay_file: ReplayFile, at: int) -> None:
    """What testers are shown works, all of it."""
    path = tmp_path / "example.yml"
    path.write_text(EXAMPLES[at], encoding="utf-8")
    result = await replay_file(path)
    assert [str(complaint) for complaint in result.complaints] == []


def test_every_key_is_explained() -> None:
    """The guide has a word about every key of the header."""
    named = set(re.findall(r"`([a-z_]+):?`", GUIDE))
    assert Script.model_fields.keys() <= named
