"""What of the flows was exercised: states entered, steps taken, guards tried, replies said.

Flows are watched from outside: each decision tells what it went through, as for the journal, and
replies note what they are asked for. The bot itself runs as it always does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from bot.definitions import Definitions
from bot.dialogue.flow import Step
from bot.dialogue.pictures import Gallery
from bot.dialogue.replies import Replies
from bot.dialogue.reply import Reply
from bot.dialogue.trace import GO, HOLD, REMIND, TAKE, Move
from bot.replay.played import Played
from bot.replay.points import STATE, STEP, Atlas, Passed, Point, key_of

WHAT_COUNTS: Final = (STATE, STEP)
"""Kinds of points that a percentage is of."""


@dataclass(frozen=True, slots=True)
class Pass:
    """A point as a turn passed it.

    Args:
        language: of the turn's answer.
        strong: whether no word of that answer could change unnoticed.
    """

    point: Point
    language: str
    strong: bool


Passes = Mapping[Pass, int]
"""How often each was passed by one recording."""


class Watch:
    """Watches definitions while recordings are played on them.

    Attributes:
        watched: the definitions to play on.
    """

    def __init__(self, definitions: Definitions, atlas: Atlas) -> None:
        self.atlas = atlas
        self._fresh: set[Point] = set()
        self._language = ""
        flows = definitions.flows
        replies = {
            language: _Said(each, self, flows.gallery) for language, each in flows.replies.items()
        }
        watched = replace(flows, watch=self._follow, replies=replies)
        self.watched = replace(definitions, flows=watched)

    def note(self, *points: Point | None) -> None:
        """Something is passed."""
        self._fresh.update(point for point in points if point)

    def say(self, key: str, language: str) -> None:
        """A reply is said."""
        self._language = language
        self.note(self.atlas.replies.get((language, key)))

    def _follow(self, moves: Iterable[Move]) -> None:
        """A decision went through these."""
        for move in moves:
            flow, state = move.frame.flow, move.frame.state
            if move.verb == GO:
                self.note(self.atlas.states.get((flow, state)))
            elif move.verb == REMIND:
                self.note(self.atlas.reminders.get((flow, state, int(move.detail) - 1)))
            elif move.step is not None:
                self._step(move, move.step)

    def _step(self, move: Move, step: Step) -> None:
        """A step is taken, out of a state that was open, or its guard was asked."""
        flow, state = move.frame.flow, move.frame.state
        passage = self.atlas.passages.get(key_of(flow, state, move.word, step))
        if move.verb == TAKE:
            self.note(self.atlas.states.get((flow, state)))
            if passage:
                at_its_limit = passage.limit and not step.at_most
                self.note(passage.limit if at_its_limit else passage.point)
        elif passage:
            self.note(passage.holds if move.verb == HOLD else passage.fails)

    def take(self) -> Passed:
        """What was passed since last asked."""
        passed = Passed(frozenset(self._fresh), self._language)
        self._fresh.clear()
        return passed


def passes_of(played: Played) -> Passes:
    """What a recording passed, and how well its answers are checked.

    Strong is a turn that is as recorded and whose every answer is written exactly, or where it is
    written that nothing comes.
    """
    return Counter(
        Pass(point, exchange.passed.language, exchange.is_exact and not exchange.differs)
        for exchange in played.exchanges
        for point in exchange.passed.points
    )


class Coverage:
    """What recordings passed, together.

    Args:
        atlas: all there is to pass.
    """

    def __init__(self, atlas: Atlas) -> None:
        self.atlas = atlas
        self._passes: dict[Point, dict[Path, Counter[tuple[str, bool]]]] = {}

    def add(self, path: Path, passes: Passes) -> None:
        """A recording was played."""
        for each, times in passes.items():
            by = self._passes.setdefault(each.point, {}).setdefault(path, Counter())
            by[each.language, each.strong] += times

    def by(self, point: Point) -> Mapping[Path, int]:
        """How often each recording passed a point."""
        return {path: sum(how.values()) for path, how in self._passes.get(point, {}).items()}

    def is_passed(self, point: Point, language: str = "", *, strong: bool = False) -> bool:
        """Whether a point was passed.

        Args:
            language: in this one, if any is named.
            strong: where the answer is checked as a whole.
        """
        found = (how for by in self._passes.get(point, {}).values() for how in by)
        return any(
            (not language or told == language) and (well or not strong) for told, well in found
        )

    def missed(self, language: str = "", *, strong: bool = True) -> Iterator[Point]:
        """What was never passed."""
        return (p for p in self.atlas if not self.is_passed(p, language, strong=strong))

    def percent(self, language: str = "") -> float:
        """How much of the states and steps was passed where answers are checked; 0 to 100."""
        points = [point for point in self.atlas if point.kind in WHAT_COUNTS]
        passed = sum(self.is_passed(point, language, strong=True) for point in points)
        return 100 * passed / len(points)

    @property
    def languages(self) -> list[str]:
        """Those the bot speaks, the first first."""
        return list(dict.fromkeys(language for language, _ in self.atlas.replies))


class _Said(Replies):
    """Replies that note what was said, also by one reply within another."""

    def __init__(self, replies: Replies, watch: Watch, gallery: Gallery) -> None:
        super().__init__(replies.language, replies.document, replies.first, gallery)
        self._watch = watch

    def render(self, key: str, variables: Mapping[str, Any], variant: int = 0) -> Reply:
        """Say ``key``, and note it."""
        self._watch.say(key, self.language)
        return super().render(key, variables, variant)

    def _say(self, key: str, **variables: Any) -> str:
        self._watch.note(self._watch.atlas.replies.get((self.language, key)))
        return super()._say(key, **variables)
