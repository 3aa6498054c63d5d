"""All findings at once: what cannot be read hides nothing else, and nobody is told wrong of it."""

from pathlib import Path

import pytest

from bot.dialogue.flowset import load_flows
from bot.errors import FlowError
from tests.support.talk import an_action, write_flows

NOTHING = "nothing stands here; write a value, or delete the key (what begins with # wants quotes)"
A_TEXT = "a text, in quotes if it looks like a number or a date"
BAKE = an_action("bake", "done burnt", "loaves")
SHOP = """\
flow: shop
include: common
initial: open
slots:
  size: {type: text}
states:
  open: {ask: hello, on: {order: {set: {size: large}, go: baking}, look: {call: sizes}}}
  baking: {do: bake, outcomes: {done: {go: closed}, burnt: {go: open}}}
  closed: {say: bye, end: true}
"""
COMMON = """\
slots:
  colour: {type: text}
always:
  paint: {set: {colour: red}}
misunderstood: {say: sorry}
"""
SIZES = """\
flow: sizes
include: common
initial: told
states: {told: {say: sizes, end: true}}
"""
REPLIES = "hello sorry bye sizes"
FILES = {"shop": SHOP, "common": COMMON, "sizes": SIZES}


def complaints(folder: Path, **changed: str) -> list[str]:
    """What is wrong when files are ``changed``, each without the folder."""
    write_flows(folder, REPLIES, **(FILES | changed))
    try:
        load_flows(folder, ["id"], {"bake": BAKE})
    except FlowError as error:
        return [line.replace(f"{folder}/", "") for line in str(error).splitlines()]
    return []


def test_sound(tmp_path: Path) -> None:
    """The files that the tests below spoil are sound."""
    assert complaints(tmp_path) == []


@pytest.mark.parametrize("file", sorted(FILES))
@pytest.mark.parametrize("spoiled", ["x: [", "x:\n\ty: 1\n", "a: 1\na: 2\n", ": : :"])
def test_a_file_that_cannot_be_read(tmp_path: Path, file: str, spoiled: str) -> None:
    """Is complained of, and nothing that it would have defined is missed elsewhere."""
    found = complaints(tmp_path, **{file: FILES[file] + spoiled})
    assert found
    assert all(line.startswith(f"{file}.yml:") for line in found)


@pytest.mark.parametrize("file", sorted(FILES))
def test_no_text(tmp_path: Path, file: str) -> None:
    """So is one that is no text."""
    write_flows(tmp_path, REPLIES, **FILES)
    (tmp_path / f"{file}.yml").write_bytes(FILES[file].encode("utf-8") + b"\n# \xe9\n")
    with pytest.raises(FlowError) as error:
        load_flows(tmp_path, ["id"], {"bake": BAKE})
    lines = FILES[file].count("\n") + 2
    (found,) = error.value.findings
    assert str(found) == (
        f"{tmp_path}/{file}.yml:{lines}:3: this is no UTF-8 text; save the file with the encoding "
        "UTF-8"
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  baking: {do: bake", "  baking: {dp: bake",
         ["8:12: unknown key 'dp'; did you mean 'do'?"]),
        ("  closed: {say: bye, end: true}", "  closed: 7",
         ["9:3: closed: write lines of the form 'key: value' under it, not 7"]),
        ("initial: open", "initial:",
         [f"3:1: initial: {NOTHING}"]),
        ("initial: open", "initial: [2026-12-31]",
         [f"3:1: initial: write {A_TEXT}, not [2026-12-31]"]),
        ("order: {set", "order: {got: x, set", ["7:35: unknown key 'got'; did you mean 'go'?"]),
        ("done: {go: closed}", "done: {go: Closed!}",
         ["8:40: go: a name is small letters, digits and _, a letter first, not 'Closed!'"]),
        ("initial: open", "initial: [open]",
         [f"3:1: initial: write {A_TEXT}, not ['open']"]),
        ("initial: open\n", "", ["1:1: 'initial' is missing here"]),
        ("flow: shop\n", "", ["1:1: 'flow' is missing here"]),
        ("states:", "statess:",
         ["1:1: 'states' is missing here", "6:1: unknown key 'statess'; did you mean 'states'?"]),
        ("{type: text}", "{typ: text}",
         ["5:3: 'type' is missing here", "5:10: unknown key 'typ'; did you mean 'type'?"]),
        ("slots:", "slot:", ["4:1: unknown key 'slot'; did you mean 'slots'?"]),
        ("go: baking}", "go: bakin}", ["7:55: no state 'bakin'; did you mean 'baking'?"]),
        ("include: common", "include: comon",
         ["2:1: no file comon.yml to include; did you mean 'common'?"]),
        ("{size: large}", "{sise: large}", ["7:41: no slot 'sise'; did you mean 'size'?"]),
        ("burnt: {go", "burn: {go", ["8:53: no outcome 'burn'; did you mean 'burnt'?"]),
        ("call: sizes", "call: size", ["7:75: no flow 'size'; did you mean 'sizes'?"]),
        ("do: bake", "do: bak", ["8:12: no action 'bak'; did you mean 'bake'?"]),
    ],
)  # fmt: skip
def test_one_mistake(tmp_path: Path, old: str, new: str, said: list[str]) -> None:
    """One slip is told, where it stands, and none that only follow from it."""
    assert old in SHOP
    found = complaints(tmp_path, shop=SHOP.replace(old, new, 1))
    assert [line.removeprefix("shop.yml:") for line in found] == said


