"""The fields of values, for documents.

``dataclasses.asdict`` copies whatever it finds, down to the last string; what is encoded or kept at
once, and never changed, is better taken as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def fields_of(value: DataclassInstance) -> dict[str, Any]:
    """The fields of a dataclass's instance, by name, as they are."""
    names, values_of = _reader(type(value))
    return dict(zip(names, values_of(value), strict=True))


@lru_cache(maxsize=256)
def _reader(
    kind: type[DataclassInstance],
) -> tuple[tuple[str, ...], Callable[[DataclassInstance], tuple[Any, ...]]]:
    """The names of a dataclass's fields, and what reads them all at once."""
    names = tuple(field.name for field in fields(kind))
    if len(names) > 1:
        return names, attrgetter(*names)
    return names, lambda value: tuple(getattr(value, name) for name in names)
