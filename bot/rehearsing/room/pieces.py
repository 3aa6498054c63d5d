"""Values as the processes say them: JSON-like, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeAlias, TypeVar

from pydantic import TypeAdapter

Piece: TypeAlias = Mapping[str, Any]
V = TypeVar("V")

_adapters: Final[dict[type[Any], TypeAdapter[Any]]] = {}
"""Made once for each kind."""


def piece_of(value: Any) -> Piece:
    """A dataclass's value."""
    piece: Piece = _adapter(type(value)).dump_python(value, mode="json")
    return piece


def value_of(kind: type[V], piece: Piece) -> V:
    """The value again."""
    value: V = _adapter(kind).validate_python(piece)
    return value


def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    if kind not in _adapters:
        _adapters[kind] = TypeAdapter(kind)
    return _adapters[kind]
