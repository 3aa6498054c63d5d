"""Actions of states that are left, by whatever way."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.dialogue.machine import machine_of
from bot.errors import FlowError
from tests.support.talk import Talk, an_action, flows_of

REPLIES = "in_hall in_room in_cellar sorry bye out asked"
ACTIONS = [
    an_action("lock_hall", "done", "key"),
    an_action("lock_room", "done", "key"),
    an_action("lock_cellar", "done", "key found"),
    an_action("look", "done"),
    an_action("toss", "heads tails"),
]
HOUSE = """\
flow: house
initial: hall
slots:
  key: {type: text}
  bell: {type: text}
  found: {type: text}
always:
  restart: {restart: true}
  down: {call: {flow: cellar, into: {found: found}}}
misunderstood: {say: sorry}
states:
  hall:
    say: in_hall
    leave: lock_hall
    on:
      enter: {say: out, set: {bell: "{{ heard.bell }}"}, go: room}
      ring: {say: asked}
      again: {go: hall}
      knock: {say: sorry, at_most: 1, go: room}
    timeout: {after: 1 hour, say: out, go: gone}
  room:
    say: in_room
    leave: lock_room
    do: look
    outcomes: {done: {}}
    on: {back: {go: hall}}
  gone:
    say: bye
    leave: lock_hall
    on: {back: {go: hall}}
    end: true
"""
CELLAR = """\
flow: cellar
initial: stairs
slots:
  found: {type: text}
  key: {type: text, own: true}
always:
  restart: {restart: true}
misunderstood: {say: sorry}
states:
  stairs: {say: in_cellar, leave: lock_cellar, on: {up: {go: over}}}
  over: {leave: lock_cellar, end: true}
"""

Make = Callable[..., Talk]


@pytest.fixture(params=["table", "machine"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Make:
    """A conversation with a house; ``edits`` change its flow. Driven by the table, as always, or by
    python-statemachine itself, as when coverage is counted.
    """

    def talk(*edits: tuple[str, str]) -> Talk:
        house = HOUSE
        for old, new in edits:
            assert old in house
            house = house.replace(old, new)
        flows = flows_of(tmp_path, REPLIES, actions=ACTIONS, house=house, cellar=CELLAR)
        if request.param == "machine":
            machines = {name: machine_of(flow) for name, flow in flows.flows.items()}
            flows = replace(flows, machines=machines)
        return Talk(flows, "house")

    return talk


@pytest.fixture
def talk(make: Make) -> Talk:
    """A conversation in the hall."""
    talk = make()
    assert talk.hear("none") == "in_hall"
    return talk


def names(talk: Talk) -> list[str]:
    """The actions run so far because a state was left."""
    return [action for action, _ in talk.left]


def test_going(talk: Talk) -> None:
    """A step sets and speaks, the state is left, then the next one speaks and acts."""
    talk.giving["lock_hall"] = {"key": "brass"}
    assert talk.hear("enter", bell="ding") == "out in_room"
    assert talk.left == [("lock_hall", {"bell": "ding"})]
    assert talk.action == "look"
    assert talk.decision
    step, entering = talk.decision.says
    assert (step.variables["key"], entering.variables["key"]) == (None, "brass")
    talk.end("done")
    assert names(talk) == ["lock_hall"]


def test_staying(talk: Talk) -> None:
    """Neither an answer, nor what was not understood, nor a sub-flow leaves a state."""
    talk.hear("ring")
    talk.hear("nonsense")
    talk.hear("knock")
    assert talk.hear("down") == "in_cellar"
    assert talk.left == []


def test_again(talk: Talk) -> None:
    """Going to the same state leaves it and comes back."""
    assert talk.hear("again") == "in_hall"
    assert names(talk) == ["lock_hall"]


def test_at_its_limit(talk: Talk) -> None:
    """A limited step leaves when it goes."""
    talk.hear("knock")
    assert talk.hear("knock") == "in_room"
    assert names(talk) == ["lock_hall"]


def test_silence(talk: Talk) -> None:
    """A timeout leaves a state like anything else."""
    assert talk.wait(timedelta(hours=1)) == "out bye"
    assert names(talk) == ["lock_hall"]


def test_silence_under_a_sub_flow(talk: Talk) -> None:
    """A timer of the caller first leaves what it had called, top first."""
    talk.hear("down")
    assert talk.wait(timedelta(hours=1)) == "out bye"
    assert names(talk) == ["lock_cellar", "lock_hall"]


def test_end_of_a_sub_flow(talk: Talk) -> None:
    """The end of a sub-flow leaves its end state; what that gave is among the results."""
    talk.hear("down")
    talk.giving["lock_cellar"] = {"key": "rusty", "found": "wine"}
    assert talk.hear("up") == ""
    assert names(talk) == ["lock_cellar", "lock_cellar"]
    assert talk.slots == {"found": "wine"}


def test_left_by_its_sub_flow(make: Make) -> None:
    """Who goes on from a sub-flow to another state leaves the one that called."""
    talk = make(("into: {found: found}}}", "into: {found: found}}, returned: {over: {go: gone}}}"))
    talk.hear("down")
    assert talk.hear("up") == "bye"
    assert names(talk) == ["lock_cellar", "lock_cellar", "lock_hall"]


def test_starting_over(talk: Talk) -> None:
    """Starting over leaves every open flow, top first, and then forgets everything."""
    talk.giving = {"lock_cellar": {"found": "wine"}, "lock_hall": {"key": "brass"}}
    talk.hear("ring")
    talk.hear("down")
    assert talk.hear("restart") == "in_hall"
    assert talk.left == [
        ("lock_cellar", {"key": None}),
        ("lock_hall", {"key": None, "found": "wine"}),
    ]
    assert talk.slots == {}


def test_next_episode(talk: Talk) -> None:
    """The message that begins the next episode leaves the end of the last one."""
    talk.wait(timedelta(hours=1))
    talk.left.clear()
    assert talk.hear("enter") == "out in_room"
    assert names(talk) == ["lock_hall", "lock_hall"]


def test_round(make: Make) -> None:
    """A state left several times in one turn is left each time anew."""
    talk = make(("outcomes: {done: {}}", "outcomes: {done: {go: hall}}"))
    talk.hear("none")
    talk.hear("enter")
    assert talk.end("done") == "in_hall"
    assert names(talk) == ["lock_hall", "lock_room"]


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ("lock_hal", "no action 'lock_hal'; did you mean 'lock_hall'?"),
        ("toss", "an action under 'leave' cannot choose a way; toss may end as heads, tails"),
    ],
)
def test_checked(make: Make, action: str, said: str) -> None:
    """What cannot be run on leaving is found when flows are loaded."""
    with pytest.raises(FlowError) as error:
        make(("leave: lock_room", f"leave: {action}"))
    assert f"house.yml:23:5: {said}" in str(error.value)
