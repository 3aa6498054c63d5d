"""Decide, act, decide again: what one event comes to, with its actions done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from random import Random
from typing import Any

from bot.costs import ACTIONS, DECIDING, Costs
from bot.dialogue.actions import Action, Doing
from bot.dialogue.care import NOBODY, Care
from bot.dialogue.conversation import Conversation
from bot.dialogue.decision import Saying
from bot.dialogue.engine import Engine
from bot.dialogue.events import Begun, Event, Noticed, Outcome, Understood
from bot.dialogue.store import Contact
from bot.dialogue.trace import ON, Marks, lines_of


class TooManyActionsError(RuntimeError):
    """A flow set off one action after the other without waiting for the applicant."""


@dataclass(frozen=True, slots=True)
class Acted:
    """What an event came to.

    Args:
        conversation: ready to be saved.
        says: replies, in order.
        actions: ``{action, key, outcome, values}`` of each action, for the journal.
        wants_person: whether one of them ended so that the conversation waits for a person.
        trace: what the flows went through, see :mod:`bot.dialogue.trace`.
        began: what the first decision was made on.
    """

    conversation: Conversation
    says: tuple[Saying, ...]
    actions: tuple[Mapping[str, Any], ...]
    trace: tuple[str, ...] = ()
    began: Conversation | None = None
    wants_person: bool = False


@dataclass(slots=True)
class UnderWay:
    """A turn under way.

    Args:
        heard: entity values of the message, by type.
        now: aware, in the zone of the venue.
        says: replies so far.
        done: actions so far, as :class:`Acted` has them.
        care: the person who has the conversation or should, as the turn found it.
        wants_person: whether an action so far asked for one.
        trace: likewise.
        began: likewise.
    """

    contact: Contact
    turn: str
    heard: Mapping[str, Any]
    now: datetime
    says: list[Saying] = field(default_factory=list)
    done: list[Mapping[str, Any]] = field(default_factory=list)
    care: Care = NOBODY
    wants_person: bool = False
    trace: list[str] = field(default_factory=list)
    costs: Costs = field(default_factory=Costs)
    began: Conversation | None = None


class Acting:
    """Runs events through the engine and their actions against the world.

    Args:
        services: handed to actions, by type.
        limit: actions one event may set off.
        following: what the next episode runs on, and the flow it begins with, when it is not this.
        ended: called with each action and its outcome.
    """

    def __init__(
        self,
        engine: Engine,
        actions: Mapping[str, Action],
        services: Mapping[type, Any],
        random: Random,
        limit: int = 8,
        following: tuple[Acting, str] | None = None,
        ended: Callable[[str, str], None] = lambda _, __: None,
    ) -> None:
        self.engine = engine
        self._marks = Marks(engine.flows.flows)
        self._actions = actions
        self._services = services
        self._random = random
        self._limit = limit
        self._following = following
        self._ended = ended

    def until_restart(self, newest: Acting, root: str) -> Acting:
        """The same for the rest of an episode: the next one begins on ``newest``, in ``root``."""
        engine = Engine(self.engine.flows, begins=False)
        following = newest, root
        return Acting(
            engine,
            self._actions,
            self._services,
            self._random,
            self._limit,
            following,
            self._ended,
        )

    async def run(
        self,
        conversation: Conversation,
        event: Event,
        *,
        contact: Contact,
        turn: str,
        now: datetime,
        care: Care = NOBODY,
        costs: Costs | None = None,
    ) -> Acted:
        """Do all that ``event`` leads to, except saving and sending.

        Args:
            turn: id of the message or timer; with the conversation and a running number it makes
                the actions' keys.
            now: aware, in the zone of the venue.
            care: the person who has the conversation or should.
            costs: of the turn; deciding and actions are added.
        """
        costs = costs or Costs()
        way = UnderWay(
            contact, turn, _values(event), now, care=care, costs=costs, began=conversation
        )
        return await self.go_on(conversation, event, way)

    async def go_on(self, conversation: Conversation, event: Event, way: UnderWay) -> Acted:
        """Do all that ``event`` leads to in a turn under way."""
        left: list[Outcome] = []
        unasked = isinstance(event, Noticed)
        while True:
            with way.costs.of(DECIDING):
                decision = self.engine.decide(conversation, event, way.now, left)
            way.says.extend(decision.says)
            if not decision.leaving:
                way.trace.extend(lines_of(decision.moves, self._marks))
            if not decision.action:
                break
            outcome = await self._do(decision.action, decision.conversation, way)
            if decision.leaving:
                left.append(outcome)
            else:
                conversation, event, left = decision.conversation, outcome, []
        if self._following and not decision.conversation.frames:
            newest, root = self._following
            way.trace.append(f"{ON} {newest.engine.flows.version}")
            return await newest.go_on(replace(decision.conversation, root=root), Begun(), way)
        if unasked and all(saying.again for saying in way.says):
            way.says.clear()  # a notice of what is over: nothing but the open question is left
        return Acted(
            decision.conversation,
            tuple(way.says),
            tuple(way.done),
            tuple(way.trace),
            way.began,
            way.wants_person,
        )

    async def _do(self, name: str, conversation: Conversation, way: UnderWay) -> Outcome:
        if len(way.done) == self._limit:
            raise TooManyActionsError(f"{name} would be action {len(way.done) + 1}")
        doing = Doing(
            key=f"{conversation.id}|{way.turn}|{len(way.done)}",
            contact=way.contact,
            slots=conversation.slots,
            heard=way.heard,
            now=way.now.astimezone(UTC),
            random=self._random,
            services=self._services,
            care=way.care,
        )
        with way.costs.of(ACTIONS):
            outcome = await self._act(name, doing)
        self._ended(name, outcome.name)
        way.wants_person |= outcome.name in self._actions[name].hands_over
        way.done.append(
            {
                "action": name,
                "key": doing.key,
                "outcome": outcome.name,
                "values": dict(outcome.values),
            }
        )
        return outcome

    async def _act(self, name: str, doing: Doing) -> Outcome:
        action = self._actions[name]
        outcome = await action.run(doing)
        if outcome.name not in action.outcomes or not outcome.values.keys() <= action.gives:
            raise ValueError(f"{name} ended as {outcome.name!r} with {sorted(outcome.values)}")
        return outcome


def _values(event: Event) -> Mapping[str, Any]:
    """What the actions of an event may look at as heard."""
    match event:
        case Understood():
            return event.values()
        case Noticed():
            return event.values
        case _:
            return {}
