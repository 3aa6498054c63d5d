"""Bots that send, over each store."""

from pathlib import Path
from typing import Any

import pytest

from tests.support.shell import Bot, Clock, MakeBot, Numbers


@pytest.fixture
def make(stores: Any, tmp_path: Path) -> MakeBot:
    """Bots over the same store and clock."""
    clock, numbers = Clock(), Numbers()

    def bot(owner: str = "a", **more: Any) -> Bot:
        return Bot(stores[0], tmp_path, clock=clock, numbers=numbers, owner=owner, **more)

    return bot


@pytest.fixture
def bot(make: MakeBot) -> Bot:
    """A bot."""
    return make()
