"""All that a conversation can pass in the flows and replies, and where each stands in its file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bot.dialogue.basing import base_of, based
from bot.dialogue.flow import Flow, State, Step, Steps
from bot.dialogue.flowset import FlowSet
from bot.dialogue.machine import steps_of, way_of
from bot.document import Document, Loc
from bot.errors import Place
from bot.replay.ends import Ends

STATE, STEP, GUARD, REPLY = "state", "step", "guard", "reply"

_OF_STATE: Final = ("filled", "misunderstood", "timeout")
_EVERYWHERE: Final = ("misunderstood", "unsure")

Written = tuple[Document, Loc]
"""The file something is written in, and the way to it there."""


@dataclass(frozen=True, slots=True, order=True)
class Point:
    """Something that a conversation can pass.

    A step counts once where it is written: those that several flows include, or take from the flow
    they are based on, belong to that file.

    Args:
        part: the name of its file without the ending: a flow, ``common``; ``replies/id``.
        kind: ``state``, ``step`` (a transition), ``guard`` or ``reply``.
        name: ``booked``, ``welcome: intent.greet``, ``asking: misunderstood, too often`` …
        place: where it is written.
    """

    part: str
    kind: str
    name: str
    place: Place


@dataclass(frozen=True, slots=True)
class Passed:
    """What was passed up to an answer.

    Args:
        language: of that answer.
    """

    points: frozenset[Point] = frozenset()
    language: str = ""


NOTHING_PASSED: Final = Passed()


@dataclass(frozen=True, slots=True)
class Passage:
    """A step as a state of a flow takes it.

    Args:
        limit: the point of having stayed as often as it may; only for one with ``at_most``.
        holds: that its guard holds; only for one that has a guard.
        fails: that it does not.
    """

    point: Point
    limit: Point | None = None
    holds: Point | None = None
    fails: Point | None = None

    def __iter__(self) -> Iterator[Point]:
        """All there is to pass here."""
        points = (self.point, self.limit, self.holds, self.fails)
        return (point for point in points if point)


Key = tuple[str, str, str, str]
"""Flow, state, event and guard of a step: no two that can be taken have the same."""


def key_of(flow: str, state: str, event: str, step: Step) -> Key:
    """Names a step as a state takes it."""
    return flow, state, event, str(step.when or "")


class Atlas:
    """Where everything in a folder of flows stands.

    Attributes:
        states: by flow and state.
        passages: every step a state can take; not those for which a flow would have to be open
            twice, nor for messages where none is awaited.
        reminders: by flow, state and which of the state's it is, from 0; a step each.
        replies: by language and key.
    """

    def __init__(self, flows: FlowSet, folder: Path) -> None:
        documents, ends = _documents(flows, folder), Ends(flows.flows)
        called = _called(flows)
        self.states: dict[tuple[str, str], Point] = {}
        self.passages: dict[Key, Passage] = {}
        self.reminders: dict[tuple[str, str, int], Point] = {}
        for name, flow in flows.flows.items():
            shared = Document.read(folder / f"{flow.include}.yml") if flow.include else None
            written = dict(written_steps(flow, documents[name], shared))
            for state in flow.states:
                place = documents[name].place(("states", state))
                self.states[name, state] = Point(name, STATE, state, place)
                for at in range(len(flow.states[state].remind)):
                    place = documents[name].place(("states", state, "remind", at))
                    of, way = Path(place.file).stem, f"{state}: remind {at + 1}"
                    self.reminders[name, state, at] = Point(of, STEP, way, place)
                for event, step in steps_of(flow, flow.states[state]):
                    heard = not event.startswith("intent.") or _hears(
                        flow.states[state], name in called
                    )
                    if not heard or not ends.can_return(event, name):
                        continue
                    document, loc = written[id(step)]
                    passage = _passage(event, step, document.place(loc), loc)
                    self.passages[key_of(name, state, event, step)] = passage
        self.replies = {
            (language, key): Point(f"replies/{language}", REPLY, key, each.document.place((key,)))
            for language, each in flows.replies.items()
            for key in each
        }

    def __iter__(self) -> Iterator[Point]:
        """Every point once, those of a file together."""
        points = [*self.states.values(), *self.reminders.values(), *self.replies.values()]
        points += [point for passage in self.passages.values() for point in passage]
        parts = dict.fromkeys(point.part for point in points)
        for part in sorted(parts, key=lambda each: (each.startswith("replies"), each)):
            yield from dict.fromkeys(point for point in points if point.part == part)

    def ways(self, flow: str) -> Iterator[tuple[str, Point]]:
        """What a diagram of ``flow`` shows: names of states, and ``state: event`` of steps."""
        for (of, state), point in self.states.items():
            if of == flow:
                yield state, point
        for (of, state, event, when), passage in self.passages.items():
            if of == flow:
                way = f"{state}: {event}" + f", when {when}" * bool(when)
                yield way, passage.point
                if passage.limit:
                    yield f"{way}, too often", passage.limit


def _hears(state: State, called: bool) -> bool:  # noqa: FBT001 - of which kind the flow is
    """Whether anybody can write while it is open: a sub-flow's end returns at once, and an action
    may go on whatever its outcome.
    """
    results = [step for steps in state.outcomes.values() for step in steps]
    return not (state.end and called) and (not state.do or any(not each.go for each in results))


def _called(flows: FlowSet) -> frozenset[str]:
    """The flows that others call."""
    return frozenset(
        step.call.flow
        for flow in flows.flows.values()
        for state in flow.states.values()
        for _, step in steps_of(flow, state)
        if step.call
    )


def _documents(flows: FlowSet, folder: Path) -> Mapping[str, Document]:
    """The flow files, each laid over the one it is based on."""
    read = {name: Document.read(folder / f"{name}.yml") for name in flows.flows}
    bases = {name: base_of(document, read) for name, document in read.items()}
    return {
        name: based(document, base) if (base := bases[name]) else document
        for name, document in read.items()
    }


def written_steps(
    flow: Flow, document: Document, shared: Document | None
) -> Iterator[tuple[int, Written]]:
    """Where each step of a flow is written, by its identity.

    Args:
        flow: what it includes among it.
        document: its file, laid over the one it is based on.
        shared: the file it includes.
    """
    for name, state in flow.states.items():
        for part in ("on", "outcomes"):
            for event, steps in getattr(state, part).items():
                yield from _listed(steps, document, ("states", name, part, event))
        for part in _OF_STATE:
            yield from _listed(getattr(state, part), document, ("states", name, part))
    wide: list[tuple[Loc, Steps]] = [
        (("always", intent), steps) for intent, steps in flow.always.items()
    ]
    wide += [((part,), getattr(flow, part)) for part in _EVERYWHERE]
    for loc, steps in wide:
        own = _count(document, loc)
        yield from _listed(steps[:own], document, loc)
        if shared:
            yield from _listed(steps[own:], shared, loc)


def _listed(steps: Steps, document: Document, loc: Loc) -> Iterator[tuple[int, Written]]:
    for at, step in enumerate(steps):
        here = (*loc, at)
        yield id(step), (document, here)
        for end, then in step.returned.items():
            yield from _listed(then, document, (*here, "returned", end))


def _count(document: Document, loc: Loc) -> int:
    """How many steps a file has at ``loc``, one or a list of them."""
    if not document.has(loc):
        return 0
    node: Any = document.data
    for step in loc:
        node = node[step]
    return len(node) if isinstance(node, list) else 1


def _passage(event: str, step: Step, place: Place, loc: Loc) -> Passage:
    part = Path(place.file).stem
    way = f"{loc[1]}: {way_of(event, step)}" if loc[0] == "states" else way_of(event, step)
    return Passage(
        Point(part, STEP, way, place),
        Point(part, STEP, f"{way}, too often", place) if step.at_most else None,
        Point(part, GUARD, f"{way}: true", place) if step.when else None,
        Point(part, GUARD, f"{way}: false", place) if step.when else None,
    )
