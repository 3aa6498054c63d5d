"""Whole bots over one store, without doors: a small shop, a clock that is moved by hand."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from bot.acting import Acting
from bot.booking.notices import Notice, NoticeStore
from bot.channels.inbound import Inbound, Progress
from bot.dialogue.actions import Action, Doing, action
from bot.dialogue.conversation import Conversation
from bot.dialogue.engine import Engine
from bot.dialogue.events import Entity, Expectation, Message, Outcome, Understood
from bot.dialogue.flowset import load_flows
from bot.dialogue.reply import Reply
from bot.dialogue.store import Contact, ConversationStore, Stored
from bot.errors import ChannelError, StorageUnavailable
from bot.herald import Herald
from bot.outbox import Outbox
from bot.sweeper import Sweeper
from bot.traces import Traces
from bot.turn import Turns
from bot.venue import Placed, Venue
from storage.memory_notices import MemoryNotices
from tests.support.talk import NOW

CONTACT = Contact("pushed", "6281200000001", "office", profile="Rina Fiktif", heard_at=NOW)
COLLECTED = replace(CONTACT, channel="rest")

FLOWS = {
    "shop.yml": """\
flow: shop
initial: open
slots:
  name: {type: text}
always:
  notice_news: {say: news}
  notice_template: {say: important}
  notice_draw: {call: drawing}
  notice_crash: {call: failing}
misunderstood: {say: sorry}
states:
  open:
    ask: what_now
    on:
      draw: {do: draw}
      crash: {do: crash}
      wrong: {do: wrong}
      twice: {say: [one, two]}
      unsayable: {say: unsayable}
      wait: {go: waiting}
      spin: {go: spinning}
      silence: {go: silent}
      pass: {go: passing}
      close: {go: closed}
      hang: {go: hanging}
    outcomes: {drawn: {say: number}, never: {}}
  silent: {}
  passing:
    leave: draw
    do: draw
    outcomes: {drawn: {say: number, go: drawing}}
  drawing:
    say: number
    do: draw
    leave: draw
    outcomes: {drawn: {go: open}}
  closed: {end: true}
  hanging: {ask: long}
  waiting:
    ask: hurry
    timeout: {after: 10 minutes, say: late, go: open}
    on: {poison_timer: {go: doomed}}
  doomed: {timeout: {after: 10 minutes, go: crashing}}
  crashing:
    do: crash
    outcomes: {never: {}}
  spinning:
    do: draw
    outcomes: {drawn: {go: spinning}}
""",
    "drawing.yml": """\
flow: drawing
initial: drawing
misunderstood: {say: sorry}
states:
  drawing: {do: draw, outcomes: {drawn: {go: done}}}
  done: {end: true}
""",
    "failing.yml": """\
flow: failing
initial: failing
misunderstood: {say: sorry}
states:
  failing: {do: crash, outcomes: {never: {}}}
""",
    "replies/id.yml": """\
news: ada {{ heard.what }}
important: {text: penting, template: {name: important}}
long: lama
apology: maaf
sorry: apa
what_now: mau apa
one: satu
two: {text: dua, reaction: 🙏}
hurry: ayo
late: terlambat
number: nomor {{ number }} untuk {{ contact.profile }} pukul {{ hour }}
unsayable: '{{ name.nothing.at_all }}'
""",
    "replies/en.yml": """\
news: there is {{ heard.what }}
important: {text: important, template: {name: important}}
long: long
apology: sorry
sorry: what
what_now: what now
one: one
two: {text: two, reaction: 🙏}
hurry: hurry
late: too late
number: number {{ number }} for {{ contact.profile }} at {{ hour }}
unsayable: '{{ name.nothing.at_all }}'
""",
}


class Clock:
    """Stands still until moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def move(self, **time: float) -> None:
        """Let time pass: ``seconds=…``, ``minutes=…``."""
        self.now += timedelta(**time)


class Words:
    """Understands ``intent key=value``; ``bug`` is one."""

    async def understand(
        self,
        message: Message,
        expectation: Expectation,  # noqa: ARG002 - the Protocol's
        now: datetime,  # noqa: ARG002 - the Protocol's
    ) -> Understood:
        """The words of a message."""
        await asyncio.sleep(0)
        if message.text == "bug":
            raise RuntimeError("a bug in understanding")
        intent, *pairs = message.text.split()
        found = (pair.split("=") for pair in pairs)
        return Understood(
            intent, entities=tuple(Entity(k, int(v) if v.isdigit() else v) for k, v in found)
        )


@dataclass
class Numbers:
    """A service with effects: gives numbers out, the same key the same number."""

    given: dict[str, int] = field(default_factory=dict)
    runs: int = 0

    def draw(self, key: str) -> int:
        """The number of ``key``."""
        self.runs += 1
        return self.given.setdefault(key, len(self.given) + 1)


@action(outcomes=("drawn",), gives=("number",))
async def draw(doing: Doing) -> Outcome:
    """Draw a number."""
    await asyncio.sleep(0)
    return Outcome("drawn", {"number": doing.service(Numbers).draw(doing.key)})


@action(outcomes=("never",))
async def crash(_: Doing) -> Outcome:
    """Fail."""
    raise RuntimeError("a bug in an action")


@action(outcomes=("never",))
async def wrong(_: Doing) -> Outcome:
    """End as it never said it would."""
    return Outcome("otherwise")


ACTIONS: dict[str, Action] = {each.name: each for each in (draw, crash, wrong)}


