"""Conversations at the desk: who waits, taking over, answering, handing back."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.booking.life import SeatState
from bot.desk.roles import Role
from bot.dialogue.care import Why
from bot.dialogue.store import Contact
from tests.support.desk import OFFICE, Visitor, account
from tests.support.inbox import RINA, WEB, Inbox, open_inbox

ACK = "Pesan Anda sudah diterima petugas"
LEFT = "Petugas sudah selesai membantu"


@pytest.fixture
async def inbox() -> AsyncIterator[Inbox]:
    """A desk beside a bot."""
    async with open_inbox() as inbox:
        yield inbox


@pytest.fixture
async def supervisor(inbox: Inbox) -> AsyncIterator[Visitor]:
    """A supervisor, signed in."""
    async with inbox.house.visitor("supervisor") as visitor:
        yield visitor


async def test_from_asking_to_a_booking(inbox: Inbox, supervisor: Visitor) -> None:
    """Somebody asks for staff, is answered by one and not by the bot, and books where they were."""
    await inbox.says("#tgllayanan")
    await inbox.says("2")
    assert "akan membalas di sini" in (await inbox.says("#petugas"))[0]
    assert "Menunggu 0 menit" in await supervisor.text("/desk/conversations")
    assert "did=conversation_taken" in await inbox.does(supervisor, "take")
    said = await inbox.says("boleh ajak ibu?")
    assert len(said) == 1
    assert ACK in said[0]
    assert await inbox.says("halo?") == []
    await inbox.does(supervisor, "reply", text="Boleh, silakan.")
    assert await inbox.told() == ["Boleh, silakan."]
    assert await inbox.says("baik, terima kasih") == []
    page = await supervisor.text(inbox.page())
    assert "boleh ajak ibu?" in page
    assert "Boleh, silakan." in page
    for inspected in re.findall(r'href="(/desk/[^"]*/inspect[^"]*)"', page):
        assert (await supervisor.get(inspected)).status == 200
    await inbox.does(supervisor, "hand-back")
    first, question = await inbox.told()
    assert LEFT in first
    assert "nama lengkap" in question
    await inbox.says("#RINA FIKTIF#25011987")
    await inbox.says("oke setuju")
    [seat] = await inbox.bot.stores.seats.of_sender("whatsapp:6281200000001")
    assert seat.state is SeatState.BOOKED


async def test_two_supervisors(inbox: Inbox, supervisor: Visitor) -> None:
    """Two who press at once: one has it, the other is told; only who has it answers; taking over
    from a colleague is asked about first, and says from whom.
    """
    await inbox.says("#petugas")
    roles = {OFFICE: frozenset({Role.SUPERVISOR})}
    await inbox.house.kept.accounts.save(account("colleague", roles))
    async with inbox.house.visitor("colleague") as colleague:
        both = await asyncio.gather(inbox.does(supervisor, "take"), inbox.does(colleague, "take"))
        assert sorted("did=" in place for place in both) == [False, True]
        assert any("no=taken_by_other" in place for place in both)
        has, other = (supervisor, colleague) if "did=" in both[0] else (colleague, supervisor)
        assert "no=not_yours" in await inbox.does(other, "reply", text="halo")
        asked = await other.text(f"{inbox.page()}?ask=take")
        login = (await inbox.stored()).care.by
        assert f'name="over" value="{login}"' in asked
        assert "did=" in await inbox.does(other, "take", over=login)
        assert "no=not_yours" in await inbox.does(has, "reply", text="halo")
    assert await inbox.told() == []


async def test_taking_over_while_a_message_is_handled(inbox: Inbox, supervisor: Visitor) -> None:
    """However a message and taking over meet, it is answered by the flow or left to the person."""
    for number in range(6):
        contact = replace(RINA, sender=f"628120000001{number}")
        await inbox.says("halo", contact)
        said, _ = await asyncio.gather(
            inbox.says("#tgllayanan", contact), inbox.does(supervisor, "take", contact)
        )
        said += await inbox.told(contact)
        records = await inbox.bot.stores.conversations.transcript(contact.conversation_id)
        [record] = [r for r in records if r.get("message", {}).get("text") == "#tgllayanan"]
        answered = any("tersedia" in text for text in said)
        assert answered != ("attended" in record)
        assert len(said) == 1


async def test_the_window(inbox: Inbox, supervisor: Visitor) -> None:
    """A day after somebody's last message free words are refused, whenever the page was opened; a
    template asks them to write, and then they are answered.
    """
    await inbox.says("#petugas")
    inbox.house.wait(hours=23)
    await supervisor.sign_in("supervisor")
    await inbox.does(supervisor, "take")
    assert 'name="text"' in await supervisor.text(inbox.page())
    inbox.house.wait(hours=1)
    await supervisor.sign_in("supervisor")
    await inbox.does(supervisor, "take")
    await inbox.told()
    assert "no=window_closed" in await inbox.does(supervisor, "reply", text="halo")
    page = await supervisor.text(inbox.page())
    assert 'name="text"' not in page
    await inbox.does(supervisor, "call")
    [stored] = (await inbox.stored()).outbox
    assert stored.reply["template"]["name"] == "staff_answer"
    await inbox.told()
    await inbox.says("ya?")
    assert "did=" in await inbox.does(supervisor, "reply", text="halo")
    assert await inbox.told() == ["halo"]


async def test_the_web_has_no_window(inbox: Inbox, supervisor: Visitor) -> None:
    """Who writes on the web page may be answered at any time."""
    await inbox.says("halo", WEB)
    inbox.house.wait(hours=30)
    await supervisor.sign_in("supervisor")
    await inbox.does(supervisor, "take", WEB)
    await inbox.does(supervisor, "reply", WEB, text="selamat pagi")
    assert (await inbox.told(WEB))[-1] == "selamat pagi"


async def test_once_by_key(inbox: Inbox, supervisor: Visitor) -> None:
    """A form that is sent twice is done once."""
    await inbox.says("#petugas")
    await inbox.does(supervisor, "take")
    for _ in range(2):
        await inbox.does(supervisor, "reply", text="sekali saja", key="the-same-key")
    assert await inbox.told() == ["sekali saja"]
    for _ in range(2):
        await inbox.does(supervisor, "hand-back", key="another-key-1")
    assert len([text for text in await inbox.told() if LEFT in text]) == 1


async def test_nobody_is_forgotten(inbox: Inbox, supervisor: Visitor) -> None:
    """Who took it and does nothing loses it: it waits again, visibly, and the applicant is told;
    waiting ones are in every page's menu, and told at closing time when staff are back.
    """
    await inbox.says("#petugas")
    await inbox.does(supervisor, "take")
    await inbox.says("halo?")
    inbox.house.wait(minutes=16)
    await inbox.sweep()
    assert "belum sempat membalas" in (await inbox.told())[0]
    care = (await inbox.stored()).care
    assert (care.why, care.by, care.left_by) == (Why.UNANSWERED, "", "supervisor")
    page = await supervisor.text("/desk/conversations")
    assert "supervisor tidak sempat membalas" in page
    assert "Menunggu 16 menit" in page
    home = await supervisor.text("/desk")
    assert re.search(r'data-badge="/desk/conversations">1<', home)
    assert await inbox.says("#tgllayanan")  # the flow answers meanwhile
    inbox.house.wait(hours=8)
    await inbox.sweep()
    assert any("mereka kembali" in text for text in await inbox.told())
    assert (await inbox.stored()).care.waits


async def test_timers_do_not_ring_meanwhile(inbox: Inbox, supervisor: Visitor) -> None:
    """While a person has it no timer rings; handed back, the flow goes on with its full time."""
    await inbox.says("#tgllayanan")
    await inbox.says("2")
    await inbox.does(supervisor, "take")
    await inbox.does(supervisor, "reply", text="sebentar")
    for _ in range(3):
        inbox.house.wait(minutes=50)
        await supervisor.sign_in("supervisor")
        await inbox.does(supervisor, "reply", text="sebentar lagi")
        await inbox.sweep()
    assert not any("tutup dulu" in text for text in await inbox.told())
    await inbox.does(supervisor, "hand-back")
    await inbox.told()
    inbox.house.wait(minutes=119)
    await inbox.sweep()
    assert await inbox.told() == []


async def test_other_offices(inbox: Inbox) -> None:
    """Another office's conversations are not there, whatever is known of their address."""
    await inbox.says("#petugas")
    async with inbox.house.visitor("elsewhere") as elsewhere:
        assert (await elsewhere.get(inbox.page())).status == 404
        for deed in ("take", "reply", "hand-back", "call", "mark", "block", "clear", "recording"):
            assert await inbox.does(elsewhere, deed, text="x", note="x") == "404"
        assert "Rina" not in await elsewhere.text("/desk/conversations?view=all")
        answer = await elsewhere.post("/desk/conversations/search", q="081200000001")
        assert "Rina" not in await answer.text()
    assert (await inbox.stored()).care.by == ""


