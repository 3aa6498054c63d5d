"""What a person on a phone can send, from the words or the tap of who plays one."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

Digits = Annotated[str, Field(pattern=r"^\d{6,20}$")]


class Tap(BaseModel):
    """A tap on something the bot sent.

    Args:
        form: ``button_reply``, ``list_reply``, or ``button`` for a template's quick reply.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    form: Literal["button_reply", "list_reply", "button"]
    id: str
    title: str


class Location(BaseModel):
    """A place on the map, in degrees."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]


class Said(BaseModel):
    """What somebody sends: exactly one of text, tap and location, or a file beside it.

    Args:
        person: the number it comes from; ``from`` in JSON.
        number: the office's number it goes to; ``to`` in JSON.
        profile: the name the person gave themselves.
        reply_to: Graph's id of the message answered.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    person: Digits = Field(alias="from")
    number: Digits = Field(alias="to")
    profile: str = "Rina"
    text: str = Field("", max_length=4096)
    tap: Tap | None = None
    location: Location | None = None
    reply_to: str = ""

    def message(self, id_: str, timestamp: int) -> dict[str, Any] | None:
        """The webhook's message object; ``None`` when nothing is said."""
        content = self._content()
        if content is None:
            return None
        told = {"from": self.person, "id": id_, "timestamp": str(timestamp), **content}
        if self.reply_to:
            told["context"] = {"from": self.number, "id": self.reply_to}
        return told

    def _content(self) -> dict[str, Any] | None:
        match self:
            case Said(tap=Tap(form="button") as tap):
                return {"type": "button", "button": {"payload": tap.id, "text": tap.title}}
            case Said(tap=Tap() as tap):
                tapped = {"type": tap.form, tap.form: {"id": tap.id, "title": tap.title}}
                return {"type": "interactive", "interactive": tapped}
            case Said(location=Location() as place):
                return {"type": "location", "location": place.model_dump()}
            case Said(text=text) if text.strip():
                return {"type": "text", "text": {"body": text}}
        return None


KINDS: Final = {"image": "image", "audio": "audio", "video": "video"}


def file_content(id_: str, mime: str, content: bytes, name: str, caption: str) -> dict[str, Any]:
    """What a message that brings a file holds: a picture, a voice note, or a document."""
    kind = KINDS.get(mime.partition("/")[0], "document")
    media: dict[str, Any] = {
        "id": id_,
        "mime_type": mime,
        "sha256": b64encode(hashlib.sha256(content).digest()).decode(),
    }
    if kind == "audio":
        media["voice"] = True
    elif caption:
        media["caption"] = caption
    if kind == "document":
        media["filename"] = name
    return {"type": kind, kind: media}
