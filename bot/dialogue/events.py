"""What can happen to a conversation: a message was understood, an action ended, a timer rang, or
the service itself has something to tell.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Protocol, TypeAlias

from bot.dialogue.attachment import Attachment, Context, Referral, attachment_document
from bot.dialogue.fields import fields_of

Scalar: TypeAlias = str | int | float | bool | None
"""What a slot or entity holds: plain JSON values, so every store and template can carry them."""


CHOOSE_OPTION, OPTION = "choose_option", "option_number"
"""The intent of who picks from the list on the table, and the entity that says which, from 1."""


@dataclass(frozen=True, slots=True)
class Entity:
    """One thing found in a message.

    Args:
        type: ``service_date``, ``birth_date``, ``person_name``, ``option_number`` …
        value: normalised: dates ISO ``2026-11-24``, numbers ``int``, names as written, trimmed.
        text: the part of the message it was read from.
    """

    type: str
    value: Scalar
    text: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """One part of a message that was meant well and is wrong.

    Args:
        part: the entity type it was read as (``birth_date``), or ``form`` for the whole.
        reason: ``no_such_date``, ``in_the_future`` …; ``flows/replies`` has the sentences.
        value: the offending text as typed.
    """

    part: str
    reason: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Understood:
    """A message, understood.

    Args:
        intent: what the person wants; ``none`` when that is unclear.
        confidence: 0 to 1; exact forms and taps are 1.
        problems: parts that are wrong; the intent is then ``malformed_form`` or the like.
        guesses: what it may mean when the intent is ``none``, likeliest first.
        example: a right message made of the person's own data, for the answer to a malformed one.
        source: where that comes from, to explain it afterwards: ``exact`` (a tap, a form, a code),
            ``grammar``, or the name of a classifier; empty where nobody said.
        candidates: the likeliest intents with their confidence, where several were weighed.
    """

    intent: str
    confidence: float = 1.0
    entities: tuple[Entity, ...] = ()
    problems: tuple[Problem, ...] = ()
    example: str = ""
    guesses: tuple[str, ...] = ()
    source: str = field(default="", compare=False)
    candidates: tuple[tuple[str, float], ...] = field(default=(), compare=False)

    def values(self) -> dict[str, Scalar]:
        """Entity values by type; the first of a type wins."""
        found: dict[str, Scalar] = {}
        for entity in self.entities:
            found.setdefault(entity.type, entity.value)
        return found

    def as_document(self) -> dict[str, Any]:
        """JSON-like form for the journal; candidates as ``greet 0.91``."""
        document = {
            **fields_of(self),
            "entities": [fields_of(entity) for entity in self.entities],
            "problems": [fields_of(problem) for problem in self.problems],
            "candidates": [f"{intent} {share:.2f}" for intent, share in self.candidates],
        }
        for rare in ("source", "candidates"):
            if not document[rare]:
                del document[rare]
        return document


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an action ended.

    Args:
        name: one of the outcomes the action declares; the flow's ``outcomes`` handles it.
        values: slots it fills, JSON-like.
    """

    name: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TimerRang:
    """A state's ``timeout`` came due. ``entry`` is the state entry it was set in."""

    entry: int


@dataclass(frozen=True, slots=True)
class Begun:
    """The flow was started over on an older version; the next episode begins on this one."""


NOTICE = "notice_"
"""What names of notices begin with; no message is ever understood as an intent named so."""


@dataclass(frozen=True, slots=True)
class Noticed:
    """The service itself has something to tell; flows hear ``name`` under ``always``.

    It fills no slots and is no answer to what is asked.

    Args:
        name: begins with ``notice_``.
        values: what replies and flows read as ``heard``, JSON-like.
        quiet: a person has the conversation: the open question is not asked again.
        resumes: a person hands the conversation back: time with them was no silence.
    """

    name: str
    values: Mapping[str, Any] = field(default_factory=dict)
    quiet: bool = False
    resumes: bool = False

    def __post_init__(self) -> None:
        if not self.name.startswith(NOTICE):
            raise ValueError(f"a notice's name begins with {NOTICE!r}, not {self.name!r}")


Event: TypeAlias = Understood | Outcome | TimerRang | Begun | Noticed


