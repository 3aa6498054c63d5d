"""Holds actions to what they declare: ``uses``, ``may_use`` and ``hears``.

The bot answers an action that raises with an apology, so what was refused is noted, too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any, NoReturn

from bot.dialogue.actions import Action, Doing


class Declared(Mapping[str, Any]):
    """Values of which only the declared ones may be looked at."""

    def __init__(
        self,
        values: Mapping[str, Any],
        declared: Collection[str],
        whose: str,
        refused: list[str],
    ) -> None:
        self._values, self._declared, self._whose = values, declared, whose
        self._refused = refused

    def __getitem__(self, name: str) -> Any:
        if name not in self._declared:
            self._refuse(name)
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        self._refuse("everything")

    def __len__(self) -> int:
        return len(self._declared)

    def _refuse(self, name: str) -> NoReturn:
        self._refused.append(f"{self._whose} looks at {name!r}, which it does not declare")
        raise AssertionError(self._refused[-1])


def only_declared(action: Action, doing: Doing, refused: list[str]) -> Doing:
    """What ``action`` is given, closed to what it does not declare.

    Args:
        refused: is told what it looked at all the same.
    """
    slots, words = f"the action {action.name}", f"the action {action.name}, of a message,"
    return replace(
        doing,
        slots=Declared(doing.slots, action.reads, slots, refused),
        heard=Declared(doing.heard, action.hears, words, refused),
    )
