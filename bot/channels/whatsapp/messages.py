"""A reply's wire form: one or several Graph payloads, every one within Meta's limits."""

from __future__ import annotations

from typing import Any, TypeAlias

from bot.channels.whatsapp.choices import Body, distinct, offered, payload_of, texts
from bot.channels.whatsapp.limits import CAPTION, PARAMETER, QUICK_REPLY_PAYLOAD
from bot.channels.whatsapp.text import clean, shorten, size
from bot.dialogue.reply import Reply, Template

Payload: TypeAlias = dict[str, Any]
"""The JSON body of ``POST /{phone_number_id}/messages``."""


def compose(reply: Reply, to: str, picture: str = "") -> list[Payload]:
    """Write a reply as the messages to send, in order.

    What can be tapped is written by :func:`~bot.channels.whatsapp.choices.offered`. A picture
    carries the words as its caption if they fit and nothing is to be tapped.

    Args:
        to: a phone number, or a business-scoped id.
        picture: media id of the reply's barcode or picture.

    Raises:
        ValueError: the reply cannot be put in Meta's form (empty words, a payload too long):
            a mistake in a flow or in our code.
    """
    words = clean(reply.text)
    if not words:
        raise ValueError("a reply has no words; WhatsApp takes none without")
    return [{**_envelope(to), **body} for body in _bodies(reply, words, picture)]


def compose_template(reply: Reply, template: Template, to: str) -> Payload:
    """Write a reply as the template that says it, its buttons as the template's quick replies.

    Args:
        to: as for :func:`compose`.

    Raises:
        ValueError: it cannot be put in Meta's form: a parameter is empty, a payload too long.
    """
    components: list[Payload] = []
    if template.parameters:
        texts = [{"type": "text", "text": _parameter(text)} for text in template.parameters]
        components.append({"type": "body", "parameters": texts})
    for at, button in enumerate(distinct(reply.buttons)):
        tapped = {"type": "payload", "payload": payload_of(button, QUICK_REPLY_PAYLOAD)}
        quick = {"type": "button", "sub_type": "quick_reply", "index": str(at)}
        components.append({**quick, "parameters": [tapped]})
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


def _bodies(reply: Reply, words: str, picture: str) -> list[Body]:
    buttons = distinct(reply.buttons)
    if picture and not buttons and size(words) <= CAPTION:
        return [_image(picture, words)]
    pictures = [_image(picture)] if picture else []
    said = offered(words, buttons, reply.menu) if buttons else texts(words)
    return [*pictures, *said]


def _image(media_id: str, caption: str = "") -> Body:
    image = {"id": media_id, "caption": caption} if caption else {"id": media_id}
    return {"type": "image", "image": image}
