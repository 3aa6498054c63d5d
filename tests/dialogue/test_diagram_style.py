"""Pictures that stand in a page look as those that stand alone."""

import re
from pathlib import Path

from bot.dialogue.diagram.svg import STYLE

PAGES = Path(__file__).parents[2] / "bot" / "desk" / "static" / "diagram.css"
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")


def rules(style: str, within: str = "") -> list[tuple[str, str]]:
    """Selector and declarations of each rule; those for dark themes as any other."""
    style = re.sub(r"/\*.*?\*/|@media[^{]*\{", "", style, flags=re.DOTALL)
    return sorted(
        (
            ", ".join(within + each.strip(" }\n") for each in selector.split(",")),
            " ".join(declared.split()),
        )
        for selector, declared in RULE.findall(style)
    )


def test_pages_and_pictures_have_one_style() -> None:
    """A page allows no style within a picture, so a sheet has the same rules, for pictures only."""
    assert rules(PAGES.read_text()) == rules(STYLE, ".diagram ")
    assert "prefers-color-scheme: dark" in PAGES.read_text()
