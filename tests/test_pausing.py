"""Accounts that may send nothing: their messages wait, nothing is burnt, and all flows again."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from structlog.testing import capture_logs

from bot.dialogue.store import NEVER, Contact
from bot.errors import Stopped, Throttled, TryLater, Undeliverable
from bot.pausing import LONGEST_PAUSE, LOOK_AGAIN
from tests.support.shell import CONTACT, Bot, MakeBot

EXPIRED = Stopped("the token has expired", 190, cause="TOKEN")
BUSY = Throttled("too many", 130429)


def person(number: int, account: str = "10001") -> Contact:
    """Somebody who writes to an account."""
    return replace(CONTACT, sender=f"62812000000{number}", account=account)


async def sweep(bot: Bot, **time: float) -> None:
    """Let time pass, and what is due be done."""
    bot.clock.move(**time)
    await bot.sweeper.sweep()
    await bot.outbox.close()


async def test_nothing_is_burnt(make: MakeBot) -> None:
    """While the token is dead all messages wait; mended, they arrive in order, once."""
    bot = make()
    bot.delivery.refuse["10001"] = EXPIRED
    for number in range(3):
        await bot.hear("twice", "m0", person(number))
        await bot.outbox.close()
    for _ in range(40):
        await sweep(bot, minutes=6)
    stored = await bot.stored(person(0))
    assert (bot.delivery.sent, [item.attempts for item in stored.outbox]) == ([], [0, 0, 0])
    assert (stored.outbox[0].trouble["kind"], stored.outbox[0].trouble["code"]) == ("stopped", 190)
    bot.delivery.refuse.clear()
    await sweep(bot, minutes=6)
    assert bot.delivery.sent == ["satu", "dua", "mau apa"] * 3
    for number in range(3):
        stored = await bot.stored(person(number))
        assert (stored.outbox, stored.leased_by, stored.due_at) == ((), "", NEVER)
    assert not bot.outbox.paused


async def test_one_alarm(make: MakeBot) -> None:
    """A dead token raises one alarm, however many messages and numbers wait for it."""
    bot = make()
    bot.delivery.refuse = {"10001": EXPIRED, "10002": EXPIRED}
    with capture_logs() as logs:
        for number in range(4):
            await bot.hear("none", "m0", person(number, f"1000{number % 2 + 1}"))
            await bot.outbox.close()
        for _ in range(10):
            await sweep(bot, minutes=4)
    alarms = [line for line in logs if line.get("alarm")]
    assert [(line["event"], line["code"]) for line in alarms] == [("account_paused", 190)]
    assert set(bot.outbox.paused) == {"10001", "10002"}


async def test_few_probes(make: MakeBot) -> None:
    """Meta is asked now and then by one message, less and less often."""
    bot = make()
    bot.delivery.refuse["10001"] = EXPIRED
    for number in range(5):
        await bot.hear("none", "m0", person(number))
        await bot.outbox.close()
    assert bot.delivery.tried == 1
    tries = []
    for _ in range(180):
        before = bot.delivery.tried
        await sweep(bot, seconds=10)
        tries += [bot.clock.now] * (bot.delivery.tried - before)
    gaps = [later - earlier for earlier, later in pairwise(tries)]
    assert gaps == sorted(gaps)
    assert gaps[-1] == LONGEST_PAUSE
    assert len(tries) < 16


async def test_as_soon_as_it_works(make: MakeBot) -> None:
    """All that waits goes with the first probe, not at times of its own."""
    bot = make()
    bot.delivery.refuse["10001"] = EXPIRED
    for number in range(5):
        await bot.hear("none", "m0", person(number))
        await bot.outbox.close()
    bot.delivery.refuse.clear()
    await sweep(bot, seconds=10)
    assert bot.delivery.sent == ["mau apa"] * 5


async def test_another_account(make: MakeBot) -> None:
    """The numbers of other accounts go on."""
    bot = make()
    bot.delivery.refuse["10001"] = EXPIRED
    await bot.hear("none", "m0", person(1))
    await bot.hear("none", "m0", person(2, "10002"))
    await bot.outbox.close()
    assert bot.delivery.sent == ["mau apa"]


async def test_throttled(make: MakeBot) -> None:
    """A number that sent too much waits as a whole, as long as the channel wishes."""
    bot = make()
    bot.delivery.moods.append(Throttled("too many", 130429, timedelta(seconds=30)))
    for number in range(3):
        await bot.hear("none", "m0", person(number))
        await bot.outbox.close()
    await sweep(bot, seconds=29)
    assert (bot.delivery.tried, bot.delivery.sent) == (1, [])
    await sweep(bot, seconds=1)
    assert bot.delivery.sent == ["mau apa"] * 3
    assert (await bot.stored(person(0))).due_at == NEVER


async def test_throttled_for_long(make: MakeBot) -> None:
    """However long that goes on, it is no failure of the message."""
    bot = make()
    bot.delivery.refuse["10001"] = BUSY
    await bot.hear("none", "m0", person(1))
    for _ in range(30):
        await sweep(bot, minutes=6)
    (waiting,) = (await bot.stored(person(1))).outbox
    assert (waiting.attempts, waiting.trouble["kind"]) == (0, "throttled")


async def test_probe_fails_by_itself(make: MakeBot) -> None:
    """A probe that cannot be delivered at all says nothing; the next message is the probe."""
    bot = make()
    bot.delivery.refuse["10001"] = EXPIRED
    for number in range(3):
        await bot.hear("none", "m0", person(number))
        await bot.outbox.close()
    bot.delivery.refuse.clear()
    bot.delivery.moods.extend([Undeliverable("nobody there"), TryLater("unclear"), EXPIRED])
    await sweep(bot, seconds=10)
    assert (bot.delivery.sent, list(bot.outbox.paused)) == ([], ["10001"])
    for _ in range(30):
        await sweep(bot, seconds=2)
    assert bot.delivery.sent == ["mau apa"] * 2


async def test_probe_that_is_lost(make: MakeBot) -> None:
    """A probe nobody hears of again keeps nobody waiting for ever."""
    bot = make()
    bot.delivery.refuse["10001"] = EXPIRED
    for number in range(2):
        await bot.hear("none", "m0", person(number))
        await bot.outbox.close()
    bot.delivery.refuse.clear()
    bot.delivery.before = lambda: (_ for _ in ()).throw(RuntimeError("a bug"))
    await sweep(bot, seconds=10)
    bot.delivery.before = lambda: None
    await sweep(bot, seconds=80)
    await sweep(bot, seconds=1)
    assert bot.delivery.sent == ["mau apa"] * 2


async def test_two_processes(make: MakeBot) -> None:
    """Each finds out by itself; what one left waiting the other sends, once."""
    a, b = make("a"), make("b")
    a.delivery.refuse["10001"] = EXPIRED
    for number in range(3):
        await a.hear("none", "m0", person(number))
        await a.outbox.close()
    await sweep(b, seconds=LOOK_AGAIN.total_seconds())
    assert b.delivery.sent == ["mau apa"] * 3
    a.delivery.refuse.clear()
    await sweep(a, minutes=1)
    await a.hear("none", "m1", person(7))
    await sweep(a, minutes=1)
    assert a.delivery.sent == ["mau apa"]
    assert not a.outbox.paused


async def test_after_a_restart(make: MakeBot) -> None:
    """A process that knows of no pause sends what the dead one left, within about a minute."""
    a = make("a")
    a.delivery.refuse["10001"] = EXPIRED
    for number in range(20):
        await a.hear("none", "m0", person(number))
        await a.outbox.close()
    await a.outbox.close(timedelta(seconds=1))
    b = make("b")
    await sweep(b, seconds=LOOK_AGAIN.total_seconds() + 1)
    assert b.delivery.sent == ["mau apa"] * 20


async def test_timers_ring_meanwhile(make: MakeBot) -> None:
    """What a conversation is waiting for happens all the same."""
    bot = make()
    bot.delivery.refuse["10001"] = EXPIRED
    await bot.hear("wait", "m0", person(1))
    await bot.outbox.close()
    await sweep(bot, minutes=10)
    texts = [item.reply["text"] for item in (await bot.stored(person(1))).outbox]
    assert texts == ["ayo", "terlambat", "mau apa"]


async def test_jitter(make: MakeBot) -> None:
    """Processes do not probe in step."""
    bot = make(jitter=lambda: 1.0)
    bot.delivery.refuse["10001"] = EXPIRED
    await bot.hear("none", "m0", person(1))
    await bot.outbox.close()
    assert bot.outbox.paused["10001"].until - bot.clock.now == timedelta(seconds=2.5)
