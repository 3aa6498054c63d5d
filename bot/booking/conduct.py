"""Conduct: who may take a seat, and what counts against whom.

Limits, strikes and the blacklist of an office's rules, over
:class:`~bot.booking.people.PeopleStore`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import TypeAlias

from bot.booking.office import Office
from bot.booking.people import (
    FOR_EVER,
    HOLDS_FOR,
    SYSTEM,
    Block,
    PeopleStore,
    Person,
    Strike,
    StrikeKind,
)
from bot.errors import StorageUnavailable

TRIES = 8
"""Other processes may change the same document a few times, never for ever."""


@dataclass(frozen=True, slots=True)
class Turned:
    """Somebody who gets no seat now.

    Args:
        block: why and until when; ``None`` when it is only too many holds within a day.
    """

    block: Block | None = None


Asking: TypeAlias = tuple[Person, Person]
"""The number that asks for a seat, and the person it is for, as they were looked up."""


class Conduct:
    """Conduct of all numbers."""

    def __init__(self, people: PeopleStore) -> None:
        self._people = people

    async def of(self, address: str) -> Person:
        """What is known about an address."""
        return await self._people.load(address)

    async def asking(
        self, office: Office, sender: str, name: str, born: date, key: str, now: datetime
    ) -> Turned | Asking:
        """Who asks for a seat with claim key ``key``, or why they get none now."""
        number, person = await self._people.load_all([sender, person_address(name, born)])
        if block := number.blocked(now):
            return Turned(block)
        most = max(known.taken_since(now - HOLDS_FOR, but=key) for known in (number, person))
        return Turned() if most >= office.holds_per_day else (number, person)

    async def took(self, asking: Asking, key: str, now: datetime) -> None:
        """A seat was held with claim key ``key``; saying it again changes nothing."""
        after = [known.having_taken(key, now) for known in asking]
        changed = [person for person, known in zip(after, asking, strict=True) if person != known]
        for person, saved in zip(changed, await self._people.save_all(changed), strict=True):
            if not saved:
                await self._change(person.address, lambda other: other.having_taken(key, now))

    async def strike(
        self, office: Office, sender: str, kind: StrikeKind, key: str, now: datetime
    ) -> Person:
        """Count something against a number; at the office's limit it is blocked.

        Args:
            key: of what it was; the same thing counts once.
        """
        allowed = {
            StrikeKind.NO_SHOW: office.no_show_strikes,
            StrikeKind.ABANDONED: office.abandoned_strikes,
        }[kind]
        since = now - timedelta(days=office.strike_days)

        def struck(known: Person) -> Person:
            after = known.having_strike(Strike(kind, key, now))
            if after is known or after.struck_since(kind, since) < allowed or after.blocked(now):
                return after
            until = now + timedelta(days=office.block_days)
            return _blocked(after, Block(kind.value, until, SYSTEM, now))

        return await self._change(sender, struck)

    async def mark(self, sender: str, note: str, by: str, now: datetime) -> Person:
        """Note something for the counter to see."""
        return await self._change(
            sender, lambda known: replace(known, mark=note).noting("mark", now, by, note)
        )

    async def clear(self, sender: str, by: str, now: datetime) -> Person:
        """Take the mark and the block away; strikes until now count no more."""
        return await self._change(
            sender, lambda known: replace(known, mark="", block=None).noting("clear", now, by)
        )

    async def block(
        self, sender: str, reason: str, by: str, now: datetime, days: int | None = None
    ) -> Person:
        """Put a number on the blacklist.

        Args:
            reason: the applicant is told it.
            days: how long; for ever if not given.
        """
        until = now + (FOR_EVER if days is None else timedelta(days=days))
        return await self._change(
            sender, lambda known: _blocked(known, Block(reason, until, by, now))
        )

    async def unblock(self, sender: str, by: str, now: datetime) -> Person:
        """Take a number off the blacklist; strikes until now count no more."""
        return await self._change(
            sender, lambda known: replace(known, block=None).noting("unblock", now, by)
        )

    async def carry(self, ended: str, goes_on: str) -> None:
        """Two addresses are one person's: what counts against the one that ends counts against
        the other from now on, a block above all. Carrying it again changes nothing.
        """
        old = await self._people.load(ended)
        if old.revision:
            await self._change(goes_on, lambda known: known.with_conduct_of(old))

    async def _change(self, address: str, change: Callable[[Person], Person]) -> Person:
        for _ in range(TRIES):
            known = await self._people.load(address)
            changed = change(known)
            if changed is known or await self._people.save(changed):
                return changed
        raise StorageUnavailable("other processes keep changing what is known of this number")


def person_address(name: str, born: date) -> str:
    """Key of a person across numbers: a digest, for a second list of identities is not needed."""
    return "person:" + sha256(f"{name}|{born}".encode()).hexdigest()[:32]


def _blocked(known: Person, block: Block) -> Person:
    return replace(known, block=block).noting("block", block.at, block.by, block.reason)
