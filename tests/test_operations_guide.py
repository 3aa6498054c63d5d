"""docs/operations.md: the templates it has people register are those the replies fill in."""

import re
from pathlib import Path

import pytest

from bot.dialogue.replies import Replies
from bot.document import Document

ROOT = Path(__file__).parents[1]
ROW = re.compile(r"^\| `(\w+)` \| `(\w+)` \| (.+?) \| (.*?) ?\|$", re.MULTILINE)


def registered() -> dict[tuple[str, str], tuple[int, list[str]]]:
    """Number of parameters and titles of buttons, by name and language, as the guide has them."""
    guide = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    found = {}
    for name, language, body, buttons in ROW.findall(guide):
        numbers = [int(number) for number in re.findall(r"\{\{(\d+)\}\}", body)]
        assert numbers == list(range(1, len(numbers) + 1)), name
        found[name, language] = len(numbers), buttons.split(" · ") if buttons else []
    return found


@pytest.mark.parametrize("language", ["id", "en"])
def test_templates(language: str) -> None:
    """Every template of the shipped replies stands there, with its parameters and its buttons."""
    document = Document.read(ROOT / "flows" / "replies" / f"{language}.yml")
    replies = Replies(language, document)
    filled = {
        written["template"]["name"]: (
            len(written["template"].get("with", ())),
            [button["title"] for button in written.get("buttons", ())],
        )
        for key, written in document.data.items()
        if replies.is_template(key)
    }
    in_guide = {name: row for (name, spoken), row in registered().items() if spoken == language}
    assert filled
    assert in_guide == filled
