"""Which names of a draft may stand at a place of a file, where the schema only says "a name"."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Final, TypeAlias

from bot.drafting.naming import Names
from bot.drafting.scanning import Path

Told: TypeAlias = Mapping[str, str]
"""Names, with a word about each."""

DURATIONS: Final = ("10 minutes", "30 minutes", "1 hour", "2 hours", "1 day")
OF_STATE: Final = 3
"""Steps of the path to a key of a state."""


class FlowPlaces:
    """Names at the places of a flow.

    Args:
        flow: which one.
        intents: what messages are understood as.
        typed: what is being typed, which is no name yet.
    """

    def __init__(self, names: Names, flow: str, intents: Collection[str], typed: str = "") -> None:
        self._typed = typed
        self._names = names
        self._flow = flow
        self._intents = intents

    def keys(self, path: Path) -> Told | None:
        """The names that may be keys of the mapping at ``path``; ``None``: the schema says all."""
        if path == ("states",):
            return self._missing()
        last = path[-1] if path else ""
        if last == "with":
            return self._declared_by(path[:-2]) if path[-2:-1] == ("call",) else None
        known: dict[str | int, Callable[[], Told]] = {
            "on": self._heard,
            "always": self._heard,
            "returned": lambda: _bare(self._names.ends(self._called(path[:-1]))),
            "set": lambda: self._names.slots(self._flow),
            "into": lambda: self._names.slots(self._flow),
            "options": lambda: self._names.slots(self._flow),
        }
        if last == "outcomes" and len(path) == OF_STATE:
            return self._names.outcomes(self._flow, str(path[1]))
        return known[last]() if last in known and len(path) > (last != "always") else None

    def values(self, path: Path) -> Told | None:
        """The names that may be the value at ``path``; ``None``: the schema says all."""
        key = next((step for step in reversed(path) if isinstance(step, str)), "")
        above = path[-2] if len(path) > 1 else ""
        names, flow = self._names, self._flow
        within: dict[str | int, Callable[[], Told]] = {
            "call": lambda: self._others() if key == "flow" else {},
            "into": lambda: self._declared_by(path[:-3]),
            "set": lambda: _bare([*names.choices(flow, key), "null"]),
            "options": lambda: names.slots(flow),
        }
        if above in within:
            return within[above]()
        if path[:1] == ("migrate",):
            return names.states(flow) if path[1:2] == ("states",) else names.slots(flow)
        by_key: dict[str, Callable[[], Told]] = {
            "go": lambda: {**names.states(flow), **self._missing()},
            "initial": lambda: {**names.states(flow), **self._missing()},
            "say": names.replies,
            "ask": names.replies,
            "wrong": names.replies,
            "collect": lambda: names.slots(flow),
            "until": lambda: names.slots(flow),
            "call": self._others,
            "based_on": self._others,
            "include": lambda: _bare(names.included),
            "without": lambda: names.states(names.value(flow, ("based_on",))),
            "after": lambda: _bare(DURATIONS),
        }
        return by_key[key]() if key in by_key else None

    def _missing(self) -> Told:
        missing = self._names.missing_states(self._flow)
        return {name: why for name, why in missing.items() if name != self._typed}

    def _heard(self) -> Told:
        return _bare(sorted({*self._intents, *self._names.intents()}))

    def _others(self) -> Told:
        return _bare([name for name in self._names.whole if name != self._flow])

    def _called(self, step: Path) -> str:
        """The flow a step calls."""
        value = self._names.value
        return value(self._flow, (*step, "call")) or value(self._flow, (*step, "call", "flow"))

    def _declared_by(self, step: Path) -> Told:
        """The slots of the flow a step calls."""
        return self._names.declared(self._called(step))


class ReplyPlaces:
    """Names at the places of a reply file.

    Args:
        file: which one.
        intents, entities: what messages are understood as.
    """

    def __init__(
        self, names: Names, file: str, intents: Collection[str], entities: Collection[str]
    ) -> None:
        self._names = names
        self._file = file
        self._intents = intents
        self._entities = entities

    def keys(self, path: Path) -> Told | None:
        """See :class:`FlowPlaces`."""
        if not path:
            return self._names.unsaid(self._file)
        if path[-1] == "meanings":
            return self._heard()
        inside_tap = path[-1] == "with" and "template" not in path
        return _bare(sorted(self._entities)) if inside_tap else None

    def values(self, path: Path) -> Told | None:
        """See :class:`FlowPlaces`."""
        return self._heard() if path and path[-1] == "tap" else None

    def _heard(self) -> Told:
        return _bare(sorted({*self._intents, *self._names.intents()}))


def _bare(names: Collection[str]) -> Told:
    return dict.fromkeys(names, "")
