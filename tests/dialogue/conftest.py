"""A conversation with a pizza shop."""

from pathlib import Path
from typing import Any

import pytest

from bot.errors import FlowError
from bot.told import Told, sentences_of
from tests.support.pizza import BAKE, CANCEL, COMMON, LIST, REPLIES, SHOP, MakeTalk
from tests.support.talk import Talk, flows_of


@pytest.fixture(autouse=True)
def _told_in_indonesian(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a test here makes wrong with flows is told in a sentence that Indonesian has."""
    begin = FlowError.__init__

    def watched(self: FlowError, *args: Any) -> None:
        begin(self, *args)
        for finding in self.findings:
            assert isinstance(finding.message, Told), finding
            assert finding.message.sentence in sentences_of("id"), finding

    monkeypatch.setattr(FlowError, "__init__", watched)


@pytest.fixture
def make(tmp_path: Path) -> MakeTalk:
    """A conversation with a shop; flow files may be other ones, ``edits`` change the shop's."""

    def talk(*edits: tuple[str, str], languages: tuple[str, ...] = ("id",), **files: str) -> Talk:
        shop = SHOP
        for old, new in edits:
            assert old in shop
            shop = shop.replace(old, new)
        given = {"common": COMMON, "shop": shop, "cancel": CANCEL} | files
        flows = flows_of(tmp_path, REPLIES, actions=[BAKE, LIST], languages=languages, **given)
        return Talk(flows)

    return talk


@pytest.fixture
def talk(make: MakeTalk) -> Talk:
    """A conversation with the shop, before the first message."""
    return make()
