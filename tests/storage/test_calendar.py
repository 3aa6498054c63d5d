"""What every store of changed days promises."""

from datetime import UTC, date, datetime

from bot.booking.days import CalendarStore, DayChange, OfficeDays

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
