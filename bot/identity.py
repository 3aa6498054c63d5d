"""Who somebody is when addresses come and go: decided on the contacts of conversations.

A person is known by the address they came with first, the *sender* of their contacts, for as long
as anything of theirs is kept; what they are reached by now stands beside it. WhatsApp tells of a
person by telephone number, by an id that hides it (``ID.1349…``, the business-scoped user id), or
both; a number may change, which changes the id too, and the old number may become a stranger's.

Nothing is kept beside the conversations: who has or had an address is looked up in their contacts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.channels.inbound import IdentityChange
from bot.dialogue.store import LONG_AGO, Contact, Left

LEFT_KEPT: Final = 16
"""Addresses somebody had that are remembered, the latest."""

AGAIN: Final = "~"
"""Between an address and the time it was left, in the sender of whoever has it next."""


def kind_of(address: str) -> str:
    """``phone``; ``parent``, an id of several linked businesses; or ``user``, of one."""
    if address.isdecimal():
        return "phone"
    return "parent" if ".ENT." in address.upper() else "user"


def person_of(contact: Contact) -> str:
    """The sender a contact's person is known by."""
    return contact.into or contact.sender


def fits(contact: Contact, ids: Iterable[str], at: datetime) -> bool:
    """Whether who wrote at ``at`` as ``ids`` is, without a doubt, whom this contact is of."""
    return not contact.into and all(
        (each in contact.known_by and at >= _since(contact, each)) or _had(contact, each, at)
        for each in ids
    )


def holder_of(
    address: str, at: datetime, found: Iterable[Contact], *, strict: bool = False
) -> str | None:
    """Whose an address was at a moment, by sender; ``None`` when nobody's that is known. Numbers
    are given on to others; ids never are, so whoever had one is still who they were.

    Args:
        found: every contact that has or had the address.
        strict: count nobody whose it was only later, for all we know.
    """
    found, given_on = list(found), kind_of(address) == "phone"
    had = [
        (left.since > at, left.until, person_of(contact))
        for contact in found
        for left in contact.left
        if left.address == address and at <= left.until and not (strict and left.since > at)
    ]
    if had and given_on:
        return min(had)[2]
    has = [contact for contact in found if address in contact.known_by or not given_on]
    if strict and given_on:
        has = [contact for contact in has if _since(contact, address) <= at]
    latest = max(has, key=lambda contact: _since(contact, address), default=None)
    return person_of(latest) if latest else None


def holders_now(address: str, found: Sequence[Contact]) -> list[str]:
    """Whose an address is, by sender; when nobody has it, who left it last."""
    has = [person_of(contact) for contact in found if address in contact.known_by]
    left = [
        (left.until, person_of(contact))
        for contact in found
        for left in contact.left
        if left.address == address
    ]
    last = [max(left)[1]] if left else [person_of(contact) for contact in found]
    return list(dict.fromkeys(has or last))


def free_name(address: str, found: Sequence[Contact]) -> str:
    """The sender of somebody new who has ``address``: itself, unless another is known by it. Who
    comes after them is known by when they left, so that every process finds the same name.
    """
    if all(contact.sender != address for contact in found):
        return address
    left = [left.until for contact in found for left in contact.left if left.address == address]
    return f"{address}{AGAIN}{int(max(left, default=LONG_AGO).timestamp())}"


def heard(before: Contact | None, asked: Contact) -> Contact:
    """Who wrote, as their conversation is to remember them.

    Args:
        before: as it remembers them; ``None`` when it begins.
        asked: as the channel decoded the message, with what is known of them elsewhere.
    """
    if before is None:
        new = replace(asked, number_since=asked.heard_at)
        return seen(replace(new, ids=()), asked.ids, asked.heard_at) if asked.ids else new
    latest = max(before.heard_at, asked.heard_at)  # it may be delivered late, out of order
    if asked.ids is None:
        return asked if latest == asked.heard_at else replace(asked, heard_at=latest)
    told = replace(
        before,
        account=asked.account,
        profile=asked.profile,
        heard_at=latest,
        since=min(before.since, asked.heard_at),
        left=united((*before.left, *asked.left))[-LEFT_KEPT:],
        also=united((*before.also, *asked.also)),
        linked=tuple(dict.fromkeys((*before.linked, *asked.linked))),
    )
    late = asked.heard_at < before.heard_at
    return seen(told, asked.ids, asked.heard_at, late=late)


