"""A message that may mean several things: the likeliest are offered, once."""

from pathlib import Path

import pytest

from bot.dialogue.events import Understood
from bot.dialogue.flowset import load_flows
from bot.dialogue.replies import Replies
from bot.dialogue.reply import Button
from bot.document import Document
from bot.errors import Finding
from tests.support.pizza import BAKE, CANCEL, COMMON, LIST, SHOP, choosing
from tests.support.pizza import REPLIES as WORDS
from tests.support.talk import Talk, write_flows

ASKED = """
did_you_mean:
  text: Which one?
  meanings: {ask_menu: Menu, cancel: Cancel it, order: Order, choose: Choose}
"""


@pytest.fixture
def talk(tmp_path: Path) -> Talk:
    """A shop that asks back, at the choice of a size."""
    common = COMMON + "unsure: {say: did_you_mean}\n"
    write_flows(tmp_path, WORDS, common=common, shop=SHOP, cancel=CANCEL)
    with (tmp_path / "replies" / "id.yml").open("a") as file:
        file.write(ASKED)
    named = {action.name: action for action in (BAKE, LIST)}
    return choosing(Talk(load_flows(tmp_path, ["id"], named, shape=False)))


def unclear(*guesses: str) -> Understood:
    """A message that may mean several things."""
    return Understood("none", 0.3, guesses=guesses)


def offered(talk: Talk) -> tuple[Button, ...]:
    """What the last answer offers to tap."""
    assert talk.decision
    saying = talk.decision.says[-1]
    return saying.replies.render(saying.reply, saying.variables).buttons


def test_the_two_likeliest_are_offered(talk: Talk) -> None:
    """They are to be tapped, and the open question waits instead of being asked again."""
    assert talk.meet(unclear("cancel", "ask_menu", "choose")) == "did_you_mean"
    assert offered(talk) == (Button("Cancel it", "/cancel"), Button("Menu", "/ask_menu"))
    assert talk.where == "shop.choosing"


def test_what_is_not_heard_here_is_not_offered(talk: Talk) -> None:
    """``order`` is heard in another state, ``thanks`` has no title."""
    talk.meet(unclear("order", "restart", "choose", "ask_menu"))
    assert offered(talk) == (Button("Choose", "/choose"), Button("Menu", "/ask_menu"))


@pytest.mark.parametrize("guesses", [(), ("cancel",), ("order", "cancel"), ("restart", "nonsense")])
def test_nothing_to_offer(talk: Talk, guesses: tuple[str, ...]) -> None:
    """Then, and when it is one thing alone, it is misunderstood as it always was."""
    assert talk.meet(unclear(*guesses)) == "no_such which_size"


def test_unclear_again(talk: Talk) -> None:
    """It is asked back once; after that who is not understood gets the help, and then the end."""
    assert talk.meet(unclear("cancel", "choose")) == "did_you_mean"
    assert talk.meet(unclear("cancel", "choose")) == "no_such which_size"
    assert talk.meet(unclear("cancel", "choose")) == "no_such which_size"
    assert talk.meet(unclear("cancel", "choose")) == "pizza bye"


def test_clear_in_between(talk: Talk) -> None:
    """Who was understood may be unclear again."""
    talk.meet(unclear("cancel", "choose"))
    assert talk.hear("ask_menu") == "menu which_size"
    assert talk.meet(unclear("cancel", "choose")) == "did_you_mean"


def test_the_first_message(talk: Talk) -> None:
    """Nobody is asked back before being greeted."""
    new = Talk(talk.engine.flows)
    assert new.meet(unclear("cancel", "ask_menu")) == "welcome what_now"


def test_a_flow_without_it(plain: Talk) -> None:
    """A flow that says nothing of it misunderstands."""
    assert plain.meet(unclear("cancel", "ask_menu")) == "no_such which_size"


@pytest.fixture
def plain(tmp_path: Path) -> Talk:
    """The shop as it is, at the choice of a size."""
    write_flows(tmp_path, WORDS, common=COMMON, shop=SHOP, cancel=CANCEL)
    named = {action.name: action for action in (BAKE, LIST)}
    return choosing(Talk(load_flows(tmp_path, ["id"], named, shape=False)))


def test_a_step_that_leads_on(tmp_path: Path) -> None:
    """It may go elsewhere or start over, too; what is unclear there is asked back anew."""
    common = COMMON + "unsure: {say: did_you_mean, restart: true}\n"
    write_flows(tmp_path, WORDS, common=common, shop=SHOP, cancel=CANCEL)
    with (tmp_path / "replies" / "id.yml").open("a") as file:
        file.write(ASKED)
    named = {action.name: action for action in (BAKE, LIST)}
    talk = choosing(Talk(load_flows(tmp_path, ["id"], named, shape=False)))
    for _ in range(2):
        assert talk.meet(unclear("cancel", "ask_menu")) == "did_you_mean welcome what_now"
        assert talk.where == "shop.open"


@pytest.mark.parametrize(
    "beside",
    [
        "buttons: [{title: Yes, tap: approve}]",
        "menu: {title: See, each: dates, row: {title: x, tap: y}}",
        "template: {name: x}",
    ],
)
def test_meanings_stand_alone(tmp_path: Path, beside: str) -> None:
    """A reply offers either meanings or what is written beside them."""
    path = tmp_path / "id.yml"
    path.write_text(f"which:\n  text: Which?\n  meanings: {{cancel: Cancel}}\n  {beside}\n")
    with pytest.raises(ExceptionGroup) as error:
        Replies("id", Document.read(path))
    assert [isinstance(one, Finding) for one in error.value.exceptions] == [True]
    assert "meanings are all there is to tap" in str(error.value.exceptions[0])
