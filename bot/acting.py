"""Decide, act, decide again: what one event comes to, with its actions done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from bot.dialogue.actions import Action, Doing
from bot.dialogue.conversation import Conversation
from bot.dialogue.decision import Saying
from bot.dialogue.engine import Engine
from bot.dialogue.events import Event, Outcome, Understood
from bot.dialogue.store import Contact


class TooManyActionsError(RuntimeError):
    """A flow set off one action after the other without waiting for the applicant."""


@dataclass(frozen=True, slots=True)
class Acted:
    """What an event came to.

    Args:
        conversation: ready to be saved.
        says: replies, in order.
        actions: ``{action, key, outcome, values}`` of each action, for the journal.
    """

    conversation: Conversation
    says: tuple[Saying, ...]
    actions: tuple[Mapping[str, Any], ...]


class Acting:
    """Runs events through the engine and their actions against the world.

    Args:
        services: handed to actions, by type.
        limit: actions one event may set off.
    """

    def __init__(
        self,
        engine: Engine,
        actions: Mapping[str, Action],
        services: Mapping[type, Any],
        random: Random,
        limit: int = 8,
    ) -> None:
        self.engine = engine
        self._actions = actions
        self._services = services
        self._random = random
        self._limit = limit

    async def run(
        self,
        conversation: Conversation,
        event: Event,
        *,
        contact: Contact,
        turn: str,
        now: datetime,
    ) -> Acted:
        """Do all that ``event`` leads to, except saving and sending.

        Args:
            turn: id of the message or timer; with the conversation and a running number it makes
                the actions' keys.
        """
        heard = event.values() if isinstance(event, Understood) else {}
        says, left, done = list[Saying](), list[Outcome](), list[Mapping[str, Any]]()
        while True:
            decision = self.engine.decide(conversation, event, now, left)
            says += decision.says
            if not decision.action:
                return Acted(decision.conversation, tuple(says), tuple(done))
            if len(done) == self._limit:
                raise TooManyActionsError(f"{decision.action} would be action {len(done) + 1}")
            key = f"{conversation.id}|{turn}|{len(done)}"
            doing = Doing(
                key=key,
                contact=contact,
                slots=decision.conversation.slots,
                heard=heard,
                now=now,
                random=self._random,
                services=self._services,
            )
            outcome = await self._act(decision.action, doing)
            done.append(
                {
                    "action": decision.action,
                    "key": key,
                    "outcome": outcome.name,
                    "values": dict(outcome.values),
                }
            )
            if decision.leaving:
                left.append(outcome)
            else:
                conversation, event, left = decision.conversation, outcome, []

    async def _act(self, name: str, doing: Doing) -> Outcome:
        action = self._actions[name]
        outcome = await action.run(doing)
        if outcome.name not in action.outcomes or not outcome.values.keys() <= action.gives:
            raise ValueError(f"{name} ended as {outcome.name!r} with {sorted(outcome.values)}")
        return outcome
