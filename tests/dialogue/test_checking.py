"""What is wrong with flows that are well-formed: said with file, line, column and the mend."""

from pathlib import Path

import pytest

from bot.dialogue.flowset import FlowSet, load_flows
from bot.errors import FlowError
from tests.support.talk import an_action, flows_of, write_flows

BAKE = an_action("bake", "done burnt", "loaves")
SHOP = """\
flow: shop
initial: open
slots:
  size: {type: text}
misunderstood: {say: sorry}
states:
  open: {ask: hello, on: {order: {go: closed}}}
  closed: {end: true}
"""
REPLIES = "hello sorry bye"


def findings(folder: Path, *, replies: str = REPLIES, **files: str) -> list[str]:
    """The complaints about files, each without the folder."""
    with pytest.raises(FlowError) as error:
        flows_of(folder, replies, actions=[BAKE], **files)
    return [line.removeprefix(f"{folder}/") for line in str(error.value).splitlines()]


def with_state(state: str) -> str:
    """The shop with one more state ``x``, which begins in line 9."""
    return f"{SHOP}  x:\n    {state}\n"


def test_a_sound_shop(tmp_path: Path) -> None:
    """The shop that the tests below spoil is sound."""
    assert flows_of(tmp_path, REPLIES, actions=[BAKE], shop=SHOP).flows.keys() == {"shop"}


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("say: helo", "10:5: no reply 'helo'; did you mean 'hello'?"),
        ("say: [hello, helo]", "10:5: no reply 'helo'; did you mean 'hello'?"),
        ("ask: nothing", "10:5: no reply 'nothing'; known are: apology, bye, hello, sorry"),
        ("on: {a: {go: opn}}", "10:14: no state 'opn'; did you mean 'open'?"),
        ("on: {a: {say: byee}}", "10:14: no reply 'byee'; did you mean 'bye'?"),
        ("on: {a: {call: shopp}}", "10:14: no flow 'shopp'; did you mean 'shop'?"),
        ("on: {a: {set: {sise: 1}}}", "10:20: no slot 'sise'; did you mean 'size'?"),
        (
            "on: {a: {call: shop, returned: {closd: {go: open}}}}",
            "10:37: no end state 'closd'; did you mean 'closed'?",
        ),
        (
            "on: {a: {call: shop, returned: {closed: {go: opn}}}}",
            "10:46: no state 'opn'; did you mean 'open'?",
        ),
        (
            "on: {a: {call: shop, returned: {closed: {do: bake}}}}",
            "10:46: 'do' stands at a state, or under 'on': its outcomes are the state's",
        ),
        ("on: {a: {restart: true, go: open}}", "10:10: 'restart' and 'go' exclude each other"),
        ("on: {a: {call: shop, go: open}}", "10:10: 'call' and 'go' exclude each other"),
        ("on: {a: {at_most: 2, say: bye}}", "10:10: 'at_most' needs 'go': where to go after that"),
        ("collect: sise\n    filled: {}", "10:5: no slot 'sise'; did you mean 'size'?"),
        ("options: {sise: loaves}", "10:15: no slot 'sise'; did you mean 'size'?"),
        ("options: {size: loafs}", "10:15: no slot 'loafs'; did you mean 'loaves'?"),
        ("filled: {do: bake}", "10:14: 'do' stands at a state, or under 'on'"),
        ("timeout: {go: open}", "10:5: write either 'after' or 'until'"),
        (
            "timeout: {after: 1 hour, until: size, go: open}",
            "10:5: write either 'after' or 'until'",
        ),
        ("timeout: {until: sise, go: open}", "10:15: no slot 'sise'; did you mean 'size'?"),
        (
            "timeout: {after: 1 fortnight, go: open}",
            "10:15: after: '1 fortnight' is no duration; write a whole number and a unit",
        ),
        ("timeout: {after: 0 hours}", "10:15: after: '0 hours' is no duration"),
        ("do: bak", "10:5: no action 'bak'; did you mean 'bake'?"),
        ("sai: hello", "10:5: unknown key 'sai'; did you mean 'say'?"),
        ("on: {a: {goto: open}}", "10:14: unknown key 'goto'; did you mean 'go'?"),
        (
            "say: Hello World",
            "10:5: say: a name is small letters, digits and _, a letter first, not 'Hello World'",
        ),
        ("on: {a: {at_most: 99, go: open}}", "10:14: at_most: input should be less than"),
        ("on: {a: {set: {size: 2026-01-01}}}", "10:20: size: input was not a valid JSON value"),
        (
            "on: {a: {set: {size: '{{ heard.a b }}'}}}",
            "10:20: size: the expression 'heard.a b' cannot be read",
        ),
    ],
)
def test_in_a_state(tmp_path: Path, state: str, said: str) -> None:
    """A slip in a state is found where it stands, with the nearest name that would be right."""
    assert findings(tmp_path, shop=with_state(state))[0].startswith(f"shop.yml:{said}")


