"""What may be known where in a flow: the slots' side of the flow checker.

At every place each slot is known, unknown, or as it was when the flow was called, or several of
these, as different ways lead there. A sub-flow is walked once, for all its callers; what it does to
the slots is then put in where it is called.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.dialogue.actions import Action
from bot.dialogue.expression import compiled, source_of

KNOWN, UNKNOWN, AS_BEFORE = 1, 2, 4
"""What a slot may be; sums of them where it may be either."""

REFUSED = "refused"
"""Counted as a slot: it holds something only where a value was refused."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What each slot may be, as sets of slots, a bit each: ways meet thousands of times.

    Args:
        bits: of the slots.
        known, unknown, before: slots that may be known, unknown, or as before.
    """

    bits: Mapping[str, int]
    known: int = 0
    unknown: int = 0
    before: int = 0

    @classmethod
    def of(cls, slots: Iterable[str], what: int) -> Knowledge:
        """Every slot alike."""
        bits = {slot: 1 << at for at, slot in enumerate(sorted(slots))}
        return cls(bits).but(dict.fromkeys(bits, what))

    def __contains__(self, slot: object) -> bool:
        return slot in self.bits

    def __getitem__(self, slot: str) -> int:
        bit = self.bits[slot]
        return (
            (KNOWN if self.known & bit else 0)
            | (UNKNOWN if self.unknown & bit else 0)
            | (AS_BEFORE if self.before & bit else 0)
        )

    def get(self, slot: str, default: int) -> int:
        """What ``slot`` may be; ``default`` if there is none of this name."""
        return self[slot] if slot in self.bits else default

    def but(self, changed: Mapping[str, int]) -> Knowledge:
        """The same with some slots otherwise; names of no slot are passed over."""
        known, unknown, before = self.known, self.unknown, self.before
        for slot, what in changed.items():
            bit = self.bits.get(slot, 0)
            known = known | bit if what & KNOWN else known & ~bit
            unknown = unknown | bit if what & UNKNOWN else unknown & ~bit
            before = before | bit if what & AS_BEFORE else before & ~bit
        return Knowledge(self.bits, known, unknown, before)


def joined(first: Knowledge | None, second: Knowledge) -> Knowledge:
    """What may be known where two ways meet."""
    if first is None:
        return second
    return Knowledge(
        second.bits,
        first.known | second.known,
        first.unknown | second.unknown,
        first.before | second.before,
    )


def called_with(inside: Knowledge, before: Knowledge) -> Knowledge:
    """What a flow knows, given what was known before it."""
    asked = inside.before
    return Knowledge(
        inside.bits,
        inside.known | (before.known & asked),
        inside.unknown | (before.unknown & asked),
        before.before & asked,
    )


def with_known(knowledge: Knowledge, slots: Iterable[str]) -> Knowledge:
    """The same with some slots known."""
    return knowledge.but(dict.fromkeys(slots, KNOWN))


def perhaps_with(knowledge: Knowledge, slots: Iterable[str]) -> Knowledge:
    """The same with some slots perhaps known now."""
    return knowledge.but({s: knowledge[s] | KNOWN for s in slots if s in knowledge})


def after_action(knowledge: Knowledge, action: Action, outcome: str) -> Knowledge:
    """What is known when an action has ended; one that does not declare it gives everything."""
    if action.known is None:
        return with_known(knowledge, action.gives)
    lost = {slot: knowledge[slot] | UNKNOWN for slot in action.gives}
    return with_known(knowledge.but(lost), action.known.get(outcome, ()))


def after_set(knowledge: Knowledge, written: Mapping[str, Any]) -> Knowledge:
    """What is known after a step has set slots."""
    for slot, value in written.items():
        knowledge = knowledge.but({slot: written_is(value, knowledge)})
    return knowledge


def written_is(value: Any, knowledge: Knowledge) -> int:
    """What a slot is that is set to a literal or to ``"{{ expression }}"``.

    A message that is asked for its ``heard`` values is taken to have them.
    """
    source = source_of(value)
    if source is None:
        return UNKNOWN if value is None else KNOWN
    if source == "None":
        return UNKNOWN
    names = {name for name, _ in compiled(source).names} & knowledge.bits.keys()
    if source in names:
        return knowledge[source]
    unsure = [knowledge[name] for name in names if knowledge[name] != KNOWN]
    return KNOWN | UNKNOWN if unsure else KNOWN


def where(knowledge: Knowledge, condition: str | None, *, holds: bool) -> Knowledge | None:
    """What is known where a guard holds, or does not; ``None`` where that cannot be."""
    if condition is None:
        return knowledge if holds else None
    told = _told(ast.parse(condition.strip(), mode="eval").body, holds=holds)
    if any(knowledge.get(slot, what) == KNOWN + UNKNOWN - what for slot, what in told.items()):
        return None
    return knowledge.but(told)


def _told(  # noqa: PLR0911 - one case a kind of node
    test: ast.expr, *, holds: bool
) -> Mapping[str, int]:
    """What a condition tells of slots by holding, or by not holding."""
    match test:
        case ast.Name(id=name):
            return {name: KNOWN} if holds else {}
        case ast.Attribute(value=inner):
            return _told(inner, holds=True) if holds else {}
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            return _told(inner, holds=not holds)
        case ast.BoolOp(op=op, values=parts) if isinstance(op, ast.And) is holds:
            return {slot: what for each in parts for slot, what in _told(each, holds=holds).items()}
        case ast.Compare(left=ast.Name(id=name), ops=[ast.Is() | ast.IsNot() as op]):
            return {name: UNKNOWN if isinstance(op, ast.Is) is holds else KNOWN}
        case ast.Compare(left=left, ops=[_], comparators=[right]) if holds:
            return {**_told(left, holds=True), **_told(right, holds=True)}
    return {}


def unknown_in(knowledge: Knowledge, names: Collection[str]) -> set[str]:
    """Those of ``names`` that may be unknown."""
    return {name for name in names if knowledge.get(name, KNOWN) & UNKNOWN}
