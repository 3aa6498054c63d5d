"""Holds actions to what they declare: ``uses``, ``may_use`` and ``hears``."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any, NoReturn

from bot.dialogue.actions import Action, Doing


class Declared(Mapping[str, Any]):
    """Values of which only the declared ones may be looked at."""

    def __init__(self, values: Mapping[str, Any], declared: Collection[str], whose: str) -> None:
        self._values, self._declared, self._whose = values, declared, whose

    def __getitem__(self, name: str) -> Any:
        if name not in self._declared:
            self._refuse(name)
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        self._refuse("everything")

    def __len__(self) -> int:
        return len(self._declared)

    def _refuse(self, name: str) -> NoReturn:
        raise AssertionError(f"{self._whose} looks at {name!r}, which it does not declare")


def only_declared(action: Action, doing: Doing) -> Doing:
    """What ``action`` is given, closed to what it does not declare."""
    return replace(
        doing,
        slots=Declared(doing.slots, action.reads, f"the action {action.name}"),
        heard=Declared(doing.heard, action.hears, f"the action {action.name}, of a message,"),
    )
