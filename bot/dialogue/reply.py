"""What the bot says, before a channel gives it its own shape."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from bot.dialogue.attachment import Card, Location, Reaction
from bot.dialogue.fields import fields_of

_JSON = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Button:
    """Something to tap.

    Args:
        title: what it shows; WhatsApp: 20 characters on a button, 24 on a list row.
        payload: what a tap sends back, ``/intent{"entity": "value"}``, as in Rasa's channels.
        description: a second line, list rows only; WhatsApp: 72 characters.
    """

    title: str
    payload: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """A message that was registered with WhatsApp beforehand, filled in; it says what the reply
    says to somebody who has been silent for longer than a day.

    Args:
        name: as registered.
        language: of the reply, BCP 47.
        parameters: what stands for ``{{1}}``, ``{{2}}`` … in its body, each on one line.
        copies: what its one button copies, of an authentication template; empty for any other.
    """

    name: str
    language: str
    parameters: tuple[str, ...] = ()
    copies: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture to show.

    Args:
        name: of its file, ``requirements.png``.
        sha256: of its content, hex; channels ask for the content by it.
    """

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Pdf:
    """A document to keep: a form to fill in, say.

    Args:
        name: of its file, ``form.pdf``; what it is called where it is saved.
        sha256: of its content, hex; channels ask for the content by it.
    """

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Which sentence a message was said with, for the journal: messages are compared by it when
    what they speak of is another one.

    Args:
        key: of the reply.
        words: short hash of how it was written, in its language.
    """

    key: str
    words: str


STAFF: Final = "staff"
"""Wrote a message that the bot did not."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One message to the applicant.

    Args:
        text: the words; the caption when there is a picture. Never empty.
        buttons: to tap; with ``menu`` they are the rows of a list.
        menu: the title of the button that opens the list; empty when ``buttons`` are plain.
        barcode: code to show as a barcode picture; empty when there is no picture.
        template: what WhatsApp sends instead to who has been silent for a day; ``None`` when there
            is none and nothing can be sent then.
        picture: a picture to show; never beside a barcode.
        document: a file to keep.
        location: a place on the map.
        contact: a card to put among one's contacts; its WhatsApp numbers as people read them,
            ``+62 812 9900 4406``, one at least.
        reaction: an emoji on a message of theirs. Decoration, which no channel has to show: its
            ``to`` is empty where no message is answered.
        origin: the sentence it is; no part of what is shown, so replies are equal without.
        by: :data:`STAFF` when a person wrote it rather than the bot.
    """

    text: str
    buttons: tuple[Button, ...] = ()
    menu: str = ""
    barcode: str = ""
    template: Template | None = None
    picture: Picture | None = None
    document: Pdf | None = None
    location: Location | None = None
    contact: Card | None = None
    reaction: Reaction | None = None
    origin: Origin | None = field(default=None, compare=False)
    by: str = ""

    def as_document(self) -> dict[str, Any]:
        """JSON-like form for the stores; empty parts are left out."""
        parts: dict[str, Any] = {}
        for name, value in fields_of(self).items():
            if value:
                parts[name] = fields_of(value) if name in _PARTS else value
        if self.buttons:
            parts["buttons"] = tuple(fields_of(button) for button in self.buttons)
        return parts

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Reply:
        """The inverse of :meth:`as_document`."""
        parts = dict(document)
        for name in _PARTS.keys() & parts.keys():
            told = {k: tuple(v) if isinstance(v, list) else v for k, v in parts[name].items()}
            parts[name] = _PARTS[name](**told)
        parts["buttons"] = tuple(Button(**button) for button in parts.get("buttons", ()))
        return cls(**parts)


_PARTS: Mapping[str, Callable[..., Any]] = {
    "template": Template,
    "picture": Picture,
    "document": Pdf,
    "location": Location,
    "contact": Card,
    "reaction": Reaction,
    "origin": Origin,
}
"""Parts of a reply that are values themselves, by field."""


def payload(intent: str, entities: Mapping[str, Any]) -> str:
    """Write what a tap sends back.

    >>> payload("choose_date", {"service_date": "2026-11-24"})
    '/choose_date{"service_date":"2026-11-24"}'
    """
    if not entities:
        return f"/{intent}"
    return f"/{intent}{_JSON.encode(entities)}"
