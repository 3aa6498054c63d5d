"""Whose app signed a webhook's body, and which offices it may speak for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.channels.whatsapp.signature import is_signed


@dataclass(frozen=True, slots=True)
class Opened:
    """What a signature opens.

    Args:
        offices: with an app of their own that may have sent the body.
        others: whether it may speak for all that have none.
        own: all offices with an app of their own.
    """

    offices: frozenset[str]
    others: bool
    own: frozenset[str]

    def may(self, office: str) -> bool:
        """Whether the body may speak for an office."""
        return office in self.offices if office in self.own else self.others


@dataclass(frozen=True, slots=True)
class Keyring:
    """The app secrets that sign webhooks.

    An office's own secret opens its numbers and no other's; the general one opens the numbers of
    all offices that have none. Each may be several, while one replaces the other.

    Args:
        general: empty when every office has its own.
        own: by office id.
    """

    general: tuple[str, ...] = field(repr=False)
    own: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)

    @property
    def is_empty(self) -> bool:
        """Whether there is no secret, or one that anybody could guess."""
        everything = [self.general, *self.own.values()]
        return not any(everything) or not all(secret for each in everything for secret in each)

    def open(self, body: bytes, header: str | None) -> Opened | None:
        """What the signature of a body opens; ``None`` when it is none of ours."""
        secrets = dict.fromkeys((*self.general, *(s for each in self.own.values() for s in each)))
        signed = next((secret for secret in secrets if is_signed(body, header, secret)), None)
        if signed is None:
            return None
        offices = frozenset(office for office, each in self.own.items() if signed in each)
        return Opened(offices, signed in self.general, frozenset(self.own))
