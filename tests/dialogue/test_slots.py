"""Typed slots: what fills them, what is refused, and how they are asked for again."""

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.flowset import load_flows
from bot.dialogue.slot_type import Given, Refused, shipped_types, slot_type, types_of
from bot.errors import FlowError
from tests.support.talk import NOW, Talk, flows_of, write_flows

TYPES = shipped_types()
REPLIES = "hello sorry bye ask_size ask_day ask_count no_size no_day no_count shown"
SHOP = """\
flow: shop
initial: open
slots:
  size: {type: choice, choices: [Small, Large], ask: ask_size, wrong: no_size}
  day: {type: date, ask: ask_day, check: "value > '2026-12-01'", wrong: no_day}
  count: {type: number, ask: ask_count, check: "0 < value and (size == 'Small' or value < 3)",
          wrong: no_count}
  note: {type: code}
misunderstood: {say: sorry}
states:
  open: {collect: [size, day], filled: {go: counting}, ask: hello}
  counting: {collect: [count], filled: {go: listening}, ask: hello}
  listening: {ask: shown, on: {inform: {go: closed}}}
  closed: {say: bye, end: true}
"""


@pytest.fixture
def talk(tmp_path: Path) -> Talk:
    """A conversation with the shop, past the greeting."""
    talk = Talk(flows_of(tmp_path, REPLIES, shop=SHOP))
    talk.hear("none")
    return talk


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        ("text", "  halo ", "halo"),
        ("text", 5, 5),
        ("date", "2026-12-01", "2026-12-01"),
        ("birth_date", "1990-08-17", "1990-08-17"),
        ("birth_date", "2026-11-23", "2026-11-23"),
        ("person_name", " Ani ", "Ani"),
        ("phone", "+62 812-0000-0001", "6281200000001"),
        ("code", "jkp-7f4q2", "JKP-7F4Q2"),
        ("choice", "large", "Large"),
        ("number", "2", 2),
        ("number", "2,5", 2.5),
        ("number", 7, 7),
        ("photo", "media-1", "media-1"),
    ],
)
def test_kept(kind: str, given: Any, kept: Any) -> None:
    """A value is kept in one form, however it was written."""
    assert TYPES[kind].read(Given(given, NOW, ("Small", "Large"))) == kept


@pytest.mark.parametrize(
    ("kind", "given", "reason"),
    [
        ("text", " ", "missing"),
        ("date", "2026-02-30", "not_a_date"),
        ("birth_date", "2026-11-25", "in_the_future"),
        ("birth_date", "1890-01-01", "too_long_ago"),
        ("birth_date", 5, "not_a_date"),
        ("person_name", "a" * 101, "too_long"),
        ("phone", "0812", "not_a_phone"),
        ("code", "?", "not_a_code"),
        ("choice", "medium", "not_a_choice"),
        ("number", "many", "not_a_number"),
        ("number", "inf", "not_a_number"),
        ("number", True, "not_a_number"),
    ],
)
def test_refused(kind: str, given: Any, reason: str) -> None:
    """What is no value says why."""
    with pytest.raises(Refused, match=reason):
        TYPES[kind].read(Given(given, NOW, ("Small", "Large")))


@given(
    st.sampled_from(sorted(TYPES)),
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
)
def test_nothing_else_raised(kind: str, value: Any) -> None:
    """Whatever a message holds is a value or refused."""
    try:
        kept = TYPES[kind].read(Given(value, NOW))
    except Refused:
        return
    assert kept is None or isinstance(kept, str | int | float)


def test_several_at_once(talk: Talk) -> None:
    """One message may fill several slots; only what is missing is asked for."""
    assert talk.hear("inform", size="small") == "ask_day"
    assert talk.hear("inform", day="2026-12-24") == "ask_count"
    assert talk.slots == {"size": "Small", "day": "2026-12-24"}


def test_refused_by_type(talk: Talk) -> None:
    """What the type refuses is said, and the slot asked for again; the rest is kept."""
    assert talk.hear("inform", size="huge", day="2026-12-24") == "no_size ask_size"
    assert talk.slots == {"day": "2026-12-24"}


