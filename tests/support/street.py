"""A street whose people write, own things, change their numbers and move into others' old ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from bot.acting import Acting
from bot.channels.inbound import IdentityChange, Inbound, Progress
from bot.dialogue.actions import Action, Doing, action
from bot.dialogue.engine import Engine
from bot.dialogue.events import Expectation, Message, Outcome, Understood
from bot.dialogue.flowset import load_flows
from bot.dialogue.reply import Reply
from bot.dialogue.store import Contact, ConversationStore
from bot.identities import Identities
from bot.outbox import Outbox
from bot.turn import Turns
from bot.venue import Venue
from tests.support.shell import Clock, Delivery, OneShelf, Tapped

FLOWS = {
    "shop.yml": """\
flow: shop
initial: open
misunderstood: {say: things}
states:
  open:
    on:
      take: {do: take}
      show: {do: show}
    outcomes: {shown: {say: things}}
""",
    "replies/id.yml": "things: '{{ things }} {{ contact.phone }}'\napology: maaf\n",
}


@dataclass
class Things:
    """Who owns what, by address, as bookings are kept."""

    owned: dict[str, list[str]] = field(default_factory=dict)


@action(outcomes=("shown",), gives=("things",))
async def take(doing: Doing) -> Outcome:
    """Own the thing named after this message; done again it is owned once."""
    things = doing.service(Things).owned.setdefault(doing.contact.address, [])
    name = doing.key.split("|")[1]
    if name not in things:
        things.append(name)
    return shown(doing)


@action(outcomes=("shown",), gives=("things",))
async def show(doing: Doing) -> Outcome:
    """Show what they own."""
    return shown(doing)


def shown(doing: Doing) -> Outcome:
    """All that is kept by any of the sender's addresses."""
    addresses = (doing.contact.address, *doing.contact.also_addresses)
    owned = doing.service(Things).owned
    mine = sorted(thing for each in addresses for thing in owned.get(each, ()))
    return Outcome("shown", {"things": "+".join(mine) or "-"})


ACTIONS: dict[str, Action] = {each.name: each for each in (take, show)}


class Intents:
    """Understands a word as the intent of that name."""

    async def understand(self, message: Message, _: Expectation, __: datetime) -> Understood:
        """The word."""
        return Understood(message.text)


class Mailman(Delivery):
    """A sender that remembers to whom."""

    def __init__(self) -> None:
        super().__init__()
        self.letters: list[tuple[str, str]] = []

    async def send(self, contact: Contact, reply: Reply, progress: Progress | None = None) -> None:
        """Deliver."""
        self.letters.append((contact.reached_at, reply.text))
        await super().send(contact, reply, progress)


class Street:
    """Bot processes over one store.

    Args:
        processes: each with what it remembers by itself.
    """

    def __init__(self, store: ConversationStore, folder: Path, processes: int = 2) -> None:
        (folder / "replies").mkdir(exist_ok=True)
        for name, text in FLOWS.items():
            (folder / name).write_text(text, encoding="utf-8")
        self.clock, self.things, self.mailman = Clock(), Things(), Mailman()
        self.carried: list[tuple[str, str]] = []
        self.store = Tapped(store)
        flows = load_flows(folder, ["id"], ACTIONS, shape=False)
        acting = Acting(Engine(flows), ACTIONS, {Things: self.things}, Random(1))
        venue = Venue("shop", ZoneInfo("Asia/Jakarta"), {"office": {"name": "Toko Contoh"}})
        self.bots = [self._bot(OneShelf(acting, venue), str(n)) for n in range(processes)]
        self.ids = count(1)

    def _bot(self, shelf: OneShelf, owner: str) -> tuple[Turns, Identities, Outbox]:
        async def carry(ended: str, goes_on: str) -> None:
            self.carried.append((ended, goes_on))

        identities = Identities(self.store, self.clock, carry)
        outbox = Outbox(
            store=self.store, senders={"whatsapp": self.mailman}, owner=owner, clock=self.clock
        )
        turns = Turns(
            shelf=shelf, interpreter=Intents(), store=self.store, outbox=outbox,
            clock=self.clock, identities=identities, retry_for=timedelta(seconds=0),
        )  # fmt: skip
        return turns, identities, outbox

    def message(
        self, text: str, ids: Iterable[str], office: str = "jakarta", id_: str = ""
    ) -> Inbound:
        """A message written now."""
        ids, now = tuple(ids), self.clock()
        contact = Contact("whatsapp", ids[0], office, heard_at=now, ids=ids, since=now)
        return Inbound(contact, Message(id_ or f"m{next(self.ids)}", "text", text, now))

    def news(
        self, before: Iterable[str], after: Iterable[str], office: str = "jakarta"
    ) -> IdentityChange:
        """News of a change that happens now."""
        id_, kind = f"s{next(self.ids)}", "user_changed_number"
        now = self.clock()
        return IdentityChange(id_, "whatsapp", office, kind, now, tuple(before), tuple(after))

    async def hear(self, inbound: Inbound, process: int = 0) -> list[str]:
        """Answers to a message, the telephone number they name after each."""
        turns, _, outbox = self.bots[process % len(self.bots)]
        begun = len(self.mailman.letters)
        await turns.hear(inbound)
        await outbox.close()
        return [text for _, text in self.mailman.letters[begun:]]

    async def says(self, text: str, *ids: str, office: str = "jakarta", process: int = 0) -> str:
        """The one answer to a message written now, as what they own."""
        (answer,) = await self.hear(self.message(text, ids, office), process)
        return answer.partition(" ")[0]

    async def follow(self, change: IdentityChange, process: int = 0) -> None:
        """Take news in."""
        await self.bots[process % len(self.bots)][1].follow(change)
