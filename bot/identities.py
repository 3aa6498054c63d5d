"""Finds the person behind an address, and follows people from one address to the next.

Who wrote as usual is recognised in the document that a turn loads anyway. Only somebody new, or
under an address their conversation does not show, is looked up, by an index over all addresses
that anybody has or had. Every write here is one guarded write on one conversation that leads to
the same document when it is made again, so news may come twice, late, or to two processes at once.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias

import structlog

from bot.channels.inbound import IdentityChange
from bot.clock import Clock
from bot.dialogue.store import LONG_AGO, Contact, ConversationStore, Left, Stored, TurnSave
from bot.errors import StorageUnavailable
from bot.identity import (
    fits,
    free_name,
    gaining,
    having_had,
    holder_of,
    holders_now,
    kind_of,
    person_of,
    shifted,
    united,
    without,
)
from bot.record import record_of

log = structlog.get_logger()

REMEMBERED: Final = 10_000
"""People who are known by another address than they write from, and where they were found."""

LINKED_KEPT: Final = 8
"""Browsers that have proven a number and are remembered with it, the latest."""

TRIES: Final = 20
"""How often a conversation is looked at again that a turn changed in between."""

MOMENT: Final = timedelta(milliseconds=1)

Carry: TypeAlias = Callable[[str, str], Awaitable[None]]
"""Lets what counts against an address count against another, too: ``(from, to)``."""

Found: TypeAlias = Mapping[str, Sequence[Contact]]
"""By address, every contact that has or had it."""


async def _nothing(_: str, __: str) -> None:
    """Nothing is counted against anybody."""


class Identities:
    """Follows people over one store of conversations.

    Args:
        carry: called when two addresses turn out to be one person's, with those of the one that
            ends and the one that goes on; maybe more than once.
    """

    def __init__(self, store: ConversationStore, clock: Clock, carry: Carry = _nothing) -> None:
        self._store = store
        self._clock = clock
        self._carry = carry
        self._usual: OrderedDict[str, str] = OrderedDict()

    def usual(self, asked: Contact) -> Contact:
        """Where they were found last; the conversation itself tells whether that still holds."""
        if not self._usual:
            return asked
        sender = self._usual.get(asked.conversation_id, asked.sender)
        return asked if sender == asked.sender else replace(asked, sender=sender)

    def remember(self, asked: Contact, found: Contact) -> None:
        """Look for them there first next time."""
        if not self._usual and found.sender == asked.sender:
            return  # as with nearly everybody
        name = asked.conversation_id
        self._usual.pop(name, None)
        if found.sender != asked.sender:
            self._usual[name] = found.sender
            if len(self._usual) > REMEMBERED:
                self._usual.popitem(last=False)

    def is_theirs(self, stored: Stored | None, asked: Contact) -> bool:
        """Whether a conversation is that of who wrote, so that nobody has to be asked."""
        if asked.ids is None:
            return True
        return stored is not None and fits(stored.contact, asked.ids, asked.heard_at)

    async def find(self, asked: Contact) -> Contact:
        """Who wrote.

        Args:
            asked: as the channel decoded it: ``sender`` the address, ``ids`` all of them.

        Returns:
            It with the sender they are known by, and what is known of them elsewhere.
        """
        ids = asked.ids or (asked.sender,)
        for _ in range(TRIES):
            found = await self._look_up(asked.channel, ids)
            holders = _holders(found, asked.heard_at)
            if not await self._settle(asked, holders, found):
                return _as_known(asked, ids[0], next(iter(holders.values()), None), found)
        raise StorageUnavailable("other processes keep changing who has these addresses; try again")

    async def _settle(self, asked: Contact, holders: Mapping[str, str], found: Found) -> bool:
        """Let the addresses of one account lead to one person; whether anything had to change."""
        if len(set(holders.values())) > 1:
            await self._reconcile(asked, holders, found)
            return True
        if len(holders) == 1:
            address, person = next(iter(holders.items()))
            if _changed_hands(address, found[address], person, asked):
                await self._take_away(asked.channel, person, address, asked.heard_at - MOMENT)
                return True
        return False

    async def addresses(self, channel: str, address: str) -> list[str]:
        """By what all that is kept of whoever has an address is kept: ``channel:sender`` each, the
        one they go on by first. Who had it last counts until somebody else has it.
        """
        found = await self._store.known_as(channel, address)
        people = holders_now(address, found)
        names = [name for person in people for name in await self._names(channel, person)]
        linked = [name for each in found for name in each.linked]
        if all(each.sender != address for each in found):
            names.append(address)  # nobody else is known by it; something may be left of it
        return list(dict.fromkeys([*(f"{channel}:{name}" for name in names), *linked]))

    async def _names(self, channel: str, person: str) -> list[str]:
        contacts = await self._contacts(channel, person)
        also = [left.address for each in contacts for left in each.also]
        return [person, *sorted({each.sender for each in contacts} - {person}), *also]

    async def link(self, address: str, other: str, *, linked: bool) -> None:
        """Let who has ``channel:sender`` be the same person as ``other`` of another channel, which
        has proven it; or no more.
        """
        channel, _, sender = address.partition(":")

        def relinked(now: Contact) -> Contact:
            beside = tuple(each for each in now.linked if each != other)
            return replace(now, linked=(*beside, other)[-LINKED_KEPT:] if linked else beside)

        for each in await self._contacts(channel, sender):
            if not linked or other not in each.linked:
                await self._rewrite(each, relinked, "linked" if linked else "unlinked")

    async def follow(self, change: IdentityChange) -> None:
        """See :class:`bot.channels.inbound.Follows`."""
        found = await self._look_up(change.channel, change.before)
        holders = _holders(found, change.at, strict=True)
        people = tuple(dict.fromkeys(holders.values()))
        if not people:
            await self._recall(change)
            return
        person = people[0]
        if not change.after:
            await self._note(await self._contacts(change.channel, person), change)
            return
        if len(people) > 1:
            asked = Contact(change.channel, person, change.office, heard_at=change.at)
            person = await self._reconcile(replace(asked, ids=change.before), holders, found)
        theirs = await self._contacts(change.channel, person)
        if all(shifted(each, change) == each for each in theirs):
            return
        change = _with_number(change, theirs)
        person, news = await self._clear(change, person)
        contacts = await self._contacts(change.channel, person)
        # Last those that tell, when the news is repeated, which number went with the id.
        for each in sorted(contacts, key=lambda each: len(set(change.before) & set(each.known_by))):
            await self._rewrite(each, lambda now: shifted(now, news), news.kind)
        log.info("identity_changed", kind=change.kind)

    async def _recall(self, change: IdentityChange) -> None:
        """Nobody known had the old addresses; whoever is known by the new ones had them, and what
        they wrote from them may still be under way.
        """
        for address, contacts in (await self._look_up(change.channel, change.after)).items():
            for person in {person_of(each) for each in contacts if address in each.known_by}:
                theirs = await self._contacts(change.channel, person)
                if kind_of(address) == "phone" and min(c.since for c in theirs) < change.at:
                    continue  # it was somebody else's before
                for each in theirs:
                    await self._rewrite(each, lambda now: having_had(now, change), change.kind)
                return
        log.info("identity_change_of_nobody", kind=change.kind)

    async def _look_up(self, channel: str, ids: Iterable[str]) -> Found:
        return {each: await self._store.known_as(channel, each) for each in ids}

    async def _contacts(self, channel: str, person: str) -> list[Contact]:
        """All contacts of a person, those of every sender that turned out to be them included."""
        found: dict[str, Contact] = {}
        names = [person]
        for name in names:
            for each in await self._store.known_as(channel, name):
                if each.sender == name or person_of(each) == person:
                    found[each.conversation_id] = each
                    also = (more.address for more in each.also)
                    names += [more for more in (each.sender, *also) if more not in names]
        return list(found.values())

    async def _reconcile(self, asked: Contact, holders: Mapping[str, str], found: Found) -> str:
        """Addresses of one account lead to several people: these are one, or the number has
        changed hands; the sender of who has them all.
        """
        phones = {each: who for each, who in holders.items() if kind_of(each) == "phone"}
        first, *others = dict.fromkeys(
            who for each, who in holders.items() if each not in phones
        ) or [*phones.values()]
        for other in others:
            first = await self._join(asked.channel, first, other)
        for phone, other in phones.items():
            if other == first:
                continue
            if _changed_hands(phone, found[phone], other, asked):
                await self._take_away(asked.channel, other, phone, asked.heard_at - MOMENT)
            else:
                first = await self._join(asked.channel, first, other)
        return first

    async def _clear(self, change: IdentityChange, person: str) -> tuple[str, IdentityChange]:
        """Make the new addresses theirs alone; the sender the person goes on by, and what the news
        comes to.

        Who had the number before has it no longer; who was first heard from it after the change is
        the person themselves, heard before the news was; who got it after the change, of whom we
        knew before, keeps it, for the news is old. Ids are never given to another.
        """
        news = change
        for address in change.after:
            contacts = await self._store.known_as(change.channel, address)
            has = {person_of(each): each for each in contacts if address in each.known_by}
            for other in sorted(has.keys() - {person}):
                theirs = await self._contacts(change.channel, other)
                later = min(each.since for each in theirs) >= change.at
                if later or kind_of(address) != "phone":
                    person = await self._join(change.channel, person, other)
                elif has[other].number_since > change.at:
                    news = replace(news, after=tuple(a for a in news.after if a != address))
                else:
                    await self._take_away(change.channel, other, address, change.at - MOMENT)
        return person, news

    async def _join(self, channel: str, one: str, two: str) -> str:
        """Two senders are one person: who came last goes on, for there they are talking to us.
        What is kept by the other stays, and is theirs too.
        """
        of = {each: await self._contacts(channel, each) for each in (one, two)}
        since = {each: min((c.since for c in of[each]), default=LONG_AGO) for each in of}
        ends, goes_on = sorted((one, two), key=lambda each: (since[each], each))
        await self._carry(f"{channel}:{ends}", f"{channel}:{goes_on}")
        had = {more.address for each in of[ends] for more in each.also}
        names = sorted({ends, *had, *(each.sender for each in of[ends])})
        at = self._clock()
        for each in of[goes_on]:
            if each.sender == goes_on:
                await self._rewrite(each, lambda now: gaining(now, names, at), "joined")
        for each in of[ends]:
            await self._rewrite(each, lambda now: replace(now, into=goes_on), "joined")
        return goes_on

    async def _take_away(self, channel: str, person: str, address: str, until: datetime) -> None:
        """The address is somebody else's from now on."""
        for each in await self._contacts(channel, person):
            await self._rewrite(each, lambda now: without(now, (address,), until), "taken_over")

    async def _note(self, theirs: Iterable[Contact], change: IdentityChange) -> None:
        """Record news that changes no address, once."""
        for each in theirs:
            if each.office == change.office and not each.into:
                await self._rewrite(each, lambda now: now, change.kind, turn=change.id)

    async def _rewrite(
        self, contact: Contact, change: Callable[[Contact], Contact], kind: str, turn: str = ""
    ) -> None:
        """Change a conversation's contact, with a record in its journal.

        Args:
            turn: id to do it once by; else it is done if it changes anything.
        """
        for _ in range(TRIES):
            stored = await self._store.load(contact.conversation_id)
            if stored is None or turn in stored.handled:
                return
            after = change(stored.contact)
            if after == stored.contact and not turn:
                return
            if await self._store.save(_saving(stored, after, kind, turn, self._clock())):
                return
        raise StorageUnavailable("other processes keep changing this conversation; try again")


