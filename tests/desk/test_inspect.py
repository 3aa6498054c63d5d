"""One conversation's way over the flows, as those may see it who look after people or flows."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.dialogue.store import Contact
from bot.record import record_of
from tests.support.desk import OTHER, DeskHouse, Visitor, open_house
from tests.support.inspected import CONTACT, PHONE, Talker

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
async def talker() -> AsyncIterator[Talker]:
    """Somebody who came as far as a hold."""
    async with open_house() as house:
        talker = Talker(house)
        await talker.books()
        yield talker


async def told(visitor: Visitor, path: str) -> dict[str, Any]:
    """The page as a script reads it."""
    answer = await visitor.get(path, Accept="application/json")
    assert answer.status == 200
    found: dict[str, Any] = await answer.json()
    return found


async def test_a_turn(talker: Talker) -> None:
    """The last turn is shown whole: said, understood, its way with places, actions, answers, cost
    beside the median; the picture marks where it is and what was taken.
    """
    async with talker.house.visitor("supervisor") as visitor:
        page = await visitor.text(talker.path)
        found = await told(visitor, talker.path)
    assert "Rina Wulandari lahir 17 agustus 1990" in page
    assert 'class="here" data-state="confirming"' in page
    assert re.search(r'class="line now"', page)
    assert "<style" not in page
    turn = found["turn"]
    assert (turn["turn"], turn["understood"]["source"]) == (5, "grammar")
    taken = [line for line in turn["way"] if line["verb"] == "take"]
    assert taken[0]["event"] == "filled"
    assert re.fullmatch(r"passport_\w+\.yml:\d+|common\.yml:\d+", taken[0]["place"])
    assert [each["action"] for each in turn["actions"]] == ["hold_seat"]
    assert turn["cost"]["total"] == 1000 * (3 + 2 * len(turn["actions"]))
    assert turn["after"] == ["passport_guided.confirming"]
    assert [each["key"] for each in turn["replies"]]


async def test_every_turn_has_its_address(talker: Talker) -> None:
    """Previous and next lead through all turns without a script; a number too many is told."""
    async with talker.house.visitor("supervisor") as visitor:
        path, seen = f"{talker.path}?turn=1", []
        while path:
            page = await visitor.text(path)
            seen.append(path.partition("turn=")[2])
            found = re.search(r'rel="next" href="([^"]+)"', page)
            path = f"{talker.path}{found[1]}" if found else ""
        assert seen == ["1", "2", "3", "4", "5"]
        assert 'rel="prev" href="?turn=4"' in page
        for wrong in ("99", "x", "-1"):
            assert (await visitor.get(f"{talker.path}?turn={wrong}")).status == 404


async def test_what_was_wrong(talker: Talker) -> None:
    """What was filled is told beside what was wrong; all of a flow is drawn for who asks."""
    async with talker.house.visitor("supervisor") as visitor:
        found = (await told(visitor, f"{talker.path}?turn=4"))["turn"]
        page = await visitor.text(f"{talker.path}?turn=4&whole")
    assert found["understood"]["problems"][0]["reason"] == "in_the_future"
    assert found["way"][0]["slot"] == "name"
    assert "in every state" in page  # the whole flow


async def test_editors_see_nobody(talker: Talker) -> None:
    """An editor sees how the flows went, and no name, number, birth date or code of anybody."""
    async with talker.house.visitor("editor") as visitor:
        found = await told(visitor, talker.path)
        texts = [await visitor.text(f"{talker.path}?turn={number}") for number in range(1, 6)]
    async with talker.house.visitor("supervisor") as visitor:
        open_ = await told(visitor, talker.path)
    [hold] = [e for e in open_["turn"]["actions"] if e["action"] == "hold_seat"]
    code = hold["values"]["approval_code"]
    whole = "\n".join([str(found), *texts])
    for each in ("Rina", "Wulandari", "RINA", PHONE, "1990", "17-08", code):
        assert each not in whole, each
    assert found["hidden"]
    assert not open_["hidden"]
    assert found["turn"]["way"] == open_["turn"]["way"]
    assert found["turn"]["understood"]["intent"] == open_["turn"]["understood"]["intent"]
    assert "diganti dengan yang rekaan" in texts[0]


@pytest.mark.parametrize("login", ["supervisor", "editor"])
async def test_what_somebody_typed_is_never_run(house: DeskHouse, login: str) -> None:
    """Markup in messages, names and profiles is shown as text, or not at all."""
    contact = Contact("whatsapp", PHONE, CONTACT.office, profile=SCRIPT)
    talker = Talker(house, contact)
    await talker.says("Pagi", SCRIPT, f"nama saya {SCRIPT} lahir 17 agustus 1990", f"#{SCRIPT}#x#y")
    async with house.visitor(login) as visitor:
        for number in range(1, 5):
            answer = await visitor.get(f"{talker.path}?turn={number}")
            assert answer.status == 200
            assert "<script>alert" not in await answer.text()


async def test_whose_it_is(talker: Talker) -> None:
    """Another office's conversation is not there, nor what is no handle, whoever asks."""
    elsewhere = Talker(talker.house, Contact("whatsapp", PHONE, OTHER))
    await elsewhere.says("Pagi")
    async with talker.house.visitor("supervisor") as visitor:
        assert (await visitor.get(elsewhere.path)).status == 404
        for handle in ("x", CONTACT.conversation_id, talker.house.kept.handles.of("web:none:x")):
            assert (await visitor.get(f"/desk/conversations/{handle}/inspect")).status == 404


async def test_old_records(talker: Talker) -> None:
    """A record without a trace, of flows nobody has any more, is shown with what it has."""
    conversations = talker.house.stores.conversations
    stored = await conversations.load(CONTACT.conversation_id)
    assert stored
    record = record_of(stored, stored.conversation, "old", CONTACT.office, talker.house.moment)
    record |= {"version": "gone", "after": ["passport_guided.booked"]}
    await conversations.copy_journal([record])
    async with talker.house.visitor("supervisor") as visitor:
        page = await visitor.text(talker.path)
        found = await told(visitor, talker.path)
    assert "Jalannya tidak dicatat pada giliran ini" in page
    assert "Berkas alur versi gone tidak disimpan lagi" in page
    assert (found["turn"]["traced"], found["turn"]["cost"]) == (False, None)
    assert found["turn"]["entered"] == ["passport_guided.booked"]


async def test_a_refused_guard(house: DeskHouse) -> None:
    """A guard that refused stands with its text and place, and is struck through in the picture;
    what was taken instead is beside it.
    """
    talker = Talker(house)
    await talker.says("Pagi", "nama saya Rina Wulandari lahir 17 agustus 1990")
    async with house.visitor("supervisor") as visitor:
        found = await told(visitor, talker.path)
        page = await visitor.text(talker.path)
    way = [(line["verb"], line["event"], line["number"]) for line in found["turn"]["way"]]
    refused = next(line for line in found["turn"]["way"] if line["verb"] == "refuse")
    assert (refused["event"], refused["number"], refused["of"]) == ("filled", 1, 2)
    assert refused["guard"] == "service_date"
    assert ("take", "filled", 2) in way
    assert re.search(r'class="label[^"]* refused"[^>]*>all known<', page)
