"""Action ``drop_member``."""

from __future__ import annotations

from bot.booking.roster import EXAMPLE, find_member
from bot.dialogue.actions import Doing, action
from bot.dialogue.events import Outcome


@action(
    outcomes=("dropped", "unknown"),
    gives=("members", "expected", "dropped"),
    uses=("members",),
    hears=("member_number", "member_name"),
    known={"dropped": ("members", "dropped"), "unknown": ("members",)},
    example={"members": EXAMPLE, "expected": 20, "dropped": EXAMPLE[0]},
)
async def drop_member(doing: Doing) -> Outcome:
    """Take the member of the number or name that was heard off the list."""
    members = list(doing.slots.get("members") or ())
    number, name = doing.heard.get("member_number"), doing.heard.get("member_name")
    at = find_member(members, number, name)
    if at < 0:
        return Outcome("unknown", {"members": members})
    dropped = members.pop(at)
    return Outcome("dropped", {"members": members, "expected": None, "dropped": dropped})
