"""Who may work at the desk, changed: the rules that pages and ``antre staff`` share.

A change ends the sessions of whom it concerns at once. Nobody can take away the last admin: not of
all offices, nor of one that has no other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bot.desk.accounts import LOGIN, LONGEST_NAME, Account
from bot.desk.kept import DeskStores
from bot.desk.roles import EVERY_OFFICE, Role


class NotChanged(Exception):
    """Nothing was changed.

    Args:
        key: of the sentence that says why, ``people.last_admin``.
    """

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def may_manage(admin: Account, other: Account) -> bool:
    """Whether ``admin`` answers for every office where ``other`` has a role; never for oneself."""
    if other.login == admin.login:
        return False
    if Role.ADMIN in admin.roles.get(EVERY_OFFICE, ()):
        return True
    return all(Role.ADMIN in admin.roles.get(office, ()) for office in other.roles)


def new_account(login: str, name: str, office: str, roles: frozenset[Role]) -> Account:
    """Somebody new, without a password yet.

    Raises:
        NotChanged: login or name will not do, or there is no role.
    """
    name = " ".join(name.split())
    if not LOGIN.fullmatch(login):
        raise NotChanged("people.bad_login")
    if not 0 < len(name) <= LONGEST_NAME:
        raise NotChanged("people.bad_name")
    if not roles:
        raise NotChanged("people.no_role")
    return Account(login, name, "", {office: roles})


def with_roles(account: Account, office: str, roles: frozenset[Role]) -> Account:
    """The account with these roles at an office, and those elsewhere as they are.

    Raises:
        NotChanged: they would have none there; that is what disabling is for.
    """
    if not roles:
        raise NotChanged("people.no_role")
    return replace(account, roles={**account.roles, office: roles})


async def add(kept: DeskStores, account: Account) -> None:
    """Keep somebody new.

    Raises:
        NotChanged: the login is taken.
    """
    if not await kept.accounts.save(account):
        raise NotChanged("people.taken")


async def change(kept: DeskStores, before: Account, after: Account, now: datetime) -> None:
    """Put ``after`` in the place of ``before``, and end their sessions.

    Raises:
        NotChanged: they are the last admin, or somebody changed them meanwhile.
    """
    if lacks_admin(await _with(kept, after), before):
        raise NotChanged("people.last_admin")
    if not await kept.accounts.save(replace(after.ended(now), revision=before.revision)):
        raise NotChanged("frame.changed_meanwhile")
    await kept.sessions.end_all(after.login)
    # Two admins may take each other's right away at the same moment; then both have it again.
    if lacks_admin(await kept.accounts.everybody(), before):
        await kept.accounts.save(replace(before.ended(now), revision=before.revision + 1))
        raise NotChanged("people.last_admin")


def lacks_admin(everybody: Iterable[Account], before: Account) -> bool:
    """Whether an office where ``before`` was admin, or all of them, has none any more."""
    if before.disabled:
        return False
    able = [account for account in everybody if not account.disabled]
    ours = [office for office, roles in before.roles.items() if Role.ADMIN in roles]
    return any(all(Role.ADMIN not in each.roles_at(office) for each in able) for office in ours)


async def _with(kept: DeskStores, changed: Account) -> list[Account]:
    everybody = await kept.accounts.everybody()
    return [changed if each.login == changed.login else each for each in everybody]
