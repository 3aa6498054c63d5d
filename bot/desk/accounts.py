"""Members of staff who may sign in, and where they are kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Protocol

from bot.desk.roles import EVERY_OFFICE, Role
from bot.dialogue.store import LONG_AGO

LOGIN: Final = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")
"""Small letters, digits, dots, dashes and underscores: typed on any keyboard, and safe in a log."""

LONGEST_NAME: Final = 60


@dataclass(frozen=True, slots=True)
class Account:
    """One member of staff.

    Args:
        login: what they type, as :data:`LOGIN`; audit trails name them by it, so it never changes.
        name: as colleagues know them.
        password_hash: Argon2, with its parameters.
        roles: by office id, or :data:`~bot.desk.roles.EVERY_OFFICE`.
        disabled: may not sign in, and is signed out.
        valid_from: sessions that began earlier count no more; aware UTC.
        revision: of the stored document; 0 for one that was never saved.
    """

    login: str
    name: str
    password_hash: str = field(repr=False)
    roles: Mapping[str, frozenset[Role]]
    disabled: bool = False
    valid_from: datetime = LONG_AGO
    revision: int = 0

    def roles_at(self, office: str) -> frozenset[Role]:
        """What they may do at an office."""
        nothing: frozenset[Role] = frozenset()
        return self.roles.get(office, nothing) | self.roles.get(EVERY_OFFICE, nothing)

    def offices_of(self, offices: Iterable[str]) -> Sequence[str]:
        """Those where they have a role, in the order given."""
        return [office for office in offices if self.roles_at(office)]

    def ended(self, now: datetime) -> Account:
        """The same, signed out everywhere."""
        return replace(self, valid_from=now)


class AccountStore(Protocol):
    """Accounts; every method raises ``StorageUnavailable`` when the database does not answer."""

    async def load(self, login: str) -> Account | None:
        """Who signs in as ``login``."""
        ...

    async def everybody(self) -> Sequence[Account]:
        """All of them, by login."""
        ...

    async def save(self, account: Account) -> bool:
        """Write over the revision it was read at; ``False`` when it has changed since, or, for a
        new one, when the login is taken.
        """
        ...
