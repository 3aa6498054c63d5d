"""An event with its actions done."""

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from bot.acting import Acting, TooManyActionsError
from bot.costs import Costs
from bot.dialogue.conversation import Conversation
from bot.dialogue.engine import Engine
from bot.dialogue.events import Entity, Understood
from bot.dialogue.flowset import load_flows
from bot.dialogue.store import Stored
from bot.record import trace_of
from tests.support.pizza import BAKE, CANCEL, COMMON, LIST, REPLIES, SHOP
from tests.support.shell import ACTIONS, CONTACT, Numbers, write_shop
from tests.support.talk import NOW, flows_of

FRESH = Conversation(CONTACT.conversation_id, "shop")


@pytest.fixture
def numbers() -> Numbers:
    """The shop's numbers."""
    return Numbers()


@pytest.fixture
def acting(tmp_path: Path, numbers: Numbers) -> Acting:
    """The shop's actions."""
    flows = load_flows(write_shop(tmp_path), ["id"], ACTIONS, shape=False)
    return Acting(Engine(flows), ACTIONS, {Numbers: numbers}, Random(1), limit=3)


async def test_until_nothing_is_left_to_do(acting: Acting) -> None:
    """Actions are done, their outcomes fed back, and all replies come in order."""
    acted = await acting.run(FRESH, Understood("draw"), contact=CONTACT, turn="m1", now=NOW)
    assert [saying.reply for saying in acted.says] == ["number", "what_now"]
    assert acted.conversation.slots == {"number": 1}
    key = "pushed:office:6281200000001|m1|0"
    assert acted.actions == (
        {"action": "draw", "key": key, "outcome": "drawn", "values": {"number": 1}},
    )


async def test_keys(acting: Acting, numbers: Numbers) -> None:
    """The same turn has the same keys, another turn others: done again, nothing new happens."""
    for turn in ("m1", "m1", "m2"):
        acted = await acting.run(FRESH, Understood("draw"), contact=CONTACT, turn=turn, now=NOW)
    assert numbers.given == {
        "pushed:office:6281200000001|m1|0": 1,
        "pushed:office:6281200000001|m2|0": 2,
    }
    assert acted.conversation.slots == {"number": 2}


async def test_leaving(acting: Acting, numbers: Numbers) -> None:
    """The action of a state that is left has a key of its own, and its number is known before the
    next state speaks; the same turn again runs the same.
    """
    acting = Acting(acting.engine, ACTIONS, {Numbers: numbers}, Random(1), limit=4)
    first, again = [
        await acting.run(FRESH, Understood("pass"), contact=CONTACT, turn="m1", now=NOW)
        for _ in range(2)
    ]
    said = [(saying.reply, saying.variables["number"]) for saying in first.says]
    assert said == [("number", 1), ("number", 2), ("what_now", 4)]
    assert first == again
    keys = [done["key"].rpartition("|")[2] for done in first.actions]
    assert keys == ["0", "1", "2", "3"]
    assert numbers.given.keys() == {done["key"] for done in first.actions}


async def test_leaving_counts(acting: Acting, numbers: Numbers) -> None:
    """Actions of states that are left are among those a turn may set off."""
    with pytest.raises(TooManyActionsError, match="draw would be action 4"):
        await acting.run(FRESH, Understood("pass"), contact=CONTACT, turn="m1", now=NOW)
    assert numbers.runs == 3


async def test_going_round(acting: Acting, numbers: Numbers) -> None:
    """A flow that acts without end is stopped."""
    with pytest.raises(TooManyActionsError, match="draw would be action 4"):
        await acting.run(FRESH, Understood("spin"), contact=CONTACT, turn="m1", now=NOW)
    assert numbers.runs == 3


async def test_what_an_action_never_said(acting: Acting) -> None:
    """An outcome the action does not declare is its bug, and is named."""
    heard = Understood("wrong", entities=(Entity("a", 1),))
    with pytest.raises(ValueError, match="wrong ended as 'otherwise'"):
        await acting.run(FRESH, heard, contact=CONTACT, turn="m1", now=NOW)


async def test_trace_and_costs(acting: Acting) -> None:
    """What was gone through is told over all decisions; each action's time is measured apart, by
    the stopwatch that is handed in and none else.
    """
    ticks = iter(range(100))
    costs = Costs(lambda: next(ticks) / 1000)
    acted = await acting.run(
        FRESH, Understood("draw"), contact=CONTACT, turn="m1", now=NOW, costs=costs
    )
    assert acted.trace == ("open shop.open", "take intent.draw", "take outcome.drawn")
    assert acted.began == FRESH
    assert costs.as_document() == {"cost": {"deciding": 2000, "actions": [1000]}}
    assert Costs().as_document() == {}


async def test_a_trace_over_two_versions(tmp_path: Path) -> None:
    """A start over that leads to newer flows says from where on they count; a conversation whose
    place has another name now begins its trace with that.
    """
    parts = {"common": COMMON, "shop": SHOP, "cancel": CANCEL}
    flows = flows_of(tmp_path, REPLIES, actions=[BAKE, LIST], **parts)
    acting = Acting(Engine(flows), {}, {}, Random(1))
    older = acting.until_restart(acting, "shop")
    begun = await acting.run(FRESH, Understood("none"), contact=CONTACT, turn="m1", now=NOW)
    acted = await older.run(
        begun.conversation, Understood("restart"), contact=CONTACT, turn="m2", now=NOW
    )
    assert acted.trace == (
        "take intent.restart",
        "close",
        f"on {acting.engine.flows.version}",
        "open shop.open",
        "go open",
    )
    before = Stored(begun.conversation, CONTACT)
    assert trace_of(before, begun.conversation, acted.trace) == list(acted.trace)
    assert trace_of(before, None, ()) == []
    [frame] = begun.conversation.frames
    moved = replace(begun.conversation, frames=(replace(frame, state="elsewhere"),))
    assert trace_of(before, moved, ("take x",)) == ["place shop.elsewhere", "take x"]
