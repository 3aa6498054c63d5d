"""Reading JSON that may hold anything: what is missing or of another type reads as empty."""

from __future__ import annotations

from typing import Any


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


def objects_at(value: Any, *path: str) -> list[dict[str, Any]]:
    """The objects of the list at ``path``; its other members are left out."""
    found = value_at(value, *path)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []
