"""People keep what they have when their number or id changes, and nobody gets another's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.errors import StorageUnavailable
from storage.memory import MemoryConversations
from tests.support.street import Street

OLD, NEW, THIRD = "6281200000001", "6281200000002", "6281200000003"
ID, NEW_ID = "ID.13490001", "ID.13490002"


@pytest.fixture
def street(tmp_path: Path) -> Iterator[Street]:
    """Two processes over one store."""
    return Street(MemoryConversations(), tmp_path)


async def test_an_ordinary_turn_costs_no_call_more(street: Street) -> None:
    """One find, one save and one mark, by number, by both, or by an id seen before."""
    await street.says("take", OLD, ID)
    for ids in ((OLD,), (OLD, ID)):
        street.store.calls.clear()
        await street.says("show", *ids)
        assert street.store.calls == {"load": 1, "save": 1, "mark_sent": 1}


async def test_somebody_new_costs_a_look_up_each_address(street: Street) -> None:
    """And nothing is written but the turn."""
    await street.says("show", OLD, ID)
    assert street.store.calls == {"load": 1, "known_as": 2, "save": 1, "mark_sent": 1}


async def test_who_hides_their_number_is_looked_up_once_a_process(street: Street) -> None:
    """Then the conversation they were found in is loaded at once; it tells whether it is theirs."""
    await street.says("take", OLD, ID)
    assert await street.says("show", ID) == "m1"
    street.store.calls.clear()
    assert await street.says("show", ID) == "m1"
    assert street.store.calls == {"load": 1, "save": 1, "mark_sent": 1}
    assert await street.says("show", ID, process=1) == "m1"


async def test_hidden_first_then_shown(street: Street) -> None:
    """Who first writes under an id alone is the same person when the number shows, and without."""
    await street.says("take", ID)
    assert await street.says("show", OLD, ID) == "m1"
    assert await street.says("show", OLD) == "m1"
    assert street.mailman.letters[-1] == (OLD, f"m1 +{OLD}")


async def test_a_changed_number_keeps_everything(street: Street) -> None:
    """The conversation goes on, is answered at the new number, and costs no more than before."""
    await street.says("take", OLD, ID)
    street.clock.move(minutes=5)
    await street.follow(street.news([OLD, ID], [NEW, NEW_ID]))
    assert await street.says("show", NEW, NEW_ID, process=1) == "m1"
    assert street.mailman.letters[-1] == (NEW, f"m1 +{NEW}")
    street.store.calls.clear()
    assert await street.says("show", NEW, NEW_ID, process=1) == "m1"
    assert street.store.calls == {"load": 1, "save": 1, "mark_sent": 1}


async def test_every_office_follows(street: Street) -> None:
    """News comes from one office's number; the conversations with the others know it, too."""
    await street.says("take", OLD, office="jakarta")
    await street.says("take", OLD, office="bogor")
    street.clock.move(minutes=5)
    await street.follow(street.news([OLD], [NEW], office="bogor"))
    assert await street.says("show", NEW, office="jakarta") == "m1+m2"
    assert await street.says("show", NEW, office="batam") == "m1+m2"
    assert {to for to, _ in street.mailman.letters[-2:]} == {NEW}


async def test_the_old_number_is_somebody_elses(street: Street) -> None:
    """Whoever writes from it afterwards is new, in every office, and stays the same stranger."""
    await street.says("take", OLD)
    street.clock.move(minutes=5)
    await street.follow(street.news([OLD], [NEW]))
    street.clock.move(days=60)
    assert await street.says("show", OLD) == "-"
    assert await street.says("take", OLD, process=1) == "m4"
    assert await street.says("show", OLD, office="bogor") == "m4"
    assert await street.says("show", NEW) == "m1"
    assert street.mailman.letters[-2][0] == OLD


async def test_the_stranger_changes_numbers_too(street: Street) -> None:
    """Old numbers are handed on again and again; each keeps their own."""
    await street.says("take", OLD)
    for number, owner in ((NEW, "m1"), (THIRD, "m2")):
        street.clock.move(days=60)
        await street.follow(street.news([OLD], [number]))
        assert await street.says("show", number) == owner
        street.ids = iter(range(int(owner[1:]) + 1, 100))
        street.clock.move(days=60)
        await street.says("take", OLD)
    assert await street.says("show", OLD) == "m3"
    assert await street.says("show", NEW) == "m1"


