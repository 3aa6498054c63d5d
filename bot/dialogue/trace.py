"""What a decision went through: steps taken, guards that were in the way, slots filled or refused.

A decision notes it as moves; the journal keeps them as lines, each in terms of the state that is
open at that moment, so that a reader begins where the turn began and follows them to its end:

    take intent.choose_option#2
    go confirming
    refuse filled#1
    open cancel.asking

``#2`` is the second of several steps that a state has for an event, in the order they are tried:
with the version of the flows that says which guard, without a word of what anybody said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from bot.dialogue.conversation import Frame
from bot.dialogue.flow import Flow, Step
from bot.dialogue.machine import tried_at

OPEN, GO, END, CLOSE = "open", "go", "end", "close"
"""A flow is opened in a state; the open flow goes into a state; it has ended; it is closed."""

TAKE, HOLD, REFUSE = "take", "hold", "refuse"
"""A step is taken; its guard holds, and it is not taken all the same; its guard does not hold."""

FILL, DECLINE, REMIND = "fill", "decline", "remind"
"""A slot is filled from the message; what was heard does not fill it; a reminder is said."""

VERBS: Final = (OPEN, GO, END, CLOSE, TAKE, HOLD, REFUSE, FILL, DECLINE, REMIND)

PLACE: Final = "place"
"""Before anything else, the flows of today have other names for where the conversation stood."""

ON: Final = "on"
"""From here on, the flows of another version count; those before it are of the turn before."""

OVER: Final = "over"
"""The step was taken as often as it may be, so it only goes on."""


_REASON: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
"""A slot type's word for it; a sentence of a project's own might repeat what somebody wrote."""


_ASKED: Final = frozenset((HOLD, REFUSE))


class Move(NamedTuple):
    """One thing a decision did.

    Args:
        verb: one of the words above.
        frame: the open one; of ``open`` and ``go`` the one that is new.
        word: the event, or the slot.
        step: whose guard it was, or which was taken.
        detail: why a value was declined; which reminder, from 1.
    """

    verb: str
    frame: Frame
    word: str = ""
    step: Step | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Trod:
    """A line of a trace, read back.

    Args:
        flow, state: open at that moment; of ``open`` and ``go`` the new ones.
        word: the event, or the slot.
        number: which of several steps, from 1; 0 where there is but one.
        over: see :data:`OVER`.
        detail: as of :class:`Move`.
        version: of the flows, where a start over in the middle of the turn led to newer ones.
    """

    verb: str
    flow: str
    state: str
    word: str = ""
    number: int = 0
    over: bool = False
    detail: str = ""
    version: str = ""

    @property
    def place(self) -> str:
        """``flow.state``."""
        return f"{self.flow}.{self.state}"


class Followed(NamedTuple):
    """A trace, followed.

    Args:
        way: its lines, read.
        after: the flow stack it leads to, ``flow.state``, root first.
    """

    way: tuple[Trod, ...]
    after: tuple[str, ...]


class Marks:
    """Which of several steps each step of some flows is, remembered: every turn asks anew.

    Args:
        flows: by name.
    """

    def __init__(self, flows: Mapping[str, Flow]) -> None:
        self._flows = flows
        self._known: dict[tuple[str, str, str, str | None, bool], str] = {}

    def of(self, frame: Frame, event: str, step: Step) -> str:
        """``#2`` for the second that the open state has for an event, nothing for an only one;
        with :data:`OVER`.
        """
        key = (frame.flow, frame.state, event, step.when, bool(step.at_most))
        mark = self._known.get(key)
        if mark is None:
            mark = self._known[key] = self._found(frame, event, step)
        return mark

    def _found(self, frame: Frame, event: str, step: Step) -> str:
        flow = self._flows[frame.flow]
        tried = tried_at(flow, flow.states[frame.state], event)
        at = next(at for at, each in enumerate(tried) if each.when == step.when)
        over = f" {OVER}" if tried[at].at_most and not step.at_most else ""
        return (f"#{at + 1}" if len(tried) > 1 else "") + over


def lines_of(moves: Sequence[Move], marks: Marks) -> Iterable[str]:
    """The moves of a decision as the journal keeps them.

    A guard is asked when an event is looked for and again when it is sent: it is told once, and
    that it holds only where its step is then not taken.
    """
    if _ASKED.isdisjoint([move.verb for move in moves]):  # as most are
        return [_line(move, marks) for move in moves]
    return _told_once(moves, marks)


def _told_once(moves: Sequence[Move], marks: Marks) -> Iterator[str]:
    told: set[str] = set()
    held: list[str] = []
    for move in moves:
        line = _line(move, marks)
        if move.verb in _ASKED:
            if line not in told and move.verb == REFUSE:
                yield line
            elif line not in told:
                held.append(line)
            told.add(line)
            continue
        yield from (each for each in held if move.verb != TAKE or not _is_of(each, move.word))
        held.clear()
        if move.verb not in (FILL, DECLINE):
            told.clear()
        yield line
    yield from held


def followed(before: Sequence[str], trace: Iterable[str]) -> Followed:
    """Follow a turn's trace from where its conversation stood.

    Args:
        before: the flow stack, ``flow.state``, root first.

    Raises:
        ValueError: a line is none, or there is no open flow that it could speak of.
    """
    stack = list(before)
    way: list[Trod] = []
    version = ""
    for line in trace:
        verb, _, rest = line.partition(" ")
        if verb == PLACE:
            stack = rest.split()
            continue
        if verb == ON:
            version = rest
            continue
        if verb == OPEN:
            stack.append(rest)
        elif not stack:
            raise ValueError(f"nothing is open, so nobody can {line!r}")
        elif verb == GO:
            stack[-1] = f"{stack[-1].partition('.')[0]}.{rest}"
        way.append(_trod(verb, stack[-1], rest, version))
        if verb in (END, CLOSE):
            stack.pop()
    return Followed(tuple(way), tuple(stack))


def _trod(verb: str, place: str, rest: str, version: str) -> Trod:
    flow, _, state = place.partition(".")
    trod = Trod(verb, flow, state, version=version)
    if verb in (OPEN, GO, END, CLOSE):
        return trod
    word, _, detail = rest.partition(" ")
    if verb in (TAKE, HOLD, REFUSE):
        event, _, number = word.partition("#")
        return replace(trod, word=event, number=int(number or 0), over=detail == OVER)
    if verb in (FILL, DECLINE):
        return replace(trod, word=word, detail=detail)
    if verb == REMIND:
        return replace(trod, detail=word)
    raise ValueError(f"no line of a trace: {verb!r}")


def _is_of(line: str, event: str) -> bool:
    return line.split()[1].partition("#")[0] == event


def _line(move: Move, marks: Marks) -> str:
    verb, frame, word, step, detail = move
    if verb == OPEN:
        return f"{verb} {frame.flow}.{frame.state}"
    if verb == GO:
        return f"{verb} {frame.state}"
    if step is not None:
        return f"{verb} {word}{marks.of(frame, word, step)}"
    if verb == DECLINE and not _REASON.fullmatch(detail):
        detail = "refused"
    return " ".join(part for part in (verb, word, detail) if part)
