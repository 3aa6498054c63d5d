"""What of all that was decided to be said is worth saying now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.dialogue.decision import Saying

LONG_SILENCE = timedelta(hours=24)
"""After it a notice is told alone, without the open question."""


def sayable(says: Sequence[Saying], silent_for: timedelta) -> Sequence[Saying]:
    """What a notice says to somebody who has been silent for so long.

    After a day a question asked again helps nobody, and on WhatsApp only templates may be sent.
    """
    if silent_for < LONG_SILENCE:
        return says
    return [saying for saying in says if saying.replies.is_template(saying.reply)] or says
