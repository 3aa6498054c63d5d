"""Action ``add_members``."""

from __future__ import annotations

from bot.booking.queue import Queue
from bot.booking.roster import EXAMPLE, member, read_members
from bot.dialogue.actions import Doing, action
from bot.dialogue.events import Outcome


@action(
    outcomes=("added",),
    gives=("members", "expected", "name", "birth_date"),
    may_use=("members", "expected", "name", "birth_date"),
    hears=("members", "people_count"),
    known={"added": ("members",)},
    example={"members": EXAMPLE, "expected": 20},
)
async def add_members(doing: Doing) -> Outcome:
    """Put whom the message names on the list, or else the one of ``name`` and ``birth_date``."""
    office = doing.service(Queue).office(doing.contact.office)
    told = read_members(doing.heard.get("members"))
    name, born = doing.slots.get("name"), doing.slots.get("birth_date")
    if not told and name and born:
        told = [member(name, born)]
    expected = doing.slots.get("expected")
    if count := int(doing.heard.get("people_count") or 0):
        expected = min(count, office.family_size)
    members = [*(doing.slots.get("members") or ()), *told]
    values = {"members": members, "expected": expected, "name": None, "birth_date": None}
    return Outcome("added", values)
