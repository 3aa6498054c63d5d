"""Action ``approve_hold``."""

from __future__ import annotations

from hmac import compare_digest

from bot.booking.card import EXAMPLE, cards
from bot.booking.life import Act
from bot.booking.office import Office
from bot.booking.queue import Queue
from bot.booking.reminding import Reminders
from bot.booking.seats import Seat
from bot.booking.waiting import Waits
from bot.dialogue.actions import Doing, action
from bot.dialogue.events import Outcome

NO_HOLD = {"hold": None, "holds": None, "hold_until": None, "approval_code": None}
"""Slots of a conversation that holds nothing."""


@action(
    outcomes=("approved", "code_needed", "wrong_code", "too_many_wrong_codes", "expired"),
    gives=("booking", "bookings", "wrong_codes", "tries_left", *NO_HOLD),
    uses=("hold", "approval_code"),
    may_use=("holds", "wrong_codes"),
    hears=("approval_code", "booking_code"),
    known={
        "approved": ("booking", "bookings"),
        "code_needed": ("hold", "hold_until", "approval_code"),
        "wrong_code": ("wrong_codes", "tries_left", "hold", "hold_until", "approval_code"),
    },
    example={"booking": EXAMPLE, "bookings": [EXAMPLE] * 5, "wrong_codes": 99, "tries_left": 99},
)
async def approve_hold(doing: Doing) -> Outcome:
    """Make the held seat, or all ``holds`` of a family, bookings if the code heard is the hold's.

    That is an approval code of eight digits, or the booking code that the hold has promised.

    Agreeing in words ("oke setuju") at the confirmation counts as the code, for it is the same
    person in the same conversation, unless the office wants the code itself. A wrong code costs
    one of the office's tries; the last frees the seat.
    """
    queue = doing.service(Queue)
    office = queue.office(doing.contact.office)
    hold, code = doing.slots.get("hold"), doing.slots.get("approval_code")
    if not hold or not code or not hold["name"]:  # a seat offered is nobody's until it is named
        return Outcome("expired", NO_HOLD)
    given = str(doing.heard.get("approval_code") or doing.heard.get("booking_code") or "")
    if not given and office.approve_by == "code":
        return Outcome("code_needed")
    given = given or code
    if not compare_digest(given.encode(), code.encode()):
        wrong = doing.slots.get("wrong_codes", 0) + 1
        if wrong >= office.wrong_code_tries:
            act = Act(doing.key, sender=doing.contact.address, reason="wrong_codes")
            await queue.release_all(hold["seat"], hold["key"], doing.now, act)
            return Outcome("too_many_wrong_codes", NO_HOLD)
        tries = {"wrong_codes": wrong, "tries_left": office.wrong_code_tries - wrong}
        return Outcome("wrong_code", tries)
    booked = await _approved(doing, office, "" if code.isdecimal() else code)
    if not booked:
        return Outcome("expired", NO_HOLD)
    # One reminder for all; who cancels hands it on to the next.
    await doing.service(Reminders).promise(booked[0], office, doing.now)
    for address in (doing.contact.address, *doing.contact.also_addresses):
        await doing.service(Waits).booked(address, doing.key, doing.now)
    told = cards(booked, office)
    return Outcome("approved", {**NO_HOLD, "booking": told[0], "bookings": told})


async def _approved(doing: Doing, office: Office, promised: str) -> list[Seat]:
    """The bookings; none when the hold has ended."""
    queue, hold, sender = doing.service(Queue), doing.slots["hold"], doing.contact.address
    if holds := doing.slots.get("holds"):
        held = [(each["seat"], each["key"]) for each in holds]
        found = await queue.approve_group(office, held, doing.key, doing.random, doing.now, sender)
        return found or []
    seat = await queue.approve(
        office,
        hold["seat"],
        hold["key"],
        doing.key,
        doing.random,
        doing.now,
        sender,
        promised=promised,
    )
    return [seat] if seat else []
