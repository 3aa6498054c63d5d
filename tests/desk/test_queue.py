"""The counter's page over plain HTTP: what staff do, what they read, and what is written down."""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest

from bot.booking.hall import Stage, stage_of
from bot.booking.life import SeatState, Step
from bot.desk.pages.queue import KINDS
from bot.desk.words import table_of
from tests.support.desk import NOW, OFFICE, OTHER, DeskHouse, Visitor, open_house
from tests.support.waiting_hall import PEOPLE, book, offices_with_walk_ins

QUEUE = "/desk/queue"
KEY = re.compile(r'name="key" value="([^"]+)"')


@pytest.fixture
async def hall() -> AsyncIterator[DeskHouse]:
    """An office with two walk-in numbers; Rina is its first today, at eight: it is 7.50."""
    async with open_house(offices=offices_with_walk_ins(2)) as house:
        house.wait(minutes=-70)
        await book(house)
        yield house


async def pressed(visitor: Visitor, path: str, **fields: str) -> str:
    """Press a button of the page as it is now; where the browser is sent."""
    key = KEY.search(await visitor.text(QUEUE))
    assert key
    answer = await visitor.post(QUEUE + path, **{"key": key[1], **fields})
    assert answer.status == 303, await answer.text()
    return answer.headers["Location"]


async def code_of(house: DeskHouse, number: int = 1) -> str:
    """The booking code of a number of today."""
    seats = await house.stores.seats.of_day(OFFICE, NOW.date())
    return seats[number - 1].booking_code


async def stage(house: DeskHouse, number: int = 1) -> Stage | None:
    """Where somebody stands."""
    return stage_of((await house.stores.seats.of_day(OFFICE, NOW.date()))[number - 1])


async def test_from_the_door_to_done(hall: DeskHouse) -> None:
    """Scanned in small letters without dashes, shown to compare, called, attended, done; each step
    stands in the seat's trail and in the audit, without a name.
    """
    code = await code_of(hall)
    async with hall.visitor("counter") as counter:
        scanned = code.replace("-", "").lower()
        place = await pressed(counter, "/check-in", code=scanned)
        assert place == f"{QUEUE}?n=1&did=checked_in"
        page = await counter.text(place)
        for shown in ("RINA CONTOH", "17 Agustus 1990", code, "Sudah check-in."):
            assert shown in page
        assert await pressed(counter, "/next") == f"{QUEUE}?no=no_counter"
        await pressed(counter, "/counter", counter="3")
        assert "did=called" in await pressed(counter, "/next")
        assert "di loket 3" in await counter.text(QUEUE)
        await pressed(counter, "/1/attend")
        assert await stage(hall) is Stage.ATTENDED
        await pressed(counter, "/1/serve")
        assert await stage(hall) is Stage.SERVED
        assert "Tampilkan juga 1 yang sudah selesai" in await counter.text(QUEUE)
        assert PEOPLE[0] in await counter.text(f"{QUEUE}?all=1")
    audit = await hall.kept.audit.between(OFFICE, NOW - NOW.resolution * 10**11, NOW)
    done = {(entry.action, entry.subject) for entry in audit}
    assert {"checked_in", "counter_chosen", "attended", "served"} < {action for action, _ in done}
    assert ("called", f"seat:{OFFICE}/2026-11-24/001") in done
    seat = (await hall.stores.seats.of_day(OFFICE, NOW.date()))[0]
    assert {event.by for event in seat.trail[2:]} == {"staff:counter"}


async def test_a_form_sent_twice_does_it_once(hall: DeskHouse) -> None:
    """A double click on "next", and a reload after the person is done, call nobody else."""
    await book(hall, PEOPLE[1])
    async with hall.visitor("counter") as counter:
        for number in (1, 2):
            await pressed(counter, "/check-in", code=await code_of(hall, number))
        await pressed(counter, "/counter", counter="1")
        token = await counter.token()
        await asyncio.gather(*(counter.post(f"{QUEUE}/next", token, key="same") for _ in range(3)))
        await pressed(counter, "/1/serve")
        await counter.post(f"{QUEUE}/next", key="same")
        assert [await stage(hall, number) for number in (1, 2)] == [Stage.SERVED, Stage.WAITING]
        await pressed(counter, "/next")
        assert await stage(hall, 2) is Stage.CALLED


