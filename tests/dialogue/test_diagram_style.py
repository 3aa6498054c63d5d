"""Pictures that stand in a page look as those that stand alone."""

import re

from bot.dialogue.diagram.svg import STYLE
from tests.support.desk import open_house

RULE = re.compile(r"([^{}]+)\{[^{}]*\}")


async def test_pages_have_the_style_of_pictures() -> None:
    """A page allows no style within a picture, so the same is served as a sheet; it means nothing
    but pictures.
    """
    async with open_house() as house, house.visitor() as visitor:
        sheet = await visitor.text("/desk/static/diagram.css")
    assert sheet == STYLE
    rules = re.sub(r"@media[^{]*\{", "", sheet)
    selectors = [each.strip(" }\n") for one in RULE.findall(rules) for each in one.split(",")]
    assert len(selectors) > 20
    assert [each for each in selectors if not each.startswith("svg")] == []
