"""The sweeper: timers, retries and what dead processes left, with nobody writing."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import Any

from structlog.testing import capture_logs

from bot.clock import ClockWatch
from bot.dialogue.store import NEVER, Contact
from bot.errors import Throttled, TryLater
from tests.support.shell import COLLECTED, CONTACT, Clock, MakeBot


async def test_nothing_due(make: MakeBot) -> None:
    """Without anything due nothing is touched."""
    bot = make()
    assert await bot.sweeper.sweep() == 0
    assert bot.store.calls == {"due": 1}


async def test_timer(make: MakeBot) -> None:
    """A due timer rings and what it says is sent."""
    bot = make()
    await bot.hear("wait")
    await bot.outbox.close()
    bot.clock.move(minutes=10)
    assert await bot.sweeper.sweep() == 1
    await bot.outbox.close()
    assert bot.delivery.sent == ["ayo", "terlambat", "mau apa"]
    assert await bot.sweeper.sweep() == 0


async def test_timer_of_who_collects(make: MakeBot) -> None:
    """Where nothing is pushed it waits to be collected, and is no longer due."""
    bot = make()
    await bot.says("wait")
    bot.clock.move(minutes=10)
    await bot.sweeper.sweep()
    assert (await bot.stored(COLLECTED)).due_at == NEVER
    assert len(await bot.outbox.collect(COLLECTED.conversation_id)) == 2


async def test_several_processes(make: MakeBot) -> None:
    """All processes may sweep at once: a timer rings once, a reply is sent once."""
    bots = [make(owner) for owner in "abc"]
    for number in range(6):
        await bots[0].hear("wait", "m0", Contact("pushed", f"62812000000{number}", "office"))
    await bots[0].outbox.close()
    bots[0].clock.move(minutes=10)
    await asyncio.gather(*(bot.sweeper.sweep() for bot in bots))
    for bot in bots:
        await bot.outbox.close()
    assert sorted(text for bot in bots for text in bot.delivery.sent) == sorted(
        ["ayo", "terlambat", "mau apa"] * 6
    )


async def test_one_that_fails(make: MakeBot) -> None:
    """A conversation that cannot be looked after keeps no other from being."""
    bot = make()
    contacts = [Contact("pushed", f"62812000000{number}", "office") for number in range(4)]
    for contact in contacts:
        await bot.hear("wait", "m0", contact)
    await bot.outbox.close()
    bot.clock.move(minutes=10)
    bot.store.fail = ["load", "lease"]
    await bot.sweeper.sweep()
    await bot.outbox.close()
    assert bot.delivery.sent.count("terlambat") >= 2
    bot.clock.move(seconds=46)
    await bot.sweeper.sweep()
    await bot.outbox.close()
    assert bot.delivery.sent.count("terlambat") == 4


async def test_outlives_a_bug(make: MakeBot) -> None:
    """Neither does a bug end it."""
    bot = make()
    await bot.hear("wait")
    await bot.outbox.close()
    bot.clock.move(minutes=10)
    due, failed = bot.store.due, []

    async def broken_once(*given: Any) -> Any:
        if not failed:
            failed.append(given)
            raise RuntimeError("a bug")
        return await due(*given)

    bot.store.due = broken_once
    sweeping = asyncio.create_task(bot.sweeper.run())
    await bot.delivery.until(lambda: "terlambat" in bot.delivery.sent)
    sweeping.cancel()
    with suppress(asyncio.CancelledError):
        await sweeping
    await bot.outbox.close()


async def test_runs_on(make: MakeBot) -> None:
    """It outlives the database: after a failure it sweeps on."""
    bot = make()
    bot.delivery.moods.append(TryLater("busy"))
    await bot.hear("none")
    await bot.outbox.close()
    bot.clock.move(seconds=2)
    bot.store.fail = ["due", "due", "load", "lease"]
    sweeping = asyncio.create_task(bot.sweeper.run())
    await bot.delivery.until(lambda: bool(bot.delivery.sent))
    assert not sweeping.done()
    sweeping.cancel()
    with suppress(asyncio.CancelledError):
        await sweeping
    await bot.outbox.close()
    assert (await bot.stored(CONTACT)).outbox == ()


async def test_a_clock_that_was_ahead(make: MakeBot) -> None:
    """What failed while the clock was an hour ahead is tried again when it is set right, not an
    hour later; a timer set meanwhile does not ring before its time.
    """
    bot = make()
    bot.clock.move(hours=1)  # and back before anybody swept
    bot.delivery.moods.append(TryLater("busy"))
    await bot.hear("wait")
    await bot.outbox.close()
    assert bot.delivery.sent == []
    bot.clock.move(hours=-1)
    with capture_logs() as logs:
        await bot.sweeper.sweep()
    await bot.outbox.close()
    assert bot.delivery.sent == ["ayo"]
    assert (await bot.stored(CONTACT)).outbox == ()
    assert [(each["event"], each["seconds"]) for each in logs if each.get("alarm")] == [
        ("clock_set_back", 3600)
    ]


async def test_a_pause_does_not_last_longer_for_it(make: MakeBot) -> None:
    """An account that was throttled while the clock was ahead is tried again as soon."""
    bot = make()
    bot.clock.move(hours=1)  # and back before anybody swept
    bot.delivery.moods.append(Throttled("too many", 130429))
    await bot.hear("wait")
    await bot.outbox.close()
    assert bot.outbox.paused
    bot.clock.move(hours=-1)
    await bot.sweeper.sweep()
    await bot.outbox.close()
    bot.clock.move(seconds=6)
    await bot.sweeper.sweep()
    await bot.outbox.close()
    assert not bot.outbox.paused
    assert bot.delivery.sent == ["ayo"]


async def test_a_clock_nobody_can_set() -> None:
    """Only going back is told, and only by more than clocks are off; how far, once."""
    clock, steady = Clock(), [0.0]
    watch = ClockWatch(clock, lambda: steady[0])

    def passes(clock_says: float, really: float) -> timedelta:
        clock.move(seconds=clock_says)
        steady[0] += really
        return watch.set_back()

    assert passes(60, 60) == timedelta()
    assert passes(3600, 1) == timedelta()
    assert passes(-3, 1) == timedelta()
    assert passes(-590, 10) == timedelta(minutes=10)
    assert passes(1, 1) == timedelta()
