"""What a decision went through, told so that it can be followed, and never a thing that was not."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.booking import actions as booking_actions
from bot.dialogue.actions import actions_in
from bot.dialogue.events import Entity, Event, Outcome, TimerRang, Understood
from bot.dialogue.expression import clock_of, holds
from bot.dialogue.flowset import FlowSet, load_flows
from bot.dialogue.machine import tried_at
from bot.dialogue.trace import CLOSE, DECLINE, FILL, HOLD, REFUSE, TAKE, Marks, followed, lines_of
from tests.support.pizza import MakeTalk, choosing
from tests.support.talk import Talk
from tests.support.values import SAYABLE

FLOWS = Path(__file__).parents[2] / "flows"
ACTIONS = actions_in(booking_actions)
ENTITIES: Mapping[str, list[Any]] = {
    "option_number": [0, 1, 2, 9],
    "service_date": ["2026-12-01", "2017-08-07"],
    "person_name": ["Rina Fiktif"],
    "birth_date": ["1990-01-31", "2024-05-05"],
    "approval_code": ["00002681", "11111111"],
    "language": ["en", "id"],
}


def trace_of(talk: Talk) -> list[str]:
    """The lines of the last decision."""
    assert talk.decision
    return list(lines_of(talk.decision.moves, Marks(talk.engine.flows.flows)))


def test_steps(make: MakeTalk) -> None:
    """Opening, slots, steps, states and ends of flows are told in their order, in few words."""
    talk = make()
    talk.hear("order")
    assert trace_of(talk) == ["open shop.open", "take intent.order", "go choosing"]
    talk.end("found", sizes=["small", "large"])
    assert trace_of(talk) == ["take outcome.found"]
    talk.hear("choose", option_number=2)
    assert trace_of(talk) == ["fill size", "take intent.choose", "go naming"]
    talk.hear("cancel")
    assert trace_of(talk) == ["take intent.cancel", "open cancel.asking"]
    talk.hear("no")
    assert trace_of(talk) == ["take intent.no", "go kept", "end"]
    talk.hear("restart")
    assert trace_of(talk) == ["take intent.restart", "close", "open shop.open"]


def test_which_of_several(make: MakeTalk) -> None:
    """A refused guard is told with its number; that of the step that was taken is not told."""
    several = "order: [{when: size, go: done}, {when: name, go: naming}, {go: choosing}]"
    talk = make(("order: {go: choosing}", several))
    talk.hear("order")
    _, *way = trace_of(talk)
    assert way == [
        "refuse intent.order#1",
        "refuse intent.order#2",
        "take intent.order#3",
        "go choosing",
    ]
    talk = make(("order: {go: choosing}", several))
    talk.hear("none", person_name="Rina Fiktif")
    talk.hear("order")
    assert trace_of(talk) == ["refuse intent.order#1", "take intent.order#2", "go naming"]


def test_too_often(make: MakeTalk) -> None:
    """A step that stayed as often as it may is told apart when it goes on."""
    talk = choosing(make())
    told = []
    for _ in range(3):
        talk.hear("none")
        told.append(trace_of(talk))
    assert told == [["take misunderstood"]] * 2 + [["take misunderstood over", "go done"]]


def test_what_fills_nothing(make: MakeTalk) -> None:
    """A number that is not in the list, a value that the slot's check refuses: the slot and the
    reason, not what was said.
    """
    talk = choosing(make())
    talk.hear("choose", option_number=9)
    assert trace_of(talk) == ["decline size no_option", "take misunderstood"]
    talk = make(("day: {type: date", "day: {type: date, check: value > today, wrong: late"))
    choosing(talk).hear("choose", option_number=1)
    talk.hear("none", day="2001-01-01", person_name="Rina Fiktif")
    assert trace_of(talk) == ["decline day check", "fill name"]


def test_timers(make: MakeTalk) -> None:
    """A reminder says which it is; a timeout closes what lies above it."""
    reminding = "remind: {after: 5 minutes, say: still_there}\n    timeout: {after: 20 minutes"
    talk = choosing(make(("timeout: {after: 1 hour", reminding)))
    talk.wait(timedelta(minutes=6))
    assert trace_of(talk) == ["remind 1"]
    talk.hear("cancel")
    talk.wait(timedelta(minutes=20))
    assert trace_of(talk) == ["close", "take timeout", "go lapsed"]


def test_who_stands_nowhere(make: MakeTalk) -> None:
    """A flow that is gone is closed before anything else."""
    talk = make()
    talk.hear("order")
    lost = make(("  choosing:\n", "  picking:\n"), ("go: choosing", "go: picking"))
    lost.conversation = talk.conversation
    lost.hear("hello")
    assert trace_of(lost) == ["close", "open shop.open", "take intent.hello", "go open"]


@pytest.mark.parametrize("line", ["go open", "leap over"])
def test_no_line_of_a_trace(line: str) -> None:
    """What cannot be followed is an error, not a guess."""
    with pytest.raises(ValueError, match=r"nothing is open|no line"):
        followed(["shop.open"] if "leap" in line else [], [line])


@pytest.fixture(scope="module")
def flows() -> FlowSet:
    """The shipped flows."""
    return load_flows(FLOWS, ("id", "en"), ACTIONS)


@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_it_leads_where_the_conversation_went(flows: FlowSet, data: st.DataObject) -> None:
    """On any walk over the shipped flows the trace, followed from where the conversation stood,
    leads to where it stands; steps it names are in the flows, and guards it calls refused do not
    hold.
    """
    talk = Talk(flows, data.draw(st.sampled_from(sorted({"passport_guided", *_roots(flows)}))))
    for _ in range(data.draw(st.integers(1, 10))):
        before, stood = talk.where.split(), talk.conversation
        event = _event(talk, data)
        talk.meet(event)
        way, after = followed(before, trace_of(talk))
        assert list(after) == talk.where.split()
        for each in way:
            if each.verb in (TAKE, HOLD, REFUSE):
                flow = flows.flows[each.flow]
                tried = tried_at(flow, flow.states[each.state], each.word)
                assert bool(each.number) == (len(tried) > 1)
                assert each.number <= len(tried)
        _hold_guards(talk, stood.slots, event)


def _roots(flows: FlowSet) -> set[str]:
    return {name for name in flows.flows if name.startswith("passport")}


def _event(talk: Talk, data: st.DataObject) -> Event:
    """Something that may happen to the conversation now."""
    if talk.action:
        action = ACTIONS[talk.action]
        outcomes = action.outcomes
        if "no_date" in outcomes and talk.slots.get("service_date") is None:
            outcomes = frozenset({"no_date"})
        outcome = data.draw(st.sampled_from(sorted(outcomes)))
        given = {} if outcome == "none" else {name: SAYABLE[name] for name in action.gives}
        return Outcome(outcome, given)
    if talk.conversation.frames and data.draw(st.integers(0, 6)) == 0:
        talk.now += timedelta(minutes=data.draw(st.sampled_from([1, 20, 200])))
        return TimerRang(data.draw(st.sampled_from(talk.conversation.frames)).entry)
    kinds = data.draw(st.lists(st.sampled_from(sorted(ENTITIES)), max_size=3, unique=True))
    found = {kind: data.draw(st.sampled_from(ENTITIES[kind])) for kind in kinds}
    here = sorted(_heard(talk)) or ["greet"]
    intent = data.draw(st.sampled_from([*here, "none", "choose_option"]))
    if intent.startswith("notice_"):
        found = SAYABLE["heard"]
    return Understood(intent, 1.0, tuple(_entities(found)))


def _entities(found: Mapping[str, Any]) -> list[Any]:
    return [Entity(kind, value) for kind, value in found.items()]


def _heard(talk: Talk) -> set[str]:
    """Intents that the open state, or the first one, has steps for."""
    flows, frames = talk.engine.flows, talk.conversation.frames
    flow = frames[-1].flow if frames else talk.conversation.root
    state = frames[-1].state if frames else flows.flows[flow].initial
    events = flows.machines[flow].heard[state]
    return {event.removeprefix("intent.") for event in events if event.startswith("intent.")}


def _hold_guards(talk: Talk, slots: Mapping[str, Any], event: Event) -> None:
    """The guards asked before anything was done, evaluated again from the outside."""
    assert talk.decision
    known = {**slots, **clock_of(talk.now)}
    known |= {"heard": {}, "problems": (), "refused": {}, "example": "", "guesses": ()}
    if isinstance(event, Outcome):
        known |= event.values
    elif isinstance(event, Understood):
        known["heard"] = event.values()
    for move in talk.decision.moves:
        if move.verb in (TAKE, CLOSE, DECLINE):
            return
        if move.verb == FILL:
            set_later = any(
                move.word in each.step.set
                for each in talk.decision.moves
                if each.step and each.verb == TAKE
            )
            if set_later or talk.conversation.slots.get(move.word) is None:
                return
            known[move.word] = talk.conversation.slots[move.word]
        elif move.step is not None:
            assert holds(move.step.when, known) == (move.verb == HOLD)
