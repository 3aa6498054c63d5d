"""Staff answer on WhatsApp itself: the window, the template, how far words got, and nobody is
answered twice whatever meets.
"""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.attended import Refused
from bot.channels.inbound import Inbound
from bot.dialogue.care import NOBODY
from bot.dialogue.events import Message
from bot.errors import StorageUnavailable
from tests.support.desk import Visitor
from tests.support.inbox import RINA
from tests.support.staffed import StaffedOffice, open_staffed_office

ACK = "Pesan Anda sudah diterima petugas"
HERE = RINA.conversation_id


@pytest.fixture
async def office() -> AsyncIterator[StaffedOffice]:
    """An office on WhatsApp."""
    async with open_staffed_office() as office:
        yield office


@pytest.fixture
async def supervisor(office: StaffedOffice) -> AsyncIterator[Visitor]:
    """A supervisor, signed in."""
    async with office.house.visitor("supervisor") as visitor:
        yield visitor


async def test_within_a_day_and_after(office: StaffedOffice, supervisor: Visitor) -> None:
    """Free words go out within 24 hours and show how far they got; an hour after that they are
    refused before Meta would, the template asks to write, and then words go out again.
    """
    inbox = office.inbox
    await office.writes("#petugas")
    await inbox.does(supervisor, "take")
    await inbox.does(supervisor, "reply", text="Silakan datang *pukul 9*.")
    assert (await office.sent())[-1] == "Silakan datang *pukul 9*."
    last = len(office.graph.messages) - 1
    for state, shown in (("sent", "sent"), ("read", "read"), ("delivered", "read")):
        await office.reaches(last, state)
        assert f'class="got {shown}"' in await supervisor.text(inbox.page())
    office.house.wait(hours=25)
    await supervisor.sign_in("supervisor")
    await inbox.does(supervisor, "take")
    before = await office.sent()
    assert "no=window_closed" in await inbox.does(supervisor, "reply", text="terlambat")
    assert await office.sent() == before
    await inbox.does(supervisor, "call")
    assert await office.sent() == [*before, "staff_answer"]
    await office.reaches(len(before), "failed")
    assert 'class="got undelivered"' in await supervisor.text(inbox.page())
    await office.writes("ya?")
    await inbox.does(supervisor, "reply", text="Halo lagi.")
    assert (await office.sent())[-1] == "Halo lagi."
    assert "terlambat" not in await office.sent()


async def test_taken_over_by_another_process_during_a_turn(office: StaffedOffice) -> None:
    """The turn has read the conversation when somebody takes it over elsewhere: the flow's answer
    is thrown away, and they are told once that a person has it.
    """
    await office.writes("halo")
    before = await office.sent()

    async def taken_elsewhere() -> None:
        assert await office.bots[1].attending.take(HERE, "supervisor", "key-elsewhere") is None

    office.store.after["load"] = taken_elsewhere
    await office.writes("#tgllayanan")
    [told] = (await office.sent())[len(before) :]
    assert ACK in told
    await office.writes("halo?")
    assert len(await office.sent()) == len(before) + 1


async def test_a_message_to_another_process_during_taking_over(office: StaffedOffice) -> None:
    """Taking over has read the conversation when a message is answered elsewhere: it stays
    answered by the flow, once, and from then on the person has it.
    """
    await office.writes("halo")
    before = await office.sent()
    heard = Message("wamid.elsewhere", "text", "#tgllayanan", office.house.moment)

    async def heard_elsewhere() -> None:
        stored = await office.inbox.stored()
        contact = replace(stored.contact, heard_at=office.house.moment)
        await office.bots[1].turns.hear(Inbound(contact, heard))

    office.store.after["load"] = heard_elsewhere
    assert await office.bots[0].attending.take(HERE, "supervisor", "key-of-taking") is None
    [told] = (await office.sent())[len(before) :]
    assert "tersedia" in told
    await office.writes("2")
    assert [ACK in each for each in (await office.sent())[len(before) + 1 :]] == [True]


async def test_two_processes_take_it_over(office: StaffedOffice) -> None:
    """Of two members of staff whose processes know nothing of each other one has it."""
    await office.writes("#petugas")
    refused: list[Refused | None] = []

    async def other_takes() -> None:
        refused.append(await office.bots[1].attending.take(HERE, "kedua", "key-of-other"))

    office.store.after["load"] = other_takes
    refused.append(await office.bots[0].attending.take(HERE, "pertama", "key-of-first"))
    assert refused == [None, Refused.TAKEN]
    assert (await office.inbox.stored()).care.by == "kedua"


@pytest.mark.parametrize("how", ["fail", "lose"])
async def test_the_database_fails_once(
    office: StaffedOffice, supervisor: Visitor, how: str
) -> None:
    """Whether the write was lost or only its answer: staff read that it was not saved, press
    again, and it is done and sent once.
    """
    inbox = office.inbox
    await office.writes("#tgllayanan")
    for deed, more in (("take", {}), ("reply", {"text": "sekali saja"}), ("hand-back", {})):
        getattr(office.store, how).append("save")
        key = f"key-of-{deed}"
        assert await inbox.does(supervisor, deed, key=key, **more) == "503"
        assert "did=" in await inbox.does(supervisor, deed, key=key, **more)
    await office.sent()
    # A lost answer leaves the sending to whoever finds that the lease has run out.
    office.house.wait(minutes=1)
    await office.bots[1].sweeper.sweep()
    said = await office.sent()
    assert said.count("sekali saja") == 1
    assert sum("sudah selesai membantu" in each for each in said) == 1
    assert (await inbox.stored()).care == NOBODY


async def test_nothing_is_done_without_a_database(office: StaffedOffice) -> None:
    """A step that cannot be read or written raises, and leaves the conversation as it was."""
    await office.writes("#petugas")
    before = await office.inbox.stored()
    for step in ("load", "save"):
        office.store.fail.append(step)
        with pytest.raises(StorageUnavailable):
            await office.bots[0].attending.take(HERE, "supervisor", "key-of-taking")
        assert await office.inbox.stored() == before