def test_a_state_called_on(tmp_path: Path) -> None:
    """The name of a state does not change what may stand in it."""
    text = f"{SHOP}  on:\n    filled: {{do: bake}}\n"
    assert "'do' stands at a state, or under 'on'" in findings(tmp_path, shop=text)[0]


def test_collect_without_filled(tmp_path: Path) -> None:
    """A form that leads nowhere is a mistake."""
    assert findings(tmp_path, shop=with_state("collect: size")) == [
        "shop.yml:9:3: 'collect' needs 'filled': where to go when all is known"
    ]


def test_outcomes(tmp_path: Path) -> None:
    """Every way an action may end is handled, and no way it cannot end."""
    text = with_state("do: bake\n    outcomes: {done: {go: open}, cold: {go: open}}")
    assert findings(tmp_path, shop=text) == [
        "shop.yml:10:5: the action bake may end as 'burnt'; say under 'outcomes' what then",
        "shop.yml:11:34: no outcome 'cold'; known are: burnt, done",
    ]
    text = with_state("on: {a: {do: bake}}\n    outcomes: {done: {}}")
    assert findings(tmp_path, shop=text) == [
        "shop.yml:10:14: the action bake may end as 'burnt'; say under 'outcomes' what then"
    ]


def test_returns_that_disagree(tmp_path: Path) -> None:
    """After one end of one sub-flow a state can go on in one way only."""
    text = with_state(
        "on:\n"
        "      a: {call: sub, returned: {done: {go: open}}}\n"
        "      b: {call: sub, returned: {done: {go: closed}}}"
    )
    sub = SHOP.replace("flow: shop", "flow: sub").replace("closed", "done")
    assert findings(tmp_path, shop=text, sub=sub) == [
        "shop.yml:9:3: two steps call sub and go on differently after 'done'; let them agree"
    ]


class TestWholeFlow:
    def test_unknown_initial(self, tmp_path: Path) -> None:
        """The initial state is one of the states."""
        text = SHOP.replace("initial: open", "initial: opened")
        assert findings(tmp_path, shop=text) == [
            "shop.yml:2:1: no state 'opened'; did you mean 'open'?"
        ]

    def test_no_answer_to_what_is_not_understood(self, tmp_path: Path) -> None:
        """Every flow says what it answers then: nobody is left without an answer."""
        text = SHOP.replace("misunderstood: {say: sorry}\n", "")
        assert findings(tmp_path, shop=text) == [
            "shop.yml:1:1: no 'misunderstood' here or in the included file: say what the answer is"
        ]

    def test_missing_keys(self, tmp_path: Path) -> None:
        """A file with states is a flow, and what a flow needs is asked for."""
        assert findings(tmp_path, shop=SHOP.replace("flow: shop\n", "")) == [
            "shop.yml:1:1: 'flow' is missing here"
        ]
        text = "flow: shop\nmisunderstood: {say: sorry}\n"
        assert findings(tmp_path, shop=text) == [
            "shop.yml:1:1: 'initial' is missing here",
            "shop.yml:1:1: 'states' is missing here",
        ]

    def test_named_like_its_file(self, tmp_path: Path) -> None:
        """A flow is found by its file's name."""
        assert findings(tmp_path, store=SHOP) == [
            "store.yml:1:1: a flow is named like its file: write 'flow: store'"
        ]

    def test_slot(self, tmp_path: Path) -> None:
        """A slot's question is a reply, its type one of those there are."""
        text = SHOP.replace("{type: text}", "{type: text, ask: which}")
        assert findings(tmp_path, shop=text)[0].startswith("shop.yml:4:22: no reply 'which'")
        text = SHOP.replace("{type: text}", "{type: numbr}")
        assert findings(tmp_path, shop=text)[0] == (
            "shop.yml:4:10: no slot type 'numbr'; did you mean 'number'?"
        )

    def test_always(self, tmp_path: Path) -> None:
        """What is heard everywhere is checked too."""
        text = f"{SHOP}always:\n  cancel: {{go: opn}}\n"
        assert findings(tmp_path, shop=text) == [
            "shop.yml:10:12: no state 'opn'; did you mean 'open'?"
        ]

    @pytest.mark.parametrize("name", ["cancel.yaml", "cancel.YML", "replies/id.yaml"])
    def test_file_by_another_name(self, tmp_path: Path, name: str) -> None:
        """A file that would never be read says so, and how to call it."""
        (tmp_path / "replies").mkdir(exist_ok=True)
        (tmp_path / name).write_text("flow: cancel\n")
        right = Path(name).with_suffix(".yml").name
        said = f"{name}:1:1: nobody reads a file of this name; call it '{right}'"
        assert said in findings(tmp_path, shop=SHOP)

    def test_a_reply_that_is_a_number(self, tmp_path: Path) -> None:
        """A reply of digits alone is a text in quotes."""
        write_flows(tmp_path, REPLIES, shop=SHOP)
        (tmp_path / "replies" / "id.yml").write_text("hello: 5\nsorry: Maaf\n")
        with pytest.raises(FlowError) as error:
            load_flows(tmp_path, ["id"], {})
        said = "1:1: hello: a reply that looks like a number or a date stands in quotes: '5'"
        assert str(error.value).startswith(f"{tmp_path}/replies/id.yml:{said}\n")

    def test_no_flows(self, tmp_path: Path) -> None:
        """A folder without flows is no use."""
        assert findings(tmp_path) == [
            "replies/id.yml:1:1: there is no flow file beside the replies"
        ]


