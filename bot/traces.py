"""Names that log lines of one message share, from the webhook to Graph's answer.

``request`` is one delivery of Meta's; ``turn`` is one message, timer or notice, the same in every
process, at every delivery of it and at every try to send what it led to. WhatsApp's message ids
hold phone numbers, so a turn's name is a keyed hash. The key is kept beside the data.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from contextlib import AbstractContextManager
from contextvars import Token
from itertools import count
from typing import Any, Final

from structlog.contextvars import bind_contextvars, reset_contextvars

from bot.logs import pseudonyms

_DELIVERIES: Final = count(secrets.randbits(32))
"""Begins where no other process does; a random number for each would be a call of the system's."""


class Traces:
    """Puts those names on all that is logged meanwhile, by tasks begun meanwhile too.

    Args:
        key: of the hash; drawn anew without one.
    """

    def __init__(self, key: bytes | None = None) -> None:
        self._hashed = pseudonyms(key)
        self._named = "", ""

    def turn(self, conversation_id: str, turn: str) -> AbstractContextManager[None]:
        """While a message, timer or notice is handled, or something it led to is sent.

        Args:
            turn: id of the message or notice, or what stands for a timer.
        """
        # Timers are numbered by conversation. A message's id says enough, and its sender's
        # conversation may be another one than their address has it.
        unique = f"{conversation_id}|{turn}" if turn.startswith("timer/") else turn
        return _Bound(turn=self._name_of(unique))

    def _name_of(self, turn: str) -> str:
        """Its name; the messages that a turn led to are sent one after the other."""
        last, name = self._named
        if turn != last:
            name = self._hashed(turn)
            self._named = turn, name
        return name


def delivery() -> AbstractContextManager[None]:
    """While a delivery of Meta's is answered."""
    return _Bound(request=f"{next(_DELIVERIES) % 2**32:08x}")


class _Bound:
    """Names on what is logged meanwhile; structlog's own copies all that is bound each time."""

    __slots__ = ("_names", "_tokens")

    def __init__(self, **names: str) -> None:
        self._names = names

    def __enter__(self) -> None:
        self._tokens: Mapping[str, Token[Any]] = bind_contextvars(**self._names)

    def __exit__(self, *_: object) -> None:
        reset_contextvars(**self._tokens)
