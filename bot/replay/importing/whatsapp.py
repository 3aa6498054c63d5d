"""Exported WhatsApp chats, from Android and Apple's phones, in whatever language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.booking.office import Offices
from bot.replay.importing.cast import cast_of, is_office, names_of, remarks
from bot.replay.importing.chat import chat_of
from bot.replay.importing.conversation import (
    Conversation,
    ImportingError,
    Utterance,
)
from bot.replay.importing.headers import Ambiguous, NoChat
from bot.replay.importing.order import ORDERS, Order
from bot.replay.importing.source import Source


def read_whatsapp(
    source: Source,
    offices: Offices,
    today: date,
    *,
    order: Order | None = None,
    bots: Sequence[str] = (),
    applicants: Sequence[str] = (),
) -> Conversation:
    """Make a conversation of an exported chat.

    Args:
        today: later years are none.
        order: of day, month and year; else the whole file tells.
        bots: names that speak for the office.
        applicants: whose messages are played; several names are one person, renamed on the way.

    Raises:
        ImportingError: it is no exported chat, or something must be said that it does not tell.
    """
    known = [*bots, *applicants]
    try:
        chat = chat_of(source.lines(), today, order=order, known=known)
    except NoChat:
        message = "no line begins like a message of an exported chat, as "
        message += "'20/08/24 14.30 - Rina: Pagi'"
        if order:
            message += f", with {ORDERS[order]}; leave out --order {order} if that is not so"
        raise ImportingError(message) from None
    except Ambiguous as error:
        ways = " or ".join(f"--order {each} ({ORDERS[each]})" for each in error.orders)
        message = f"the dates here ({error.example}) can be read in more than one way; add {ways}"
        raise ImportingError(message) from None
    if not chat.messages:
        raise ImportingError("only lines by WhatsApp itself are in this file, and no message")
    names = names_of(applicants, chat)
    chat = chat.under_one_name(names)
    cast = cast_of(chat, offices, bots, names[0] if names else "")
    utterances = [
        Utterance(each.line, each.sender in cast.office, each.text, each.kind, each.at)
        for each in chat.messages
        if each.sender == cast.applicant or each.sender in cast.office
    ]
    others = (name for name in chat.senders if not is_office(name, offices))
    people = [cast.applicant, *names[1:], *(name for name in others if name != cast.applicant)]
    conversation = Conversation(
        "", utterances, chat.notes, people, [*sorted(cast.office), source.name]
    )
    return conversation.noting(remarks(chat, cast))
