"""Sub-flows with arguments and results: what is their own, and what comes back."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import FlowError
from tests.support.talk import Talk, flows_of

REPLIES = "hello sorry bye who"
FAMILY = """\
flow: family
initial: asking
slots:
  name: {type: person_name}
  day: {type: date}
  child: {type: text}
always:
  restart: {restart: true}
misunderstood: {say: sorry}
states:
  asking:
    ask: hello
    on:
      add: {call: {flow: person, with: {day: "{{ day }}", rank: 2}, into: {child: name}}}
      plain: {call: person}
    timeout: {after: 1 hour, go: over}
  over: {say: bye, end: true}
"""
PERSON = """\
flow: person
initial: naming
slots:
  name: {type: person_name, own: true}
  day: {type: date, own: true}
  rank: {type: number, own: true}
  note: {type: text}
always:
  restart: {restart: true}
misunderstood: {say: sorry}
states:
  naming: {collect: [name], filled: {go: done}, ask: who, on: {wait: {say: sorry}}}
  done: {end: true}
"""


@pytest.fixture
def talk(tmp_path: Path) -> Talk:
    """A conversation with a family: its own name and day are known."""
    talk = Talk(flows_of(tmp_path, REPLIES, family=FAMILY, person=PERSON), "family")
    talk.hear("none")
    talk.hear("inform", person_name="Ani", day="2026-12-01")
    return talk


def test_arguments_and_results(talk: Talk) -> None:
    """Its own slots begin with the arguments, results are copied, and the caller's come back."""
    assert talk.hear("add") == "who"
    assert talk.slots == {"day": "2026-12-01", "rank": 2}
    assert talk.hear("inform", person_name="Budi", note="x") == "hello"
    assert talk.slots == {"name": "Ani", "day": "2026-12-01", "child": "Budi", "note": "x"}


def test_without_arguments(talk: Talk) -> None:
    """A plain call has its own slots too; what it learned of itself is gone afterwards."""
    talk.hear("plain")
    assert talk.slots == {}
    talk.hear("inform", person_name="Budi")
    assert talk.slots == {"name": "Ani", "day": "2026-12-01"}


def test_twice(talk: Talk) -> None:
    """Every call begins anew."""
    for name in ("Budi", "Citra"):
        talk.hear("add")
        talk.hear("inform", person_name=name)
    assert talk.slots["child"] == "Citra"
    assert talk.slots["name"] == "Ani"


def test_closed_by_a_timer(talk: Talk) -> None:
    """A caller whose timer rings has its own slots back; there are no results."""
    talk.hear("add")
    assert talk.wait(timedelta(hours=1)) == "bye"
    assert talk.slots == {"name": "Ani", "day": "2026-12-01"}


def test_restarted(talk: Talk) -> None:
    """Starting over forgets both."""
    talk.hear("add")
    talk.hear("restart")
    assert talk.slots == {}
    assert talk.where == "family.asking"


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("{flow: persn}", "no flow 'persn'; did you mean 'person'?"),
        ("{flow: person, with: {nam: 1}}", "no slot in person 'nam'; did you mean 'name'?"),
        ("{flow: person, with: {name: '{{ nam }}'}}", "no slot 'nam'; did you mean 'name'?"),
        ("{flow: person, into: {chld: name}}", "no slot 'chld'; did you mean 'child'?"),
        ("{flow: person, into: {child: nam}}", "no slot 'nam'; did you mean 'name'?"),
        ("{flo: person}", "unknown key 'flo'; did you mean 'flow'?"),
    ],
)
def test_checked(tmp_path: Path, call: str, said: str) -> None:
    """A slip in a call is found when flows are loaded."""
    family = FAMILY.replace("plain: {call: person}", f"plain: {{call: {call}}}")
    with pytest.raises(FlowError) as error:
        flows_of(tmp_path, REPLIES, family=family, person=PERSON)
    assert said in str(error.value)
    assert "family.yml:15:" in str(error.value)
