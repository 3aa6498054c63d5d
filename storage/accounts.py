"""Staff's accounts in memory and in MongoDB: :class:`bot.desk.accounts.AccountStore`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pymongo.errors import DuplicateKeyError

from bot.desk.accounts import Account
from bot.desk.roles import Role
from storage.driver import Database
from storage.moments import milliseconds


def account_document(account: Account) -> dict[str, Any]:
    """The document of an account, one write on."""
    return {
        "name": account.name,
        "password_hash": account.password_hash,
        # A list, for an office's id would be a field's name.
        "roles": [
            {"office": office, "roles": sorted(roles)}
            for office, roles in sorted(account.roles.items())
        ],
        "disabled": account.disabled,
        "valid_from": milliseconds(account.valid_from),
        "revision": account.revision + 1,
    }


def account_from(document: Mapping[str, Any]) -> Account:
    """The inverse of :func:`account_document`."""
    return Account(
        login=document["_id"],
        name=document["name"],
        password_hash=document["password_hash"],
        roles={
            each["office"]: frozenset(Role(role) for role in each["roles"])
            for each in document["roles"]
        },
        disabled=document["disabled"],
        valid_from=document["valid_from"],
        revision=document["revision"],
    )


class MemoryAccounts:
    """In this process's memory."""

    def __init__(self) -> None:
        self._accounts: dict[str, Account] = {}

    async def load(self, login: str) -> Account | None:
        """See the Protocol."""
        return self._accounts.get(login)

    async def everybody(self) -> Sequence[Account]:
        """See the Protocol."""
        return [account for _, account in sorted(self._accounts.items())]

    async def save(self, account: Account) -> bool:
        """See the Protocol."""
        found = self._accounts.get(account.login)
        if account.revision != (found.revision if found else 0):
            return False
        self._accounts[account.login] = replace(
            account,
            valid_from=milliseconds(account.valid_from),
            revision=account.revision + 1,
        )
        return True


class MongoAccounts:
    """In the collection ``accounts``, a document a login."""

    def __init__(self, database: Database) -> None:
        self._accounts = database.collection("accounts")

    async def load(self, login: str) -> Account | None:
        """See the Protocol."""
        found = await self._accounts.find_one({"_id": login})
        return account_from(found) if found else None

    async def everybody(self) -> Sequence[Account]:
        """See the Protocol."""
        return [account_from(each) for each in await self._accounts.find({}, sort=[("_id", 1)])]

    async def save(self, account: Account) -> bool:
        """See the Protocol."""
        document = account_document(account)
        if account.revision:
            this = {"_id": account.login, "revision": account.revision}
            return await self._accounts.update_one(this, {"$set": document})
        try:
            await self._accounts.insert_one({"_id": account.login, **document})
        except DuplicateKeyError:
            return False
        return True
