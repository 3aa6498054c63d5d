"""Action ``count_members``."""

from __future__ import annotations

from datetime import date

from bot.booking.members import FamilyProblemKind
from bot.booking.queue import Queue
from bot.booking.roster import EXAMPLE, turned_away
from bot.dialogue.actions import Doing, action
from bot.dialogue.events import Outcome

PROBLEMS = tuple(kind.value for kind in FamilyProblemKind)


@action(
    outcomes=("complete", "more", *PROBLEMS),
    gives=("members", "expected", "turned_away"),
    uses=("members", "service_date"),
    may_use=("expected", "without_owner", "holds"),
    known={
        "complete": ("members",),
        "more": ("members",),
        **dict.fromkeys(PROBLEMS, ("members", "turned_away")),
    },
    example={"members": EXAMPLE, "expected": 20, "turned_away": EXAMPLE},
)
async def count_members(doing: Doing) -> Outcome:
    """See whether all who were announced are named, and may be registered together.

    Who may not goes from the list into ``turned_away``, for one reason at a time. A list that was
    shown for confirmation before (its seats are held) counts as complete.
    """
    office = doing.service(Queue).office(doing.contact.office)
    day = date.fromisoformat(doing.slots["service_date"])
    with_owner = not doing.slots.get("without_owner")
    kind, staying, gone = turned_away(
        office, day, doing.slots.get("members") or (), with_owner=with_owner
    )
    if kind:
        values = {"members": staying, "expected": None, "turned_away": gone}
        return Outcome(kind.value, values)
    expected = doing.slots.get("expected")
    named = len(staying) >= expected if expected else bool(doing.slots.get("holds"))
    return Outcome("complete" if staying and named else "more", {"members": staying})