class TestIncluding:
    def test_unknown(self, tmp_path: Path) -> None:
        """What is included is a file beside the flow."""
        text = f"{SHOP}include: comon\n"
        assert findings(tmp_path, shop=text, common="always: {}") == [
            "shop.yml:9:1: no file comon.yml to include; did you mean 'common'?"
        ]

    def test_for_every_flow(self, tmp_path: Path) -> None:
        """An included step must fit every flow that includes it, and is complained of once."""
        shop = f"{SHOP}include: common\n"
        stall = shop.replace("flow: shop", "flow: stall").replace("closed", "gone")
        common = "always:\n  stop: {go: closed, say: by}\nslots: {n: {type: text, ask: n}}\n"
        assert findings(tmp_path, shop=shop, stall=stall, common=common) == [
            "common.yml:2:10: no state 'closed'; known are: gone, open",
            "common.yml:2:22: no reply 'by'; did you mean 'bye'?",
            "common.yml:3:25: no reply 'n'; known are: apology, bye, hello, sorry",
        ]


class TestReplies:
    def test_missing_translation(self, tmp_path: Path) -> None:
        """Every language says everything."""
        write_flows(tmp_path, REPLIES, shop=SHOP)
        (tmp_path / "replies" / "en.yml").write_text("apology: a\nhello: h\nsorry: s")
        (told,) = flows_of_written(tmp_path, "id", "en").warnings
        assert str(told) == (
            f"{tmp_path}/replies/en.yml:1:1: warning: 'bye' is said in {tmp_path}/replies/id.yml"
            " and missing here; until it is written, it is said in 'id'"
        )

    def test_no_apology(self, tmp_path: Path) -> None:
        """There is something to say when we have failed."""
        write_flows(tmp_path, shop=SHOP)
        (tmp_path / "replies" / "id.yml").write_text("hello: h\nsorry: s")
        with pytest.raises(FlowError, match="the reply 'apology' is missing"):
            flows_of_written(tmp_path, "id")

    @pytest.mark.parametrize(
        ("line", "name"),
        [
            ("apology: 'a {{ office.name }}'", "office"),
            ("apology: a\nrestarted: '{{ size }}'", "size"),
        ],
    )
    def test_said_when_nothing_is_known(self, tmp_path: Path, line: str, name: str) -> None:
        """What the bot says of itself speaks of nothing that may be missing then."""
        write_flows(tmp_path, shop=SHOP)
        (tmp_path / "replies" / "id.yml").write_text(f"{line}\nhello: '{{{{ size }}}}'\nsorry: s")
        with pytest.raises(FlowError, match=f"'{name}' is not known where '.*' is said"):
            load_flows(tmp_path, ["id"], {"bake": BAKE})

    @pytest.mark.parametrize(
        ("template", "why"),
        [
            ("'a {{ 1 / 0 }}'", "division by zero"),
            ("[a, '{{ \"a\".b.c }}']", "has no attribute 'b'"),
            ("'{{ \"\" }}'", "came out empty"),
        ],
    )
    def test_an_apology_that_fails(self, tmp_path: Path, template: str, why: str) -> None:
        """What is said when we have failed must not fail itself."""
        write_flows(tmp_path, shop=SHOP)
        text = f"sorry: s\napology: {template}\nhello: h"
        (tmp_path / "replies" / "id.yml").write_text(text)
        with pytest.raises(FlowError, match=rf"id\.yml:2:1: the reply 'apology' .*{why}"):
            load_flows(tmp_path, ["id"], {"bake": BAKE})

    def test_missing_file(self, tmp_path: Path) -> None:
        """A language without a file is a finding."""
        write_flows(tmp_path, REPLIES, shop=SHOP)
        with pytest.raises(FlowError, match=r"replies/en\.yml:1:1: the file does not exist"):
            flows_of_written(tmp_path, "id", "en")

    @pytest.mark.parametrize(
        ("line", "said"),
        [
            ("x: '{{ size '", "2:1: this template cannot be read: unexpected end of template"),
            ("x: '{% if %}'", "2:1: this template cannot be read: Expected an expression"),
            ("x: '{{ size | upcase }}'", "2:1: this template cannot be read: No filter named"),
            ("x: '{{ sise }}'", "2:1: no variable 'sise'; did you mean 'size'?"),
            ("x: '{{ say(\"helo\") }}'", "2:1: no reply 'helo'; did you mean 'hello'?"),
            ("x: {text: x, barcode: '{{ cod }}'}", "2:14: no variable 'cod'"),
            ("x: {text: x, menu: {title: t, each: loafs, row: {title: a, tap: b}}}",
             "2:31: no variable 'loafs'; did you mean 'loaves'?"),
            ("x: {text: x, buttons: [{title: '{{ item }}', tap: b}]}", "2:25: no variable 'item'"),
            ("x: {text: ''}", "2:5: text: string should have at least 1 character"),
            ("x: {texts: a}", "2:5: unknown key 'texts'; did you mean 'text'?"),
            ("x: [1]", "2:1: text: write a text, in quotes if"),
            ("x: '{{ hour | plural(one=\"a\") }}'", "2:1: plural needs other="),
        ],
    )  # fmt: skip
    def test_a_slip(self, tmp_path: Path, line: str, said: str) -> None:
        """Slips in replies are found before anybody is answered."""
        write_flows(tmp_path, shop=SHOP)
        text = f"apology: a\n{line}\nhello: h\nsorry: s"
        (tmp_path / "replies" / "id.yml").write_text(text)
        with pytest.raises(FlowError) as error:
            flows_of_written(tmp_path, "id")
        assert said in str(error.value)

    def test_all_that_a_reply_may_speak_of(self, tmp_path: Path) -> None:
        """Slots, what actions give, the surroundings, a row's item, what ``say`` tells."""
        write_flows(tmp_path, shop=SHOP)
        (tmp_path / "replies" / "id.yml").write_text(
            "apology: a\nsorry: '{{ part }}'\n"
            "hello:\n  text: '{{ size }} {{ office.name }} {{ say(\"sorry\", part=hour) }}'\n"
            "  menu: {title: m, each: loaves, row: {title: '{{ item }}{{ number }}', tap: b}}\n"
        )
        flows_of_written(tmp_path, "id")


def flows_of_written(folder: Path, *languages: str) -> FlowSet:
    """Load what stands in the folder."""
    return load_flows(folder, languages, {"bake": BAKE}, shape=False)


def test_everything_at_once(tmp_path: Path) -> None:
    """All findings of all files come together, in reading order."""
    said = findings(
        tmp_path,
        shop="flow: shop\ninitial: a\nstates: {a: {sai: hello}}\n",
        stall="flow: [stall",
        common="alway: {}",
    )
    assert said == [
        "common.yml:1:1: unknown key 'alway'; did you mean 'always'?",
        "shop.yml:1:1: no 'misunderstood' here or in the included file: say what the answer is",
        "shop.yml:3:14: unknown key 'sai'; did you mean 'say'?",
        (
            "stall.yml:1:13: not readable as YAML: expected ',' or ']', but got '<stream end>'; "
            "a comma or the closing ] is missing"
        ),
    ]
