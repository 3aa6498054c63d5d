"""Actions that end as a recording says, and sub-flows that can only end in some ways."""

import pytest

from bot.definitions import Definitions
from bot.replay.ends import Ends
from tests.replay.writing import PlayTurns


async def test_an_action_ends_as_written(play_turns: PlayTurns) -> None:
    """It is not run; the next time it comes it is again."""
    played = await play_turns(
        """
        - user: '#tgllayanan'
          acted: {find_dates: {not_open_yet: {quota_opens: {date: '2026-11-27', hour: '14.00'}}}}
        - user: '#tgllayanan'
        """
    )
    first, second = played.exchanges
    assert "14.00" in first.got[-1].text
    assert "1. " in second.got[-1].text


@pytest.mark.parametrize(
    ("acted", "message"),
    [
        ("{find_date: full}", "no action 'find_date'; did you mean 'find_dates'?"),
        ("{find_dates: ful}", "find_dates never ends as 'ful'; did you mean 'full'?"),
        ("{find_dates: {full: {seats: 3}}}", "find_dates never gives ['seats']"),
        ("{move_booking: full}", "move_booking was not run in this turn"),
    ],
)
async def test_what_cannot_be_is_told(play_turns: PlayTurns, acted: str, message: str) -> None:
    """Unknown names are, and actions that never come, at the line where they are written."""
    played = await play_turns(f"- user: '#tgllayanan'\n  acted: {acted}")
    broken = next(exchange for exchange in played.exchanges if exchange.problem)
    (difference,) = broken.differences
    assert difference.message == message
    assert played.place(difference).line == len(["title", "now", "office", "contact", "turns"]) + 2


def test_a_flow_is_never_open_twice(definitions: Definitions) -> None:
    """An end that only a flow below could bring about cannot come; the others can."""
    ends = Ends(definitions.flows.flows)
    assert ends.can_return("returned.reschedule.taken", "cancel")
    assert not ends.can_return("returned.reschedule.taken", "seat_offer")
    assert ends.can_return("returned.erase.taken", "cancel")
    assert not ends.can_return("returned.erase.taken", "seat_offer")
    assert ends.can_return("intent.greet", "cancel")
