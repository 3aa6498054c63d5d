"""The interpreter the dialogue calls."""

from __future__ import annotations

from datetime import datetime

from bot.dialogue.events import Expectation, Message, Understood
from nlu.grammar import understand


class GrammarInterpreter:
    """Understands by the grammar alone: no model, no network, well under a millisecond."""

    async def understand(
        self, message: Message, expectation: Expectation, now: datetime
    ) -> Understood:
        """Understand one message; see :func:`nlu.grammar.understand`."""
        return understand(message, expectation, now)
