"""The fields of values, for documents.

``dataclasses.asdict`` copies whatever it finds, down to the last string; what is encoded or kept at
once, and never changed, is better taken as it is.
"""

from __future__ import annotations

from dataclasses import fields
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def fields_of(value: DataclassInstance) -> dict[str, Any]:
    """The fields of a dataclass's instance, by name, as they are."""
    return {name: getattr(value, name) for name in _names(type(value))}


@lru_cache(maxsize=256)
def _names(kind: type[DataclassInstance]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))
