"""What the shell of a turn needs from a database: one document a conversation.

State, handled message ids, outbox and journal of a conversation live in one document, so one
guarded write saves a turn or does not. ``storage`` implements :class:`ConversationStore`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from bot.dialogue.care import NOBODY, Care
from bot.dialogue.conversation import Conversation
from bot.dialogue.reply import Reply
from bot.dialogue.traffic import Heard

HANDLED_KEPT = 200
"""Message ids a conversation remembers itself; older ones are looked up in the journal."""

WATCHED = frozenset({"web"})
"""Channels whose people look at a page, which any process may serve."""

NEVER = datetime(9999, 1, 1, tzinfo=UTC)
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Left:
    """An address somebody had once: a number given up, an id that was replaced.

    Args:
        until: the last moment it was theirs; a message sent by then is still from them.
        since: the first we know of its being theirs.
    """

    address: str
    until: datetime
    since: datetime = LONG_AGO


@dataclass(frozen=True, slots=True)
class Proven:
    """A telephone number that who writes elsewhere, from a web page, has proven to be theirs.

    Args:
        address: what its person's things are kept by: ``whatsapp:6281234567890``.
        phone: the number, digits only.
    """

    address: str
    phone: str


@dataclass(frozen=True, slots=True)
class Contact:
    """Who is at the other end and how to answer them.

    A channel fills ``ids`` with what a message says of its sender; in a conversation's document
    they, and what follows them here, say who its person is now (``bot/identity.py``).

    Args:
        channel: ``whatsapp``, ``web``, ``rest`` or ``terminal``.
        sender: the address within the channel: ``6281234567890``, a browser session … What people
            have is kept by the one they came with first, whatever they are reached by later.
        office: id of the office the conversation is with.
        account: what the channel sends from; WhatsApp: the phone number id.
        profile: the name the sender gave themselves.
        heard_at: when they last wrote; WhatsApp's 24-hour window counts from here.
        ids: addresses they have now, a phone number first; ``None`` where ``sender`` is the only
            one there ever is.
        left: addresses they had, the latest last.
        also: senders that turned out to be the same person, and until when they were heard apart;
            what is kept by these is theirs too.
        into: the sender that goes on for this one, which turned out to be the same person.
        since: when they were first heard.
        number_since: the first we know of their having the telephone number they have now.
        proven: the number they have proven, on a channel that tells none; what they book is that
            number's from then on.
        linked: ``channel:sender`` of whoever has proven this contact's number.
    """

    channel: str
    sender: str
    office: str
    account: str = ""
    profile: str = ""
    heard_at: datetime = LONG_AGO
    ids: tuple[str, ...] | None = None
    left: tuple[Left, ...] = ()
    also: tuple[Left, ...] = ()
    into: str = ""
    since: datetime = LONG_AGO
    number_since: datetime = LONG_AGO
    proven: Proven | None = None
    linked: tuple[str, ...] = ()

    @property
    def conversation_id(self) -> str:
        """``channel:office:sender``."""
        return f"{self.channel}:{self.office}:{self.sender}"

    @property
    def address(self) -> str:
        """What is kept of them is kept by: ``channel:sender``; nobody speaks for another channel's
        address, unless they have proven that it is theirs.
        """
        return self.proven.address if self.proven else self.own_address

    @property
    def own_address(self) -> str:
        """``channel:sender``, whatever was proven."""
        return f"{self.channel}:{self.sender}"

    @property
    def also_addresses(self) -> tuple[str, ...]:
        """``channel:sender`` of every other sender that is the same person."""
        before = (self.own_address,) if self.proven else ()
        also = (f"{self.channel}:{each.address}" for each in self.also)
        return (*before, *also, *self.linked)

    @property
    def known_by(self) -> tuple[str, ...]:
        """The addresses they have now."""
        return (self.sender,) if self.ids is None else self.ids

    @property
    def phone(self) -> str:
        """The telephone number they have now, digits only; empty when it is not known."""
        proven = self.proven.phone if self.proven else ""
        return proven or next((each for each in self.known_by if each.isdecimal()), "")

    @property
    def reached_at(self) -> str:
        """Where to send to; empty when every address they had is somebody else's by now."""
        return self.phone or next(iter(self.known_by), "")

    @property
    def names(self) -> tuple[str, ...]:
        """Every address they have or had, by which they may be looked up."""
        had = (left.address for left in self.left)
        proven = (self.proven.phone,) if self.proven else ()
        return tuple(sorted({self.sender, *self.known_by, *had, *proven}))


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message waiting in the outbox.

    Args:
        id: ``message id of the turn/position``, unique in the conversation.
        reply: :meth:`bot.dialogue.reply.Reply.as_document`.
        attempts: how often sending failed by the message's own fault.
        parts: how many messages of it the channel has accepted, when it needs several.
        said_at: when the turn said it; ``None`` where that was not kept yet.
        trouble: why it still waits: ``kind``, ``code``, ``reason`` and ``at``; empty before the
            first try.
        said: what ``reply`` was made of, where that was just now; no part of what is kept.
    """

    id: str
    reply: Mapping[str, Any]
    attempts: int = 0
    parts: int = 0
    said_at: datetime | None = None
    trouble: Mapping[str, Any] = field(default_factory=dict)
    said: Reply | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Stored:
    """A conversation's document.

    Args:
        revision: turns saved so far; 0 means not stored yet.
        handled: ids of the last messages handled, oldest first, at most ``HANDLED_KEPT``.
        outbox: messages not yet sent, in order.
        journal: turn records not yet copied to the journal; each has ``_id``.
        leased_by, leased_until: which sender empties the outbox, and until when nobody else may.
        due_at: when the sweeper must look: the earliest of outbox retry and timer; ``NEVER`` if
            nothing waits.
        care: the person who has it or should.
    """

    conversation: Conversation
    contact: Contact
    revision: int = 0
    handled: tuple[str, ...] = ()
    outbox: tuple[Outgoing, ...] = ()
    journal: tuple[Mapping[str, Any], ...] = ()
    leased_by: str = ""
    leased_until: datetime = LONG_AGO
    due_at: datetime = NEVER
    care: Care = NOBODY

    @property
    def rings_at(self) -> datetime:
        """When something of the conversation's own comes due; see :func:`rings_at`."""
        return rings_at(self.conversation, self.care)