async def test_a_message_from_before_is_still_theirs(street: Street) -> None:
    """Sent from the old number and delivered after the news, it is not taken for a stranger's."""
    await street.says("take", OLD)
    street.clock.move(minutes=1)
    late = street.message("show", [OLD])
    street.clock.move(minutes=1)
    await street.follow(street.news([OLD], [NEW]))
    assert await street.hear(late) == [f"m1 +{NEW}"]
    assert await street.says("show", NEW) == "m1"


async def test_a_late_message_brings_no_number_back(street: Street) -> None:
    """Written before the change and delivered after what was written since: its number is one they
    had, and whoever buys it is a stranger.
    """
    late = street.message("show", [OLD, ID], "bogor")
    street.clock.move(minutes=1)
    await street.says("take", OLD, ID, office="jakarta")
    news = street.news([OLD, ID], [NEW, NEW_ID])
    street.clock.move(minutes=1)
    await street.says("show", NEW, NEW_ID, office="bogor")
    await street.follow(news)
    assert await street.hear(late) == [f"m2 +{NEW}"]
    street.clock.move(days=60)
    assert await street.says("show", OLD, "ID.999", office="jakarta") == "-"


async def test_a_number_that_only_news_told_of(street: Street) -> None:
    """It changed twice, the first news hid the number: what was sent from it is found."""
    await street.says("take", OLD, ID)
    street.clock.move(minutes=1)
    first = street.news([ID], [NEW_ID])
    street.clock.move(minutes=1)
    late = street.message("take", [NEW])
    street.clock.move(minutes=1)
    second = street.news([NEW, NEW_ID], [THIRD, "ID.13490003"])
    await street.follow(first)
    await street.follow(second)
    assert await street.hear(late) == [f"m1+m3 +{THIRD}"]
    assert await street.says("show", THIRD, "ID.13490003") == "m1+m3"


async def test_what_comes_with_a_number_that_was_left_was_left_too(street: Street) -> None:
    """The news hid the id: that of a late message is not theirs any more, so the new one is no
    stranger's.
    """
    await street.says("take", OLD, office="bogor")
    late = street.message("show", [OLD, ID], "bogor")
    street.clock.move(minutes=1)
    await street.follow(street.news([OLD], [NEW], office="bogor"))
    assert await street.hear(late) == [f"m1 +{NEW}"]
    assert await street.says("show", NEW, NEW_ID, office="bogor") == "m1"


async def test_another_office_knows_what_was_left(street: Street) -> None:
    """A late message to an office that heard nothing of a change brings no number back there."""
    await street.says("take", OLD, ID, office="jakarta")
    await street.says("show", ID, office="bogor")
    street.clock.move(minutes=1)
    late = street.message("show", [OLD, ID], "bogor")
    street.clock.move(minutes=1)
    await street.follow(street.news([OLD, ID], [NEW, NEW_ID], office="jakarta"))
    await street.says("show", NEW, NEW_ID, office="jakarta")
    await street.hear(late)
    street.clock.move(days=60)
    assert await street.says("show", OLD, "ID.999", office="jakarta") == "-"
    assert await street.says("show", OLD, "ID.999", office="bogor") == "-"


async def test_news_that_comes_late(street: Street) -> None:
    """Who wrote from the new number before we heard of it finds both: what they had, and have."""
    await street.says("take", OLD, ID)
    street.clock.move(minutes=1)
    news = street.news([OLD, ID], [NEW, NEW_ID])
    street.clock.move(minutes=1)
    assert await street.says("take", NEW, NEW_ID) == "m3"
    await street.follow(news)
    assert await street.says("show", NEW, NEW_ID, process=1) == "m1+m3"
    assert street.carried == [(f"whatsapp:{OLD}", f"whatsapp:{NEW}")]
    assert (await street.store.load(f"whatsapp:jakarta:{OLD}")).contact.reached_at == NEW


