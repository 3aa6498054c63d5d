"""A reply's wire form: one or several Graph payloads, every one within Meta's limits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from bot.channels.whatsapp.text import shorten, split
from bot.dialogue.reply import Button, Reply, Template

Payload: TypeAlias = dict[str, Any]
"""The JSON body of ``POST /{phone_number_id}/messages``."""

TEXT = 4096
BODY = 1024
CAPTION = 1024
BUTTONS = 3
BUTTON_TITLE = 20
BUTTON_ID = 256
ROWS = 10
ROW_TITLE = 24
ROW_ID = 200
ROW_DESCRIPTION = 72
MENU_TITLE = 20

PARAMETER = 1024
QUICK_REPLY_PAYLOAD = 128

MENU = "Pilih"
"""Opens a list whose reply names no menu; every reply file should name its own."""


def compose(reply: Reply, to: str, picture: str = "") -> list[Payload]:
    """Write a reply as the messages to send, in order.

    Up to three buttons without a menu become reply buttons, up to ten a list, more a numbered
    text. Words too long for one message go ahead in several; the last paragraph stays with the
    buttons. A picture carries the words as its caption if they fit and nothing is to be tapped.

    Args:
        to: a phone number, or a business-scoped id.
        picture: media id of the reply's barcode or picture.

    Raises:
        ValueError: the reply cannot be put in Meta's form (empty words, a payload too long):
            a mistake in a flow or in our code.
    """
    if not reply.text.strip():
        raise ValueError("a reply has no words; WhatsApp takes none without")
    bodies = _bodies(reply, picture)
    return [{**_envelope(to), **body} for body in bodies]


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
    for at, button in enumerate(_distinct(reply.buttons)):
        tapped = {"type": "payload", "payload": _id(button, QUICK_REPLY_PAYLOAD)}
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


def _bodies(reply: Reply, picture: str) -> list[Payload]:
    words = reply.text.strip()
    if picture and not reply.buttons and len(words) <= CAPTION:
        return [_image(picture, words)]
    pictures = [_image(picture)] if picture else []
    buttons = _distinct(reply.buttons)
    if not buttons:
        return [*pictures, *_texts(words)]
    if len(buttons) > ROWS:
        return [*pictures, *_texts(_numbered(words, buttons))]
    ahead, prompt = _prompt(words)
    if len(buttons) <= BUTTONS and not reply.menu:
        tappable = _reply_buttons(prompt, buttons)
    else:
        tappable = _list(prompt, buttons, reply.menu)
    return [*pictures, *_texts(ahead), tappable]


def _texts(words: str) -> list[Payload]:
    return [
        {"type": "text", "text": {"body": piece, "preview_url": False}}
        for piece in split(words, TEXT)
    ]


def _image(media_id: str, caption: str = "") -> Payload:
    image = {"id": media_id, "caption": caption} if caption else {"id": media_id}
    return {"type": "image", "image": image}


def _prompt(words: str) -> tuple[str, str]:
    """Words that go ahead, and those that stay above the buttons."""
    if len(words) <= BODY:
        return "", words
    for mark in ("\n\n", "\n"):
        ahead, _, prompt = words.rpartition(mark)
        if ahead.strip() and prompt.strip() and len(prompt) <= BODY:
            return ahead, prompt
    prompt = split(words, BODY)[-1]
    return words.removesuffix(prompt), prompt


def _reply_buttons(prompt: str, buttons: Sequence[Button]) -> Payload:
    titles = _titles(buttons, BUTTON_TITLE)
    replies = [
        {"type": "reply", "reply": {"id": _id(button, BUTTON_ID), "title": title}}
        for button, title in zip(buttons, titles, strict=True)
    ]
    return _interactive("button", prompt, {"buttons": replies})


def _list(prompt: str, buttons: Sequence[Button], menu: str) -> Payload:
    rows = []
    for button, title in zip(buttons, _titles(buttons, ROW_TITLE), strict=True):
        row = {"id": _id(button, ROW_ID), "title": title}
        if description := shorten(button.description, ROW_DESCRIPTION):
            row["description"] = description
        rows.append(row)
    opener = shorten(menu, MENU_TITLE) or MENU
    return _interactive("list", prompt, {"button": opener, "sections": [{"rows": rows}]})


def _interactive(form: str, prompt: str, action: Payload) -> Payload:
    return {
        "type": "interactive",
        "interactive": {"type": form, "body": {"text": prompt}, "action": action},
    }


def _numbered(words: str, buttons: Sequence[Button]) -> str:
    """The choices as text; whoever types the number is understood as well."""
    lines = [
        f"{number}. " + ": ".join(filter(None, (button.title.strip(), button.description.strip())))
        for number, button in enumerate(buttons, start=1)
    ]
    return words + "\n\n" + "\n".join(lines)


def _distinct(buttons: Sequence[Button]) -> list[Button]:
    """Meta refuses two buttons with one id, and the second would do the same anyway."""
    first: dict[str, Button] = {}
    for button in buttons:
        first.setdefault(button.payload, button)
    return list(first.values())


def _titles(buttons: Sequence[Button], limit: int) -> list[str]:
    """Titles within ``limit``, told apart by a number where the cut made them alike."""
    titles: list[str] = []
    for button in buttons:
        title, copies = shorten(button.title, limit), 1
        if not title:
            raise ValueError(f"the button for {_intent(button)} has no title; give it one")
        while title in titles:
            copies += 1
            title = f"{shorten(button.title, limit - len(f' {copies}'))} {copies}"
        titles.append(title)
    return titles


def _id(button: Button, limit: int) -> str:
    payload = button.payload
    if not payload or payload != payload.strip() or len(payload) > limit:
        raise ValueError(
            f"the payload of the button for {_intent(button)} has {len(payload)} characters;"
            f" WhatsApp takes 1 to {limit}, no space at the ends"
        )
    return payload


def _intent(button: Button) -> str:
    """Names a button in an error without the values it carries, which may be personal."""
    return button.payload.partition("{")[0][:ROW_TITLE] or "nothing"
