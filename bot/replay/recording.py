"""A recorded conversation: what stands in its file.

One YAML file a conversation. The header says where and when it takes place and what is different
about the world (``fixtures``); ``turns`` says what the applicant does and what the bot answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, model_validator

from bot.booking.season import Day
from bot.booking.session import Count, Id, Words
from bot.dialogue.duration import Duration
from bot.dialogue.reply import Reply
from bot.document import Document, Part
from bot.errors import AntreError, Finding, Place

TEXT, TAP, AGAIN = "text", "tap", "again"
MEDIA = (
    "image",
    "video",
    "audio",
    "voice",
    "document",
    "sticker",
    "location",
    "contacts",
    "order",
    "form",
    "call",
    "welcome",
    "reaction",
    "revoked",
    "unsupported",
)
"""Kinds of messages that are neither typed nor tapped."""

BESIDE = ("barcode", "picture", "document", "location", "contact", "reaction")
"""Parts of an answer beside its words and what can be tapped, each told in a few words."""


class RecordingError(AntreError):
    """A recording cannot be used; one line a :class:`Finding`, in reading order."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        places = sorted(findings, key=lambda f: (f.place.file, f.place.line, f.place.column))
        super().__init__("\n".join(str(finding) for finding in places))
        self.findings = tuple(places)


class Said(Part):
    """What the applicant sends.

    Args:
        kind: :data:`TEXT`; :data:`TAP`, ``text`` is then the title tapped; :data:`AGAIN`, the last
            message delivered once more; or one of :data:`MEDIA`, ``text`` is then its caption.
    """

    kind: str
    text: str = ""

    def __str__(self) -> str:
        """As a person reading a report would put it."""
        match self.kind:
            case "text":
                return f'"{self.text.strip()}"'
            case "tap":
                return f"[{self.text}]"
            case "again":
                return "the same message again"
            case _:
                return f'{self.kind} "{self.text}"' if self.text else self.kind


class Answer(Part):
    """What the bot is expected to say, in one message.

    Args:
        text: its words, exactly; blank lines at the end do not count.
        contains: or a part of them; nothing else of the message is then looked at.
        buttons: titles of what can be tapped, in order.
        menu: title of the button that opens them as a list.
        barcode: the code in its picture.
        picture: the name of the file it shows.
        document: the name of the file it brings.
        location: the degrees of the place on its map, ``-6.2, 106.8``.
        contact: the name on the card it brings.
        reaction: the emoji on what the applicant sent; decoration, so nothing is looked for
            where this is left out.
    """

    text: str = ""
    contains: str = ""
    buttons: tuple[str, ...] = ()
    menu: str = ""
    barcode: str = ""
    picture: str = ""
    document: str = ""
    location: str = ""
    contact: str = ""
    reaction: str = ""

    @model_validator(mode="after")
    def _says_something(self) -> Answer:
        if bool(self.text.strip()) == bool(self.contains):
            raise ValueError("write what the bot says as either 'text' or 'contains'")
        if self.contains and any(getattr(self, part) for part in ("buttons", "menu", *BESIDE)):
            raise ValueError("'contains' looks at the words alone; write 'text' to check the rest")
        return self

    @classmethod
    def of(cls, reply: Reply) -> Answer:
        """What a recording says of ``reply``."""
        titles = tuple(button.title for button in reply.buttons)
        return cls(
            text=reply.text,
            buttons=titles,
            menu=reply.menu,
            barcode=reply.barcode,
            picture=reply.picture.name if reply.picture else "",
            document=reply.document.name if reply.document else "",
            location=f"{place.latitude}, {place.longitude}" if (place := reply.location) else "",
            contact=reply.contact.name if reply.contact else "",
            reaction=reply.reaction.emoji if reply.reaction else "",
        )

    def matches(self, reply: Reply) -> bool:
        """Whether ``reply`` is what is expected here."""
        if self.contains:
            return self.contains in reply.text
        said = Answer.of(reply)
        expected = {"text": self.text.strip(), "reaction": self.reaction or said.reaction}
        return self.model_copy(update=expected) == said


def _said(value: object) -> object:
    match value:
        case None:
            raise ValueError(
                'nothing stands here; a message that begins with # needs quotes: "#tgllayanan"'
            )
        case str():
            return {"kind": TEXT, "text": value}
        case {"again": True, **others} if not others:
            return {"kind": AGAIN}
        case {"tap": str(title), **others} if not others:
            return {"kind": TAP, "text": title}
        case dict() if len(value) == 1 and next(iter(value)) in MEDIA:
            ((kind, caption),) = value.items()
            return {"kind": kind, "text": caption or ""}
        case dict():
            raise ValueError(
                "write a text, {tap: Title}, {again: true}, or one of "
                + ", ".join(f"{{{kind}: caption}}" for kind in MEDIA)
            )
        case _:
            raise ValueError(f'{value} is not read as a text; put it in quotes: "{value}"')


