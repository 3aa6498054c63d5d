"""Walks through an engine alone, with actions that end in any way they declare."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from bot.definitions import Definitions
from bot.dialogue.events import Problem, TimerRang
from bot.dialogue.stack import MAX_DEPTH
from tests.support.steps import ENTITIES, intents_of
from tests.support.talk import Talk

PROBLEM = Problem("birth_date", "not_a_date", "x")


def wander(definitions: Definitions, chance: Random, events: int = 12) -> int:
    """Say anything, let actions end in any way and timers ring, beginning in every flow: the engine
    never raises, and stands in defined states of a stack that is not too high.

    Returns:
        Events decided on.
    """
    intents, met = intents_of(definitions.flows), 0
    for root in definitions.flows.flows:
        talk = Talk(definitions.flows, root)
        for _ in range(events):
            talk.now += timedelta(minutes=chance.choice([0, 1, 20, 200]))
            _happen(talk, intents, chance)
            met += 1 + _settle(talk, definitions, chance)
            _stands(talk)
    return met


def _happen(talk: Talk, intents: list[str], chance: Random) -> None:
    if talk.conversation.frames and chance.random() < 0.15:
        talk.meet(TimerRang(chance.choice(talk.conversation.frames).entry))
        return
    kinds = chance.sample(sorted(ENTITIES), chance.randint(0, 3))
    found = {kind: chance.choice(ENTITIES[kind]) for kind in kinds}
    talk.hear(chance.choice(intents), problems=chance.choice([(), (PROBLEM,)]), **found)


def _settle(talk: Talk, definitions: Definitions, chance: Random) -> int:
    """Let actions end somehow, as many as a turn may run; how many there were."""
    for done in range(8):
        if talk.action is None:
            return done
        talk.end(chance.choice(sorted(definitions.code.actions[talk.action].outcomes)))
    talk.action = None
    return 8


def _stands(talk: Talk) -> None:
    frames = talk.conversation.frames
    assert 1 <= len(frames) <= MAX_DEPTH
    assert len({frame.flow for frame in frames}) == len(frames)
    for frame in frames:
        assert frame.state in talk.engine.flows.flows[frame.flow].states