async def test_the_new_number_was_a_strangers(street: Street) -> None:
    """What they had stays theirs and is shown to nobody; it is not sent to the number any more."""
    await street.says("take", NEW, "ID.999")
    street.clock.move(days=60)
    await street.says("take", OLD, ID)
    street.clock.move(days=1)
    await street.follow(street.news([OLD, ID], [NEW, NEW_ID]))
    assert await street.says("show", NEW, NEW_ID) == "m2"
    assert (await street.store.load(f"whatsapp:jakarta:{NEW}")).contact.reached_at == "ID.999"
    assert await street.says("show", "ID.999") == "m1"


async def test_two_conversations_turn_out_to_be_one_persons(street: Street) -> None:
    """Once under the number, once under the id: when both come together, they have both."""
    await street.says("take", OLD)
    street.clock.move(minutes=1)
    await street.says("take", ID)
    street.clock.move(minutes=1)
    assert await street.says("show", OLD, ID) == "m1+m2"
    assert await street.says("show", OLD, process=1) == "m1+m2"
    assert await street.says("show", ID, office="bogor") == "m1+m2"


async def test_a_message_handled_before_they_were_one(street: Street) -> None:
    """Delivered again afterwards it changes nothing, wherever its sender is known by then."""
    first = street.message("take", [OLD])
    await street.hear(first)
    street.clock.move(minutes=1)
    await street.says("take", ID)
    street.clock.move(minutes=1)
    assert await street.says("show", OLD, ID) == "m1+m2"
    for process in (0, 1):
        assert await street.hear(first, process) == []
    assert await street.says("show", OLD, ID) == "m1+m2"


async def test_a_number_that_comes_with_a_known_id_of_another(street: Street) -> None:
    """Two accounts an office tells apart are two people; the number is the one's who writes."""
    await street.says("take", OLD, ID)
    await street.says("take", NEW_ID)
    street.clock.move(minutes=1)
    assert await street.says("show", OLD, NEW_ID) == "m2"
    assert await street.says("show", ID) == "m1"


async def test_a_number_that_changed_hands_without_news(street: Street) -> None:
    """An id that an office does not know of the number's owner is a stranger's."""
    await street.says("take", OLD, ID)
    street.clock.move(days=60)
    assert await street.says("show", OLD, "ID.777") == "-"
    assert await street.says("show", OLD, "ID.777", process=1) == "-"
    assert await street.says("show", ID) == "m1"


async def test_an_old_id_once_more(street: Street) -> None:
    """Ids are never given on: a message under one that was replaced is still theirs."""
    await street.says("take", OLD, ID)
    street.clock.move(days=1)
    await street.follow(street.news([OLD, ID], [NEW, NEW_ID]))
    street.clock.move(seconds=1)
    assert await street.says("show", ID) == "m1"
    assert await street.says("show", NEW, NEW_ID) == "m1"
    assert street.mailman.letters[-2][0] == NEW


async def test_there_and_back(street: Street) -> None:
    """Who returns to their old number is who they were; news of both moves may come again."""
    await street.says("take", OLD)
    street.clock.move(days=1)
    away = street.news([OLD], [NEW])
    street.clock.move(days=1)
    back = street.news([NEW], [OLD])
    for news in (away, back, away, back, away):
        await street.follow(news)
    assert await street.says("show", OLD) == "m1"
    street.clock.move(days=60)
    assert await street.says("show", NEW) == "-"


async def test_the_same_news_to_two_offices(street: Street) -> None:
    """Each of our numbers is told, a moment apart, and again while a stranger has the number."""
    await street.says("take", OLD)
    street.clock.move(days=1)
    first = street.news([OLD], [NEW])
    street.clock.move(seconds=2)
    second = street.news([OLD], [NEW], office="bogor")
    await street.follow(first)
    await street.follow(second)
    street.clock.move(days=6)
    await street.says("take", OLD)
    await street.follow(second)
    await street.follow(first)
    assert await street.says("show", OLD) == "m4"
    assert await street.says("show", NEW) == "m1"