def _answer(value: object) -> object:
    if value is None or isinstance(value, int | float | datetime):
        raise ValueError("this is not read as a text; put what the bot says in quotes")
    return {"text": value} if isinstance(value, str) else value


def _answers(value: object) -> object:
    return [value] if isinstance(value, str | Mapping) else value


def _moment(value: object) -> object:
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ValueError(f"write a moment with its zone, as 2017-08-04T09:00+07:00, not {value}")
    return datetime.fromisoformat(moment.isoformat())


def _address(value: object) -> object:
    if isinstance(value, int):
        raise ValueError(f"put it in quotes: '{value}'")  # noqa: TRY004 - pydantic collects ValueErrors only
    return value


class Turn(Part):
    """One thing that happens, and what the bot answers to it.

    Args:
        user: the applicant sends something.
        wait: or this much time passes, and timers ring.
        freed: or somebody else gives up a seat of this day, which was ``full`` until then.
        bot: every message that must come, in order; an empty list is silence. Left out, nothing
            may come; ``--update`` writes what does.
        was: what was said when it took place, in an imported conversation; it is shown by
            ``--explore`` and is no expectation.
    """

    user: Annotated[Said | None, BeforeValidator(_said)] = None
    wait: Duration | None = None
    freed: Day | None = None
    bot: (
        Annotated[
            tuple[Annotated[Answer, BeforeValidator(_answer)], ...], BeforeValidator(_answers)
        ]
        | None
    ) = None
    was: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _one_thing(self) -> Turn:
        things = {"user": self.user, "wait": self.wait, "freed": self.freed}
        if len(both := [f"'{name}'" for name, thing in things.items() if thing]) > 1:
            raise ValueError(f"{' and '.join(both)} are two turns; begin the second with a dash")
        return self


class Party(Part):
    """The applicant's end of the line."""

    channel: Literal["whatsapp", "web", "rest", "terminal"] = "whatsapp"
    sender: Annotated[str, BeforeValidator(_address)]
    profile: str = ""


class Fixtures(Part):
    """What is different about the office for this one conversation.

    Args:
        full: days on which no seat is left.
        seats: seats a day, all of them in the first session.
        closed: days without service, each with the reason applicants are told.
        rules: rules of the office that are others here, as in ``offices.yml``.
        blocked: why the applicant's number is on the blacklist.
    """

    full: tuple[Day, ...] = ()
    seats: Count | None = None
    closed: Mapping[Day, Words] = {}
    rules: Mapping[str, Any] = {}
    blocked: Words | None = None


def _some(turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
    if not turns:
        raise ValueError("nothing happens in this recording; write '- user: Pagi' under it")
    return turns


class Script(Part):
    """The content of a recording.

    Args:
        title: what it shows, in one line.
        now: the moment it begins, aware; time stands still but for ``wait``.
        office: its id.
        flow: name of the flow it was recorded on, and
        version: that of the flow set. They inform; another version is no difference.
        seed: of approval and booking codes.
    """

    title: Words
    now: Annotated[datetime, BeforeValidator(_moment)]
    office: Id
    contact: Party
    flow: str = ""
    version: Annotated[str, BeforeValidator(str)] = ""
    seed: int = 1
    fixtures: Fixtures = Fixtures()
    turns: Annotated[tuple[Turn, ...], AfterValidator(_some)]


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording as read.

    Args:
        document: where everything in it stands.
    """

    path: Path
    document: Document
    script: Script

    @classmethod
    def read(cls, path: Path) -> Recording:
        """Read a file.

        Raises:
            RecordingError: with every mistake in it.
        """
        try:
            document = Document.read(path)
            return cls(path, document, document.validate(Script))
        except Finding as finding:
            raise RecordingError([finding]) from None
        except ExceptionGroup as group:
            raise RecordingError(e for e in group.exceptions if isinstance(e, Finding)) from None

    def mistake(self, message: str, *loc: Any) -> RecordingError:
        """A complaint about the part at ``loc``."""
        return RecordingError([self.document.finding(message, loc)])


def recordings_in(paths: Sequence[Path]) -> list[Path]:
    """The files meant by ``paths``: files as they are, and every ``.yml`` under a folder, sorted.

    Raises:
        RecordingError: a path is not there, or a folder holds no recording.
    """
    found: list[Path] = []
    for path in paths:
        inside = sorted(path.rglob("*.yml")) if path.is_dir() else [path]
        if not inside:
            message = "this folder holds no recording (*.yml)"
            raise RecordingError([Finding(message, Place(str(path)))])
        found += inside
    return list(dict.fromkeys(found))
