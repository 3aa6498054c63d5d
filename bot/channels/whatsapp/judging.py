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
from bot.told import tell


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
        yield Fault(
            ("text",), tell("nothing in this text can be seen; write some words"), mended=False
        )
    elif reply.buttons and length > BODY:
        message = tell(
            "up to {length} characters; above buttons WhatsApp takes {most}, so all but "
            "the last paragraph is sent ahead",
            length=length,
            most=BODY,
        )
        yield Fault(("text",), message)
    elif (reply.barcode or reply.picture or reply.document) and length > CAPTION:
        what = tell("document") if reply.document else tell("picture")
        message = tell(
            "up to {length} characters; under a {what} WhatsApp takes {most}, so the "
            "words are sent after it",
            length=length,
            what=what,
            most=CAPTION,
        )
        yield Fault(("text",), message)
    elif length > TEXT:
        pieces = len(split(words, TEXT))
        message = tell(
            "up to {length} characters; WhatsApp takes {most}, so it is sent in {pieces} messages",
            length=length,
            most=TEXT,
            pieces=pieces,
        )
        yield Fault(("text",), message)


def _of_choices(reply: Reply) -> Iterator[Fault]:
    count = len(reply.buttons)
    listed = bool(reply.menu) or count > BUTTONS
    if count > ROWS * PAGES:
        message = tell(
            "{count} choices; {pages} lists of {rows} are the most that are sent, so "
            "they become a numbered text",
            count=count,
            pages=PAGES,
            rows=ROWS,
        )
        yield Fault(("buttons",), message)
    elif count > ROWS:
        message = tell(
            "{count} choices; a list on WhatsApp has {most} at most, so they are sent as "
            "{lists} lists",
            count=count,
            most=ROWS,
            lists=ceil(count / ROWS),
        )
        yield Fault(("buttons",), message)
    elif listed and not reply.menu:
        message = tell(
            "{count} buttons; WhatsApp shows {most} at most, so they become a list "
            "that {menu!r} opens",
            count=count,
            most=BUTTONS,
            menu=MENU,
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
            yield Fault(place, tell("a button needs a title"), mended=False)
        yield from _payload_too_long(button, at, id_limit, tell("WhatsApp takes"))
        if button.payload in payloads:
            message = tell(
                "{title!r} sends what another one sends, so WhatsApp shows only the first",
                title=title,
            )
            yield Fault(("buttons", at), message)
        elif title in titles:
            message = tell(
                "another one reads {title!r} as well; on WhatsApp this one gets a number",
                title=title,
            )
            yield Fault(place, message)
        titles.add(title)
        payloads.add(button.payload)
        if listed:
            place = ("buttons", at, "description")
            yield from _too_long(button.description, ROW_DESCRIPTION, place)


def _of_template(template: Template, buttons: tuple[Button, ...]) -> Iterator[Fault]:
    if len(buttons) > TEMPLATE_BUTTONS:
        message = tell(
            "{count} buttons; a template has {most} at most",
            count=len(buttons),
            most=TEMPLATE_BUTTONS,
        )
        yield Fault(("buttons",), message, mended=False)
    for at, button in enumerate(buttons):
        yield from _payload_too_long(button, at, QUICK_REPLY_PAYLOAD, tell("a template takes"))
    for at, parameter in enumerate(template.parameters):
        length = size(one_line(parameter))
        if length > PARAMETER:
            message = tell(
                "up to {length} characters; what fills a template is cut at {most}",
                length=length,
                most=PARAMETER,
            )
            yield Fault(("template", "with", at), message)


def _payload_too_long(button: Button, at: int, limit: int, who_takes: str) -> Iterator[Fault]:
    if (length := size(button.payload)) > limit:
        message = tell(
            "what a tap sends back has up to {length} characters; {who_takes} {limit}: "
            "send fewer entities, or shorter ones",
            length=length,
            who_takes=who_takes,
            limit=limit,
        )
        yield Fault(("buttons", at, "with"), message, mended=False)


def _too_long(text: str, limit: int, at: tuple[str | int, ...]) -> Iterator[Fault]:
    line = one_line(text)
    if (length := size(line)) > limit:
        message = tell(
            "{line!r} has {length} characters; WhatsApp shows {limit}: {shown!r}, and "
            "the whole above it",
            line=line,
            length=length,
            limit=limit,
            shown=shorten(line, limit),
        )
        yield Fault(at, message)
