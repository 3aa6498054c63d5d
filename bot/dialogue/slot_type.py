"""Types of slots: which part of a message fills a slot, and what counts as a value.

A type is a function in a file of its own, declared with :func:`slot_type`::

    @slot_type(entity="phone")
    def phone(given: Given) -> str:
        "A telephone number, with country code."
        ...
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from bot.dialogue import slot_types
from bot.dialogue.events import Scalar


class Refused(ValueError):
    """Not a value of this type; the text is a short reason (``in_the_future``)."""


@dataclass(frozen=True, slots=True)
class Given:
    """A value as it was heard.

    Args:
        value: what a message's entity holds.
        now: aware, in the zone of the venue: its date is today's there.
        choices: what the slot allows, for a type that chooses.
    """

    value: Any
    now: datetime
    choices: tuple[str, ...] = ()

    def text(self, at_most: int = 200) -> str:
        """The value as trimmed text.

        Raises:
            Refused: it is none, is empty, or is longer than ``at_most`` characters.
        """
        text = self.value.strip() if isinstance(self.value, str) else ""
        if not text:
            raise Refused("missing")
        if len(text) > at_most:
            raise Refused("too_long")
        return text


Read: TypeAlias = Callable[[Given], Scalar]


@dataclass(frozen=True, slots=True)
class SlotType:
    """A declared type.

    Args:
        entity: type of the entity that fills slots of this type; ``None``: the one named like
            the slot.
        read: the value to keep; raises :class:`Refused`.
        summary: what editors show.
    """

    name: str
    entity: str | None
    read: Read
    summary: str


def slot_type(*, entity: str | None = None) -> Callable[[Read], SlotType]:
    """Declare a function as the slot type named like the function."""

    def declare(read: Read) -> SlotType:
        summary = (read.__doc__ or "").strip().partition("\n")[0]
        return SlotType(read.__name__, entity, read, summary)

    return declare


def types_of(namespaces: Iterable[Mapping[str, Any]]) -> dict[str, SlotType]:
    """The types declared in modules (their ``vars``), by name."""
    found = (each for names in namespaces for each in names.values())
    return {each.name: each for each in found if isinstance(each, SlotType)}


def shipped_types() -> dict[str, SlotType]:
    """The types every bot has: one file each in ``slot_types/``."""
    modules = pkgutil.iter_modules(slot_types.__path__, f"{slot_types.__name__}.")
    return types_of(vars(importlib.import_module(info.name)) for info in modules)
