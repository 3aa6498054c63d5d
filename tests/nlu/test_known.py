"""What a bot is known to understand: the flow checker goes by it."""

from pathlib import Path

import pytest

from bot.booking.notices import NoticeName
from bot.dialogue.care import CareNotice
from bot.errors import FlowError
from nlu.known import vocabulary_of
from nlu.vocabulary import ENTITY_TYPES, INTENTS, UNTAPPABLE

DATA = Path(__file__).parents[2] / "nlu" / "data"
EXAMPLES = """\
version: "3.1"
nlu:
  - intent: ask_price
    examples: |
      - what is [the big one](size)?
      - how much is [two]{"entity": "count", "value": "2"}
  - intent: faq/opening
    examples: "- when?"
  - lookup: city
    examples: "- Bogor"
"""


NOTICES = frozenset(name.value for name in (*NoticeName, *CareNotice))
"""Names flows hear that no message can mean."""


def test_the_grammar(tmp_path: Path) -> None:
    """Without examples it is what the grammar gives."""
    words = vocabulary_of(tmp_path / "none")
    assert (words.intents, words.entities) == (INTENTS | NOTICES, ENTITY_TYPES)
    assert words.untappable == UNTAPPABLE | NOTICES


def test_examples(tmp_path: Path) -> None:
    """Examples add intents, and entities in both of the ways they are marked."""
    (tmp_path / "more.yml").write_text(EXAMPLES)
    words = vocabulary_of(tmp_path)
    assert words.intents - INTENTS - NOTICES == {"ask_price", "faq"}
    assert words.entities - ENTITY_TYPES == {"size", "count"}


def test_our_own() -> None:
    """The examples that are delivered use the grammar's own words."""
    words = vocabulary_of(DATA)
    assert words.intents == INTENTS | NOTICES


def test_unreadable(tmp_path: Path) -> None:
    """Examples that cannot be read are told, with their place."""
    (tmp_path / "nlu.yml").write_text("nlu:\n\t- x")
    with pytest.raises(FlowError, match=r"nlu\.yml:2:1: a tab stands here"):
        vocabulary_of(tmp_path)
