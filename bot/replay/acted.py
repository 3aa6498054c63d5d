"""Actions that end in a recording as its turns say, instead of being run.

For what hardly ever happens, or only when two people do something at the same moment: a day that
fills up between the look at it and the hold, a booking that was cancelled a second ago.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.definitions import Definitions
from bot.dialogue.actions import Action, Doing
from bot.dialogue.events import Outcome
from bot.document import Part, meant
from bot.replay.personal import CODES


class Done(Part):
    """An action of a conversation that was recorded, as the journal has it.

    Args:
        action: its name.
        outcome: how it ended.
        values: the slots it filled.
    """

    action: str
    outcome: str
    values: Mapping[str, Any] = {}


Ending = str | Mapping[str, Mapping[str, Any]]
"""An outcome, or one with what the action gives: ``{not_open_yet: {opens: Kamis}}``."""


class Scripted:
    """Lets actions end as told; those nothing is told of are run."""

    def __init__(self) -> None:
        self._actions: Mapping[str, Action] = {}
        self._endings: dict[str, Outcome] = {}
        self._done: list[Done] = []
        self._live = False
        self._otherwise: list[str] = []
        self.codes: dict[str, str] = {}
        """Codes that were given then, and what is given in their place."""

    def over(self, definitions: Definitions) -> Definitions:
        """The definitions with actions that may be told how to end."""
        code = definitions.code
        self._actions = code.actions
        actions = {name: self._told(action) for name, action in code.actions.items()}
        return replace(definitions, code=replace(code, actions=actions))

    def tell(self, endings: Mapping[str, Ending]) -> Iterator[str]:
        """Have actions end so when they next come, and say which cannot: unknown names."""
        self._endings = {}
        for name, ending in endings.items():
            told = {ending: {}} if isinstance(ending, str) else ending
            outcome = next(iter(told), "")
            if name not in self._actions:
                yield f"no action {name!r}{meant(name, sorted(self._actions))}"
            elif outcome not in (known := self._actions[name].outcomes):
                yield f"{name} never ends as {outcome!r}{meant(outcome, sorted(known))}"
            elif unknown := told[outcome].keys() - self._actions[name].gives:
                yield f"{name} never gives {sorted(unknown)}"
            else:
                self._endings[name] = Outcome(outcome, told[outcome])

    def follow(self, done: Sequence[Done], *, live: bool = False) -> None:
        """Have actions end as they did then; one that did not run then is run.

        Args:
            live: run them all, and note which end otherwise.
        """
        self._done, self._live = list(done), live

    def otherwise(self) -> tuple[str, ...]:
        """Actions that ended otherwise than then, since last asked."""
        noted, self._otherwise = tuple(self._otherwise), []
        return noted

    def left(self) -> list[str]:
        """Actions that were told how to end and never came; they are told no more."""
        left, self._endings = list(self._endings), {}
        return left

    def _told(self, action: Action) -> Action:
        async def run(doing: Doing) -> Outcome:
            known = [each for each in self._done if each.action == action.name]
            if known:
                self._done.remove(known[0])
                if not self._live:
                    return Outcome(known[0].outcome, known[0].values)
                ended = await action.run(doing)
                self._compare(known[0], ended)
                return ended
            if outcome := self._endings.pop(action.name, None):
                return outcome
            return await action.run(doing)

        return replace(action, run=run)

    def _compare(self, then: Done, now: Outcome) -> None:
        if then.outcome != now.name:
            self._otherwise.append(f"{then.action} ended as {now.name}, then as {then.outcome}")
        self.codes |= _codes(then.values, now.values)


def _codes(then: Any, now: Any) -> dict[str, str]:
    """Codes that stand in the same place of two values, and are not the same."""
    found: dict[str, str] = {}
    match then, now:
        case (Mapping(), Mapping()):
            for name in then.keys() & now.keys():
                pair = then[name], now[name]
                if name in CODES and all(isinstance(each, str) and each for each in pair):
                    found |= {pair[0]: pair[1]} if pair[0] != pair[1] else {}
                found |= _codes(*pair)
        case (list() | tuple(), list() | tuple()):
            for pair in zip(then, now, strict=False):
                found |= _codes(*pair)
    return found
