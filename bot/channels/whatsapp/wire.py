"""Reading JSON that may hold anything: what is missing or of another type reads as empty."""

from __future__ import annotations

from math import isfinite
from typing import Any

LONGEST_NUMBER = 10**40
"""Numbers from there on are no ids, no times and no quantities."""


def value_at(value: Any, *path: str) -> Any:
    """What stands at ``path`` in nested objects, or ``None``."""
    for key in path:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


def text_at(value: Any, *path: str) -> str:
    """The string at ``path``, or ``""``."""
    found = value_at(value, *path)
    return found if isinstance(found, str) else ""


def id_at(value: Any, *path: str) -> str:
    """The string or whole number at ``path`` as a string, or ``""``: some senders of webhooks
    write phone numbers and ids as numbers.
    """
    found = value_at(value, *path)
    if isinstance(found, float) and found.is_integer():
        found = int(found)
    if isinstance(found, int) and not isinstance(found, bool) and abs(found) < LONGEST_NUMBER:
        return str(found)
    return found if isinstance(found, str) else ""


def number_at(value: Any, *path: str) -> float | None:
    """The finite number at ``path``, also when it is written as a string, or ``None``."""
    found = value_at(value, *path)
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        return None
    try:
        number = float(found)
    except (ValueError, OverflowError):
        return None
    return number if isfinite(number) else None


def true_at(value: Any, *path: str) -> bool:
    """Whether ``true`` stands at ``path``."""
    return value_at(value, *path) is True


def objects_at(value: Any, *path: str) -> list[dict[str, Any]]:
    """The objects of the list at ``path``, or the one object there; all else is left out."""
    found = value_at(value, *path)
    if isinstance(found, dict):
        return [found]
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []
