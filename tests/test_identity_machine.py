"""Against a simple model: whatever happens to numbers and news, everybody has what is theirs."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from bot.channels.inbound import IdentityChange, Inbound
from storage.memory import MemoryConversations
from tests.support.street import Street

Result = TypeVar("Result")

OFFICES = ("jakarta", "bogor")
NUMBERS = tuple(f"628120000000{n}" for n in range(1, 5))

someone = st.integers(0, 20)
processes = st.integers(0, 1)
offices = st.sampled_from(OFFICES)
shown_as = st.sampled_from(["both", "both", "id", "number"])


@dataclass
class Somebody:
    """A person of the model.

    Args:
        things: what they took, in the order of the numbers they had then.
        news: of their changes, one list of copies a change.
        heard: how many changes we have heard of.
        shown: number and id that came together in a message we have heard.
        sent: things they took in messages that we have heard.
        seen: addresses we know them by, from messages and news.
    """

    phone: str
    user: str
    things: list[set[str]] = field(default_factory=lambda: [set()])
    news: list[list[IdentityChange]] = field(default_factory=list)
    heard: int = 0
    shown: set[tuple[str, ...]] = field(default_factory=set)
    sent: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)

    @property
    def owned(self) -> set[str]:
        """All that is theirs."""
        return set[str]().union(*self.things)


class Streets(RuleBasedStateMachine):
    """People write, take things, change numbers, and move into numbers others have left."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.street = Street(MemoryConversations(), Path(self.folder.name))
        self.loop = asyncio.new_event_loop()
        self.people: list[Somebody] = []
        self.free = list(NUMBERS)
        self.resting: list[str] = []
        self.users = 0
        self.past: list[Inbound] = []
        self.told: list[IdentityChange] = []
        self.under_way: list[tuple[Somebody, Inbound]] = []
        self.arrive()

    def teardown(self) -> None:
        """Leave nothing behind."""
        self.loop.close()
        self.folder.cleanup()

    def run(self, doing: Coroutine[Any, Any, Result]) -> Result:
        """Do one thing to its end."""
        return self.loop.run_until_complete(doing)

    def somebody(self, number: int) -> Somebody:
        """One of those who are there."""
        return self.people[number % len(self.people)]

    @precondition(lambda self: self.free)
    @rule()
    def arrive(self) -> None:
        """Somebody new has a number that nobody has, perhaps one that others had long ago."""
        self.people.append(Somebody(self.free.pop(0), self.new_id()))

    def new_id(self) -> str:
        """A business-scoped id as Meta gives them out."""
        self.users += 1
        return f"ID.{self.users:04}"

    @rule(who=someone, office=offices, by=shown_as, process=processes, takes=st.booleans())
    def write(self, who: int, office: str, by: str, process: int, *, takes: bool) -> None:
        """Somebody is told what is theirs, and nothing else."""
        person = self.somebody(who)
        inbound = self.written(person, office, by, takes=takes)
        self.hear(person, inbound, process)

    @rule(who=someone, office=offices, by=shown_as, takes=st.booleans())
    def send(self, who: int, office: str, by: str, *, takes: bool) -> None:
        """Somebody writes, and Meta does not deliver it yet."""
        person = self.somebody(who)
        self.under_way.append((person, self.written(person, office, by, takes=takes)))

    @precondition(lambda self: self.under_way)
    @rule(which=st.integers(0, 5), process=processes)
    def deliver(self, which: int, process: int) -> None:
        """A message that was under way arrives, wherever its sender is by now."""
        person, inbound = self.under_way.pop(which % len(self.under_way))
        self.hear(person, inbound, process)

    @precondition(lambda self: self.past)
    @rule(which=someone, process=processes)
    def deliver_again(self, which: int, process: int) -> None:
        """What was delivered before has no effect and no answer."""
        assert self.run(self.street.hear(self.past[which % len(self.past)], process)) == []

    @precondition(lambda self: self.free)
    @rule(who=someone, told=st.sampled_from(["all", "numbers", "ids"]))
    def change_number(self, who: int, told: str) -> None:
        """Somebody takes another number; Meta gives them another id and tells both offices, of
        the ids alone where it may not show the number.
        """
        person = self.somebody(who)
        told = (
            told if (person.phone, person.user) in person.shown else "all"
        )  # else nobody knows of the number
        old, new = (person.phone, person.user), (self.free.pop(0), self.new_id())
        chosen = {"all": slice(None), "numbers": slice(0, 1), "ids": slice(1, 2)}[told]
        self.street.clock.move(seconds=10)
        news = []
        for office in OFFICES:
            news.append(self.street.news(old[chosen], new[chosen], office))
            self.street.clock.move(seconds=2)
        person.news.append(news)
        person.things.append(set())
        self.resting.append(person.phone)
        person.phone, person.user = new

    @precondition(lambda self: any(len(each.news) > each.heard for each in self.people))
    @rule(who=someone, process=processes)
    def hear_news(self, who: int, process: int) -> None:
        """News arrives, at both offices at once."""
        waiting = [each for each in self.people if len(each.news) > each.heard]
        self.tell(waiting[who % len(waiting)], process)

    def tell(self, person: Somebody, process: int = 0) -> None:
        """The next news of somebody, whom we have heard of by the address they leave; two processes
        take it in together.
        """
        if not person.seen & set(person.news[person.heard][0].before):
            for which in [n for n, (who, _) in enumerate(self.under_way) if who is person][::-1]:
                self.deliver(which, process)

        async def told() -> None:
            one, two = person.news[person.heard]
            await asyncio.gather(
                self.street.follow(one, process), self.street.follow(two, process + 1)
            )

        self.run(told())
        self.told += person.news[person.heard]
        person.seen.update(*(news.after for news in person.news[person.heard]))
        person.heard += 1

    @precondition(lambda self: self.told)
    @rule(which=st.integers(0, 9), process=processes)
    def hear_news_again(self, which: int, process: int) -> None:
        """News that was heard before changes nothing."""
        self.run(self.street.follow(self.told[which % len(self.told)], process))

    @rule()
    def months_pass(self) -> None:
        """Everything under way has arrived; numbers given up may be sold to others."""
        for person in self.people:
            while person.heard < len(person.news):
                self.tell(person)
        while self.under_way:
            self.deliver(0, 0)
        for person in self.people:  # who hid their number shows it once more
            self.hear(person, self.written(person, OFFICES[0], "both", takes=False), 0)
        self.street.clock.move(days=60)
        self.past.clear()
        self.told.clear()
        self.free += self.resting
        self.resting.clear()

    def written(self, person: Somebody, office: str, by: str, *, takes: bool) -> Inbound:
        """A message written now."""
        self.street.clock.move(seconds=1)
        ids = {"both": (person.phone, person.user), "id": (person.user,), "number": (person.phone,)}
        inbound = self.street.message("take" if takes else "show", ids[by], office)
        if takes:
            person.things[-1].add(inbound.message.id)
        return inbound

    def hear(self, person: Somebody, inbound: Inbound, process: int) -> None:
        """The answer shows what is theirs and nothing else; all of it, once we have heard of their
        changes, and of number and id together.
        """
        (answer,) = self.run(self.street.hear(inbound, process))
        self.past.append(inbound)
        person.seen.update(inbound.contact.known_by)
        if inbound.message.text == "take":
            person.sent.add(inbound.message.id)
        ids = inbound.contact.known_by
        shown = {thing for thing in answer.partition(" ")[0].split("+") if thing != "-"}
        assert shown <= person.owned
        if person.heard == len(person.news) and ids == (person.phone, person.user):
            person.shown.add(ids)
            assert shown == person.sent


TestStreets = Streets.TestCase
TestStreets.settings = settings(
    max_examples=30,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