def test_refused_by_check(talk: Talk) -> None:
    """A check sees the value and the slots known so far, of this message too."""
    assert talk.hear("inform", size="large", day="2026-11-24") == "no_day ask_day"
    talk.hear("inform", day="2026-12-24")
    assert talk.hear("inform", count=5) == "no_count ask_count"
    assert talk.hear("inform", size="small", count=5) == "shown"


def test_checked_against_the_clock(tmp_path: Path) -> None:
    """A check may count from today's date at the venue."""
    shop = SHOP.replace("value > '2026-12-01'", "days(today, value) > 1")
    talk = Talk(flows_of(tmp_path, REPLIES, shop=shop))
    talk.now = NOW.replace(hour=18).astimezone(ZoneInfo("Asia/Jakarta"))  # the 24th there
    talk.hear("none")
    assert talk.hear("inform", day="2026-11-25") == "no_day hello"
    assert talk.hear("inform", day="2026-11-26") == "ask_size"


def test_what_was_refused(talk: Talk) -> None:
    """The reply may speak of the value."""
    talk.hear("inform", size="huge")
    assert talk.decision
    assert talk.decision.says[0].variables["refused"] == {
        "value": "huge",
        "reason": "not_a_choice",
    }


def test_refused_correction(talk: Talk) -> None:
    """A wrong correction changes nothing, nor what else the message says, and leads nowhere."""
    talk.hear("inform", size="small", day="2026-12-24")
    talk.hear("inform", count=1)
    assert talk.hear("inform", size="huge", day="2026-12-25") == "no_size shown"
    assert talk.slots == {"size": "Small", "day": "2026-12-24", "count": 1}


def test_refused_in_the_first_message(tmp_path: Path) -> None:
    """The first message is greeted all the same."""
    talk = Talk(flows_of(tmp_path, REPLIES, shop=SHOP))
    assert talk.hear("inform", size="huge") == "no_size hello"


def test_without_an_answer(talk: Talk) -> None:
    """A value refused by a slot that does not say what is wrong was not heard."""
    assert talk.hear("inform", note="?") == "sorry hello"


def test_own_type(tmp_path: Path) -> None:
    """A type of a project's own is one function."""

    @slot_type(entity="size")
    def shoe(given: Given) -> int:
        """A size of shoes."""
        return int(given.text()) + 1

    shop = SHOP.replace("type: code", "type: shoe")
    write_flows(tmp_path, REPLIES, shop=shop)
    types = TYPES | types_of([{"shoe": shoe, "other": 1}])
    talk = Talk(load_flows(tmp_path, ["id"], {}, types, shape=False))
    talk.hear("none")
    talk.hear("inform", size="41")
    assert talk.slots["note"] == 42
    assert types["shoe"].summary == "A size of shoes."


@pytest.mark.parametrize(
    ("slot", "said"),
    [
        ("{type: dat}", "9:7: no slot type 'dat'; did you mean 'date'?"),
        ("{type: date, check: 'vale > 1', wrong: bye}", "9:19: no slot 'vale'; did you mean"),
        ("{type: date, check: 'value > 1'}", "9:19: 'check' needs 'wrong'"),
        ("{type: date, wrong: bie}", "9:19: no reply 'bie'; did you mean 'bye'?"),
        ("{type: choice}", "9:3: 'choices' stands at a slot of the type 'choice'"),
        ("{type: date, choices: [a]}", "9:3: 'choices' stands at a slot of the type 'choice'"),
    ],
)
def test_checked(tmp_path: Path, slot: str, said: str) -> None:
    """A slip in a slot is found when flows are loaded."""
    shop = SHOP.replace("misunderstood:", f"  x: {slot}\nmisunderstood:")
    with pytest.raises(FlowError) as error:
        flows_of(tmp_path, REPLIES, shop=shop)
    assert str(error.value).removeprefix(f"{tmp_path}/shop.yml:").startswith(said)