@pytest.mark.parametrize(
    ("typed", "no"),
    [("", "no_code"), ("halo", "no_code"), ("JKP-00000-00000", "unknown"), ("x" * 5000, "no_code")],
)
async def test_what_is_no_code(hall: DeskHouse, typed: str, no: str) -> None:
    """Whatever a scanner or a hand types is answered in words, and nothing is audited."""
    async with hall.visitor("counter") as counter:
        place = await pressed(counter, "/check-in", code=typed)
        assert place == f"{QUEUE}?no={no}"
        assert table_of("id")[f"no.{no}"] in await counter.text(place)
    audit = await hall.kept.audit.between(OFFICE, NOW - NOW.resolution * 10**11, NOW)
    assert {entry.action for entry in audit} <= {"signed_in"}


async def test_other_days_and_offices(hall: DeskHouse) -> None:
    """A code of another office lets nobody in here, and shows nobody; late voids and says so."""
    elsewhere = await book(hall, PEOPLE[2], OTHER)
    code = await code_of(hall)
    async with hall.visitor("counter") as counter:
        place = await pressed(counter, "/check-in", code=elsewhere.booking_code)
        page = await counter.text(place)
        assert "untuk kantor lain, Bogor" in page
        assert PEOPLE[2] not in page
        hall.wait(minutes=27)
        place = await pressed(counter, "/check-in", code=code)
        assert place.startswith(f"{QUEUE}?n=1&no=late")
        assert "hangus" in await counter.text(place)
    assert await stage(hall) is Stage.VOID


async def test_turned_away_for_a_reason(hall: DeskHouse) -> None:
    """A reason is needed; the office's are offered, another may be typed; a minute to undo."""
    async with hall.visitor("counter") as counter:
        await pressed(counter, "/check-in", code=await code_of(hall))
        await pressed(counter, "/counter", counter="1")
        await pressed(counter, "/next")
        page = await counter.text(QUEUE)
        assert "<option>Dokumen tidak lengkap</option>" in page
        assert "no=no_reason" in await pressed(counter, "/1/reject")
        place = await pressed(counter, "/1/reject", reason="Dokumen tidak lengkap")
        assert "Urungkan" in await counter.text(place)
        await pressed(counter, "/1/undo")
        assert await stage(hall) is Stage.WAITING
        await pressed(counter, "/next")
        await pressed(counter, "/1/reject", reason="Dokumen tidak lengkap", typed="KK 3171 hilang")
        hall.wait(seconds=61)
        assert "no=not_now" in await pressed(counter, "/1/undo")
    seat = (await hall.stores.seats.of_day(OFFICE, NOW.date()))[0]
    rejected = seat.last(Step.REJECTED)
    assert rejected
    assert rejected.reason == "KK … hilang"


async def test_two_counters(hall: DeskHouse) -> None:
    """Each has their own person; who is with a colleague is not touched from here."""
    await book(hall, PEOPLE[1])
    async with hall.visitor("counter") as one, hall.visitor("two") as two:
        for number in (1, 2):
            await pressed(one, "/check-in", code=await code_of(hall, number))
        for visitor, number in ((one, "1"), (two, "2")):
            await pressed(visitor, "/counter", counter=number)
            await pressed(visitor, "/next")
        assert "no=busy" in await pressed(one, "/next")
        assert "no=not_now" in await pressed(one, "/2/call")
        assert "di loket 2" in await one.text(f"{QUEUE}?n=2")
        assert "did=served" in await pressed(two, "/2/serve-and-next")
        assert "no=nobody_waits" in await pressed(two, "/next")


