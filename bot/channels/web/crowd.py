"""Keeps one network address from taking the place of all: a cookie costs nothing, so a script has a
thousand of them. In this process alone; who serves with several divides what is allowed.

Whole towns share an address with their mobile network, so what is allowed is a setting.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from aiohttp import web

from bot.channels.address import Network, address_of

REMEMBERED: Final = 10_000
"""Addresses that are counted; who was quiet longest is forgotten first."""

SOCKETS: Final = 100
"""Pages one address may have open at once."""

MINUTE: Final = 60.0
HOUR: Final = 3600.0
HOME_PREFIX: Final = 64
"""Bits of an IPv6 address that one customer has."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """What one address may do.

    Args:
        messages_a_minute: and at once, at most.
        visitors_an_hour: who write for the first time, and at once, at most.
        pictures_an_hour: and at once, at most.
    """

    messages_a_minute: float
    visitors_an_hour: float
    pictures_an_hour: float = 60


class Crowd:
    """Counts by address.

    Args:
        monotonic: seconds, never going back: :func:`time.monotonic`.
        proxies: as :func:`bot.channels.address.address_of` takes them.
        processes: how many serve together, each a part of what is allowed.
    """

    def __init__(
        self,
        allowed: Allowed,
        monotonic: Callable[[], float],
        proxies: Collection[Network] = (),
        processes: int = 1,
    ) -> None:
        self._proxies = proxies
        self._messages = _Buckets(allowed.messages_a_minute / processes, MINUTE, monotonic)
        self._visitors = _Buckets(allowed.visitors_an_hour / processes, HOUR, monotonic)
        self._pictures = _Buckets(allowed.pictures_an_hour / processes, HOUR, monotonic)
        self._sockets: Counter[str] = Counter()

    def place(self, request: web.Request) -> str:
        """The network a request comes from: its address, or what one customer has of IPv6."""
        address = address_of(request, self._proxies)
        try:
            found = ip_address(address)
        except ValueError:
            return address
        if isinstance(found, IPv6Address) and found.ipv4_mapped is None:
            return str(ip_network((found, HOME_PREFIX), strict=False))
        return address

    def may_write(self, request: web.Request) -> bool:
        """Count a message; whether it may be heard."""
        return self._messages.take(self.place(request))

    def may_begin(self, request: web.Request) -> bool:
        """Count somebody who writes for the first time; whether they may."""
        return self._visitors.take(self.place(request))

    def may_show(self, request: web.Request) -> bool:
        """Count a picture; whether it is taken."""
        return self._pictures.take(self.place(request))

    @contextmanager
    def following(self, request: web.Request) -> Iterator[bool]:
        """Count an open page; whether it may stay."""
        place = self.place(request)
        self._sockets[place] += 1
        try:
            yield self._sockets[place] <= SOCKETS
        finally:
            self._sockets[place] -= 1
            if not self._sockets[place]:
                del self._sockets[place]


class _Buckets:
    """A token bucket an address.

    Args:
        size: of each; it fills in ``seconds``.
    """

    def __init__(self, size: float, seconds: float, monotonic: Callable[[], float]) -> None:
        self._size = max(size, 1.0)
        self._rate = self._size / seconds
        self._monotonic = monotonic
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, place: str) -> bool:
        now = self._monotonic()
        left, at = self._left.pop(place, (self._size, now))
        left = min(self._size, left + (now - at) * self._rate)
        self._left[place] = (left - 1 if left >= 1 else left), now
        if len(self._left) > REMEMBERED:
            self._left.popitem(last=False)
        return left >= 1
