"""The names in a draft, as far as it has been typed: what may be said, gone to, called, filled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache

from bot.dialogue.actions import Action
from bot.dialogue.versions import Files
from bot.drafting.scanning import Entry, Path, scan

LONGEST = 80
"""Characters of a reply that are shown beside its name."""


@lru_cache(maxsize=64)
def entries_of(text: str) -> Sequence[Entry]:
    """What is written in a text; the same text is read once."""
    return tuple(scan(text).entries)


class Names:
    """All names of a draft.

    Args:
        actions: what flows may do.
    """

    def __init__(self, files: Files, actions: Mapping[str, Action]) -> None:
        self._files = files
        self._actions = actions

    @cached_property
    def flows(self) -> Mapping[str, Sequence[Entry]]:
        """What is written in each flow, and in each file that flows include."""
        return {
            name.removesuffix(".yml"): entries_of(text)
            for name, text in self._files.items()
            if "/" not in name
        }

    @property
    def whole(self) -> list[str]:
        """Flows that can be called."""
        return [name for name in self.flows if self._has(name, "states") or self._has(name, "flow")]

    @property
    def included(self) -> list[str]:
        """Files that flows include, and those that could be."""
        return [name for name in self.flows if name not in self.whole]

    def is_included(self, name: str) -> bool:
        """Whether a flow includes this one."""
        return any(self.value(flow, ("include",)) == name for flow in self.whole)

    def states(self, flow: str) -> dict[str, str]:
        """The states of a flow, its own first, with where each begins."""
        states: dict[str, str] = {}
        for each in self._line_of(flow):
            for entry in self._under(each, "states"):
                states.setdefault(str(entry.path[1]), f"{each}.yml:{entry.line}")
        return states

    def ends(self, flow: str) -> list[str]:
        """The states in which a flow ends."""
        return [
            str(entry.path[1])
            for each in self._line_of(flow)
            for entry in self.flows.get(each, ())
            if _is(entry, "states", None, "end") and entry.value == "true"
        ]

    def slots(self, flow: str) -> dict[str, str]:
        """What may be known: the flow's own slots, what actions give, then other flows' slots."""
        slots: dict[str, str] = {}
        own = [*self._line_of(flow), *self._included_by(flow)]
        for each in dict.fromkeys([*own, *self.flows]):
            for entry in self._under(each, "slots"):
                slots.setdefault(str(entry.path[1]), f"{each}.yml:{entry.line}")
        for name, action in self._actions.items():
            for slot in sorted(action.gives):
                slots.setdefault(slot, name)
        return slots

    def declared(self, flow: str) -> dict[str, str]:
        """The slots a flow says it has."""
        return {
            str(entry.path[1]): f"{each}.yml:{entry.line}"
            for each in (*self._line_of(flow), *self._included_by(flow))
            for entry in self._under(each, "slots")
        }

    def outcomes(self, flow: str, state: str) -> dict[str, str]:
        """How the actions of a state may end, with which of them does."""
        found: dict[str, str] = {}
        for each in self._line_of(flow):
            for entry in self.flows.get(each, ()):
                if entry.path[:2] == ("states", state) and entry.path[-1] == "do":
                    action = self._actions.get(entry.value)
                    for outcome in sorted(action.outcomes) if action else ():
                        found.setdefault(outcome, entry.value)
        return found

    def intents(self) -> set[str]:
        """What is heard anywhere, or tapped."""
        heard = {
            str(entry.path[-1])
            for entries in self.flows.values()
            for entry in entries
            if len(entry.path) > 1 and entry.path[-2] in {"on", "always"}
        }
        tapped = {e.value for e in self._in_replies() if e.path[-1] == "tap" and e.value}
        return heard | tapped

    def replies(self) -> dict[str, str]:
        """What may be said, with its words in the first language that has it."""
        said: dict[str, str] = {}
        for entry in self._in_replies():
            key = str(entry.path[0])
            if len(entry.path) == 1 or entry.path[1:] == ("text",):
                said[key] = said.get(key) or entry.value[:LONGEST]
        return said

    def unsaid(self, file: str) -> dict[str, str]:
        """What flows say, or another language has, and a reply file has not."""
        there = {str(entry.path[0]) for entry in entries_of(self._files.get(file, ""))}
        wanted = {
            entry.value: f"{name}.yml:{entry.line}"
            for name, entries in self.flows.items()
            for entry in entries
            if _key(entry.path) in {"say", "ask", "wrong"} and entry.value.isidentifier()
        }
        return {key: why for key, why in {**wanted, **self.replies()}.items() if key not in there}

    def missing_states(self, flow: str) -> dict[str, str]:
        """States that steps of a flow go to and that are not there."""
        known = self.states(flow)
        return {
            entry.value: f"{flow}.yml:{entry.line}"
            for entry in self.flows.get(flow, ())
            if entry.path[-1] in {"go", "initial"} and entry.value and entry.value not in known
        }

    def choices(self, flow: str, slot: str) -> list[str]:
        """What a slot may hold."""
        return [
            entry.value
            for each in (*self._line_of(flow), *self._included_by(flow))
            for entry in self.flows.get(each, ())
            if _is(entry, "slots", slot, "choices", None) and entry.value
        ]

    def _in_replies(self) -> Iterator[Entry]:
        for name, text in self._files.items():
            if name.startswith("replies/"):
                yield from entries_of(text)

    def _line_of(self, flow: str) -> list[str]:
        """A flow and those it is based on."""
        line: list[str] = []
        while flow and flow not in line:
            line.append(flow)
            flow = self.value(flow, ("based_on",))
        return line

    def _included_by(self, flow: str) -> list[str]:
        included = (self.value(each, ("include",)) for each in self._line_of(flow))
        return [each for each in included if each]

    def value(self, flow: str, path: Path) -> str:
        """The scalar at a path of a flow; empty if there is none."""
        entries = self.flows.get(flow, ())
        return next((each.value for each in entries if each.path == path), "")

    def _under(self, flow: str, section: str) -> Iterator[Entry]:
        return (e for e in self.flows.get(flow, ()) if _is(e, section, None))

    def _has(self, flow: str, key: str) -> bool:
        return any(entry.path == (key,) for entry in self.flows[flow])


def _is(entry: Entry, *steps: str | None) -> bool:
    """Whether an entry's path has these steps; ``None`` is any."""
    return len(entry.path) == len(steps) and all(
        step is None or step == there for step, there in zip(steps, entry.path, strict=True)
    )


def _key(path: Path) -> str:
    """The last key on a path, also of an item in its list."""
    return next((step for step in reversed(path) if isinstance(step, str)), "")