def seen(contact: Contact, ids: Iterable[str], at: datetime, *, late: bool = False) -> Contact:
    """The contact of somebody who wrote at ``at`` as ``ids``: these they have now. An id takes the
    place of another of its kind; one they had left by then stays left.

    Number and id change together, so what comes along with one that was left was left as well.

    Args:
        late: something they wrote afterwards was heard before; what that showed them to have
            stays, and what it replaced is what they had.
    """
    ids = [*ids]
    new = [each for each in ids if not _had(contact, each, at)]
    if len(new) < len(ids) or (late and _replaced(contact, new)):
        return _having_had(contact, new, at)
    return _having(contact, new, at)


def shifted(contact: Contact, change: IdentityChange) -> Contact:
    """The contact after a change; as it is if that was done before, or does not concern it."""
    told = [each for each in change.after if not _had(contact, each, change.at)]
    left = {each.address: each.until for each in contact.left}
    if left.keys() & set(change.before) and set(_phones(told)) & set(contact.known_by):
        return _having(contact, told, change.at)  # another office's news of it may tell more
    if any(left.get(each, LONG_AGO) >= change.at for each in (*change.before, *change.after)):
        return contact
    gone = {each for each in change.before if each in contact.known_by}
    if not gone:
        return contact
    here = contact.office == change.office or gone - set(_phones(gone))
    new = told if here else _phones(told) or told  # better than nothing to reach them by
    # Number and id change together: what they do not show of the new ones is not the old one.
    if not set(new) & set(contact.known_by):
        gone |= set(contact.known_by)
    after = _having(without(contact, gone - set(new), change.at), new, change.at)
    return having_had(after, change)  # what it tells of those before, we may not have known


def _phones(ids: Iterable[str]) -> list[str]:
    return [each for each in ids if kind_of(each) == "phone"]


def without(contact: Contact, addresses: Iterable[str], at: datetime) -> Contact:
    """The contact of somebody whose addresses are theirs no longer."""
    gone = [each for each in contact.known_by if each in set(addresses)]
    if not gone:
        return contact
    kept = [each for each in contact.left if each.address not in gone]
    left = (*kept, *(Left(each, at, _since(contact, each)) for each in gone))[-LEFT_KEPT:]
    ids = tuple(each for each in contact.known_by if each not in gone)
    return replace(contact, ids=ids, left=left)


def having_had(contact: Contact, change: IdentityChange) -> Contact:
    """The contact of somebody of whom we knew the addresses after a change, not those before."""
    return _having_had(contact, change.before, change.at)


def gaining(contact: Contact, others: Iterable[str], at: datetime) -> Contact:
    """The contact of somebody who turned out at ``at`` to be those others as well."""
    known = {contact.sender, *(each.address for each in contact.also)}
    more = tuple(Left(each, at) for each in others if each not in known)
    return replace(contact, also=(*contact.also, *more)) if more else contact


def united(also: Iterable[Left]) -> tuple[Left, ...]:
    """Each sender once, with the latest moment."""
    latest: dict[str, Left] = {}
    for each in sorted(also, key=lambda left: left.until):
        latest[each.address] = each
    return tuple(latest.values())


def _having_had(contact: Contact, ids: Iterable[str], at: datetime) -> Contact:
    known = {*contact.known_by, *(left.address for left in contact.left)}
    new = tuple(Left(each, at) for each in ids if each not in known)
    return replace(contact, left=(*contact.left, *new)[-LEFT_KEPT:]) if new else contact


def _replaced(contact: Contact, ids: Iterable[str]) -> bool:
    """Whether they have others of these kinds."""
    kinds = {kind_of(each) for each in contact.known_by}
    return any(each not in contact.known_by and kind_of(each) in kinds for each in ids)


def _having(contact: Contact, ids: Sequence[str], at: datetime) -> Contact:
    kinds = {kind_of(each) for each in ids}
    old = [each for each in contact.known_by if kind_of(each) in kinds and each not in ids]
    contact = without(contact, old, at)
    every = dict.fromkeys((*ids, *contact.known_by))
    ordered = tuple(sorted(every, key=lambda each: kind_of(each) != "phone"))
    if set(ordered) == set(contact.known_by):
        return contact
    anew = set(_phones(ids)) - set(contact.known_by)
    return replace(contact, ids=ordered, number_since=at if anew else contact.number_since)


def _since(contact: Contact, address: str) -> datetime:
    return contact.number_since if kind_of(address) == "phone" else contact.since


def _had(contact: Contact, address: str, at: datetime) -> bool:
    return any(
        left.address == address and (at <= left.until or kind_of(address) != "phone")
        for left in contact.left
    )
