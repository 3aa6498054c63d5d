"""A conversation's way in the terminal: in short and at length, with nothing a terminal obeys."""

from collections.abc import AsyncIterator
from zoneinfo import ZoneInfo

import pytest

from bot.inspecting.inspector import Found
from bot.inspecting.showing import shown, summary
from bot.inspecting.telling import at_length, in_short
from tests.support.desk import open_house
from tests.support.inspected import CONTACT, PHONE, Talker

ZONE = ZoneInfo("Asia/Jakarta")


@pytest.fixture
async def talker() -> AsyncIterator[Talker]:
    """Somebody who came as far as a hold."""
    async with open_house() as house:
        talker = Talker(house)
        await talker.books()
        yield talker


async def found_of(talker: Talker) -> Found:
    """Their conversation."""
    found = await talker.house.desk.inspector.find(CONTACT.conversation_id)
    assert found
    return found


async def test_in_short(talker: Talker) -> None:
    """Each turn is a line: when, what was said, as what it was understood, whereto it led."""
    found = await found_of(talker)
    lines = [in_short(summary(turn, ZONE)) for turn in found.journey.turns]
    assert [line.split()[0] for line in lines] == ["1", "2", "3", "4", "5"]
    assert "nomor 2  (choose_option)" in lines[2]
    assert lines[2].index("2026-11-24 09:00:00") < lines[2].index("passport_guided.identifying")


async def test_at_length(talker: Talker) -> None:
    """All of a turn: understanding and its source, steps with guards and places, actions, cost."""
    found = await found_of(talker)
    turn = found.journey.turns[-1]
    leaves = talker.house.desk.inspector.leaves
    told = "\n".join(at_length(await shown(found.journey, turn, leaves, ZONE)))
    assert "understood  inform 0.90 by grammar" in told
    assert "birth_date = 1990-08-17" in told
    assert "identifying: filled (1 of 2) when service_date  passport_guided.yml:" in told
    assert "action      hold_seat → " in told
    assert "cost        understanding 1.0, deciding 2.0, rendering 1.0, total 5.0" in told


async def test_nobody_in_it(talker: Talker) -> None:
    """Hidden, neither name, number nor birth date is left in any line."""
    found = await found_of(talker)
    hide = talker.house.desk.inspector.hiding(found)
    leaves = talker.house.desk.inspector.leaves
    lines = [
        line
        for turn in found.journey.turns
        for line in at_length(hide(await shown(found.journey, turn, leaves, ZONE)))
    ]
    told = "\n".join(lines)
    assert "refused" in told or "taken" in told
    for each in ("Rina", "Wulandari", "1990", PHONE):
        assert each.lower() not in told.lower(), each


async def test_a_terminal_obeys_nothing(talker: Talker) -> None:
    """What somebody wrote stays on its line, and moves no cursor."""
    await talker.says("halo\x1b[2J\nroot# rm\x07")
    found = await found_of(talker)
    line = in_short(summary(found.journey.turns[-1], ZONE))
    assert "\x1b" not in line
    assert "\n" not in line
