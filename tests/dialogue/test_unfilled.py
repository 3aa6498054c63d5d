"""Replies that speak of what may not be known: found at their line, with the state."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import pytest

from bot.dialogue.actions import Action
from bot.dialogue.flowset import load_flows
from bot.errors import FlowError
from tests.support.talk import an_action, write_flows

BAKE = an_action("bake", "done burnt", "loaves oven")
COUNTED = replace(BAKE, known={"done": frozenset({"loaves"})})

SHOP = """
flow: shop
initial: open
slots:
  size: {type: text}
  name: {type: person_name, ask: ask_name}
misunderstood: {say: sorry}
always:
  help: {call: helping}
  restart: {restart: true}
states:
  open:
    ask: hello
    on: {order: {go: naming}, pick: {go: picked}}
  picked:
    ask: which
    on: {order: {go: naming}, back: {set: {size: null}, go: open}}
  naming:
    collect: [name, size]
    filled: {go: baking}
    ask: who
    timeout: {after: 1 hour, say: late, go: over}
  baking:
    do: bake
    outcomes: {done: {go: over}, burnt: {say: burnt, go: over}}
  over:
    say: bye
    end: true
"""
HELPING = """
flow: helping
initial: asking
slots: {size: {type: text}}
misunderstood: {say: sorry}
states:
  asking: {ask: helped, on: {order: {set: {size: big}, go: done}, back: {go: done}}}
  done: {end: true}
