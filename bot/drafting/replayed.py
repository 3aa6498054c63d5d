"""What recordings come to on a draft."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Row:
    """A line of what was expected beside what was said.

    Args:
        mark: ``-`` is missing, ``+`` came instead, ``≠`` is other words, a blank is the same.
    """

    mark: str
    expected: str
    said: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """The first thing that is wrong with a recording.

    Args:
        what: in words.
        line: of the recording's file, 1-based; 0 for the whole.
        rows: none where the words say it all.
        notes: the state, and what was understood.
        more: how many others are wrong with it.
    """

    what: str
    line: int = 0
    rows: tuple[Row, ...] = ()
    notes: tuple[str, ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class Replayed:
    """How a recording went.

    Args:
        path: within the recordings.
        usable: whether it could be read and played at all.
        trouble: ``None`` when everything is as recorded.
    """

    path: str
    title: str
    seconds: float
    usable: bool = True
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class Missed:
    """A point of a flow that no recording passes.

    Args:
        kind: ``state``, ``step`` or ``guard``.
        weak: it is passed, but by none that checks the answer as a whole.
    """

    file: str
    line: int
    kind: str
    name: str
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Exercised:
    """How much of a flow's states and transitions recordings exercise.

    Args:
        file: of the flow.
        passed: of ``all``, where answers are checked as a whole.
    """

    file: str
    passed: int
    all: int


@dataclass(frozen=True, slots=True)
class Covered:
    """How much of the draft all recordings exercise together; ``percent`` is 0 to 100."""

    percent: float
    files: tuple[Exercised, ...]
    missed: tuple[Missed, ...]


@dataclass(frozen=True, slots=True)
class Begun:
    """So many recordings will be replayed; or none, for so many mistakes are in the draft."""

    of: int
    mistakes: int = 0


Step: TypeAlias = Begun | Replayed | Covered
"""What a replay tells as it goes."""


@dataclass(frozen=True, slots=True)
class Updated:
    """A recording with what the draft says.

    Args:
        text: of its file.
        changes: as a unified diff; nothing when it is as recorded.
        trouble: why it cannot be written, in words.
    """

    path: str
    text: str
    changes: str
    trouble: str = ""