async def test_walk_ins(hall: DeskHouse) -> None:
    """A number on paper, apart from the booked ones, until there are no more; called like all."""
    async with hall.visitor("counter") as counter:
        place = await pressed(counter, "/walk-in", kind="elderly")
        assert place == f"{QUEUE}/ticket/L1"
        for paper in ("80", "a6"):
            assert f"ticket-{paper}.css" in await counter.text(f"{place}?paper={paper}")
        await pressed(counter, "/walk-in", kind="pregnant")
        assert "no=none_left" in await pressed(counter, "/walk-in", kind="children")
        assert "no=not_for" in await pressed(counter, "/walk-in", kind="anybody")
        await pressed(counter, "/counter", counter="1")
        assert "did=called" in await pressed(counter, "/next")
        assert "did=served" in await pressed(counter, "/L1/serve")
        assert (await counter.get(f"{QUEUE}/ticket/1")).status == 404


async def test_search(hall: DeskHouse) -> None:
    """By a part of the name, by the code in any shape, by the number; what does not fit is out."""
    second = await book(hall, PEOPLE[1])
    async with hall.visitor("counter") as counter:
        for sought in ("budi", second.booking_code.replace("-", "").lower()[:8], "2"):
            page = await counter.text(f"{QUEUE}?q={sought}")
            assert (PEOPLE[1] in page, PEOPLE[0] in page) == (True, False), sought


async def test_nothing_of_the_address_is_run(hall: DeskHouse) -> None:
    """Words of the address are shown as text or not at all; numbers nobody has are nobody."""
    await book(hall, "<SCRIPT>ALERT(1)</SCRIPT>")
    async with hall.visitor("counter") as counter:
        evil = "%3Cscript%3Ealert(1)%3C/script%3E"
        for query in (f"q={evil}", f"no={evil}", f"did={evil}", f"n={evil}", "no=other_day&day=x"):
            answer = await counter.get(f"{QUEUE}?{query}")
            assert answer.status == 200
            assert "<script>alert" not in (await answer.text()).lower()
        for path in ("/99/serve", "/L9/call", "/1;2/void"):
            assert (await counter.post(QUEUE + path, key="k")).status == 404
        assert (await counter.get(f"{QUEUE}/photo/1")).status == 404


@pytest.mark.parametrize("counter", ["0", "100", "-1", "x", "", "¹"])
async def test_counters_have_numbers(hall: DeskHouse, counter: str) -> None:
    """From 1 to 99; anything else is said to be none."""
    async with hall.visitor("counter") as visitor:
        assert "no=no_such_counter" in await pressed(visitor, "/counter", counter=counter)


def test_every_value_has_its_words() -> None:
    """Stages, states and kinds of walk-ins can be said."""
    keys = [*(f"stage.{each}" for each in Stage), *(f"state.{each}" for each in SeatState)]
    for key in (*keys, *(f"by_hand.{kind}" for kind in KINDS)):
        assert table_of("id")[key]
        assert table_of("en")[key]


async def test_the_screen_names_nobody(hall: DeskHouse) -> None:
    """Whoever comes sees numbers and counters, changes as they happen, and no name or code."""
    code = await code_of(hall)
    async with hall.visitor("counter") as counter, hall.visitor() as anybody:
        stream = await anybody.http.get(f"/display/{OFFICE}/live")
        await pressed(counter, "/check-in", code=code)
        await pressed(counter, "/counter", counter="4")
        await pressed(counter, "/next")
        told = ""
        async with asyncio.timeout(5):
            while '"counter":4' not in told:
                told = (await stream.content.readline()).decode()
        stream.close()
        page = await anybody.text(f"/display/{OFFICE}")
        assert "Loket 4" in page
        for secret in ("RINA", code, "1990"):
            assert secret not in page + told
        assert (await anybody.get("/display/nowhere")).status == 404