"""
KEYS = ["sorry", "hello", "which", "who", "ask_name", "late", "burnt", "bye", "helped"]


def findings(
    folder: Path,
    says: Mapping[str, str],
    action: Action = BAKE,
    shop: str = SHOP,
    helping: str = HELPING,
) -> list[str]:
    """The complaints about a shop whose replies say their key, or something else."""
    write_flows(folder, shop=shop, helping=helping)
    texts = {"apology": "a", **{key: key for key in KEYS}, **says}
    lines = "".join(f"{key}: {text}\n" for key, text in texts.items())
    (folder / "replies" / "id.yml").write_text(dedent(lines))
    try:
        found = load_flows(folder, ["id"], {"bake": action}).warnings
    except FlowError as error:
        found = error.findings
    return [str(each).removeprefix(f"{folder}/replies/") for each in found]


PICK = "'x'\n  buttons: [{title: a, tap: pick, with: {size: big}}]"


@pytest.mark.parametrize(
    ("says", "missing"),
    [
        ({"hello": "'{{ name }}'"}, "name shop.open hello"),
        ({"hello": "'{{ name | upper }}'"}, "name shop.open hello"),
        ({"hello": "'{% if name %}{{ name }}{% endif %}'"}, ""),
        ({"hello": "'{% if not name %}-{% else %}{{ name }}{% endif %}'"}, ""),
        ({"hello": "'{% if name and name.x %}{{ name }}{% endif %}'"}, ""),
        ({"hello": "'{% if name or size %}{{ name }}{% endif %}'"}, "name shop.open hello"),
        ({"hello": "'{% if name is not none %}{{ name }}{% endif %}'"}, ""),
        ({"hello": "'{% if name != none %}{{ name }}{% endif %}'"}, ""),
        ({"hello": "'{% if name == \"Ani\" %}{{ name }}{% endif %}'"}, ""),
        ({"hello": "'{% if name < \"b\" %}x{% endif %}'"}, "name shop.open hello"),
        ({"hello": "'{{ name or \"you\" }}'"}, ""),
        ({"hello": "'{{ name if name else \"you\" }}'"}, ""),
        ({"hello": "'{{ name | default(\"you\", true) }}'"}, ""),
        ({"hello": "'{{ name | default(\"you\") }}'"}, "name shop.open hello"),
        ({"hello": "'{% for name in [1] %}{{ name }}{% endfor %}'"}, ""),
        ({"hello": "'{% for one in loaves %}{{ one }}{% endfor %}'"}, "loaves shop.open hello"),
        ({"hello": "'{% set size = 1 %}{{ size }}'"}, ""),
        ({"who": "'{{ name }}'"}, "name shop.naming who"),
        ({"ask_name": "'{{ size }}'"}, ""),
        ({"ask_name": "'{{ name }}'"}, "name shop.naming ask_name"),
        ({"late": "'{{ size }}'"}, "size shop.naming late"),
        ({"burnt": "'{{ name }} {{ size }}'"}, ""),
        ({"bye": "'{{ name }}'"}, "name shop.over bye"),
        ({"sorry": "'{{ name }}'"}, "name helping.asking, shop.naming, shop.open and 2 more sorry"),
        ({"helped": "'{{ size }}'"}, "size helping.asking helped"),
        ({"hello": "'{{ refused.value }}'"}, "refused shop.open hello"),
    ],
)
def test_where_it_is_said(tmp_path: Path, says: Mapping[str, str], missing: str) -> None:
    """What is asked for, collected or set is known; what no way has filled is not."""
    found = [line for line in findings(tmp_path, says) if "may come out empty" not in line]
    if not missing:
        assert found == []
        return
    name, _, where = missing.partition(" ")
    states, _, key = where.rpartition(" ")
    (line,) = found
    at = 2 + KEYS.index(key)
    assert line.startswith(f"id.yml:{at}:1: {name!r} may be unknown when {states} says {key!r};")


def test_an_intent_that_brings_it(tmp_path: Path) -> None:
    """What every button for an intent sends is known after it."""
    says = {"which": "'{{ size }}'"}
    assert len(findings(tmp_path, says)) == 1
    hello = {"hello": "{text: a, buttons: [{title: a, tap: pick, with: {size: big}}]}"}
    assert findings(tmp_path, {**says, **hello}) == []


def test_what_an_action_declares(tmp_path: Path) -> None:
    """An action that says which slots are known when is taken at its word."""
    says = {"burnt": "'{{ loaves }}'"}
    assert findings(tmp_path, says) == []
    (line,) = findings(tmp_path, says, COUNTED)
    assert "'loaves' may be unknown when shop.baking says 'burnt'" in line


def test_a_call_that_forgets(tmp_path: Path) -> None:
    """What a sub-flow may empty is unknown after it; what it leaves alone stays known."""
    says = {"which": "'{{ size }}'"}
    shop = SHOP.replace("pick: {go: picked}", "pick: {set: {size: big}, go: picked}")
    assert findings(tmp_path, says, shop=shop) == []
    helping = HELPING.replace("back: {go", "back: {set: {size: null}, go")
    (line,) = findings(tmp_path, says, shop=shop, helping=helping)
    assert "'size' may be unknown when shop.picked says 'which'" in line


def test_a_reply_within_another(tmp_path: Path) -> None:
    """It knows only what it is told."""
    says = {"hello": "'{{ say(\"part\", value=1) }}'", "part": "'{{ value }} {{ other }}'"}
    says |= {"bye": "'{{ say(\"part\", value=1, other=2) }}'"}
    (line,) = findings(tmp_path, says)
    assert line.startswith(
        "id.yml:3:1: 'part', which 'hello' says, uses 'other' and is not told it"
    )


def test_what_goes_round(tmp_path: Path) -> None:
    """A flow that never comes to rest is walked to an end all the same."""
    shop = SHOP.replace("filled: {go: baking}", "filled: {say: who}")
    shop = shop.replace(
        "help: {call: helping}", "help: {call: helping, returned: {done: {call: helping}}}"
    )
    findings(tmp_path, {}, shop=shop)


@pytest.mark.parametrize(
    ("text", "silent"),
    [
        ("'{% if name %}x{% endif %}'", True),
        ("'{% for x in problems %}x{% endfor %} '", True),
        ("'{{ name if name }}'", True),
        ("'{% if name %}x{% elif size %}{% else %}y{% endif %}'", True),
        ("'{% set a = 1 %}{% if name %}x{% else %}{% endif %}'", True),
        ("'{% if name %}x{% else %}y{% endif %}'", False),
        ("'{% for x in problems %}x{% else %}y{% endfor %}'", False),
        ("'{% with a = 1 %}{{ a }}{% endwith %}'", False),
        ("'{% if name %}x{% endif %}!'", False),
    ],
)
def test_may_come_out_empty(tmp_path: Path, text: str, silent: bool) -> None:  # noqa: FBT001 - a case
    """A reply of which all stands under conditions is complained of where a flow says it."""
    found = findings(tmp_path, {"hello": text, "never_said": text})
    assert [line.split(";")[0] for line in found] == [
        "id.yml:3:1: warning: 'hello' may come out empty"
    ] * silent
