"""What operators see and do about messages that wait, and about those that nobody got."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.clock import Clock
from bot.dialogue.letters import Waiting
from bot.dialogue.store import Outgoing
from bot.errors import AntreError
from bot.letters import Letters
from bot.stores import Stores

ID_SHOWN = 8
"""Digits of a pseudonym that tell dead letters apart."""

HELD = ("stopped", "throttled")
"""Kinds of trouble of an account rather than of a message."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A dead letter, and what it is called.

    Args:
        id: short and without personal data.
        conversation: the same, of the conversation.
        record: of the journal.
    """

    id: str
    conversation: str
    record: Mapping[str, Any]

    @property
    def office(self) -> str:
        """Id of the office."""
        return str(self.record["office"])

    @property
    def code(self) -> int | None:
        """The channel's error code."""
        code: int | None = self.record["undelivered"]["code"]
        return code


@dataclass(frozen=True, slots=True)
class Held:
    """An account whose messages wait for it.

    Args:
        account: WhatsApp: the phone number id.
        conversations: how many wait.
    """

    account: str
    trouble: Mapping[str, Any]
    conversations: int


class OutboxDesk:
    """Looks at outboxes and dead letters over all stores."""

    def __init__(self, stores: Stores, clock: Clock) -> None:
        self._stores = stores
        self._letters = Letters(stores.conversations, stores.letters, clock)

    async def waiting(self, office: str = "") -> Sequence[tuple[str, Waiting]]:
        """What waits, each after its conversation's pseudonym, the most overdue first."""
        found = await self._stores.letters.waiting()
        wanted = [each for each in found if office in {"", each.contact.office}]
        names = [await self._named(each.contact.conversation_id) for each in wanted]
        return list(zip(names, wanted, strict=True))

    async def dead(self, office: str = "", code: int | None = None) -> Sequence[Letter]:
        """Open dead letters, the oldest first."""
        letters = [
            Letter(await self._named(record["_id"]), await self._named(at), record)
            for record in await self._stores.letters.dead()
            if (at := record["conversation"])
        ]
        return [
            each for each in letters if office in {"", each.office} and code in {None, each.code}
        ]

    async def chosen(
        self, ids: Sequence[str], office: str = "", code: int | None = None
    ) -> Sequence[Letter]:
        """Those with these ids, or all of an office or code.

        Raises:
            AntreError: there is none with such an id.
        """
        letters = await self.dead(office, code)
        known = {letter.id for letter in letters}
        if lost := [id_ for id_ in ids if id_ not in known]:
            raise AntreError(f"no open dead letter {', '.join(lost)}; see: antre outbox list")
        return [letter for letter in letters if not ids or letter.id in ids]

    async def retry(self, letter: Letter, by: str) -> str:
        """Put a dead letter back into its outbox; why that cannot be, or empty."""
        return await self._letters.retry(letter.record, by)

    async def drop(self, letter: Letter, by: str) -> None:
        """Close a dead letter."""
        await self._letters.drop(letter.record, by)

    async def _named(self, text: str) -> str:
        return (await self._stores.seats.pseudonym(text))[:ID_SHOWN]


def held(waiting: Sequence[Waiting]) -> Sequence[Held]:
    """Accounts that messages wait for, by what is written beside these."""
    found: dict[str, Held] = {}
    for each in waiting:
        trouble = each.outbox[0].trouble
        if trouble.get("kind") in HELD:
            account = each.contact.account or each.contact.channel
            before = found.get(account)
            latest = max([trouble, *([before.trouble] if before else [])], key=lambda t: t["at"])
            found[account] = Held(account, latest, 1 + (before.conversations if before else 0))
    return list(found.values())


def said_at(outbox: Sequence[Outgoing]) -> datetime | None:
    """When the oldest of these was said, as far as that is known."""
    return min((item.said_at for item in outbox if item.said_at), default=None)
