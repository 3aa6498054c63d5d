"""What flows listen for is something people can write or tap, and what they need somebody tells."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from bot.dialogue.actions import Action
from bot.dialogue.flowset import load_flows
from bot.dialogue.vocabulary import Vocabulary
from bot.errors import FlowError
from tests.support.talk import an_action, write_flows

WORDS = Vocabulary(
    intents=frozenset({"greet", "approve", "send_media"}),
    entities=frozenset({"person_name", "service_date"}),
    untappable=frozenset({"send_media"}),
    tap_length=12,
)
SHOP = """\
flow: shop
initial: open
misunderstood: {say: sorry}
slots:
  size: {type: text}
  name: {type: person_name}
always:
  send_media: {say: sorry}
states:
  open: {ask: sizes, on: {order: {go: naming}}}
  naming: {collect: [size, name], filled: {go: over}, ask: which}
  over: {say: bye, end: true}
"""
REPLIES = """\
apology: a
sorry: s
sizes: {text: t, buttons: [{title: Order, tap: order, with: {size: big}}]}
which: '{% if size %}{{ size }}{% endif %} {% if name %}{{ name }}{% endif %}?'
bye: b
"""


def complaints(
    folder: Path,
    shop: str = SHOP,
    replies: str = REPLIES,
    *,
    actions: Iterable[Action] = (),
    words: Vocabulary | None = WORDS,
) -> list[str]:
    """What is wrong with a shop and its replies, each without the folder."""
    write_flows(folder, shop=shop)
    (folder / "replies" / "id.yml").write_text(replies)
    try:
        load_flows(folder, ["id"], {each.name: each for each in actions}, vocabulary=words)
    except FlowError as error:
        return [line.removeprefix(f"{folder}/") for line in str(error).splitlines()]
    return []


def test_sound(tmp_path: Path) -> None:
    """The shop that the tests below spoil is sound."""
    assert complaints(tmp_path) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{order: ", "{greet: {}, ordr: ", "10:38: no intent 'ordr'; did you mean 'order'?"),
        ("{order: ", "{zzz: {}, order: ",
         ("10:27: no intent 'zzz'; known are: approve, greet, order, send_media; for an intent of "
         "your own, write a button that taps it, or examples in nlu/data")),
        ("  send_media:", "  send_medai:",
         "8:3: no intent 'send_medai'; did you mean 'send_media'?"),
        ("{go: naming}", "[{when: heard.sise, go: naming}, {go: naming}]",
         "10:36: no entity 'sise'; did you mean 'size'?"),
        ("{go: naming}", "{set: {size: '{{ heard.nam }}'}, go: naming}",
         ("10:41: no entity 'nam'; known are: language, option_number, person_name, service_date, "
         "size")),
        ("[size, name]", "[size, name, hue]",
         ("11:12: nothing ever fills the slot 'hue', so nobody gets past this; let a button, "
         "'options', 'set' or an action fill it")),
    ],
)  # fmt: skip
def test_in_a_flow(tmp_path: Path, old: str, new: str, said: str) -> None:
    """An intent or entity that nobody ever gives is a slip, or has to be taught."""
    shop = SHOP.replace(old, new)
    shop = shop.replace("slots:", "slots:\n  hue: {type: text}") if "hue" in new else shop
    said = said.replace("11:", "12:") if "hue" in new else said
    assert complaints(tmp_path, shop) == [f"shop.yml:{said}"]
    assert complaints(tmp_path, shop, words=None) == [], "who knows no words says nothing"


@pytest.mark.parametrize(
    ("tap", "said"),
    [
        ("tap: ordr", "38: no flow listens for 'ordr'; did you mean 'order'?"),
        ("tap: approve",
         ("38: no flow listens for 'approve', so a tap on this is not understood; say under "
          "'on' or 'always' what follows")),
        ("tap: send_media", "38: no button can mean 'send_media'; choose another intent"),
        ("tap: order, with: {sise: big}",
         "57: nothing uses the entity 'sise'; did you mean 'size'?"),
        ("tap: order, with: {an_entity_too_long: big}",
         "38: a tap says 12 characters at most; shorten 'an_entity_too_long'"),
    ],
)  # fmt: skip
def test_in_a_reply(tmp_path: Path, tap: str, said: str) -> None:
    """A button means something that a flow listens for, and tells something that it uses."""
    more = f"more: {{text: t, buttons: [{{title: T, {tap}}}]}}\n"
    assert complaints(tmp_path, replies=REPLIES + more)[0] == f"replies/id.yml:6:{said}"


@pytest.mark.parametrize(
    "use",
    [
        ("on: {order", "on: {approve: {when: heard.hue, go: over}, order"),
        ("{say: sorry}\nslots", "{say: sorry, set: {size: '{{ heard.hue }}'}}\nslots"),
        ("  name: {type", "  hue: {type: text, own: true}\n  name: {type"),
    ],
)  # fmt: skip
def test_an_entity_in_use(tmp_path: Path, use: tuple[str, str]) -> None:
    """A tap may tell whatever a condition, a ``set`` or a slot takes up."""
    replies = REPLIES.replace("with: {size", "with: {hue: red, size")
    assert complaints(tmp_path, SHOP.replace(*use), replies) == []


def test_an_entity_an_action_hears(tmp_path: Path) -> None:
    """Or an action that says so."""
    replies = REPLIES.replace("with: {size", "with: {hue: red, size")
    assert len(complaints(tmp_path, replies=replies)) == 1
    paint = Action("paint", an_action("x", "").run, frozenset(), frozenset(), "", hears={"hue"})  # type: ignore[arg-type] - any set
    assert complaints(tmp_path, replies=replies, actions=[paint]) == []


class TestNeeds:
    BAKE = Action(
        name="bake",
        run=an_action("x", "").run,
        outcomes=frozenset({"done"}),
        gives=frozenset({"loaf"}),
        summary="",
        uses=frozenset({"flour", "loaf"}),
        may_use=frozenset({"salt"}),
    )
    SHOP = SHOP.replace("{say: bye", "{do: bake, outcomes: {done: {say: bye}}")

    def test_nobody_gives_it(self, tmp_path: Path) -> None:
        """What an action cannot do without, a flow or another action has to give."""
        shop = self.SHOP.replace(
            "  size:", "  salt: {type: text}\n  flower: {type: text, own: true}\n  size:"
        )
        flour, loaf = complaints(tmp_path, shop, actions=[self.BAKE])
        needs = "shop.yml:14:10: the action bake needs the slot"
        nobody = "which no flow has and no other action gives"
        assert flour == f"{needs} 'flour', {nobody}; did you mean 'flower'?"
        assert loaf == f"{needs} 'loaf', {nobody}; known are: flower, name, salt, size"

    def test_given(self, tmp_path: Path) -> None:
        """A slot of the flow will do, and what another action in use gives; slots that only an
        action reads have their use.
        """
        shop = self.SHOP.replace("  size:", "  flour: {type: text}\n  salt: {type: text}\n  size:")
        mill = an_action("mill", "done", "loaf")
        assert len(complaints(tmp_path, shop, actions=[self.BAKE, mill])) == 1
        shop = shop.replace("{ask: sizes", "{do: mill, outcomes: {done: {}}, ask: sizes")
        assert complaints(tmp_path, shop, actions=[self.BAKE, mill]) == []
