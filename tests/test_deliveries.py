"""Taking reports in: once, in any order, many at a time; and what becomes of failures."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations

import pytest

from bot.deliveries import Deliveries
from bot.dialogue.conversation import Conversation
from bot.dialogue.deliveries import Report, furthest
from bot.dialogue.store import NEVER, Outgoing, Stored, TurnSave
from bot.errors import StorageUnavailable
from bot.letters import Letters
from bot.stores import Stores
from storage.deliveries import MemoryDeliveries
from storage.stores import stores_in_memory
from tests.support.shell import CONTACT, Clock
from tests.support.talk import NOW

ID = CONTACT.conversation_id
SENT = Report("wamid.1", "sent", NOW, ID, "m1/0")
LATER = replace(SENT, state="failed", code=131000, reason="at Meta", again=True)
NEVER_AGAIN = replace(SENT, state="failed", code=131026, reason="unreachable")


class Slow(MemoryDeliveries):
    """A store whose writes wait for a gate, and are counted."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = asyncio.Event()
        self.writes: list[int] = []
        self.down = False

    async def add(self, reports: Sequence[Report]) -> None:
        """Write once the gate is open."""
        self.writes.append(len(reports))
        await self.gate.wait()
        if self.down:
            raise StorageUnavailable("down")
        await super().add(reports)


async def nothing(_: Report) -> None:
    """Do nothing about a failure."""


@pytest.fixture
async def stores() -> Stores:
    """Stores with one conversation, whose first turn said something that is sent."""
    stores = stores_in_memory()
    talk = Conversation(ID, "shop")
    before = Stored(talk, CONTACT)
    replies = [{"text": "satu"}, {"text": "dua"}]
    record = {"_id": f"{ID}|m1", "conversation": ID, "at": NOW, "office": "x", "replies": replies}
    save = TurnSave(before, talk, CONTACT, "m1", (), record, NEVER, "", before.leased_until)
    await stores.conversations.save(save)
    return stores


def deliveries(stores: Stores) -> Deliveries:
    """Reports are kept in these stores, failures looked after."""
    letters = Letters(stores.conversations, stores.letters, Clock())
    return Deliveries(stores.deliveries, letters.failed)


async def outbox(stores: Stores) -> Sequence[Outgoing]:
    """What waits in the conversation."""
    stored = await stores.conversations.load(ID)
    assert stored
    return stored.outbox


async def test_gathered() -> None:
    """While one write is under way the others gather and go together."""
    store = Slow()
    taken = Deliveries(store, nothing)
    under_way = [
        asyncio.create_task(taken.record([replace(SENT, id=f"wamid.{n}")])) for n in range(50)
    ]
    await asyncio.sleep(0)
    store.gate.set()
    await asyncio.gather(*under_way)
    assert store.writes == [50] or sum(store.writes) == 50
    assert len(store.writes) <= 2
    assert len(await store.of_conversation(ID)) == 50


async def test_doubled_in_one_body() -> None:
    """The same report twice at once is one."""
    store = MemoryDeliveries()
    await Deliveries(store, nothing).record([SENT, SENT])
    assert list(await store.of_conversation(ID)) == [SENT]


async def test_down() -> None:
    """A database that does not answer is told to everybody, and the next time it works."""
    store = Slow()
    store.gate.set()
    store.down = True
    taken = Deliveries(store, nothing)
    told = await asyncio.gather(*(taken.record([SENT]) for _ in range(3)), return_exceptions=True)
    assert {type(each) for each in told} == {StorageUnavailable}
    store.down = False
    await taken.record([SENT])
    assert await store.has(SENT.key)


@pytest.mark.parametrize("order", list(permutations(["sent", "delivered", "read"])))
def test_never_backwards(order: Sequence[str]) -> None:
    """However they come, a message has got as far as the furthest of them."""
    reports = [replace(SENT, state=state) for state in order]
    assert furthest(reports) == "read"
    assert furthest(reports[:1]) == order[0]


def test_furthest() -> None:
    """What was delivered did not fail; what a channel may say besides stands for itself."""
    states = [["sent", "failed"], ["delivered", "failed"], ["sent", "read"], ["deleted"], []]
    told = [furthest([replace(SENT, state=state) for state in each]) for each in states]
    assert told == ["failed", "delivered", "read", "deleted", ""]


async def test_sent_once_more(stores: Stores) -> None:
    """What Meta lost after taking it is put back once, from the part that failed."""
    taken = deliveries(stores)
    for _ in range(3):
        await taken.record([replace(LATER, part=1)])
    (again,) = await outbox(stores)
    assert (again.id, again.reply, again.parts) == ("m1/0~1", {"text": "satu"}, 1)
    assert again.trouble["code"] == 131000
    await taken.record([replace(LATER, id="wamid.9", item="m1/0~1")])
    assert len(await outbox(stores)) == 1
    (letter,) = await stores.letters.dead()
    assert letter["undelivered"]["item"] == "m1/0~1"


async def test_dead(stores: Stores) -> None:
    """Who cannot be reached is a dead letter, one however often it is told."""
    for _ in range(2):
        await deliveries(stores).record([replace(NEVER_AGAIN, item="m1/1")])
    (letter,) = await stores.letters.dead()
    assert letter["undelivered"]["reply"] == {"text": "dua"}
    assert (letter["undelivered"]["code"], letter["undelivered"]["reason"]) == (
        131026, "unreachable",
    )  # fmt: skip
    assert await outbox(stores) == ()


@pytest.mark.parametrize("item", ["m1/7", "m1/x", "m9/0", "m1", "", "~", "/0"])
async def test_unknown(stores: Stores, item: str) -> None:
    """A failure of something nobody said changes nothing."""
    await deliveries(stores).record([replace(LATER, item=item)])
    assert (await outbox(stores), await stores.letters.dead()) == ((), [])


async def test_switched_off(stores: Stores) -> None:
    """An office that keeps no reports still looks after failures."""
    await deliveries(stores).record([SENT, NEVER_AGAIN], keep=False)
    kept = await stores.deliveries.of_conversation(ID)
    assert [report.state for report in kept] == ["failed"]
    assert len(await stores.letters.dead()) == 1
