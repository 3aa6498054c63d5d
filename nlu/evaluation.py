"""How well messages are understood: what was found, held against what somebody labelled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import quantiles
from typing import Final, TypeAlias

from bot.dialogue.events import Scalar

BINS: Final = 10
"""Steps of confidence that calibration is looked at in."""

Found: TypeAlias = tuple[str, Scalar]
"""Type and value of an entity."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A message as labelled and as understood.

    Args:
        place: of the label, as ``FILE:LINE``.
        meant, heard: intents.
        wanted, found: entities.
        asked_back: the bot would have offered its guesses rather than act.
        seconds: that understanding took.
    """

    text: str
    place: str
    meant: str
    heard: str
    confidence: float
    wanted: tuple[Found, ...] | None
    found: tuple[Found, ...]
    seconds: float
    state: str = ""
    asked_back: bool = False

    @property
    def right(self) -> bool:
        """Whether the intent is."""
        return self.heard == self.meant

    @property
    def missed(self) -> list[Found]:
        """Entities that should have been found."""
        return _without(self.wanted or (), self.found)

    @property
    def invented(self) -> list[Found]:
        """Entities that should not have been."""
        return [] if self.wanted is None else _without(self.found, self.wanted)


@dataclass(frozen=True, slots=True)
class Score:
    """How often something was found rightly.

    Args:
        right: found and there.
        found: found at all.
        there: how often it is labelled.
    """

    right: int
    found: int
    there: int

    @property
    def precision(self) -> float:
        """Of what was found, how much is right; 1 when nothing was found."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Of what is there, how much was found; 1 when nothing is there."""
        return self.right / self.there if self.there else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        return 2 * self.right / (self.found + self.there) if self.found + self.there else 1.0


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All judged messages, and what they come to."""

    judged: Sequence[Judged]

    @property
    def accuracy(self) -> float:
        """The share of messages whose intent was heard."""
        return sum(each.right for each in self.judged) / len(self.judged) if self.judged else 0.0

    @property
    def asked_back(self) -> float:
        """The share of messages that the bot would have asked back about."""
        asked = sum(each.asked_back for each in self.judged)
        return asked / len(self.judged) if self.judged else 0.0

    def intents(self) -> dict[str, Score]:
        """By intent, in the order of their names."""
        meant = Counter(each.meant for each in self.judged)
        heard = Counter(each.heard for each in self.judged)
        right = Counter(each.meant for each in self.judged if each.right)
        return {
            name: Score(right[name], heard[name], meant[name]) for name in sorted({*meant, *heard})
        }

    def entities(self) -> dict[str, Score]:
        """By type, in the order of their names; of messages whose entities are labelled."""
        labelled = [each for each in self.judged if each.wanted is not None]
        there = Counter(kind for each in labelled for kind, _ in each.wanted or ())
        found = Counter(kind for each in labelled for kind, _ in each.found)
        missed = Counter(kind for each in labelled for kind, _ in each.missed)
        return {
            kind: Score(there[kind] - missed[kind], found[kind], there[kind])
            for kind in sorted({*there, *found})
        }

    def all_entities(self) -> Score:
        """All types together."""
        scores = self.entities().values()
        return Score(
            sum(score.right for score in scores),
            sum(score.found for score in scores),
            sum(score.there for score in scores),
        )

    def confusions(self) -> list[tuple[str, str, list[Judged]]]:
        """What was meant, what was heard instead, and where; the most frequent first."""
        wrong: dict[tuple[str, str], list[Judged]] = {}
        for each in self.judged:
            if not each.right:
                wrong.setdefault((each.meant, each.heard), []).append(each)
        ordered = sorted(wrong.items(), key=lambda item: (-len(item[1]), item[0]))
        return [(meant, heard, where) for (meant, heard), where in ordered]

    def matrix(self) -> tuple[list[str], list[list[int]]]:
        """The intents, and how often each (row) was heard as each (column)."""
        names = list(self.intents())
        pairs = Counter((each.meant, each.heard) for each in self.judged)
        return names, [[pairs[row, column] for column in names] for row in names]

    def calibration_error(self) -> float:
        """How far confidence is from the share that is right, on average; 0 is best."""
        bins: dict[int, list[Judged]] = {}
        for each in self.judged:
            bins.setdefault(min(int(each.confidence * BINS), BINS - 1), []).append(each)
        off = sum(abs(_off(each)) for each in bins.values())
        return off / max(len(self.judged), 1)

    def latency_ms(self, percent: int) -> float:
        """Milliseconds within which so many percent of the messages were understood."""
        took = sorted(each.seconds * 1000 for each in self.judged)
        if len(took) < 2:  # noqa: PLR2004 - no spread to speak of
            return took[0] if took else 0.0
        return quantiles(took, n=100, method="inclusive")[percent - 1]


def _off(judged: Iterable[Judged]) -> float:
    """By how much confidence is too high, in messages."""
    return sum(each.confidence - each.right for each in judged)


def _without(entities: Iterable[Found], others: Iterable[Found]) -> list[Found]:
    """Those of ``entities`` that are not among ``others``; names count in any case."""
    known = {_comparable(each) for each in others}
    return [each for each in entities if _comparable(each) not in known]


def _comparable(entity: Found) -> Found:
    kind, value = entity
    return kind, " ".join(value.casefold().split()) if isinstance(value, str) else value