async def test_script_in_what_people_write(inbox: Inbox, supervisor: Visitor) -> None:
    """Names, messages, answers and notes are shown as they are written."""
    evil = "<script>alert(1)</script>"
    contact = replace(RINA, profile=evil)
    await inbox.says(f"{evil} #petugas", contact)
    await inbox.says("#petugas", contact)
    await inbox.does(supervisor, "take", contact)
    await inbox.does(supervisor, "reply", contact, text=evil)
    await inbox.does(supervisor, "mark", contact, note=evil)
    for path in (inbox.page(), "/desk/conversations?view=mine", f"{inbox.page()}/part"):
        raw = await (await supervisor.get(path)).text()
        assert evil not in raw
        assert "&lt;script&gt;" in raw


async def test_no_number_in_addresses_and_audit(inbox: Inbox, supervisor: Visitor) -> None:
    """No address holds a telephone number, nor does the audit, which names what was done."""
    await inbox.says("#petugas")
    await inbox.does(supervisor, "take")
    await inbox.does(supervisor, "mark", note="sering batal")
    found = await supervisor.post("/desk/conversations/search", q="0812-0000-0001")
    assert found.headers["Location"] == inbox.page()
    assert "81200000001" not in inbox.page()
    pages = await supervisor.text("/desk/conversations") + await supervisor.text(inbox.page())
    assert not re.search(r'(href|action)="[^"]*81200000001', pages)
    audit = inbox.house.kept.audit
    now = inbox.house.moment
    entries = await audit.between("jakarta_pusat", now.replace(hour=0), now.replace(hour=23))
    done = {entry.action: entry.subject for entry in entries if "conversation" in entry.subject}
    assert {"conversation_taken", "person_marked"} <= done.keys()
    assert all(re.fullmatch(r"conversation:[0-9a-f]{16}", subject) for subject in done.values())


