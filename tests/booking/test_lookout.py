"""What waits and what is left, as operators are told it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.booking.notices import Notice
from bot.booking.office import Offices
from bot.errors import StorageUnavailable, TryLater, Undeliverable
from bot.lookout import Lookout
from bot.metrics import Metrics
from storage.inbox import MemoryInbox
from storage.letters import MemoryLetters
from storage.memory import MemoryConversations, MemorySeats
from storage.memory_notices import MemoryNotices
from tests.support.counter import Counter, person
from tests.support.shell import COLLECTED, Bot, Clock
from tests.support.talk import NOW

LATE = timedelta(seconds=120)


class House:
    """A shop with a lookout, and an office whose seats it counts."""

    def __init__(self, folder: Path, counter: Counter, store: Any = None) -> None:
        self.clock = Clock()
        self.notices = MemoryNotices()
        self.paused = 0
        self.metrics = Metrics()
        conversations = store or MemoryConversations()
        self.shop = Bot(conversations, folder, clock=self.clock, notices=self.notices)
        self.lookout = Lookout(
            conversations=conversations,
            notices=self.notices,
            letters=MemoryLetters(conversations),
            inbox=MemoryInbox(conversations),
            offices=lambda: Offices([counter.office]),
            queue=lambda: counter.queue,
            paused=lambda: self.paused,
            metrics=self.metrics,
            clock=self.clock,
            late=LATE,
        )

    def figures(self) -> list[str]:
        """What is shown, a line a figure."""
        return self.metrics.shown().decode().splitlines()


@pytest.fixture
def counter(make_office: Any) -> Counter:
    """Eleven seats a day, five days offered."""
    return Counter(MemorySeats(), make_office())


@pytest.fixture
def house(tmp_path: Path, counter: Counter) -> House:
    """Nothing waits yet."""
    return House(tmp_path, counter)


@pytest.mark.parametrize(("minutes", "state"), [(9, "ok"), (11, "ok"), (13, "degraded")])
async def test_what_is_due_for_long_is_degraded(house: House, minutes: int, state: str) -> None:
    """A timer that rings after ten minutes is late when nobody has looked for two more."""
    await house.shop.hear("wait", contact=COLLECTED)
    await house.shop.outbox.collect(COLLECTED.conversation_id)
    house.clock.move(minutes=minutes)
    check = await house.lookout.outbox_check()
    assert check.state == state
    late = max(0, 60 * (minutes - 10))
    assert check.about == {
        "overdue": int(minutes > 10),
        "oldest_seconds": late,
        "paused_accounts": 0,
    }
    await house.lookout.show_waiting()
    assert f"antre_outbox_oldest_seconds {float(late)}" in house.figures()


async def test_a_paused_account_is_degraded_and_no_more(house: House) -> None:
    """Every process would say the same of it, so none is taken away from Meta."""
    house.paused = 1
    check = await house.lookout.outbox_check()
    assert (check.state, check.about["paused_accounts"]) == ("degraded", 1)
    assert "antre_accounts_paused 1.0" in house.figures()


async def test_notices_that_wait_are_shown(house: House) -> None:
    """How many are due, and since when the first of them."""
    for at, due in (("a", -90), ("b", -30), ("c", 30)):
        due_at = NOW + timedelta(seconds=due)
        await house.notices.add([Notice(at, "nobody", "notice_news", due_at=due_at)])
    await house.lookout.show_waiting()
    assert "antre_notices_overdue 2.0" in house.figures()
    assert "antre_notices_oldest_seconds 90.0" in house.figures()


async def test_messages_that_wait_are_counted(house: House) -> None:
    """Those that wait for a retry, and since when the first was said; those given up."""
    house.shop.delivery.moods.extend([TryLater("busy", 131000), Undeliverable("blocked", 131026)])
    await house.shop.hear("none", "m1")
    await house.shop.outbox.close()
    house.clock.move(seconds=1)
    await house.lookout.show_letters()
    assert "antre_outbox_waiting 1.0" in house.figures()
    assert "antre_outbox_waiting_seconds 1.0" in house.figures()
    assert "antre_dead_letters 0.0" in house.figures()
    house.clock.move(minutes=1)
    await house.shop.sweeper.sweep()
    await house.shop.outbox.close()
    await house.lookout.show_letters()
    assert "antre_outbox_waiting 0.0" in house.figures()
    assert "antre_outbox_waiting_seconds 0.0" in house.figures()
    assert "antre_dead_letters 1.0" in house.figures()


async def test_who_asks_often_costs_nothing(tmp_path: Path, counter: Counter) -> None:
    """What was seen counts for some seconds."""
    looked = []

    class Counted(MemoryConversations):
        async def due(self, now: datetime, limit: int) -> Any:
            looked.append(now)
            return await super().due(now, limit)

    house = House(tmp_path, counter, Counted())
    for _ in range(5):
        await house.lookout.outbox_check()
    assert len(looked) == 1


async def test_a_silent_database_is_not_hidden(tmp_path: Path, counter: Counter) -> None:
    """Nobody knows what waits, so nothing is said of it."""

    class Silent(MemoryConversations):
        async def due(self, now: datetime, limit: int) -> Any:
            raise StorageUnavailable(f"down at {now} for {limit}")

    with pytest.raises(StorageUnavailable):
        await House(tmp_path, counter, Silent()).lookout.outbox_check()


async def test_seats_left_of_the_days_on_offer(house: House, counter: Counter) -> None:
    """A seat that is held is none that is left; a day that is full is none on offer."""
    await house.lookout.show_seats()
    assert 'antre_seats_left{office="kota_contoh"} 55.0' in house.figures()
    for number in range(1, 3):
        await counter.book(person(number))
    await house.lookout.show_seats()
    assert 'antre_seats_left{office="kota_contoh"} 53.0' in house.figures()
    assert 'antre_days_offered{office="kota_contoh"} 5.0' in house.figures()


async def test_who_waits_for_staff(house: House, counter: Counter) -> None:
    """How many wait for a person at each office, and since when the longest does."""
    await house.lookout.show_people()
    office = counter.office.id
    assert f'antre_waiting_for_staff{{office="{office}"}} 0.0' in house.figures()
