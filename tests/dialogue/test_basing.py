"""Flows based on other flows: what they take from there, and what is complained about."""

from pathlib import Path

import pytest

from bot.dialogue.flowset import FlowSet, load_flows
from bot.errors import FlowError
from tests.support.talk import Talk, flows_of, write_flows

SHOP = """\
flow: shop
initial: open
misunderstood: {say: sorry}
states:
  open: {say: hello, ask: what, on: {greet: {go: open}, order: {go: paying}}}
  paying:
    ask: cash
    on: {approve: {go: done}, reject: {go: waiting}}
    timeout: {after: 10 minutes, go: done}
  waiting: {ask: wait, on: {approve: {go: paying}}}
  done: {say: bye, end: true}
"""
STALL = """\
flow: stall
based_on: shop
without: waiting
initial: open
states:
  paying:
    ask: coins
    on: {reject: {go: done}}
"""
REPLIES = "sorry hello what cash wait bye coins"


@pytest.fixture
def flows(tmp_path: Path) -> FlowSet:
    """A shop, and a stall like it."""
    return flows_of(tmp_path, REPLIES, shape=True, shop=SHOP, stall=STALL)


def test_what_is_taken(flows: FlowSet) -> None:
    """A state keeps the keys and entries not written anew; the base stays as it was."""
    stall = flows.flows["stall"].states
    assert set(stall) == {"open", "paying", "done"}
    assert stall["paying"].ask == "coins"
    assert {intent: step[0].go for intent, step in stall["paying"].on.items()} == {
        "approve": "done",
        "reject": "done",
    }
    assert stall["paying"].timeout == flows.flows["shop"].states["paying"].timeout
    assert flows.flows["shop"].states["paying"].ask == "cash"


def test_what_is_not_heard_any_more(tmp_path: Path) -> None:
    """A state may do without something it hears there, and keeps the rest."""
    stall = STALL.replace("without: waiting", "without: [waiting, paying.approve]")
    flows = flows_of(tmp_path, REPLIES, shop=SHOP, stall=stall).flows
    assert set(flows["stall"].states["paying"].on) == {"reject"}
    assert set(flows["shop"].states["paying"].on) == {"approve", "reject"}


def test_it_runs(flows: FlowSet) -> None:
    """It is a flow like any other."""
    talk = Talk(flows, "stall")
    assert talk.hear("order") == "coins"
    assert talk.hear("reject") == "bye"


def test_written_afresh(tmp_path: Path) -> None:
    """A state left out and written is as it is written, whatever the other flow says of it."""
    stall = STALL.replace("without: waiting", "without: [waiting, paying]")
    stall = stall.replace("{reject: {go: done}}", "{approve: {go: done}}")
    states = flows_of(tmp_path, REPLIES, shop=SHOP, stall=stall).flows["stall"].states
    assert set(states["paying"].on) == {"approve"}
    assert not states["paying"].timeout


@pytest.mark.parametrize(
    ("old", "new", "place", "message"),
    [
        ("shop", "shpo", "stall.yml:2:1", "no flow 'shpo'; did you mean 'shop'?"),
        (
            "waiting",
            "paying.aprove",
            "stall.yml:3:1",
            "the state 'paying' does not hear 'aprove'; did you mean 'approve'?",
        ),
        ("waiting", "waitin", "stall.yml:3:1", "no state 'waitin'; did you mean 'waiting'?"),
        ("{go: done}", "{go: dne}", "stall.yml:8:19", "no state 'dne'; did you mean 'done'?"),
    ],
)
def test_mistakes(tmp_path: Path, old: str, new: str, place: str, message: str) -> None:
    """What is wrong in the flow itself is told at its own line."""
    write_flows(tmp_path, REPLIES, shop=SHOP, stall=STALL.replace(old, new))
    with pytest.raises(FlowError) as error:
        load_flows(tmp_path, ["id"], {}, shape=False)
    assert str(error.value) == f"{tmp_path}/{place}: {message}"


def test_mistake_of_the_base(tmp_path: Path) -> None:
    """What is wrong in the other flow is told once, and there."""
    write_flows(tmp_path, REPLIES, shop=SHOP.replace("ask: what", "ask: waht"), stall=STALL)
    with pytest.raises(FlowError) as error:
        load_flows(tmp_path, ["id"], {}, shape=False)
    assert str(error.value) == f"{tmp_path}/shop.yml:5:22: no reply 'waht'; did you mean 'what'?"


def test_on_one_that_is_based_itself(tmp_path: Path) -> None:
    """One step is enough: of two, nobody could say any more where a state comes from."""
    kiosk = STALL.replace("flow: stall", "flow: kiosk").replace("based_on: shop", "based_on: stall")
    write_flows(tmp_path, REPLIES, shop=SHOP, stall=STALL, kiosk=kiosk)
    with pytest.raises(FlowError, match=r"kiosk.yml:2:1: 'stall' is itself based on a flow"):
        load_flows(tmp_path, ["id"], {}, shape=False)
