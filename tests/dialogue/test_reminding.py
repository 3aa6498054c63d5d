"""Reminders: said once each while nothing is heard, and the timeout after them."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.dialogue.events import TimerRang
from bot.errors import FlowError
from tests.support.talk import Talk, flows_of

MINUTE = timedelta(minutes=1)
REPLIES = "hello sorry bye still_there last_call sub"
SHOP = """\
flow: shop
initial: open
misunderstood: {say: sorry}
states:
  open:
    ask: hello
    remind:
      - {after: 10 minutes, say: still_there}
      - {after: 20 minutes, say: [still_there, last_call]}
    timeout: {after: 30 minutes, go: closed}
    on: {leave: {go: waiting}, again: {go: open}, call: {call: sub}}
  waiting: {ask: hello, remind: {after: 5 minutes, say: last_call}, on: {leave: {go: closed}}}
  closed: {say: bye, end: true}
"""
SUB = """\
flow: sub
initial: asking
misunderstood: {say: sorry}
states:
  asking: {ask: sub, on: {back: {go: done}}}
  done: {end: true}
"""


@pytest.fixture
def talk(tmp_path: Path) -> Talk:
    """A conversation with the shop, just greeted."""
    talk = Talk(flows_of(tmp_path, REPLIES, shop=SHOP, sub=SUB))
    talk.hear("none")
    return talk


def test_in_order(talk: Talk) -> None:
    """Each comes once at its time since the state was entered; the timeout is last."""
    assert talk.wait(9 * MINUTE) == ""
    assert talk.wait(MINUTE) == "still_there"
    assert talk.wait(9 * MINUTE) == ""
    assert talk.wait(MINUTE) == "still_there last_call"
    assert talk.wait(9 * MINUTE) == ""
    assert talk.wait(MINUTE) == "bye"


def test_an_answer_that_stays(talk: Talk) -> None:
    """Time runs from entering, whatever was said meanwhile."""
    talk.wait(5 * MINUTE)
    talk.hear("nonsense")
    assert talk.wait(5 * MINUTE) == "still_there"


def test_entered_again(talk: Talk) -> None:
    """A new entry begins the count anew, and the old timer is nobody's."""
    stale = talk.conversation.frame.entry
    talk.wait(10 * MINUTE)
    talk.hear("again")
    assert talk.meet(TimerRang(stale)) == ""
    assert talk.wait(10 * MINUTE) == "still_there"


def test_without_a_timeout(talk: Talk) -> None:
    """After the last reminder nothing rings any more."""
    talk.hear("leave")
    assert talk.wait(5 * MINUTE) == "last_call"
    assert talk.conversation.timer is None
    assert talk.meet(TimerRang(talk.conversation.frame.entry)) == ""
    assert talk.where == "shop.waiting"


def test_while_something_else_is_asked(talk: Talk) -> None:
    """A sub-flow's question is not disturbed; the timeout below it still comes."""
    talk.hear("call")
    assert talk.wait(10 * MINUTE) == ""
    assert talk.where == "shop.open sub.asking"
    assert talk.wait(10 * MINUTE) == ""
    assert talk.wait(10 * MINUTE) == "bye"


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (
            "remind: [{after: 2 hours, say: bye}, {after: 1 hour, say: bye}]",
            "15:42: reminders stand in the order they come",
        ),
        (
            "remind: {after: 2 hours, say: bye}\n    timeout: {after: 1 hour, go: open}",
            "15:5: this reminder would come after the timeout; make it earlier",
        ),
        ("remind: {after: 2 hours, say: bie}", "15:30: no reply 'bie'; did you mean 'bye'?"),
        ("remind: {after: 2 hours}", "15:5: 'say' is missing here"),
    ],
)
def test_checked(tmp_path: Path, state: str, said: str) -> None:
    """A slip in a reminder is found when flows are loaded."""
    with pytest.raises(FlowError) as error:
        flows_of(tmp_path, REPLIES, shop=f"{SHOP}  x:\n    {state}\n", sub=SUB)
    assert str(error.value).removeprefix(f"{tmp_path}/shop.yml:").startswith(said)
