"""What the bot says, before a channel gives it its own shape."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

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
    """

    name: str
    language: str
    parameters: tuple[str, ...] = ()


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
    """

    text: str
    buttons: tuple[Button, ...] = ()
    menu: str = ""
    barcode: str = ""
    template: Template | None = None
    picture: Picture | None = None

    def as_document(self) -> dict[str, Any]:
        """JSON-like form for the stores; empty parts are left out."""
        parts = {
            **fields_of(self),
            "buttons": tuple(fields_of(button) for button in self.buttons),
            "template": self.template and fields_of(self.template),
            "picture": self.picture and fields_of(self.picture),
        }
        return {key: value for key, value in parts.items() if value}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Reply:
        """The inverse of :meth:`as_document`."""
        buttons = tuple(Button(**button) for button in document.get("buttons", ()))
        told = document.get("template")
        template = told and Template(**{**told, "parameters": tuple(told.get("parameters", ()))})
        shown = document.get("picture")
        picture = Picture(**shown) if shown else None
        parts = {"buttons": buttons, "template": template, "picture": picture}
        return cls(**{**document, **parts})


def payload(intent: str, entities: Mapping[str, Any]) -> str:
    """Write what a tap sends back.

    >>> payload("choose_date", {"service_date": "2026-11-24"})
    '/choose_date{"service_date":"2026-11-24"}'
    """
    if not entities:
        return f"/{intent}"
    return f"/{intent}{_JSON.encode(entities)}"