def _saving(before: Stored, after: Contact, kind: str, turn: str, now: datetime) -> TurnSave:
    """A write that changes nothing but the contact."""
    turn = turn or f"identity/{before.revision + 1}"
    told: dict[str, Any] = {"identity": {"kind": kind, "ids": list(after.known_by)}}
    return TurnSave(
        before=before,
        conversation=before.conversation,
        contact=after,
        handled=turn,
        outbox=(),
        journal={
            **record_of(before, before.conversation, turn, after.office, now),
            **told,
        },
        due_at=before.due_at,
        leased_by=before.leased_by,
        leased_until=before.leased_until,
    )


def _holders(found: Found, at: datetime, *, strict: bool = False) -> dict[str, str]:
    """By address, whose it was at a moment; without those that were nobody's."""
    whose = {each: holder_of(each, at, contacts, strict=strict) for each, contacts in found.items()}
    return {each: who for each, who in whose.items() if who is not None}


def _every(found: Found) -> list[Contact]:
    return [each for contacts in found.values() for each in contacts]


def _with_number(change: IdentityChange, theirs: Iterable[Contact]) -> IdentityChange:
    """News of an id alone, with the number that was known to go with it: who changes the one
    changes the other.
    """
    if any(kind_of(each) == "phone" for each in (*change.before, *change.after)):
        return change
    phones = [each.phone for each in theirs if set(change.before) & set(each.known_by)]
    return replace(change, before=(*change.before, *dict.fromkeys(filter(None, phones))))


