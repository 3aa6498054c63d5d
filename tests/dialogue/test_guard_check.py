"""Guards whose answer is known before anybody has said anything."""

from pathlib import Path

import pytest

from bot.dialogue.flowset import load_flows
from bot.errors import FlowError
from tests.support.talk import an_action, write_flows

LIST = an_action("list", "done", "given")
SHOP = """\
flow: shop
initial: open
misunderstood: {say: sorry}
slots:
  purpose: {type: choice, choices: [new, renewal]}
  given: {type: choice, choices: [new]}
  size: {type: number}
states:
  open: {ask: hello, on: {order: STEPS}}
  over: {end: true}
"""


def complaints(folder: Path, steps: str) -> list[str]:
    """What is wrong with the steps of an order, each from its column."""
    mentions = "{set: {purpose: new, given: new, size: 1}, go: over}"
    write_flows(folder, "hello sorry", shop=SHOP.replace("STEPS", f"[{steps}, {mentions}]"))
    try:
        load_flows(folder, ["id"], {"list": LIST})
    except FlowError as error:
        return [line.removeprefix(f"{folder}/shop.yml:9:") for line in str(error).splitlines()]
    return []


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("1 < 2", "'1 < 2' always holds; leave it out; compare with a slot"),
        ("not 1", "'not 1' never holds; compare with a slot"),
        ("'new' == 'renewal'", "never holds"),
        ("purpose == 'renewl'", "the slot 'purpose' is never 'renewl'; did you mean 'renewal'?"),
        ("'old' != purpose", "the slot 'purpose' is never 'old'; known are: new, renewal"),
        ("purpose in ['new', 'old']", "the slot 'purpose' is never 'old'"),
        ("size and purpose == 1", "the slot 'purpose' is never 1; known are: new, renewal"),
    ],
)
def test_decided(tmp_path: Path, when: str, said: str) -> None:
    """A guard that always or never holds is a slip, and so is a choice nobody can make."""
    (found,) = complaints(tmp_path, f'{{when: "{when}", say: hello}}')
    assert found.startswith("36: ")
    assert said in found


@pytest.mark.parametrize(
    "when",
    ["purpose == 'new'", "purpose in ['new', 'renewal']", "purpose is None", "given == 'other'",
     "size == 'large'", "purpose", "heard.purpose == 'x'"],
)  # fmt: skip
def test_open(tmp_path: Path, when: str) -> None:
    """What may hold or not is no mistake; an action may give a slot any value."""
    assert complaints(tmp_path, f'{{when: "{when}", say: hello}}') == []


def test_the_same_twice(tmp_path: Path) -> None:
    """The second of two steps with one guard is never taken."""
    steps = "{when: size, say: hello}, {when: ' size', say: sorry}"
    (found,) = complaints(tmp_path, steps)
    assert found == "62: the same 'when' stands at a step before, so this one is never taken"


def test_calling_itself(tmp_path: Path) -> None:
    """A flow that is open is not opened again."""
    (found,) = complaints(tmp_path, "{when: size, call: shop}")
    assert found == "48: the flow 'shop' is open here, and none is open twice; lead on with 'go'"
