"""The shape of flows: whoever comes in gets through, and everything is there for something."""

from pathlib import Path

import pytest

from bot.errors import FlowError
from tests.support.talk import an_action, flows_of

BAKE = an_action("bake", "done burnt", "loaves")
SHOP = """\
flow: shop
initial: open
slots:
  size: {type: text}
misunderstood: {say: sorry}
states:
  open: {ask: hello, on: {order: {set: {size: large}, go: closed}}}
  closed: {end: true}
"""
REPLIES = "hello sorry bye"


def findings(folder: Path, shop: str) -> list[str]:
    """The complaints about the shop, each without the file."""
    with pytest.raises(FlowError) as error:
        flows_of(folder, REPLIES, actions=[BAKE], shape=True, shop=shop)
    return [line.removeprefix(f"{folder}/shop.yml:") for line in str(error.value).splitlines()]


def test_a_sound_shop(tmp_path: Path) -> None:
    """The shop that the tests below spoil has nothing wrong with it."""
    flows_of(tmp_path, REPLIES, actions=[BAKE], shape=True, shop=SHOP)


def test_unreached(tmp_path: Path) -> None:
    """A state nothing leads to is one somebody forgot to lead to."""
    assert findings(tmp_path, f"{SHOP}  back: {{say: bye, end: true}}\n") == [
        "9:3: nothing leads to the state 'back'; lead to it with 'go', or remove it"
    ]


@pytest.mark.parametrize("way", ["", "on: {again: {go: open}, ask: {say: bye}}"])
def test_no_way_out(tmp_path: Path, way: str) -> None:
    """Nobody is kept in a state for ever."""
    shop = SHOP.replace("closed: {end: true}", f"closed: {{ask: bye, {way}}}")
    shop = shop.replace("go: open", "go: closed")
    assert findings(tmp_path, shop)[0] == (
        "8:3: nothing leads out of the state 'closed'; add a step with 'go', or 'end: true'"
    )


@pytest.mark.parametrize(
    "states",
    [
        "a: {filled: {go: b}}\n  b: {filled: {go: a}}",
        "a: {do: bake, outcomes: {done: {go: b}, burnt: {go: b}}}\n  b: {filled: {go: a}}",
        "a: {filled: [{when: size, go: b}, {go: a}]}\n  b: {filled: {go: a}}",
    ],
)
def test_round(tmp_path: Path, states: str) -> None:
    """A round in which nobody is ever waited for is found before it runs."""
    shop = SHOP.replace("{order:", "{more: {go: a}, order:") + f"  {states}\n"
    assert findings(tmp_path, shop) == [
        "9:3: the state 'a' goes round without ever waiting for an answer",
        "10:3: the state 'b' goes round without ever waiting for an answer",
    ]


def test_round_with_a_way_out(tmp_path: Path) -> None:
    """A round that waits, or may leave, is no mistake."""
    states = (
        "  a: {do: bake, outcomes: {done: {go: b}, burnt: {}}, ask: hello, on: {o: {go: open}}}\n"
        "  b: {filled: [{when: size, go: closed}, {go: a}]}\n"
    )
    shop = SHOP.replace("{order:", "{more: {go: a}, order:") + states
    flows_of(tmp_path, REPLIES, actions=[BAKE], shape=True, shop=shop)


def test_unused_slot(tmp_path: Path) -> None:
    """A slot nothing uses is misspelt somewhere, or a leftover."""
    assert findings(tmp_path, SHOP.replace("  size:", "  colour: {type: text}\n  size:")) == [
        "4:3: nothing uses the slot 'colour': no state collects it, no reply speaks of it"
    ]


def test_reserved_slot(tmp_path: Path) -> None:
    """A slot does not hide what replies speak of."""
    assert findings(tmp_path, SHOP.replace("  size:", "  office: {type: text}\n  size:")) == [
        "4:3: 'office' means something else in replies; choose another name"
    ]
