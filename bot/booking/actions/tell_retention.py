"""Action ``tell_retention``."""

from __future__ import annotations

from dataclasses import asdict

from bot.booking.erasure import Erasures
from bot.dialogue.actions import Doing, action
from bot.dialogue.events import Outcome


@action(
    outcomes=("told",),
    gives=("retention",),
    example={
        "retention": {
            "conversations": 3650,
            "journal": 3650,
            "bookings": 3650,
            "photos": 365,
            "people": 3650,
            "audit": 3650,
        }
    },
)
async def tell_retention(doing: Doing) -> Outcome:
    """Tell for how many days what is kept, as the settings say."""
    return Outcome("told", {"retention": asdict(doing.service(Erasures).retention)})
