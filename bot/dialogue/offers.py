"""What a reply offers to tap: its buttons, and the rows of its menu."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from typing import Any

from bot.dialogue.reply import Button, payload
from bot.dialogue.template import Template

IN_ROWS = frozenset({"item", "number"})
"""What a menu's row, and a reply said for each item of a list, may speak of besides: the item, and
which it is, from 1.
"""

KEPT = 256
"""Rows of a menu that are kept."""


class Offer:
    """Something to tap, to be filled in; what speaks of nothing is made once.

    Args:
        entities: what a tap sends, by type.
    """

    def __init__(
        self,
        title: Template,
        intent: str,
        entities: Mapping[str, Template],
        description: Template,
    ) -> None:
        self._title = title
        self._intent = intent
        self._entities = entities
        self._description = description
        self.names = title.names.union(
            description.names, *(entity.names for entity in entities.values())
        )

    def render(self, variables: Mapping[str, Any]) -> Button:
        """The button for these variables.

        Raises:
            jinja2.TemplateError: it uses something that is not there.
        """
        return self._filled(variables) if self.names else self._fixed

    @cached_property
    def _fixed(self) -> Button:
        return self._filled({})

    def _filled(self, variables: Mapping[str, Any]) -> Button:
        entities = {name: value.render(variables).strip() for name, value in self._entities.items()}
        return Button(
            self._title.render(variables).strip(),
            payload(self._intent, entities),
            self._description.render(variables).strip(),
        )


class Rows:
    """The rows of a menu, one for each item of a list.

    Of rows that speak of an item alone, and that a text, some are kept: everybody is offered the
    same few dates.

    Args:
        each: what holds the list.
    """

    def __init__(self, each: str, row: Offer) -> None:
        self._each = each
        self._row = row
        self._kept = lru_cache(maxsize=KEPT)(self._alone)

    def items(self, variables: Mapping[str, Any]) -> Iterator[tuple[int, Any]]:
        """The items, each after its number, from 1."""
        return enumerate(variables.get(self._each) or (), start=1)

    def render(self, number: int, item: Any, variables: Mapping[str, Any]) -> Button:
        """The row of an item.

        Raises:
            jinja2.TemplateError: it uses something that is not there.
        """
        if isinstance(item, str) and self._row.names <= IN_ROWS:
            return self._kept(number, item)
        return self._row.render({**variables, "item": item, "number": number})

    def _alone(self, number: int, item: str) -> Button:
        return self._row.render({"item": item, "number": number})
