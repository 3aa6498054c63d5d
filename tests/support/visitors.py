"""Browsers as the web chat knows them, for tests of its doors."""

from __future__ import annotations

import time
from collections.abc import Collection
from typing import Final

from bot.channels.web import Allowed, Crowd, Visitors

COOKIE: Final = "a" * 43
OTHER_COOKIE: Final = "b" * 43


def visitors(offices: Collection[str]) -> Visitors:
    """Over plain HTTP; nobody has proven a number."""
    return Visitors(offices, secure=False)


def holding(cookie: str) -> dict[str, str]:
    """The headers of a browser that holds ``cookie``."""
    return {"Cookie": f"antre_visitor={cookie}"}


def freely() -> Crowd:
    """As much as anybody likes, from one address."""
    return Crowd(Allowed(10_000, 10_000, 10_000), time.monotonic)
