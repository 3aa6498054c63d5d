"""Whatever happens on the shipped flows, the engine stays on its feet."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.booking import actions as booking_actions
from bot.dialogue.actions import actions_in
from bot.dialogue.events import Problem, TimerRang
from bot.dialogue.flowset import FlowSet, load_flows
from tests.support.talk import Talk
from tests.support.values import SAYABLE, SURROUNDINGS

FLOWS = Path(__file__).parents[2] / "flows"
ACTIONS = actions_in(booking_actions)
LANGUAGES = ("id", "en")

ENTITIES: dict[str, list[Any]] = {
    "option_number": [0, 1, 2, 9],
    "service_date": ["2026-12-01", "2017-08-07"],
    "person_name": ["Ani {{ office }}", "Rina Fiktif"],
    "birth_date": ["1990-01-31"],
    "approval_code": ["00002681", "11111111"],
    "language": ["en", "id", "xx"],
}


@pytest.fixture(scope="module")
def flows() -> FlowSet:
    """The shipped flows."""
    return load_flows(FLOWS, LANGUAGES, ACTIONS)


def intents_of(flows: FlowSet) -> list[str]:
    """Every intent some flow hears, and some that none does."""
    heard = {
        event.removeprefix("intent.")
        for machine in flows.machines.values()
        for events in machine.heard.values()
        for event in events
        if event.startswith("intent.")
    }
    return sorted(heard | {"none", "unheard_of"})


def plausible(action: str, outcome: str) -> dict[str, Any]:
    """Values an action may give with an outcome: a booking comes with a booking."""
    gives = ACTIONS[action].gives
    given = {name: SAYABLE[name] for name in gives}
    if outcome == "none":
        return {}
    if outcome == "cancelled":
        given |= dict.fromkeys(gives & {"booking"})
    if outcome in {"approved", "expired", "released", "too_many_wrong_codes"}:
        given |= dict.fromkeys(gives & {"hold", "hold_until", "approval_code"})
    return given


def possible(talk: Talk) -> set[str]:
    """Outcomes the action may have: without a date only that, with one anything else."""
    outcomes = ACTIONS[talk.action].outcomes
    if "no_date" in outcomes and talk.slots.get("service_date") is None:
        return {"no_date"}
    return outcomes - {"no_date"}


def render(talk: Talk) -> None:
    """Say what was decided, as the shell would."""
    for saying in talk.decision.says:
        assert saying.replies.render(saying.reply, {**saying.variables, **SURROUNDINGS}).text


def settle(talk: Talk, data: st.DataObject) -> None:
    """Let every action end somehow."""
    for _ in range(20):
        render(talk)
        if talk.action is None:
            return
        outcome = data.draw(st.sampled_from(sorted(possible(talk))))
        talk.end(outcome, **plausible(talk.action, outcome))


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_events(flows: FlowSet, data: st.DataObject) -> None:
    """The engine never raises, stands in a state there is, answers whoever writes, and every
    reply can be said.
    """
    talk = Talk(flows, "passport_guided")
    for _ in range(data.draw(st.integers(1, 12))):
        if data.draw(st.integers(0, 5)) == 0 and talk.conversation.frames:
            talk.now += timedelta(minutes=data.draw(st.sampled_from([1, 20, 60, 200])))
            talk.meet(TimerRang(data.draw(st.sampled_from(talk.conversation.frames)).entry))
        else:
            kinds = data.draw(st.lists(st.sampled_from(sorted(ENTITIES)), max_size=3, unique=True))
            found = {kind: data.draw(st.sampled_from(ENTITIES[kind])) for kind in kinds}
            wrong = data.draw(st.sampled_from([(), (Problem("birth_date", "not_a_date", "x"),)]))
            intent = data.draw(st.sampled_from(intents_of(flows)))
            if intent.startswith("notice_"):  # the service's own, never without its values
                found = SAYABLE["heard"]
            said = talk.hear(intent, problems=wrong, **found)
            assert said or talk.action, f"{intent} in {talk.where} is answered with nothing"
        settle(talk, data)
        for frame in talk.conversation.frames:
            assert frame.state in flows.flows[frame.flow].states
        assert len({frame.flow for frame in talk.conversation.frames}) == len(
            talk.conversation.frames
        )
        assert {name for name in ("cancel", "restart") if f"intent.{name}" in heard_in(talk)} == {
            "cancel",
            "restart",
        }


def heard_in(talk: Talk) -> frozenset[str]:
    """Events that the open state hears."""
    frame = talk.conversation.frame
    return talk.engine.flows.machines[frame.flow].heard[frame.state]
