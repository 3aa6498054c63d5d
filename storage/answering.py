"""A call of the database under way: how long it took, and in our words that it failed."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Final, TypeAlias

from pymongo.errors import (
    BulkWriteError,
    ConnectionFailure,
    ExecutionTimeout,
    OperationFailure,
    WTimeoutError,
)

from bot.errors import AntreError, ConfigError, StorageUnavailable

GOING_DOWN: Final = frozenset({6, 7, 89, 91, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436})
"""Server codes: shutting down, stepping down, or cut off from the other members."""

BROKEN: Final = frozenset({1, 8, 14031})
"""Server codes: it failed for a reason of its own, such as a full disk. Nothing was saved, so
nothing may be acknowledged."""

NOISE: Final = re.compile(r" \(configured timeouts|, Timeout:|, full error:")
"""Where the drivers' own words go on to repeat settings."""

REFUSED: Final = frozenset({13, 18, 8000})
NO_SNAPSHOT: Final = frozenset({72, 123, 239, 246})
"""Server codes: a single server that is no replica set, or a moment too long ago."""

Observe: TypeAlias = Callable[[str, float, bool], None]
"""Told of every call: which operation, how many seconds it took, and whether it was answered."""


def unobserved(_: str, __: float, ___: bool) -> None:  # noqa: FBT001 - as :data:`Observe` says
    """Nobody wants to know."""


class Answering:
    """While the database is asked something: what fails is raised as an error of ours where we
    have one for it, and whoever wants to know is told how long it took.

    A class, not a generator with :func:`contextlib.contextmanager`: a turn has several of these.

    Args:
        server: its name for messages.
        op: what is asked.

    Raises:
        StorageUnavailable: the database did not answer; the call may be made again.
        ConfigError, AntreError: it cannot be made as things are set up.
    """

    __slots__ = ("_began", "_observe", "_op", "_server")

    def __init__(self, server: str, op: str = "", observe: Observe = unobserved) -> None:
        self._server = server
        self._op = op
        self._observe = observe

    def __enter__(self) -> None:
        self._began = time.perf_counter()

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        seconds = time.perf_counter() - self._began
        ours = None if error is None else _in_our_words(self._server, error)
        self._observe(self._op, seconds, not isinstance(ours, StorageUnavailable))
        if isinstance(ours, StorageUnavailable):
            raise ours from error
        if ours:
            raise ours from None


def _in_our_words(server: str, error: BaseException) -> AntreError | None:
    """``None`` for mistakes of ours, which keep their shape."""
    if isinstance(error, ConnectionFailure | WTimeoutError | ExecutionTimeout):
        return _unavailable(server, error)
    if not isinstance(error, OperationFailure):
        return None
    if error.code in REFUSED:
        return ConfigError(
            f"The database at {server} refused the user of MONGODB_URI ({error.code}): check "
            "user, password and rights."
        )
    if error.code in NO_SNAPSHOT:
        return AntreError(
            f"The database at {server} cannot show a collection as it is at one moment "
            f"({error.code}): that takes a replica set of MongoDB 5 or newer, and no more time "
            "than its minSnapshotHistoryWindowInSeconds. Otherwise take mongodump."
        )
    codes = {error.code}
    if isinstance(error, BulkWriteError):
        failures = error.details["writeErrors"] + error.details["writeConcernErrors"]
        codes |= {each.get("code") for each in failures}
    passes = codes & (GOING_DOWN | BROKEN) or "shutdown in progress" in str(error).lower()
    return _unavailable(server, error) if passes else None


def _unavailable(server: str, error: Exception) -> StorageUnavailable:
    reason = NOISE.split(str(error), 1)[0]
    return StorageUnavailable(
        f"The database at {server} did not answer ({type(error).__name__}: {reason}). The call "
        "may be made again; if this goes on, check that the database runs and MONGODB_URI is right."
    )
