"""What every store of changed days promises."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.booking.days import CalendarStore, DayChange, DayWork, OfficeDays

DAY = date(2026, 12, 31)
AT = datetime(2026, 11, 23, 2, tzinfo=UTC)
CLOSED = OfficeDays("kota_contoh", 1, {DAY: DayChange(closed="Arsip", seats={"pagi": 3})})


async def test_what_is_saved_is_found(calendar: CalendarStore) -> None:
    """All parts of a change, by office."""
    assert await calendar.all() == []
    assert await calendar.save(CLOSED, {"at": AT, "step": "closed"})
    assert await calendar.all() == [CLOSED]


async def test_only_the_next_revision_is_saved(calendar: CalendarStore) -> None:
    """Who did not see the newest changes nothing, the first time and later."""
    assert await calendar.save(CLOSED, {"step": "closed"})
    assert not await calendar.save(OfficeDays("kota_contoh", 1, {}), {"step": "opened"})
    assert await calendar.save(OfficeDays("kota_contoh", 2, {}), {"step": "opened"})
    assert not await calendar.save(OfficeDays("kota_contoh", 2, {}), {"step": "again"})
    assert await calendar.all() == [OfficeDays("kota_contoh", 2, {})]


async def test_the_trail_tells_every_change(calendar: CalendarStore) -> None:
    """In the same write as the change, the oldest first; another office has its own."""
    await calendar.save(CLOSED, {"at": AT, "by": "staff:ani", "step": "closed"})
    await calendar.save(OfficeDays("kota_contoh", 2, {}), {"at": AT, "by": "x", "step": "opened"})
    trail = await calendar.trail("kota_contoh")
    assert [(event["step"], event["at"]) for event in trail] == [("closed", AT), ("opened", AT)]
    assert await calendar.trail("elsewhere") == []


WORK = DayWork("w1", DAY, "staff:ani", AT, move=True, reason="Arsip")
MINUTE = timedelta(minutes=1)


async def work_of(calendar: CalendarStore) -> tuple[DayWork, ...]:
    """What the only office has to do."""
    (found,) = await calendar.all()
    return found.work


async def test_work_is_saved_with_its_change(calendar: CalendarStore) -> None:
    """A lost race leaves none behind; the next change adds to what waits."""
    second = replace(WORK, id="w2")
    assert await calendar.save(CLOSED, {"step": "closed"}, WORK)
    assert not await calendar.save(CLOSED, {"step": "closed"}, second)
    assert await calendar.save(replace(CLOSED, revision=2), {"step": "reseated"})
    assert await calendar.save(replace(CLOSED, revision=3), {"step": "closed"}, second)
    assert await work_of(calendar) == (WORK, second)


async def test_one_does_the_work_until_it_is_done_or_they_are_gone(
    calendar: CalendarStore,
) -> None:
    """Who takes it keeps others off for a time; crossing off tells the trail, once."""
    await calendar.save(CLOSED, {"step": "closed"}, WORK)
    assert await calendar.take_work("kota_contoh", AT, AT + MINUTE)
    assert not await calendar.take_work("kota_contoh", AT + MINUTE, AT + 2 * MINUTE)
    assert await calendar.take_work("kota_contoh", AT + 1.1 * MINUTE, AT + 3 * MINUTE)
    assert await calendar.end_work("kota_contoh", "w1", {"step": "done"})
    assert not await calendar.end_work("kota_contoh", "w1", {"step": "done"})
    assert await work_of(calendar) == ()
    assert [event["step"] for event in await calendar.trail("kota_contoh")] == ["closed", "done"]
    assert await calendar.take_work("kota_contoh", AT, AT + MINUTE)
