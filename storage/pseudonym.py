"""Pseudonyms of senders, for audit trails: keyed hashes, the same for as long as the data lives.

Without the key nobody goes back from a pseudonym to a phone number by trying all numbers. The key
is drawn once and kept beside the data, so that every process says the same pseudonym; logs, which
leave the house, have keys of their own (:func:`bot.logs.pseudonyms`, :mod:`bot.traces`).
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from typing import TypeAlias

from storage.driver import Database

Pseudonym: TypeAlias = Callable[[str], str]


def new_key() -> bytes:
    """A key to make pseudonyms with."""
    return secrets.token_bytes(32)


def pseudonym_of(key: bytes) -> Pseudonym:
    """A function from senders to 16 hexadecimal digits."""
    return lambda sender: hashlib.blake2b(sender.encode(), key=key, digest_size=8).hexdigest()


async def kept_key(database: Database, name: str = "pseudonyms") -> bytes:
    """A key of this database, drawn by whichever process comes first.

    Args:
        name: what it is for; logs have one of their own, so that they do not say the pseudonyms
            of trails.

    Raises:
        StorageUnavailable: the database does not answer.
    """
    keys = database.collection("keys")
    await keys.insert_missing([{"_id": name, "key": new_key()}])
    found = await keys.find_one({"_id": name})
    if found is None:
        raise LookupError(f"the key {name!r} is gone from the collection keys; start again")
    return bytes(found["key"])
