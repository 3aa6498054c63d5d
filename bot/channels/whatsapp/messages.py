"""A reply's wire form: one or several Graph payloads, every one within Meta's limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from bot.channels.whatsapp import enclosures
from bot.channels.whatsapp.choices import Body, distinct, offered, payload_of, texts
from bot.channels.whatsapp.limits import (
    CAPTION,
    PARAMETER,
    QUICK_REPLY_PAYLOAD,
    TEMPLATE_BUTTONS,
)
from bot.channels.whatsapp.text import clean, shorten, size
from bot.dialogue.attachment import Reaction
from bot.dialogue.reply import Reply, Template

Payload: TypeAlias = dict[str, Any]
"""The JSON body of ``POST /{phone_number_id}/messages``."""


@dataclass(frozen=True, slots=True)
class Uploaded:
    """Media ids of what a reply shows; empty for what it does not, or what is gone.

    Args:
        picture: of its barcode or picture.
        document: of its document.
    """

    picture: str = ""
    document: str = ""


NOTHING_UPLOADED = Uploaded()


def compose(reply: Reply, to: str, uploaded: Uploaded = NOTHING_UPLOADED) -> list[Payload]:
    """Write a reply as the messages to send, in order, but for its reaction.

    What can be tapped is written by :func:`~bot.channels.whatsapp.choices.offered`. A picture or
    document carries the words as its caption if they fit and nothing is to be tapped; all else
    goes ahead of the words, which thus stay the last to be seen.

    Args:
        to: a phone number, or a business-scoped id.

    Raises:
        ValueError: the reply cannot be put in Meta's form (empty words, a payload too long):
            a mistake in a flow or in our code.
    """
    words = clean(reply.text)
    if not words:
        raise ValueError("a reply has no words; WhatsApp takes none without")
    return [{**_envelope(to), **body} for body in _bodies(reply, words, uploaded)]


def compose_reaction(reaction: Reaction, to: str) -> Payload:
    """Write a reaction; ``to`` as for :func:`compose`."""
    return {**_envelope(to), **enclosures.reaction(reaction)}


def compose_template(reply: Reply, template: Template, to: str) -> Payload:
    """Write a reply as the template that says it, its buttons as the template's quick replies.

    Args:
        to: as for :func:`compose`.

    Raises:
        ValueError: it cannot be put in Meta's form: a parameter is empty, a payload too long,
            there are too many buttons.
    """
    components: list[Payload] = []
    if template.parameters:
        texts = [{"type": "text", "text": _parameter(text)} for text in template.parameters]
        components.append({"type": "body", "parameters": texts})
    buttons = distinct(reply.buttons)
    if len(buttons) > TEMPLATE_BUTTONS:
        raise ValueError(
            f"a template has {TEMPLATE_BUTTONS} buttons at most; WhatsApp takes no {len(buttons)}"
        )
    for at, button in enumerate(buttons):
        tapped = {"type": "payload", "payload": payload_of(button, QUICK_REPLY_PAYLOAD)}
        quick = {"type": "button", "sub_type": "quick_reply", "index": str(at)}
        components.append({**quick, "parameters": [tapped]})
    if template.copies:
        copied = {"type": "text", "text": _parameter(template.copies)}
        copying = {"type": "button", "sub_type": "url", "index": "0"}
        components.append({**copying, "parameters": [copied]})
    content: Payload = {
        "name": template.name,
        "language": {"code": template.language.replace("-", "_")},
    }
    if components:
        content["components"] = components
    return {**_envelope(to), "type": "template", "template": content}


def _parameter(text: str) -> str:
    """A parameter as Meta takes it: one line, no tabs, no four spaces in a row."""
    line = shorten(text, PARAMETER)
    if not line:
        raise ValueError("a parameter of its template came out empty; WhatsApp takes none so")
    return line


def _envelope(to: str) -> Payload:
    field = "to" if to.isascii() and to.isdigit() else "recipient"
    return {"messaging_product": "whatsapp", "recipient_type": "individual", field: to}


def _bodies(reply: Reply, words: str, uploaded: Uploaded) -> Iterator[Body]:
    buttons = distinct(reply.buttons)
    caption, captioned = "", bool(uploaded.picture) != bool(uploaded.document and reply.document)
    if captioned and not buttons and size(words) <= CAPTION:
        caption = words
    if reply.location:
        yield enclosures.location(reply.location)
    if reply.contact:
        yield enclosures.contacts(reply.contact)
    if uploaded.picture:
        yield enclosures.image(uploaded.picture, caption)
    if uploaded.document and reply.document:
        yield enclosures.document(uploaded.document, reply.document, caption)
    if buttons:
        yield from offered(words, buttons, reply.menu)
    elif not caption:
        yield from texts(words)