TOO_FAST = "too_fast"
"""Kind of a message too many: its sender is told to slow down, what it says is not looked at."""


SILENT: Final = frozenset({"reaction", "revoked"})
"""Kinds that are noted and not answered: nobody expects words for a thumb or a deleted message."""


WELCOME = "welcome"
"""Kind of what a channel says when somebody opens the chat and has not written yet."""


PICTURES: Final = frozenset({"image/jpeg", "image/png"})
"""Mime types that count as a picture."""


@dataclass(frozen=True, slots=True)
class Media:
    """A file that came with a message; its bytes stay with the channel until somebody needs them.

    Args:
        id: what the channel gives the file out by.
        mime: as the channel says: ``image/jpeg``.
        sha256: of the bytes, hex; empty when the channel does not tell.
        size: in bytes; 0 when the channel does not tell.
        filename: as the sender calls it; nothing is ever stored under it.
        animated: a sticker that moves.
    """

    id: str
    mime: str = ""
    sha256: str = ""
    size: int = 0
    filename: str = ""
    animated: bool = False

    @property
    def is_picture(self) -> bool:
        """Whether it is one of :data:`PICTURES`."""
        return self.mime in PICTURES


@dataclass(frozen=True, slots=True)
class Message:
    """A message as the dialogue sees it, whichever channel it came through.

    Args:
        id: the channel's message id; the same id is the same message.
        kind: ``text``; ``tap`` (a button or list row, ``text`` is its payload); ``too_fast``;
            :data:`WELCOME`; one of :data:`SILENT`; or any other kind the channel knows
            (``image``, ``voice``, ``location`` …).
        text: what was typed, the payload tapped, or the caption; may be empty.
        title: what the person saw on the button they tapped.
        at: when it was sent, aware.
        media: the file that came with it, where the channel can fetch it.
        attachment: what else it brings.
        context: what it has to do with other messages.
        referral: the advertisement its sender came by.
        edits: id of the earlier message that this one corrects; it is heard as one of its own.
    """

    id: str
    kind: str
    text: str
    at: datetime
    title: str = ""
    media: Media | None = None
    attachment: Attachment | None = None
    context: Context | None = None
    referral: Referral | None = None
    edits: str = ""

    @property
    def wants_answer(self) -> bool:
        """Whether it is not one of :data:`SILENT`."""
        return self.kind not in SILENT

    def as_document(self) -> dict[str, Any]:
        """Form for the journal: JSON-like but for the time; what few messages have stands in it
        only when they have it.
        """
        document: dict[str, Any] = {
            "id": self.id,
            "kind": self.kind,
            "text": self.text,
            "at": self.at,
            "title": self.title,
            "media": self.media and fields_of(self.media),
        }
        if self.attachment:
            document["attachment"] = attachment_document(self.attachment)
        if self.context:
            document["context"] = fields_of(self.context)
        if self.referral:
            document["referral"] = fields_of(self.referral)
        if self.edits:
            document["edits"] = self.edits
        return document


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the open state waits for: the context in which a message is understood.

    Args:
        state: name of the open state.
        intents: intents it handles itself (``always`` commands not among them).
        missing: slot types it still collects, in asking order: ``person_name``, ``birth_date`` …
        options: how many numbered options are on the table; 0 when none.
        known: slot values by slot type, for examples made of the person's own data.
        venue: id of the place that was written to.
        takes: entity types that fill a slot of the open flow.
        tappable: payloads of what the open question offers to tap, by title; made when asked for,
            as few messages need it.
    """

    state: str = ""
    intents: frozenset[str] = frozenset()
    missing: tuple[str, ...] = ()
    options: int = 0
    known: Mapping[str, Scalar] = field(default_factory=dict)
    venue: str = ""
    takes: frozenset[str] = frozenset()
    tappable: Callable[[], Mapping[str, str]] = field(default=dict, compare=False)


class Interpreter(Protocol):
    """Understands messages; implemented by ``nlu``."""

    async def understand(
        self, message: Message, expectation: Expectation, now: datetime
    ) -> Understood:
        """Understand one message.

        Args:
            now: the office's local time, aware; ``besok`` and birth years depend on it.
        """
        ...


NOTHING_UNDERSTOOD = Understood("none", 0.0)