async def test_search_by_code(inbox: Inbox, supervisor: Visitor) -> None:
    """A booking code leads to the conversation it was booked in; one of another office to none."""
    await inbox.says("#RINA FIKTIF#25011987#26112026")
    await inbox.says("oke setuju")
    [seat] = await inbox.bot.stores.seats.of_sender("whatsapp:6281200000001")
    found = await supervisor.post("/desk/conversations/search", q=seat.booking_code.lower())
    assert found.headers["Location"] == inbox.page()
    assert seat.booking_code in await supervisor.text(inbox.page())
    async with inbox.house.visitor("elsewhere") as elsewhere:
        found = await elsewhere.post("/desk/conversations/search", q=seat.booking_code)
        assert found.status == 200


async def test_lists(inbox: Inbox, supervisor: Visitor) -> None:
    """Each view shows its own: the newest first, a page at a time; by state and channel."""
    contacts: list[Contact] = [replace(RINA, sender=f"62812000001{n:02}") for n in range(60)]
    for n, contact in enumerate(contacts):
        inbox.house.wait(minutes=5)
        await inbox.says("halo", replace(contact, profile=f"Tamu {n:02}"))
    await inbox.says("qwrtp zxcvb", replace(contacts[3], profile="Tamu 03"))
    await inbox.says("#tgllayanan", WEB)
    await supervisor.sign_in("supervisor")
    missed = await supervisor.text("/desk/conversations?view=missed")
    assert re.findall(r"Tamu \d\d", missed) == ["Tamu 03"]
    first = await supervisor.text("/desk/conversations?view=all")
    shown = re.findall(r"Tamu \d\d", first)
    assert shown[:2] == ["Tamu 03", "Tamu 59"]
    seen, page = set(shown), first
    while older := re.search(r'href="(/desk/conversations[^"]*before=[^"]*)"', page):
        page = await supervisor.text(older[1])
        seen |= set(re.findall(r"Tamu \d\d", page))
    assert len(seen) == 60
    web = await supervisor.text("/desk/conversations?view=all&channel=web")
    assert web.count('class="talk') == 2  # the list and its only row
    state = "passport_guided.choosing_date"
    assert await supervisor.text(f"/desk/conversations?view=all&state={state}")