def rings_at(conversation: Conversation, care: Care) -> datetime:
    """When a flow's timer rings or something is due with a person; ``NEVER`` without either.

    No timer rings while somebody has the conversation.
    """
    frame = None if care.by else conversation.timer
    timer = (frame.timer if frame else None) or NEVER
    return min(timer, care.due or NEVER)


@dataclass(frozen=True, slots=True)
class TurnSave:
    """All that one turn changes, written at once or not at all.

    Args:
        before: the document the turn was decided on; the write is guarded by its ``revision``,
            ``leased_by`` and ``leased_until``.
        handled: message id to remember (the oldest beyond ``HANDLED_KEPT`` are dropped).
        outbox: messages to append.
        journal: record to append.
        care: who has it or should from now on; ``None`` changes nothing.
    """

    before: Stored
    conversation: Conversation
    contact: Contact
    handled: str
    outbox: Sequence[Outgoing]
    journal: Mapping[str, Any]
    due_at: datetime
    leased_by: str
    leased_until: datetime
    care: Care | None = None

    def applied(self) -> Stored:
        """The document as it stands once this is saved."""
        before = self.before
        return Stored(  # in full: `replace` takes twice as long
            self.conversation,
            self.contact,
            before.revision + 1,
            (*before.handled, self.handled)[-HANDLED_KEPT:],
            (*before.outbox, *self.outbox),
            (*before.journal, self.journal),
            self.leased_by,
            self.leased_until,
            self.due_at,
            before.care if self.care is None else self.care,
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """Where conversations stand.

    Args:
        version: of the flow set.
        places: flow and state of every open flow, root first.
    """

    version: str
    places: tuple[tuple[str, str], ...]


class ConversationStore(Protocol):
    """Conversations and their journal.

    Every method raises :class:`bot.errors.StorageUnavailable` when the database does not answer.
    Times are aware UTC with millisecond precision.
    """

    async def load(self, conversation_id: str) -> Stored | None:
        """The document, or ``None`` before the first turn."""
        ...

    async def save(self, save: TurnSave) -> bool:
        """Write a turn; ``False`` when the document changed since ``save.before`` was loaded."""
        ...

    async def lease(self, conversation_id: str, owner: str, now: datetime, until: datetime) -> bool:
        """Take the outbox lease if it is free (``leased_until <= now``) or already ``owner``'s."""
        ...

    async def keep(
        self, conversation_id: str, owner: str, revision: int, until: datetime, due_at: datetime
    ) -> None:
        """Let ``owner``'s lease last until then, and set ``due_at``; nothing when the lease is
        another's, or a turn came in between.
        """
        ...

    async def mark_sent(
        self,
        conversation_id: str,
        owner: str,
        revision: int,
        sent: Sequence[str],
        journalled: Sequence[str],
        due_at: datetime,
    ) -> bool:
        """Pull sent outbox items (and copied journal records) by id, whatever the revision.

        When the document still has ``revision`` and the lease is ``owner``'s, this also gives the
        lease back and sets ``due_at``, and returns ``True``. Otherwise it returns ``False``: a
        turn came in between, look again. Never changes the revision.
        """
        ...

    async def take_out(
        self, conversation_id: str, items: Sequence[str], journalled: Sequence[str]
    ) -> bool:
        """Pull outbox items (and copied journal records) by id, all or none: ``False`` when the
        first of them is not there, or somebody has the lease, over or not.
        """
        ...

    async def postpone(
        self, conversation_id: str, owner: str, item: Outgoing, retry_at: datetime
    ) -> None:
        """Record a failed send: put ``item`` in the place of the one with its id, set ``due_at`` to
        ``retry_at`` and give ``owner``'s lease back. Does nothing when the lease is not
        ``owner``'s.
        """
        ...

    async def due(self, now: datetime, limit: int) -> Sequence[str]:
        """Ids of conversations with ``due_at <= now``, the most overdue first."""
        ...

    async def copy_journal(self, records: Sequence[Mapping[str, Any]]) -> None:
        """Copy turn records to the journal by their ``_id``; copying one again does nothing."""
        ...

    async def journalled(self, record_id: str) -> bool:
        """Whether the journal holds this record."""
        ...

    async def transcript(self, conversation_id: str) -> Sequence[Mapping[str, Any]]:
        """All turn records of a conversation (field ``conversation``), oldest first (``at``),
        also those not yet copied out of its document.
        """
        ...

    async def said_lately(self, within: timedelta) -> Mapping[str, str]:
        """Conversations of people who look at a page (:data:`WATCHED`) in which a turn was saved
        within so long by the database's clock, but for their first; the last one's record id.
        """
        ...

    async def of_sender(self, channel: str, sender: str) -> Sequence[str]:
        """Ids of an address's conversations, with whichever office."""
        ...

    async def known_as(self, channel: str, address: str) -> Sequence[Contact]:
        """Contacts of all conversations whose :attr:`Contact.names` has the address."""
        ...

    async def idle(self, before: datetime, limit: int) -> Sequence[str]:
        """Ids of conversations last heard before then, at most so many; the longest silent come
        first as far as that is known without asking each.
        """
        ...

    async def forget(self, conversation_id: str, revision: int) -> bool:
        """Delete a conversation, unless a turn came in since it was loaded at ``revision``; its
        journal stays.
        """
        ...

    async def aged(self, before: datetime, limit: int) -> Sequence[Mapping[str, Any]]:
        """Some records of the journal from before then that nobody has redacted."""
        ...

    async def redact(self, records: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
        """Put other records into the journal in the place of those with the given ``_id``; safe to
        repeat.
        """
        ...

    def heard(
        self, office: str, since: datetime, until: datetime, now: datetime
    ) -> AsyncIterator[Heard]:
        """The turns of messages to ``office`` from ``since`` on and before ``until``, each once, in
        any order; also those not yet copied out of their conversation's document. Read in parts.

        Args:
            now: no message was written after it.
        """
        ...

    async def standing(self) -> Mapping[Standing, int]:
        """How many conversations stand where; reads all of them, so not for a turn."""
        ...


OUTBOX_LEASE = timedelta(seconds=45)
"""Longer than any channel's time-out for one message."""
