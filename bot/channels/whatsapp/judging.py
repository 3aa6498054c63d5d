"""What WhatsApp makes of a reply, told before anybody gets it: for the check of flows."""

from __future__ import annotations

from collections.abc import Iterator

from bot.channels.whatsapp.messages import (
    BODY,
    BUTTON_ID,
    BUTTON_TITLE,
    BUTTONS,
    CAPTION,
    MENU,
    MENU_TITLE,
    ROW_DESCRIPTION,
    ROW_ID,
    ROW_TITLE,
    ROWS,
    TEXT,
)
from bot.channels.whatsapp.text import shorten, split
from bot.dialogue.measuring import Fault
from bot.dialogue.reply import Reply


def faults(reply: Reply) -> Iterator[Fault]:
    """Where a reply is beyond Meta's limits; what :func:`~.messages.compose` mends is marked so.

    Args:
        reply: as long as it may get.
    """
    yield from _of_words(reply)
    if len(reply.buttons) > ROWS:
        message = (
            f"{len(reply.buttons)} choices; a list on WhatsApp has {ROWS} at most, so they are"
            " sent as a numbered text"
        )
        yield Fault(("buttons",), message)
    elif reply.buttons:
        yield from _of_choices(reply)


def _of_words(reply: Reply) -> Iterator[Fault]:
    length = len(reply.text)
    if reply.buttons and length > BODY:
        message = (
            f"up to {length} characters; above buttons WhatsApp takes {BODY}, so all but the last"
            " paragraph is sent ahead"
        )
        yield Fault(("text",), message)
    elif (reply.barcode or reply.picture) and length > CAPTION:
        message = (
            f"up to {length} characters; under a picture WhatsApp takes {CAPTION}, so the words"
            " are sent after it"
        )
        yield Fault(("text",), message)
    elif length > TEXT:
        pieces = len(split(reply.text, TEXT))
        message = (
            f"up to {length} characters; WhatsApp takes {TEXT}, so it is sent in {pieces} messages"
        )
        yield Fault(("text",), message)


def _of_choices(reply: Reply) -> Iterator[Fault]:
    listed = bool(reply.menu) or len(reply.buttons) > BUTTONS
    if listed and not reply.menu:
        message = (
            f"{len(reply.buttons)} buttons; WhatsApp shows {BUTTONS} at most, so they become a"
            f" list that {MENU!r} opens"
        )
        yield Fault(("buttons",), message)
    yield from _too_long(reply.menu, MENU_TITLE, ("menu", "title"))
    titles: set[str] = set()
    payloads: set[str] = set()
    limit, id_limit = (ROW_TITLE, ROW_ID) if listed else (BUTTON_TITLE, BUTTON_ID)
    for at, button in enumerate(reply.buttons):
        place, title = ("buttons", at, "title"), shorten(button.title, limit)
        yield from _too_long(button.title, limit, place)
        if not title:
            yield Fault(place, "a button needs a title", mended=False)
        if len(button.payload) > id_limit:
            message = (
                f"what a tap sends back has up to {len(button.payload)} characters; WhatsApp takes"
                f" {id_limit}: send fewer entities, or shorter ones"
            )
            yield Fault(("buttons", at, "with"), message, mended=False)
        if button.payload in payloads:
            message = f"{title!r} sends what another one sends, so WhatsApp shows only the first"
            yield Fault(("buttons", at), message)
        elif title in titles:
            message = f"another one reads {title!r} as well; on WhatsApp this one gets a number"
            yield Fault(place, message)
        titles.add(title)
        payloads.add(button.payload)
        if listed:
            place = ("buttons", at, "description")
            yield from _too_long(button.description, ROW_DESCRIPTION, place)


def _too_long(text: str, limit: int, at: tuple[str | int, ...]) -> Iterator[Fault]:
    line = " ".join(text.split())
    if len(line) > limit:
        message = (
            f"{line!r} has {len(line)} characters; WhatsApp shows {limit}: {shorten(line, limit)!r}"
        )
        yield Fault(at, message)