async def test_block_and_clear(inbox: Inbox, supervisor: Visitor) -> None:
    """A supervisor blocks a number, which then gets no seat, and takes that back."""
    await inbox.says("halo")
    assert "no=no_reason" in await inbox.does(supervisor, "block", reason="x", days="0")
    await inbox.does(supervisor, "block", reason="calo", days="30")
    assert any("calo" in text for text in await inbox.says("#RINA FIKTIF#25011987#26112026"))
    await inbox.does(supervisor, "clear")
    assert any("setujuan" in text for text in await inbox.says("#RINA FIKTIF#25011987#26112026"))


async def test_saved_as_a_recording(inbox: Inbox, supervisor: Visitor) -> None:
    """A conversation that a person dealt with is kept as a recording with nobody in it."""
    await inbox.says("#tgllayanan")
    await inbox.does(supervisor, "take")
    await inbox.says("apakah Rina Fiktif boleh?")
    await inbox.does(supervisor, "reply", text="Boleh, Bu Rina Fiktif.")
    await inbox.does(supervisor, "hand-back")
    await inbox.says("2")
    assert "did=conversation_recorded" in await inbox.does(supervisor, "recording")
    [kept] = await inbox.house.kept.recordings.all()
    assert "take: true" in kept.text
    assert "hand_back: true" in kept.text
    assert "Rina" not in kept.text
    assert "81200000001" not in kept.text


async def test_what_reports_see(inbox: Inbox, supervisor: Visitor) -> None:
    """What is written to a person is a message, and no misunderstanding."""
    await inbox.says("#petugas")
    await inbox.does(supervisor, "take")
    await inbox.says("qwrtp zxcvb")
    now = inbox.house.moment
    store = inbox.bot.stores.conversations
    heard = [each async for each in store.heard("jakarta_pusat", now, now.replace(hour=23), now)]
    assert [each.understood for each in heard] == [True, True]
    missed = await inbox.bot.stores.inbox.missed("jakarta_pusat", now, now.replace(hour=23))
    assert missed == []


async def test_who_may(inbox: Inbox) -> None:
    """What people write is for supervisors: the counter, editors and admins are refused."""
    await inbox.says("#petugas")
    for login in ("counter", "editor", "admin"):
        async with inbox.house.visitor(login) as visitor:
            assert (await visitor.get(inbox.page())).status == 403
            assert await inbox.does(visitor, "take") == "403"