async def test_an_id_that_changes_while_the_number_is_hidden(street: Street) -> None:
    """The number they showed once is not known to be theirs any more: the id is answered."""
    await street.says("take", OLD, ID)
    street.clock.move(days=1)
    await street.follow(street.news([ID], [NEW_ID]))
    assert await street.says("show", NEW_ID) == "m1"
    assert street.mailman.letters[-1] == (NEW_ID, "m1")
    street.clock.move(days=60)
    assert await street.says("show", OLD, "ID.777") == "-"


async def test_news_of_nobody(street: Street) -> None:
    """Who never wrote has nothing to keep."""
    await street.follow(street.news([OLD], [NEW]))
    assert await street.says("show", NEW) == "-"
    assert "save" in street.store.calls


async def test_news_without_another_address_is_recorded_once(street: Street) -> None:
    """A confirmed identity stands in the journal, and changes nothing."""
    await street.says("take", OLD)
    news = street.news([OLD], [])
    await street.follow(news)
    await street.follow(news, process=1)
    records = await street.store.transcript(f"whatsapp:jakarta:{OLD}")
    assert [record["identity"]["ids"] for record in records if "identity" in record] == [[OLD]]


async def test_who_staff_mean_by_a_number(street: Street) -> None:
    """By the number they have, the one they had until somebody else has it, or an id."""

    async def kept_by(address: str) -> list[str]:
        return await street.bots[1][1].addresses("whatsapp", address)

    assert await kept_by(OLD) == [f"whatsapp:{OLD}"]
    await street.says("take", ID)
    street.clock.move(minutes=1)
    await street.says("take", OLD)
    await street.says("show", OLD, ID)
    street.clock.move(days=1)
    await street.follow(street.news([OLD, ID], [NEW, NEW_ID]))
    for address in (OLD, NEW, ID, NEW_ID):
        assert (await kept_by(address))[:2] == [f"whatsapp:{OLD}", f"whatsapp:{ID}"]
    street.clock.move(days=60)
    await street.says("take", OLD)
    (stranger,) = await kept_by(OLD)
    assert stranger.startswith(f"whatsapp:{OLD}~")
    assert await kept_by(stranger.removeprefix("whatsapp:")) == [stranger]
    assert (await kept_by(ID))[0] == f"whatsapp:{OLD}"


async def test_a_change_stands_in_the_journal(street: Street) -> None:
    """Staff can see when somebody's number changed, and to which."""
    await street.says("take", OLD)
    street.clock.move(days=1)
    await street.follow(street.news([OLD], [NEW]))
    records = await street.store.transcript(f"whatsapp:jakarta:{OLD}")
    assert [r["identity"] for r in records if "identity" in r] == [
        {"kind": "user_changed_number", "ids": [NEW]}
    ]


@pytest.mark.parametrize("at", range(8))
@pytest.mark.parametrize("lost", [False, True])
async def test_news_cut_short_anywhere(street: Street, at: int, *, lost: bool) -> None:
    """A process that dies at any write leaves news that is finished when it comes again."""
    await street.says("take", NEW, "ID.999")
    street.clock.move(days=60)
    for office in ("jakarta", "bogor"):
        await street.says("take", OLD, ID, office=office)
    street.clock.move(days=1)
    news = street.news([OLD, ID], [NEW, NEW_ID])
    street.clock.move(seconds=5)
    failing = street.store.lose if lost else street.store.fail
    saves = 0

    async def after_save() -> None:
        nonlocal saves
        saves += 1
        if saves == at:
            failing.append("save")
        street.store.after["save"] = after_save

    if at:
        street.store.after["save"] = after_save
    else:
        failing.append("save")
    try:
        await street.follow(news)
    except StorageUnavailable:
        assert "m1" not in (await street.says("take", NEW, NEW_ID)).split("+")
    street.store.after.clear()
    failing.clear()
    await street.follow(news, process=1)
    owned = set((await street.says("show", NEW, NEW_ID)).split("+"))
    assert {"m2", "m3"} <= owned
    assert "m1" not in owned
    assert await street.says("show", "ID.999") == "m1"
