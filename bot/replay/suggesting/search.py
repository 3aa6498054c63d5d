"""Looks for conversations that pass what no recording does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from bot.definitions import Definitions
from bot.dialogue.actions import Action, Doing
from bot.dialogue.checking import APOLOGY
from bot.dialogue.events import Outcome
from bot.replay.coverage import WHAT_COUNTS, Coverage, Watch
from bot.replay.played import Played
from bot.replay.player import play
from bot.replay.points import GUARD, STATE, Key, Passage, Point
from bot.replay.recording import RecordingError
from bot.replay.suggesting.ground import Ground
from bot.replay.suggesting.sketch import Sketch
from bot.replay.suggesting.tries import Examples, Tries
from bot.replay.suite import Stage

MOST: Final = 300
"""So much is tried for one thing."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A conversation that passes what nothing did before.

    Args:
        target: what it was looked for.
        passed: all that it passes.
    """

    sketch: Sketch
    target: Point
    passed: frozenset[Point]


@dataclass(frozen=True, slots=True)
class Unfound:
    """What could not be passed, and why."""

    target: Point
    why: str


class Search:
    """Looks for suggestions.

    Args:
        watch: of the flows; everything is played on what it watches.
        coverage: what there is already; what is found is not added.
        examples: what people write, by intent.
        wanted: which points to look for; all that count, and guards, unless said otherwise.
    """

    def __init__(
        self,
        watch: Watch,
        stage: Stage,
        coverage: Coverage,
        examples: Examples,
        wanted: Callable[[Point], bool] = lambda point: point.kind in {*WHAT_COUNTS, GUARD},
    ) -> None:
        self._watch, self._stage, self._coverage = watch, stage, coverage
        self._wanted = wanted
        self._language = coverage.languages[0]
        self.ground = Ground(coverage.atlas, self._language)
        self._definitions = self._noting(watch.watched)
        self._tries = Tries(self.ground, watch.watched, examples)
        self._tried: dict[str, frozenset[Point]] = {}
        self._passed: set[Point] = set()
        self._why: dict[Point, str] = {}
        self.played = 0

    async def visit(self, sketch: Sketch) -> None:
        """Learn from a conversation that is known, and from where it begins."""
        office = self._watch.watched.offices.get(sketch.header["office"])
        if office:
            initial = self._watch.watched.flows.flows[office.flow].initial
            self.ground.begin(sketch, office.flow, initial)
        if sketch.turns:
            await self._play(sketch)

    async def suggestions(self, told: Callable[[int], None] = lambda _: None) -> list[Suggestion]:
        """Look until nothing more is found.

        Args:
            told: how much is missing still.
        """
        found: list[Suggestion] = []
        progress = True
        while progress:
            progress = False
            for target in self.missing():
                if target in self._passed:
                    continue
                told(len(self.missing()))
                if suggestion := await self._look_for(target):
                    found.append(suggestion)
                    self._passed |= suggestion.passed
                    progress = True
        return _needed(found, {p for p in self._coverage.missed() if self._wanted(p)})

    def missing(self) -> list[Point]:
        """What is wanted and neither recordings nor suggestions pass."""
        missed = filter(self._wanted, self._coverage.missed())
        return [point for point in missed if point not in self._passed]

    def unfound(self) -> list[Unfound]:
        """What is missing still, and why."""
        return [Unfound(p, self._why.get(p, "no step leads there")) for p in self.missing()]

    async def _look_for(self, target: Point) -> Suggestion | None:
        tried = 0
        for sketch in islice(self._tries_for(target), MOST):
            tried += 1
            if target in (passed := await self._try(sketch)):
                return Suggestion(sketch, target, passed)
        self._why[target] = f"{tried} ways were tried" if tried else "nothing found comes so far"
        return None

    def _tries_for(self, target: Point) -> Iterator[Sketch]:
        """What may pass a point."""
        for key, passage in list(self._keys(target)):
            yield from self._tries.of(key, limit=target == passage.limit)
        for where, point in self._watch.atlas.reminders.items():
            if point == target:
                yield from self._tries.reminded(*where)

    def _keys(self, target: Point) -> Iterator[tuple[Key, Passage]]:
        """Steps that pass a point; into a state, those that lead there."""
        for key, passage in self._watch.atlas.passages.items():
            if target in set(passage) or (
                target.kind == STATE and self._leads_to(key) == (target.part, target.name)
            ):
                yield key, passage

    def _leads_to(self, key: Key) -> tuple[str, str | None]:
        return key[0], self._tries.step(key).go

    async def _try(self, sketch: Sketch) -> frozenset[Point]:
        """What a sketch passes; each is played once."""
        name = repr(sketch)
        if name not in self._tried:
            played = await self._play(sketch)
            self._tried[name] = _passed(played) if played else frozenset()
        return self._tried[name]

    async def _play(self, sketch: Sketch) -> Played | None:
        """Play a sketch and learn from it; nothing when it makes no sense."""
        self.played += 1
        self._watch.take()
        try:
            recording = sketch.recording()
            async with self._stage() as rehearse:
                played = await play(recording, self._definitions, rehearse, self._watch.take)
        except (RecordingError, ExceptionGroup):
            return None  # a world that cannot be: it was worth a try
        told = (each for exchange in played.exchanges for each in exchange.told)
        if any(each.problem for each in played.exchanges) or any(t.key == APOLOGY for t in told):
            return None
        self.ground.learn(sketch, played)
        return played

    def _noting(self, definitions: Definitions) -> Definitions:
        """Definitions whose actions leave behind what they give."""

        def noting(action: Action) -> Callable[[Doing], Awaitable[Outcome]]:
            async def run(doing: Doing) -> Outcome:
                outcome = await action.run(doing)
                known = {slot: value for slot, value in outcome.values.items() if value is not None}
                self.ground.given |= known
                return outcome

            return run

        actions = {n: replace(a, run=noting(a)) for n, a in definitions.code.actions.items()}
        return replace(definitions, code=replace(definitions.code, actions=actions))


def _passed(played: Played) -> frozenset[Point]:
    return frozenset().union(*(each.passed.points for each in played.exchanges))


def _needed(found: Sequence[Suggestion], missed: set[Point]) -> list[Suggestion]:
    """Those without which something would be missed; the later ones may do for earlier ones."""
    needed = list(found)
    for each in found:
        others = [other.passed for other in needed if other is not each]
        if each.passed & missed <= frozenset().union(*others):
            needed.remove(each)
    return needed
