"""A talk with a draft: what somebody says to it, and what it answers, as far as it stands now.

A talk is nothing but its inputs. Whenever the draft changes it is gone through again from the
start, so there is nothing to keep, and nothing that an edit could make wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Final, Literal, TypeAlias

MOST_INPUTS: Final = 60
"""Of one talk; each is gone through again with every other."""

LONGEST_INPUT: Final = 1000

WAITS: Final = ("10 minutes", "1 hour", "1 day")
"""How long may be waited at a time, as recordings write it."""

Kind: TypeAlias = Literal["text", "tap", "wait"]


@dataclass(frozen=True, slots=True)
class Input:
    """What somebody does.

    Args:
        text: of a tap the title, of a wait one of :data:`WAITS`.
    """

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Talk:
    """A talk with an office.

    Args:
        office: its id.
        now: when it begins, aware.
        language: the one they are greeted in; else the first.
    """

    office: str
    now: datetime
    inputs: tuple[Input, ...] = ()
    language: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to tap."""

    title: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A message of the bot.

    Args:
        key: of the reply that was said; empty when no reply was.
        menu: title of the button that opens the choices as a list.
        beside: what it brings besides words, a line each: ``barcode: BGR-…``.
    """

    text: str
    key: str = ""
    choices: tuple[Choice, ...] = ()
    menu: str = ""
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Understood:
    """How a message was understood.

    Args:
        entities: type and value of each.
    """

    intent: str
    confidence: float
    entities: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class TalkTurn:
    """An input and what came of it.

    Args:
        state: flow and state it led to, ``passport_guided.confirming``, those called after a ``>``;
            empty when nothing has happened yet.
        understood: ``None`` for what is no message.
        problem: why it could not be played, as a tap on what is not there any more; nothing after
            it was.
    """

    said: Input
    messages: tuple[Message, ...] = ()
    state: str = ""
    understood: Understood | None = None
    problem: str = ""

    @property
    def mark(self) -> str:
        """Names what came of it: the same mark, the same answer and state."""
        told = repr((self.messages, self.state, self.problem))
        return sha256(told.encode()).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class Talked:
    """A talk as it goes on a draft.

    Args:
        mistakes: of the draft; while there are any nobody can talk to it.
        recording: the talk as a recording's text, where somebody asks for it.
    """

    turns: tuple[TalkTurn, ...] = ()
    mistakes: int = 0
    recording: str = field(default="", repr=False)
