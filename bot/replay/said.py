"""What an applicant sends in a turn of a recording, and the forms in which it is written."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import BeforeValidator, Field, WithJsonSchema

from bot.document import Part

TEXT, TAP, AGAIN, AT_ONCE = "text", "tap", "again", "at_once"
IMAGE, LOCATION = "image", "location"
MEDIA = (
    IMAGE,
    "video",
    "audio",
    "voice",
    "document",
    "sticker",
    LOCATION,
    "contacts",
    "order",
    "form",
    "call",
    "welcome",
    "too_fast",
    "reaction",
    "revoked",
    "unsupported",
    "too_fast",
)
"""Kinds of messages that are neither typed nor tapped."""

FileKind: TypeAlias = Literal["ok", "too_large", "not_a_picture", "unreachable", "missing"]
"""What stands behind a picture that is sent: a good one, or why it cannot be kept; nothing at all,
or nothing that is a picture by what the channel says, is missing.
"""


class Said(Part):
    """What the applicant sends.

    Args:
        kind: :data:`TEXT`; :data:`TAP`, ``text`` is then the title tapped; :data:`AGAIN`, the last
            message delivered once more; :data:`AT_ONCE`, the messages in ``together`` delivered
            at the same moment; or one of :data:`MEDIA`, ``text`` is then its caption.
        payload: of a tap on something older than what was shown last: what it carries.
        file: of an image: what stands behind it.
        latitude: of a location, in degrees, and
        longitude: likewise.
        together: messages delivered at once, in the order in which they were sent.
    """

    kind: str
    text: str = ""
    payload: str = ""
    file: FileKind = "ok"
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    together: tuple[Utterance, ...] = ()

    def __str__(self) -> str:
        """As a person reading a report would put it."""
        match self.kind:
            case "text":
                return f'"{self.text.strip()}"'
            case "tap":
                return f"[{self.text}]"
            case "again":
                return "the same message again"
            case "at_once":
                return " and at once ".join(map(str, self.together))
            case "location" if self.latitude is not None:
                return f"location {self.latitude}, {self.longitude}"
            case _:
                return f'{self.kind} "{self.text}"' if self.text else self.kind


def _said(value: object) -> object:
    match value:
        case Said():
            return value
        case None:
            raise ValueError(
                'nothing stands here; a message that begins with # needs quotes: "#tgllayanan"'
            )
        case str():
            return {"kind": TEXT, "text": value}
        case dict():
            return _form(value)
        case _:
            raise ValueError(f'{value} is not read as a text; put it in quotes: "{value}"')


def _form(value: dict[Any, Any]) -> object:
    match value:
        case {"again": True, **others} if not others:
            return {"kind": AGAIN}
        case {"at_once": [_, _, *_] as together, **others} if not others:
            return {"kind": AT_ONCE, "together": together}
        case {"tap": str(title), **carried} if not carried or _is_payload(carried):
            return {"kind": TAP, "text": title, **carried}
        case {"image": str() | None as caption, "file": file, **others} if not others:
            return {"kind": IMAGE, "text": caption or "", "file": file}
        case {"location": {"latitude": latitude, "longitude": longitude, **more}, **others} if (
            not others and not more
        ):
            return {"kind": LOCATION, "latitude": latitude, "longitude": longitude}
        case dict() if len(value) == 1 and next(iter(value)) in MEDIA:
            ((kind, caption),) = value.items()
            if isinstance(caption, str | None):
                return {"kind": kind, "text": caption or ""}
    raise ValueError(_FORMS)


def _is_payload(carried: dict[Any, Any]) -> bool:
    return carried.keys() == {"payload"} and isinstance(carried["payload"], str)


_FORMS: Final = (
    "write a text, {tap: Title}, {again: true}, {at_once: [one, two]}, "
    "{image: caption, file: too_large}, {location: {latitude: -6.17, longitude: 106.83}}, or one "
    "of " + ", ".join(f"{{{kind}: caption}}" for kind in MEDIA)
)


def _one(key: str, about: str, value: dict[str, Any], **more: dict[str, Any]) -> dict[str, Any]:
    """The schema of a mapping whose one key must be there."""
    return {
        "type": "object",
        "description": about,
        "properties": {key: {"description": about, **value}, **more},
        "required": [key],
        "additionalProperties": False,
    }


_TEXT: Final = {"type": "string"}
_DEGREES: Final = {"type": "number", "description": "in degrees"}
_PLACE: Final = {
    "type": "object",
    "properties": {"latitude": _DEGREES, "longitude": _DEGREES},
    "required": ["latitude", "longitude"],
    "additionalProperties": False,
}
_FILE: Final = {
    "enum": ["ok", "too_large", "not_a_picture", "unreachable", "missing"],
    "description": "what stands behind the picture: a good one unless said otherwise",
}
_ONE_MESSAGE: Final[list[dict[str, Any]]] = [
    {**_TEXT, "description": "they write this"},
    _one(TAP, "they tap what has this title, among what was shown last", _TEXT, payload=_TEXT),
    _one(IMAGE, "a picture with this caption; '' has none", _TEXT, file=_FILE),
    _one(LOCATION, "where they are", {"anyOf": [_PLACE, _TEXT]}),
    *(
        _one(kind, f"a message of the kind {kind}, with this caption", _TEXT)
        for kind in MEDIA
        if kind not in {IMAGE, LOCATION}
    ),
]
SCHEMA: Final[dict[str, Any]] = {
    "anyOf": [
        *_ONE_MESSAGE,
        _one(AGAIN, "the network delivers their last message once more", {"const": True}),
        _one(
            AT_ONCE,
            "messages that are delivered at the same moment",
            {"type": "array", "minItems": 2, "items": {"anyOf": _ONE_MESSAGE}},
        ),
    ]
}

Utterance = Annotated[Said, BeforeValidator(_said), WithJsonSchema(SCHEMA)]
"""One message."""

Happens = Annotated[Said | None, BeforeValidator(_said), WithJsonSchema(SCHEMA)]
"""What stands under ``user``; ``None`` when it is not there."""

Said.model_rebuild()
