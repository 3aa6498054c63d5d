"""Guarded steps: the first whose guard holds is taken; the checker keeps a way open."""

from pathlib import Path

import pytest

from bot.errors import FlowError
from tests.support.talk import Talk, an_action, flows_of

BAKE = an_action("bake", "done burnt", "loaves")
REPLIES = "hello sorry bye few many none_left late everywhere"
SHOP = """\
flow: shop
initial: open
slots:
  size: {type: text}
  count: {type: text}
always:
  ask: {say: everywhere}
misunderstood: {say: sorry}
states:
  open:
    ask: hello
    on:
      order:
        - {when: "heard.size == 'large'", say: many, go: baking}
        - {when: size, say: few, at_most: 1, go: closed}
      ask: {when: size, say: few}
    misunderstood: {when: size, say: few}
    timeout: [{after: 1 hour, when: size, say: late}, {go: closed}]
  baking:
    do: bake
    outcomes: {done: [{when: loaves, go: closed}, {say: none_left, go: open}], burnt: {go: open}}
  closed: {say: bye, end: true}
"""


@pytest.fixture
def talk(tmp_path: Path) -> Talk:
    """A conversation with the shop, past the greeting."""
    talk = Talk(flows_of(tmp_path, REPLIES, actions=[BAKE], shop=SHOP))
    talk.hear("none")
    return talk


def test_first_that_holds(talk: Talk) -> None:
    """Guards are tried in order, with what the message has just filled."""
    assert talk.hear("order", size="large") == "many"
    assert talk.action == "bake"


def test_none_holds(talk: Talk) -> None:
    """A message no guard lets through is not heard here."""
    assert talk.hear("order") == "sorry hello"


def test_wider_answer(talk: Talk) -> None:
    """Where no guard of the state holds, what is heard everywhere is tried."""
    assert talk.hear("ask") == "everywhere hello"
    talk.hear("order", size="small")
    assert talk.hear("ask") == "few hello"


def test_with_a_limit(talk: Talk) -> None:
    """``at_most`` counts beside the guard."""
    assert talk.hear("order", size="small") == "few hello"
    assert talk.hear("order") == "bye"


def test_not_understood(talk: Talk) -> None:
    """The flow's own answer follows where the state's guard does not hold."""
    assert talk.hear("nonsense") == "sorry hello"
    talk.hear("order", size="small")
    assert talk.hear("nonsense") == "few hello"


@pytest.mark.parametrize(("loaves", "said"), [([], "none_left hello"), ([1], "bye")])
def test_outcome(talk: Talk, loaves: list[int], said: str) -> None:
    """The guard of an outcome sees what the action gave."""
    talk.hear("order", size="large")
    assert talk.end("done", loaves=loaves) == said


SOUND = "  x:\n    {}\n"


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (
            'on: {a: {when: "sise == 1", go: open}}',
            "24:14: no slot 'sise'; did you mean 'size'? (column 1 of 'sise == 1')",
        ),
        (
            'on: {a: {when: "size =", go: open}}',
            "24:14: when: the expression 'size =' cannot be read: column",
        ),
        (
            "on: {a: {when: \"size = 'm'\", go: open}}",
            (
                "24:14: when: the expression \"size = 'm'\" cannot be read: "
                "column 6: invalid syntax; two = compare"
            ),
        ),
        (
            "on: {a: [{go: open}, {go: closed}]}",
            "24:14: this step has no 'when', so those after it are never taken; put it last",
        ),
        (
            "collect: size\n    filled: {when: size, go: open}",
            "25:5: the last step has a 'when'; add one without, for when no guard holds",
        ),
        (
            "timeout: [{after: 1 hour, when: size, go: open}, {after: 2 hours, go: open}]",
            "24:54: the first step of a timeout says 'after' or 'until' for all of them",
        ),
        ("on: {a: {set: {size: '{{ sise }}'}}}", "24:20: no slot 'sise'; did you mean 'size'?"),
        ("on: {a: [{goto: open}]}", "24:15: unknown key 'goto'; did you mean 'go'?"),
    ],
)
def test_checked(tmp_path: Path, state: str, said: str) -> None:
    """A slip in a guard is found when flows are loaded."""
    with pytest.raises(FlowError) as error:
        flows_of(tmp_path, REPLIES, actions=[BAKE], shop=SHOP + SOUND.format(state))
    assert str(error.value).removeprefix(f"{tmp_path}/shop.yml:").startswith(said)
