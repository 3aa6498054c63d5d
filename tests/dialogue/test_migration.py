"""Moving a conversation onto flows that changed under it."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from bot.dialogue.conversation import Conversation, Frame
from bot.dialogue.flow import Flow
from bot.dialogue.migration import begun_again, has_ended, migrated
from bot.errors import FlowError
from tests.support.talk import NOW, flows_of


def flow(name: str, states: Mapping[str, Any], /, **migrate: Mapping[str, str]) -> Flow:
    """A flow with these states, beginning in the first."""
    return Flow.model_validate(
        {"flow": name, "initial": next(iter(states)), "states": states, "migrate": migrate}
    )


SILENCE = {"timeout": {"after": "10 minutes", "go": "open"}}
NEW = {
    "shop": flow(
        "shop",
        {"open": {}, "paying": SILENCE, "closed": {"end": True}},
        states={"buying": "paying"},
        slots={"sum": "price"},
    ),
    "help": flow("help", {"asking": {}, "answered": {"end": True}}),
}


def conversation(*places: str, **slots: object) -> Conversation:
    """A conversation in these places, each with a timer."""
    frames = (place.split(".") for place in places)
    return Conversation(
        "rest:office:me",
        "shop",
        "old",
        tuple(Frame(f, state, at, {"x": 1}, NOW) for at, (f, state) in enumerate(frames)),
        7,
        slots,
        "en",
    )


def test_by_name() -> None:
    """A place that is still there is kept, with its number, its counts and its timer."""
    before = conversation("shop.paying", name="Rina")
    assert migrated(before, NEW) == before


def test_by_table() -> None:
    """What `migrate:` names goes on under its new name, every open flow of the stack."""
    moved = migrated(conversation("shop.buying", "help.asking"), NEW)
    assert moved
    assert [(frame.flow, frame.state, frame.entry) for frame in moved.frames] == [
        ("shop", "paying", 0),
        ("help", "asking", 1),
    ]
    assert [frame.timer for frame in moved.frames] == [NOW, None]


@pytest.mark.parametrize("places", [["shop.gone"], ["gone.open"], ["shop.open", "help.buying"]])
def test_nowhere(places: list[str]) -> None:
    """Without a name and without a table nothing can be kept: not half of a stack either."""
    assert migrated(conversation(*places), NEW) is None


def test_slots() -> None:
    """Slots go by their new names; what the new one holds already is not overwritten."""
    moved = migrated(conversation("shop.open", sum=5, name="Rina"), NEW)
    assert moved
    assert moved.slots == {"price": 5, "name": "Rina"}
    again = migrated(conversation("shop.open", sum=5, price=7), NEW)
    assert again
    assert again.slots["price"] == 7


def test_moved_twice() -> None:
    """Moving once more changes nothing, as when a turn is done again."""
    once = migrated(conversation("shop.buying", sum=5), NEW)
    assert once
    assert migrated(once, NEW) == once


def test_begun_again() -> None:
    """Only the place is lost: what is known stays, also the language and the numbers of entries."""
    again = begun_again(conversation("shop.gone", sum=5, hold={"seat": "a"}), NEW)
    assert again.frames == ()
    assert again.slots == {"price": 5, "hold": {"seat": "a"}}
    assert (again.language, again.entries) == ("en", 7)


def test_what_a_sub_flow_had_set_aside() -> None:
    """It moves along under its new names, and is not lost with the place."""
    before = conversation("shop.open", "help.asking", sum=1)
    aside = replace(before.frames[1], outer={"sum": 5, "name": "Rina"})
    before = replace(before, frames=(before.frames[0], aside))
    moved = migrated(before, NEW)
    assert moved
    assert moved.slots == {"price": 1}
    assert moved.frame.outer == {"price": 5, "name": "Rina"}
    assert begun_again(before, NEW).slots == {"price": 5, "name": "Rina"}


@pytest.mark.parametrize(
    ("places", "over"),
    [
        (["shop.closed"], True),
        (["shop.open"], False),
        (["shop.open", "help.answered"], False),
        (["shop.gone"], False),
        (["gone.closed"], False),
        ([], False),
    ],
)
def test_has_ended(places: list[str], *, over: bool) -> None:
    """An episode is over where the root flow alone is open, in an end state."""
    assert has_ended(conversation(*places), NEW) is over


def test_findings(tmp_path: Path) -> None:
    """A table that leads nowhere, or from what is still there, is found where it stands."""
    text = """\
    flow: shop
    initial: open
    misunderstood: {say: hello}
    migrate:
      states: {buying: opn, open: open}
      slots: {sum: nmae, name: name}
    slots: {name: {type: text}}
    states:
      open: {say: hello, ask: hello, collect: name, filled: {go: closed}}
      closed: {say: hello, end: true}
    """
    with pytest.raises(FlowError) as refused:
        flows_of(tmp_path, "hello", shop=dedent(text))
    found = [str(finding).partition("shop.yml:")[2] for finding in refused.value.findings]
    assert found == [
        "5:12: no state 'opn'; did you mean 'open'?",
        "5:25: the state 'open' is still there; only what is gone can be moved",
        "6:11: no slot 'nmae'; did you mean 'name'?",
        "6:22: the slot 'name' is still there; only what is gone can be moved",
    ]
