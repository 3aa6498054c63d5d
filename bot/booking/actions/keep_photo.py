"""Action ``keep_photo``."""

from __future__ import annotations

from bot.booking.photos import PhotoProblem, Photos
from bot.dialogue.actions import Doing, action
from bot.dialogue.events import Outcome


@action(
    outcomes=("kept", *(problem.value for problem in PhotoProblem)),
    gives=("photo",),
    uses=("photo",),
    known={"kept": ("photo",)},
    example={"photo": "0" * 64},
)
async def keep_photo(doing: Doing) -> Outcome:
    """Fetch and keep the picture of the slot ``photo``, which then holds its SHA-256."""
    photos, sent = doing.service(Photos), doing.slots["photo"]
    there = doing.contact
    kept = await photos.keep(there.channel, sent, doing.now, office=there.office)
    if isinstance(kept, PhotoProblem):
        return Outcome(kept.value, {"photo": None})
    return Outcome("kept", {"photo": kept})
