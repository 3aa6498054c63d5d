"""What is looked at while a conversation is gone through again, and what its actions come to.

Actions end as the journal says and are never run: what they would do, they have done.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.definitions import Definitions
from bot.dialogue.actions import Action, Doing
from bot.dialogue.events import Expectation, Interpreter, Message, Outcome, Understood
from bot.errors import StorageUnavailable
from bot.replay.coverage import Watch
from bot.replay.points import STEP, Atlas, Point


class NoOutcomeError(StorageUnavailable):
    """The journal does not say how an action would have ended; the turn is given up, unsaved."""


class Remembered:
    """Has actions end as they did."""

    def __init__(self) -> None:
        self._done: list[Mapping[str, Any]] = []

    def over(self, definitions: Definitions) -> Definitions:
        """The definitions, none of whose actions is run."""
        code = definitions.code
        actions = {name: self._ending(action) for name, action in code.actions.items()}
        return replace(definitions, code=replace(code, actions=actions))

    def follow(self, done: Sequence[Mapping[str, Any]]) -> None:
        """Have actions end as they did in a turn: ``action``, ``outcome``, ``values`` of each."""
        self._done = list(done)

    def left(self) -> list[str]:
        """Actions of that turn that nobody asked for."""
        return [str(each["action"]) for each in self._done]

    def _ending(self, action: Action) -> Action:
        async def run(_: Doing) -> Outcome:
            name = action.name
            known = next((each for each in self._done if each["action"] == name), None)
            if known is None:
                raise NoOutcomeError(f"asks for {name}, which did not run then")
            self._done.remove(known)
            values = known.get("values", {})
            if known["outcome"] not in action.outcomes:
                raise NoOutcomeError(f"{name} never ends as {known['outcome']} now")
            if unknown := sorted(values.keys() - action.gives):
                raise NoOutcomeError(f"{name} does not give {', '.join(unknown)} now")
            return Outcome(known["outcome"], values)

        return replace(action, run=run)


class Ears:
    """Notes how messages are understood."""

    def __init__(self) -> None:
        self._heard: Understood | None = None
        self._inner: Interpreter | None = None

    def over(self, interpreter: Interpreter) -> Interpreter:
        """Listen in on an interpreter."""
        self._inner = interpreter
        return self

    def take(self) -> Understood | None:
        """The last message heard since last asked."""
        heard, self._heard = self._heard, None
        return heard

    async def understand(
        self, message: Message, expectation: Expectation, now: datetime
    ) -> Understood:
        """See :class:`bot.dialogue.events.Interpreter`."""
        if self._inner is None:
            raise RuntimeError("listen in on an interpreter first: Ears.over")
        self._heard = await self._inner.understand(message, expectation, now)
        return self._heard


class Trail(Watch):
    """The steps that were taken, in order."""

    def __init__(self, definitions: Definitions, atlas: Atlas) -> None:
        super().__init__(definitions, atlas)
        self.steps: list[Point] = []

    def note(self, *points: Point | None) -> None:
        """Something is passed."""
        self.steps += [point for point in points if point and point.kind == STEP]
