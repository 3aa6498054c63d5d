"""Action ``replace_member``."""

from __future__ import annotations

from bot.booking.roster import EXAMPLE, find_member, read_members
from bot.dialogue.actions import Doing, action
from bot.dialogue.events import Outcome


@action(
    outcomes=("replaced", "unknown"),
    gives=("members",),
    uses=("members",),
    hears=("member_number", "member_name", "members"),
    known={"replaced": ("members",), "unknown": ("members",)},
    example={"members": EXAMPLE},
)
async def replace_member(doing: Doing) -> Outcome:
    """Correct the member of the number or name that was heard; what is not told stays."""
    members = list(doing.slots.get("members") or ())
    number, name = doing.heard.get("member_number"), doing.heard.get("member_name")
    at, told = find_member(members, number, name), read_members(doing.heard.get("members"))
    if at < 0 or not told:
        return Outcome("unknown", {"members": members})
    new = {part: value for part, value in told[0].items() if value}
    members[at] = {**members[at], **new}
    return Outcome("replaced", {"members": members})
