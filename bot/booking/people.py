"""What is known about a number, whatever it talks about: holds taken, strikes, marks, a block.

Against touts and pranks (Source: 004_…, DOMAIN.md). One document an address; every change is one
write guarded by the document's revision, so it happens once however many processes make it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Protocol, TypeVar

KEPT = 100
"""Entries of each kind a document keeps; the oldest go first."""

FOR_EVER = timedelta(days=365 * 100)

HOLDS_FOR = timedelta(days=1)
"""How long a hold that was taken counts (``holds_per_day``)."""

SYSTEM = "system"
"""Who did it, when it was no person."""


def digest(key: str) -> str:
    """What is kept of an action's key, which names the number; no message id is guessed."""
    return sha256(key.encode()).hexdigest()[:32]


class StrikeKind(StrEnum):
    """What counts against a number."""

    NO_SHOW = "no_show"
    ABANDONED = "abandoned"


@dataclass(frozen=True, slots=True)
class Strike:
    """Something that counts against a number.

    Args:
        key: :func:`digest` of what it was; the same thing counts once.
    """

    kind: StrikeKind
    key: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """A seat was held.

    Args:
        key: :func:`digest` of the claim's; the same claim counts once.
    """

    key: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Block:
    """A number that gets no seat.

    Args:
        reason: what staff wrote, and applicants are told; by the system, the kind of its strikes.
        until: aware; they are told the date.
        by: ``system`` or ``staff:ID``.
    """

    reason: str
    until: datetime
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the audit trail.

    Args:
        step: ``strike``, ``mark``, ``clear``, ``block`` or ``unblock``.
        note: why.
    """

    step: str
    at: datetime
    by: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """An address and its conduct.

    Args:
        address: ``whatsapp:6281234567890``.
        mark: what staff noted for the counter; empty when there is nothing.
        ends: when what an erasure left is of no use any more; ``None`` for who was not erased.
        revision: writes so far; 0 means not stored yet.
    """

    address: str
    taken: tuple[Taken, ...] = ()
    strikes: tuple[Strike, ...] = ()
    mark: str = ""
    block: Block | None = None
    trail: tuple[Entry, ...] = ()
    ends: datetime | None = None
    revision: int = 0

    def blocked(self, now: datetime) -> Block | None:
        """The block that holds now."""
        return self.block if self.block and self.block.until > now else None

    def taken_since(self, moment: datetime, but: str) -> int:
        """Holds taken after ``moment``, the one with key ``but`` left out."""
        return sum(each.at > moment and each.key != digest(but) for each in self.taken)

    def struck_since(self, kind: StrikeKind, moment: datetime) -> int:
        """Strikes of a kind after ``moment`` and after staff last cleared the slate."""
        return sum(each.kind is kind for each in self._strikes_since(moment))

    def _strikes_since(self, moment: datetime) -> tuple[Strike, ...]:
        cleared = max((e.at for e in self.trail if e.step in {"clear", "unblock"}), default=moment)
        return tuple(each for each in self.strikes if each.at > max(moment, cleared))

    @property
    def matters_until(self) -> datetime | None:
        """The last moment anything known is from, or a block ends; ``None`` when it is a note of
        which nobody knows the time.
        """
        at = [each.at for each in self.taken] + [each.at for each in self.strikes]
        at += [each.at for each in self.trail] + ([self.block.until] if self.block else [])
        return max(at, default=None)

    def remains(self, now: datetime, strikes_for: timedelta) -> Person | None:
        """What is left of somebody who had their data erased, so that nobody erases themselves
        free: the block, strikes and holds as long as they count, and no words; ``None`` if nothing.
        """
        block, strikes = self.blocked(now), self._strikes_since(now - strikes_for)
        taken = tuple(each for each in self.taken if each.at > now - HOLDS_FOR)
        until = [each.at + strikes_for for each in strikes]
        until += [each.at + HOLDS_FOR for each in taken] + ([block.until] if block else [])
        if not until:
            return None
        return Person(
            self.address, taken, strikes, block=block, ends=max(until), revision=self.revision
        )

    def having_taken(self, key: str, at: datetime) -> Person:
        """With one more hold; unchanged when ``key`` is counted already."""
        key = digest(key)
        if any(each.key == key for each in self.taken):
            return self
        return replace(self, taken=(*self.taken, Taken(key, at))[-KEPT:], ends=None)

    def having_strike(self, strike: Strike) -> Person:
        """With one more strike; unchanged when its key is counted already."""
        strike = replace(strike, key=digest(strike.key))
        if any(each.key == strike.key for each in self.strikes):
            return self
        struck = replace(self, strikes=(*self.strikes, strike)[-KEPT:])
        return struck.noting("strike", strike.at, SYSTEM, strike.kind.value)

    def with_conduct_of(self, other: Person) -> Person:
        """With all that counts against another address of the same person."""
        blocks = sorted(filter(None, (self.block, other.block)), key=lambda block: block.until)
        whole = replace(
            self,
            taken=_joined(self.taken, other.taken),
            strikes=_joined(self.strikes, other.strikes),
            mark=self.mark or other.mark,
            block=blocks[-1] if blocks else None,
        )
        return self if whole == self else replace(whole, ends=None)

    def noting(self, step: str, at: datetime, by: str, note: str = "") -> Person:
        """With a line more in the trail."""
        return replace(self, trail=(*self.trail, Entry(step, at, by, note))[-KEPT:], ends=None)


class _Counted(Protocol):
    """What is counted once a key."""

    @property
    def key(self) -> str: ...

    @property
    def at(self) -> datetime: ...


Counted = TypeVar("Counted", bound=_Counted)


def _joined(ours: Sequence[Counted], theirs: Sequence[Counted]) -> tuple[Counted, ...]:
    """Both, in the order of time, each key once."""
    every = {each.key: each for each in (*theirs, *ours)}
    return tuple(sorted(every.values(), key=lambda each: each.at)[-KEPT:])


class PeopleStore(Protocol):
    """People in a database; every method raises ``StorageUnavailable`` when it does not answer.

    They are kept under pseudonyms: who has the address finds its document, nobody goes back.
    """

    async def load(self, address: str) -> Person:
        """Whoever it is; a blank one when nothing is known."""
        ...

    async def load_all(self, addresses: Sequence[str]) -> Sequence[Person]:
        """Several as :meth:`load` gives them, in this order."""
        ...

    async def save(self, person: Person) -> bool:
        """Write; ``False`` when the document changed since ``person`` was loaded."""
        ...

    async def save_all(self, people: Sequence[Person]) -> Sequence[bool]:
        """Write several, each for itself, as :meth:`save` does."""
        ...

    async def past(self, before: datetime, now: datetime, limit: int) -> Sequence[Person]:
        """People of whom nothing mattered since ``before`` (see :attr:`Person.matters_until`), and
        those of whom an erasure left what is over (:attr:`Person.ends`); their addresses are
        pseudonyms, good for :meth:`forget`.
        """
        ...

    async def forget(self, person: Person) -> bool:
        """Delete; ``False`` when the document changed since ``person`` was loaded."""
        ...
