"""What WhatsApp makes of a reply, told before anybody gets it: for the check of flows."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from bot.channels.whatsapp.choices import MENU
from bot.channels.whatsapp.limits import (
    BODY,
    BUTTON_ID,
    BUTTON_TITLE,
    BUTTONS,
    CAPTION,
    MENU_TITLE,
    PAGES,
    PARAMETER,
    QUICK_REPLY_PAYLOAD,
    ROW_DESCRIPTION,
    ROW_ID,
    ROW_TITLE,
    ROWS,
    TEMPLATE_BUTTONS,
    TEXT,
)
from bot.channels.whatsapp.text import clean, one_line, shorten, size, split
from bot.dialogue.measuring import Fault
from bot.dialogue.reply import Button, Reply, Template


def faults(reply: Reply) -> Iterator[Fault]:
    """Where a reply is beyond Meta's limits; what :func:`~.messages.compose` mends is marked so.

    Args:
        reply: as long as it may get.
    """
    yield from _of_words(reply)
    if reply.buttons:
        yield from _of_choices(reply)
    if reply.template:
        yield from _of_template(reply.template, reply.buttons)


def _of_words(reply: Reply) -> Iterator[Fault]:
    words = clean(reply.text)
    length = size(words)
    if reply.text.strip() and not words:
        yield Fault(("text",), "nothing in this text can be seen; write some words", mended=False)
    elif reply.buttons and length > BODY:
        message = (
            f"up to {length} characters; above buttons WhatsApp takes {BODY}, so all but the last"
            " paragraph is sent ahead"
        )
        yield Fault(("text",), message)
    elif (reply.barcode or reply.picture or reply.document) and length > CAPTION:
        what = "document" if reply.document else "picture"
        message = (
            f"up to {length} characters; under a {what} WhatsApp takes {CAPTION}, so the words"
            " are sent after it"
        )
        yield Fault(("text",), message)
    elif length > TEXT:
        pieces = len(split(words, TEXT))
        message = (
            f"up to {length} characters; WhatsApp takes {TEXT}, so it is sent in {pieces} messages"
        )
        yield Fault(("text",), message)


def _of_choices(reply: Reply) -> Iterator[Fault]:
    count = len(reply.buttons)
    listed = bool(reply.menu) or count > BUTTONS
    if count > ROWS * PAGES:
        message = (
            f"{count} choices; {PAGES} lists of {ROWS} are the most that are sent, so they become"
            " a numbered text"
        )
        yield Fault(("buttons",), message)
    elif count > ROWS:
        message = (
            f"{count} choices; a list on WhatsApp has {ROWS} at most, so they are sent as"
            f" {ceil(count / ROWS)} lists"
        )
        yield Fault(("buttons",), message)
    elif listed and not reply.menu:
        message = (
            f"{count} buttons; WhatsApp shows {BUTTONS} at most, so they become a"
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
        yield from _payload_too_long(button, at, id_limit, "WhatsApp takes")
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


def _of_template(template: Template, buttons: tuple[Button, ...]) -> Iterator[Fault]:
    if len(buttons) > TEMPLATE_BUTTONS:
        message = f"{len(buttons)} buttons; a template has {TEMPLATE_BUTTONS} at most"
        yield Fault(("buttons",), message, mended=False)
    for at, button in enumerate(buttons):
        yield from _payload_too_long(button, at, QUICK_REPLY_PAYLOAD, "a template takes")
    for at, parameter in enumerate(template.parameters):
        length = size(one_line(parameter))
        if length > PARAMETER:
            message = f"up to {length} characters; what fills a template is cut at {PARAMETER}"
            yield Fault(("template", "with", at), message)


def _payload_too_long(button: Button, at: int, limit: int, who_takes: str) -> Iterator[Fault]:
    if (length := size(button.payload)) > limit:
        message = (
            f"what a tap sends back has up to {length} characters; {who_takes}"
            f" {limit}: send fewer entities, or shorter ones"
        )
        yield Fault(("buttons", at, "with"), message, mended=False)


def _too_long(text: str, limit: int, at: tuple[str | int, ...]) -> Iterator[Fault]:
    line = one_line(text)
    if (length := size(line)) > limit:
        message = (
            f"{line!r} has {length} characters; WhatsApp shows {limit}: {shorten(line, limit)!r},"
            " and the whole above it"
        )
        yield Fault(at, message)