class Delivery:
    """A sender that keeps what it was given.

    Attributes:
        moods: errors to raise at the next sends; ``None`` in it delivers.
        refuse: an error for every message of an account while it is set.
        parts: how many messages each reply takes.
        gate: closed, it holds up every send.
    """

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.tried = 0
        self.moods: deque[ChannelError | None] = deque()
        self.refuse: dict[str, ChannelError] = {}
        self.parts = 1
        self.gate = asyncio.Event()
        self.gate.set()
        self.before: Callable[[], None] = lambda: None
        self._stirred = asyncio.Event()

    async def until(self, reached: Callable[[], bool]) -> None:
        """Wait for a send that makes something so."""
        async with asyncio.timeout(5):
            while not reached():
                self._stirred.clear()
                await self._stirred.wait()

    async def send(self, contact: Contact, reply: Reply, progress: Progress) -> None:
        """Deliver, or fail as told."""
        while progress.parts < self.parts:
            self.tried += 1
            self._stirred.set()
            await self.gate.wait()
            self.before()
            if self.moods and (mood := self.moods.popleft()):
                raise mood
            if contact.account in self.refuse:
                raise self.refuse[contact.account]
            progress.accepted(f"id {self.tried}")
            part = f" {progress.parts}" if self.parts > 1 else ""
            self.sent.append(f"{reply.text}{part}")
            self._stirred.set()


class Tapped:
    """A store whose calls are counted, and fail or are held up when told.

    Attributes:
        calls: how often each method was called.
        fail: names of methods to fail at the next calls, each before it reaches the store.
        lose: the same, but after it did.
        after: what to do, once, after a method has returned and before its caller knows.
    """

    def __init__(self, store: ConversationStore) -> None:
        self._store = store
        self.calls: Counter[str] = Counter()
        self.fail: list[str] = []
        self.lose: list[str] = []
        self.after: dict[str, Callable[[], Awaitable[None]]] = {}

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        call = getattr(self._store, name)

        async def tapped(*given: Any) -> Any:
            self.calls[name] += 1
            if name in self.fail:
                self.fail.remove(name)
                raise StorageUnavailable(f"{name} failed")
            result = await call(*given)
            if name in self.lose:
                self.lose.remove(name)
                raise StorageUnavailable(f"{name} got no answer")
            if name in self.after:
                await self.after.pop(name)()
            return result

        return tapped


def write_shop(folder: Path) -> Path:
    """The shop's files."""
    (folder / "replies").mkdir(exist_ok=True)
    for name, text in FLOWS.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@dataclass
class OneShelf:
    """A shelf with one version on it."""

    acting: Acting
    venue: Venue

    def venue_of(self, _: Contact) -> Venue:
        """Always the same."""
        return self.venue

    async def place(self, conversation: Conversation, root: str) -> Placed:
        """As it is."""
        return Placed(self.acting, replace(conversation, root=root))


async def nobody_waits() -> int:
    """A waitlist without anybody."""
    return 0


class Bot:
    """One process's worth of bot.

    Attributes:
        noticed: texts of the messages it took up.
    """

    def __init__(
        self,
        store: ConversationStore,
        folder: Path,
        *,
        clock: Clock,
        numbers: Numbers | None = None,
        owner: str = "a",
        retry_for: float = 0.5,
        languages: Sequence[str] = ("id", "en"),
        notices: NoticeStore | None = None,
        jitter: Callable[[], float] = lambda: 0.0,
        traces: Traces | None = None,
    ) -> None:
        self.store = Tapped(store)
        self.clock, self.numbers = clock, numbers or Numbers()
        self.delivery = Delivery()
        self.noticed: list[str] = []
        flows = load_flows(write_shop(folder), languages, ACTIONS, shape=False)
        zone = ZoneInfo("Asia/Jakarta")
        venue = Venue("shop", zone, {"office": {"name": "Toko Contoh"}})
        acting = Acting(Engine(flows), ACTIONS, {Numbers: self.numbers}, Random(1))
        self.outbox = Outbox(
            store=self.store,
            senders={"pushed": self.delivery},
            owner=owner,
            clock=clock,
            jitter=jitter,
            traces=traces,
        )
        self.turns = Turns(
            shelf=OneShelf(acting, venue),
            interpreter=Words(),
            store=self.store,
            outbox=self.outbox,
            clock=clock,
            noticed=lambda inbound: self.noticed.append(inbound.message.text),
            retry_for=timedelta(seconds=retry_for),
            traces=traces,
        )
        self.notices = MemoryNotices() if notices is None else notices
        self.sweeper = Sweeper(
            store=self.store, turns=self.turns, outbox=self.outbox, clock=clock,
            herald=Herald(
                notices=self.notices, turns=self.turns, clock=clock, place=told_where_it_waits
            ),
            tend_waits=nobody_waits,
            pause=timedelta(milliseconds=1),
        )  # fmt: skip

    async def hear(self, text: str, message_id: str = "", contact: Contact = CONTACT) -> None:
        """Take a message in; without an id it is a new one."""
        message = Message(message_id or f"m-{text}", "text", text, self.clock())
        await self.turns.hear(Inbound(contact, message))

    async def says(self, text: str, message_id: str = "") -> list[str]:
        """What is answered to a message of a contact who collects."""
        await self.hear(text, message_id, COLLECTED)
        return [reply.text for reply in await self.outbox.collect(COLLECTED.conversation_id)]

    async def stored(self, contact: Contact = CONTACT) -> Stored:
        """The document as it stands."""
        found = await self.store._store.load(contact.conversation_id)
        assert found
        return found


MakeBot: TypeAlias = Callable[..., Bot]
"""Bots over one store and clock, by the name of their process."""


async def told_where_it_waits(notice: Notice) -> Notice:
    """Nobody has proven a number."""
    return notice