def test_every_mistake(tmp_path: Path) -> None:
    """Mistakes of every sort in every file come together, in reading order."""
    shop = SHOP.replace("ask: hello", "aks: hello").replace("go: open}}", "go: opn}}")
    shop = shop.replace("say: bye", "say: by") + "  lost: {end: true}\n  lost: {}\n"
    shop = shop.replace("size: {type: text}", "size: {type: txt}\n  shape: {type: text}")
    assert complaints(
        tmp_path,
        shop=shop,
        common=COMMON.replace("{colour: red}", "{color: red}"),
        sizes=SIZES + "migrate: {states: {gone: toldd}}\n",
        stall="flow: stall\n\tx: 1",
    ) == [
        "common.yml:4:17: no slot 'color'; did you mean 'colour'?",
        "shop.yml:5:10: no slot type 'txt'; did you mean 'text'?",
        "shop.yml:6:3: nothing uses the slot 'shape': no state collects it, no reply speaks of it",
        "shop.yml:8:10: unknown key 'aks'; did you mean 'ask'?",
        "shop.yml:9:61: no state 'opn'; did you mean 'open'?",
        "shop.yml:10:12: no reply 'by'; did you mean 'bye'?",
        "shop.yml:12:3: this key stands here twice; keep one",
        "sizes.yml:5:20: no state 'toldd'; did you mean 'told'?",
        "stall.yml:2:1: a tab stands here; YAML is indented with spaces only",
    ]


class TestReplies:
    def reading(self, folder: Path, *lines: str) -> list[str]:
        """What is wrong with replies to which lines were added."""
        write_flows(folder, REPLIES, **FILES)
        path = folder / "replies" / "id.yml"
        path.write_text("\n".join([path.read_text(), *lines]) + "\n")
        with pytest.raises(FlowError) as error:
            load_flows(folder, ["id"], {"bake": BAKE})
        return [
            line.replace(f"{folder}/replies/id.yml:", "") for line in str(error.value).splitlines()
        ]

    def test_a_sentence_that_cannot_be_read(self, tmp_path: Path) -> None:
        """Hides neither the others' mistakes nor its own name."""
        template, *rest = self.reading(tmp_path, "a: '{{ size '", "b: '{{ sise }}'", "bye: twice")
        assert template.startswith("6:1: this template cannot be read: unexpected end of template")
        assert rest == [
            "7:1: no variable 'sise'; did you mean 'size'?",
            "8:1: this key stands here twice; keep one",
        ]

    def test_a_file_that_cannot_be_read(self, tmp_path: Path) -> None:
        """No reply in it is missed by the flows."""
        assert len(self.reading(tmp_path, "a: 'x")) == 1

    def test_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        """Is the only complaint."""
        write_flows(tmp_path, REPLIES, **FILES)
        with pytest.raises(FlowError) as error:
            load_flows(tmp_path, ["en", "id"], {"bake": BAKE})
        assert str(error.value) == f"{tmp_path}/replies/en.yml:1:1: the file does not exist"


def test_code_that_cannot_be_imported(tmp_path: Path) -> None:
    """An action that may be declared there is not missed; another is."""
    shop = SHOP.replace("do: bake", "do: brew")
    write_flows(tmp_path, REPLIES, **(FILES | {"shop": shop}))
    load = lambda words: load_flows(tmp_path, ["id"], {"bake": BAKE}, unread_code=frozenset(words))  # noqa: E731
    assert load({"brew"}).flows.keys() == {"shop", "sizes"}
    with pytest.raises(FlowError, match="no action 'brew'"):
        load({"other"})
