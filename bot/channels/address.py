"""Where a request comes from, for counting what one address may do."""

from __future__ import annotations

from collections.abc import Collection
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Final, TypeAlias

from aiohttp import web

FORWARDED: Final = "X-Forwarded-For"

Network: TypeAlias = IPv4Network | IPv6Network


def address_of(request: web.Request, proxies: Collection[Network]) -> str:
    """The address of the browser, or of the nearest machine that is believed.

    Args:
        proxies: whose ``X-Forwarded-For`` counts; each appends whom it was asked by, so the last
            one that is no proxy is the browser's. Anybody may write the ones before.
    """
    nearest = request.remote or ""
    lines = request.headers.getall(FORWARDED, ())
    named = [part.strip() for line in lines for part in line.split(",")]
    while named and _is_in(nearest, proxies):
        nearest = named.pop()
    return nearest


def _is_in(address: str, networks: Collection[Network]) -> bool:
    try:
        found = ip_address(address)
    except ValueError:  # a name of the proxy's own making
        return False
    return any(found in network for network in networks)
