"""Action ``choose_member``."""

from __future__ import annotations

from bot.booking.card import EXAMPLE
from bot.booking.roster import find_member
from bot.dialogue.actions import Doing, action
from bot.dialogue.events import Outcome

EVERYBODY = "0"
"""The member number that means all of them."""

ROWS = 9
"""Members that can be tapped; a WhatsApp list has ten rows at most, and one of them is for all."""

TAPPABLE = [{**EXAMPLE, "name": f"{row}{EXAMPLE['name'][1:]}"} for row in "ABCDEFGHI"]
"""An example of them: names are told apart by how they begin."""


@action(
    outcomes=("one", "all", "unclear"),
    gives=("booking", "tappable"),
    uses=("bookings",),
    hears=("member_number", "member_name", "booking_code"),
    known={
        "one": ("booking", "bookings"),
        "all": ("booking", "bookings"),
        "unclear": ("booking", "bookings", "tappable"),
    },
    example={"booking": EXAMPLE, "tappable": TAPPABLE},
)
async def choose_member(doing: Doing) -> Outcome:
    """Find which of a family's ``bookings`` is meant: by number in the list, name or code.

    ``unclear``: ``tappable`` are the bookings to choose from by tapping, all of them or, when they
    are too many, none; a number can always be written.
    """
    bookings, code = doing.slots["bookings"], doing.heard.get("booking_code")
    number, name = doing.heard.get("member_number"), doing.heard.get("member_name")
    if str(number) == EVERYBODY:
        return Outcome("all")
    at = find_member(bookings, number, name)
    by_code = [each for each in bookings if code and each["code"] == code]
    if at < 0 and not by_code:
        return Outcome("unclear", {"tappable": bookings if len(bookings) <= ROWS else []})
    return Outcome("one", {"booking": by_code[0] if by_code else bookings[at]})
