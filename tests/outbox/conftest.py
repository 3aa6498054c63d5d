"""Bots that send, over each store."""

import pytest

from tests.support.shell import Bot, MakeBot


@pytest.fixture
def bot(make: MakeBot) -> Bot:
    """A bot."""
    return make()
