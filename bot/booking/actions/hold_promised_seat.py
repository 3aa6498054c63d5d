"""Action ``hold_promised_seat``."""

from __future__ import annotations

from dataclasses import replace

from bot.booking.actions.check_date import PROBLEMS
from bot.booking.actions.hold_seat import (
    CHOSEN,
    DETAILS,
    EXAMPLES,
    GIVES,
    NOT_HELD,
    USES,
    hold_chosen,
)
from bot.booking.queue import Queue
from bot.dialogue.actions import Doing, action
from bot.dialogue.events import Outcome


@action(
    outcomes=("held", *NOT_HELD, *PROBLEMS),
    gives=(*GIVES, "list_requirements"),
    uses=("service_date", *USES),
    may_use=(*DETAILS, "hold"),
    known={**CHOSEN, "held": (*CHOSEN["held"], "list_requirements")},
    example={**EXAMPLES, "list_requirements": True},
)
async def hold_promised_seat(doing: Doing) -> Outcome:
    """Hold a seat as ``hold_seat`` does; the code that approves is the booking code to come.

    ``list_requirements`` tells whether the office wants the documents listed now: once, not again
    after every correction. Source: 000_671a946294828654, 004_1070392a3306dd49.
    """
    outcome = await hold_chosen(doing, promised=True)
    if outcome.name != "held":
        return outcome
    office = doing.service(Queue).office(doing.contact.office)
    first = doing.slots.get("hold") is None
    return replace(
        outcome, values={**outcome.values, "list_requirements": office.list_requirements and first}
    )
