"""What of a message goes into slots, and what is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.dialogue.expression import clock_of, holds
from bot.dialogue.flow import Slot
from bot.dialogue.slot_type import Given, Refused, SlotType

VALUE = "value"
"""What a slot's ``check`` calls the value in question."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A value that does not fill its slot.

    Args:
        wrong: the reply that says so.
        value: as it was heard.
        reason: the type's word for it, or ``check``.
    """

    wrong: str
    value: Any
    reason: str


@dataclass(slots=True)
class Filling:
    """Slots filled by one message.

    Args:
        known: slots before.
        now: aware, in the zone whose date is ``today``.
        declined: slots that did not take what was heard, also those that say nothing of it, each
            with the reason.
    """

    types: Mapping[str, SlotType]
    known: Mapping[str, Any]
    now: datetime
    filled: dict[str, Any] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)
    declined: list[tuple[str, str]] = field(default_factory=list)

    def hear(
        self, slots: Mapping[str, Slot], entities: Mapping[str, str], values: Mapping[str, Any]
    ) -> None:
        """Take what entities give, in the order of the slots.

        A value refused by a slot that does not say what is ``wrong`` counts as not heard.

        Args:
            entities: by slot, the type of the entity that fills it.
            values: by type.
        """
        for name, entity in entities.items():
            value = values.get(entity)
            if value is not None:
                self._hear(name, slots[name], value)

    def choose(self, name: str, slot: Slot, value: Any) -> None:
        """Take an item of a list the bot itself has shown."""
        self._take(name, slot, value, value)

    def _hear(self, name: str, slot: Slot, value: Any) -> None:
        try:
            read = self.types[slot.type].read(Given(value, self.now, slot.choices))
        except Refused as refused:
            self._refuse(name, slot, value, str(refused))
        else:
            self._take(name, slot, read, value)

    def _take(self, name: str, slot: Slot, value: Any, heard: Any) -> None:
        known = {**self.known, **self.filled, **clock_of(self.now), VALUE: value}
        if holds(slot.check, known):
            self.filled[name] = value
        else:
            self._refuse(name, slot, heard, "check")

    def _refuse(self, name: str, slot: Slot, value: Any, reason: str) -> None:
        self.declined.append((name, reason))
        if slot.wrong:
            self.refused.append(Refusal(slot.wrong, value, reason))


def entity_of(name: str, slot: Slot, types: Mapping[str, SlotType]) -> str:
    """Type of the entity that fills the slot called ``name``."""
    return types[slot.type].entity or name
