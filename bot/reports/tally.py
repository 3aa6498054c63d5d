"""Counts and spans of one group: a day, a session, an hour, a member of staff."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

Value: TypeAlias = str | int | float | None
"""A figure; ``None`` where there is nothing to measure."""

TOTAL: Final = "total"


def _spans() -> array[int]:
    return array("l")


@dataclass(slots=True)
class Tally:
    """What was counted.

    Args:
        counts: by what was counted.
        spans: measured lengths, by what was measured: seconds, or messages.
    """

    counts: Counter[str] = field(default_factory=Counter)
    spans: dict[str, array[int]] = field(default_factory=lambda: defaultdict(_spans))

    def add(self, what: str, by: int = 1) -> None:
        """Count."""
        self.counts[what] += by

    def measure(self, what: str, length: int | None) -> None:
        """Remember a length, if there is one."""
        if length is not None:
            self.spans[what].append(length)

    def merge(self, other: Tally) -> None:
        """Count all of ``other`` in."""
        self.counts.update(other.counts)
        for what, lengths in other.spans.items():
            self.spans[what].extend(lengths)


class Tallies:
    """Tallies by group, and one of all."""

    def __init__(self) -> None:
        self.groups: dict[str, Tally] = {}
        self.total = Tally()

    def of(self, *groups: str) -> tuple[Tally, ...]:
        """The tallies of what belongs to ``groups``, the one of all included."""
        return (*(self.groups.setdefault(group, Tally()) for group in groups), self.total)

    def add(self, other: Tallies, named: Callable[[str], str] = str) -> None:
        """Count all of ``other`` in.

        Args:
            named: what a group of ``other`` is called here.
        """
        for group, tally in other.groups.items():
            self.groups.setdefault(named(group), Tally()).merge(tally)
        self.total.merge(other.total)


@dataclass(frozen=True, slots=True)
class Column:
    """One figure of a group.

    Args:
        name: in CSV and JSON; fixed.
        label: what staff read, by language.
        of: takes it from a tally.
    """

    name: str
    label: tuple[str, str]
    of: Callable[[Tally], Value]


def count(name: str, indonesian: str, english: str) -> Column:
    """How often ``name`` was counted."""
    return Column(name, (indonesian, english), lambda tally: tally.counts[name])


def percent(
    name: str, labels: tuple[str, str], of: Callable[[Tally], int], whole: Callable[[Tally], int]
) -> Column:
    """How many of a hundred, to one decimal; nothing where the whole is 0."""

    def value(tally: Tally) -> Value:
        all_of_it = whole(tally)
        return round(100 * of(tally) / all_of_it, 1) if all_of_it else None

    return Column(name, labels, value)


def mean(name: str, labels: tuple[str, str], what: str, *, unit: int = 60) -> Column:
    """The mean of a span in ``unit``, to one decimal; nothing of none."""

    def value(tally: Tally) -> Value:
        spans = tally.spans.get(what, ())
        return round(sum(spans) / len(spans) / unit, 1) if spans else None

    return Column(name, labels, value)


def quantile(
    name: str,
    labels: tuple[str, str],
    what: str,
    part: float,
    *,
    unit: int = 60,
) -> Column:
    """The length that ``part`` of the spans do not exceed, in ``unit``: one that was measured."""

    def value(tally: Tally) -> Value:
        spans = sorted(tally.spans.get(what, ()))
        if not spans:
            return None
        return round(spans[-(-len(spans) * round(part * 100) // 100) - 1] / unit, 1)

    return Column(name, labels, value)


def figures(columns: tuple[Column, ...], tally: Tally) -> dict[str, Any]:
    """A tally's figures by column."""
    return {column.name: column.of(tally) for column in columns}