def _as_known(asked: Contact, address: str, person: str | None, found: Found) -> Contact:
    """Who wrote, with what is known of them; somebody new has no ``person`` yet."""
    person = person or free_name(address, found[address])
    known = [each for each in _every(found) if person_of(each) == person]
    theirs = {each.sender for each in known} - {person}
    also = [*(left for each in known for left in each.also if left.address != person)]
    also += [Left(each, asked.heard_at) for each in theirs - {left.address for left in also}]
    return replace(
        asked,
        sender=person,
        also=united(also),
        left=united(left for each in known for left in each.left),
        linked=tuple(dict.fromkeys(name for each in known for name in each.linked)),
        since=min((each.since for each in known), default=asked.heard_at),
    )


def _changed_hands(address: str, found: Iterable[Contact], person: str, asked: Contact) -> bool:
    """Whether the office that was written to knows a number's person by another id than the
    number comes with now: an account has one id at an office for as long as it has its number.
    """
    if kind_of(address) != "phone":
        return False
    users = {each for each in asked.known_by if kind_of(each) == "user"}
    known = [c for c in found if person_of(c) == person and c.office == asked.office]
    ours = {
        each
        for contact in known
        for each in contact.known_by
        if address in contact.known_by and kind_of(each) == "user"
    }
    return bool(users and ours) and not users & ours
