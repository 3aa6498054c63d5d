"""Action ``choose_member``."""

from __future__ import annotations

from bot.booking.card import EXAMPLE
from bot.booking.roster import find_member
from bot.dialogue.actions import Doing, action
from bot.dialogue.events import Outcome

EVERYBODY = "0"
"""The member number that means all of them."""


@action(
    outcomes=("one", "all", "unclear"),
    gives=("booking",),
    uses=("bookings",),
    hears=("member_number", "member_name", "booking_code"),
    known={
        "one": ("booking", "bookings"),
        "all": ("booking", "bookings"),
        "unclear": ("booking", "bookings"),
    },
    example={"booking": EXAMPLE},
)
async def choose_member(doing: Doing) -> Outcome:
    """Find which of a family's ``bookings`` is meant: by number in the list, name or code."""
    bookings, code = doing.slots["bookings"], doing.heard.get("booking_code")
    number, name = doing.heard.get("member_number"), doing.heard.get("member_name")
    if str(number) == EVERYBODY:
        return Outcome("all")
    at = find_member(bookings, number, name)
    by_code = [each for each in bookings if code and each["code"] == code]
    if at < 0 and not by_code:
        return Outcome("unclear")
    return Outcome("one", {"booking": by_code[0] if by_code else bookings[at]})
