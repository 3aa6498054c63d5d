"""Two hundred people write while bots and their database are killed again and again, Graph fails
one call in five and Meta delivers twice: every conversation is where a quiet day puts it.
"""

import asyncio
import os
import re
import signal
import sys
from collections import Counter, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.booking.seats import Seat, SeatState
from bot.graph_stub.faults import Fault
from bot.graph_stub.server import GraphStandIn
from storage.driver import Database, open_database
from storage.embedded import EmbeddedMongo
from storage.folder import Folder
from storage.mongo import MongoConversations, MongoSeats
from tests.end_to_end.conftest import House
from tests.support.applicant import (
    Applicant,
    booking_in,
    dates_in,
    fictional_name,
    words_of,
)
from tests.support.scripts import SCRIPTS
from tests.support.service import Service

PEOPLE = 200
AT_ONCE = 16
DEATHS = 5
"""At least; the time a bot takes to come back paces them."""

PATIENCE_SECONDS = 240
SPARED_SECONDS = 4.0
"""What all live at least once they are back."""

OFFICE = "jakarta_pusat"
FAULTS = (
    *(Fault(status=500), Fault(status=503, code=131016), Fault(how="drop"), Fault(how="lost")),
    *(Fault(status=429, code=130429, retry_after="1"), Fault(code=131056, retry_after="1")),
)
ENDS = {
    **dict.fromkeys(("forms", "words", "mistaken", "english", "asked"), SeatState.BOOKED),
    "holding": SeatState.HELD,
}
"""What each kind of person has in the end; the others have nothing."""

VARYING = re.compile(r"(PEMOHON )?\b[B-M][A-U]{5}\b|[A-Z]{3}-\w{5}-\w{5}|\d+|Selamat \w+")
"""Names, codes and figures, which no two people share, and the hour's greeting."""


class OneInFive(deque[Fault]):
    """Faults that never end: each call meets one by chance."""

    def __init__(self, random: Random) -> None:
        super().__init__()
        self._random = random

    def __iter__(self) -> Iterator[Fault]:
        """One fault, or none."""
        return iter([self._random.choice(FAULTS)] if self._random.random() < 0.2 else [])

    def remove(self, _: Fault) -> None:
        """There are always more."""


@dataclass
class Doubted(Applicant):
    """Somebody whose messages Meta delivers twice, to both bots, at once or much later."""

    doors: Callable[[], Sequence[str]] = list
    random: Random = field(default_factory=Random)

    async def insist(self, body: bytes) -> None:
        """Deliver until it is taken, and sometimes again."""
        if self.random.random() < 0.3:
            await asyncio.gather(*(self._at(door, body) for door in self.doors()))
        await super().insist(body)
        if self.random.random() < 0.3:
            older = self.random.choice(self.written)
            await self._at(self.random.choice(self.doors()), older)

    async def _at(self, door: str, body: bytes) -> None:
        here = Applicant(self.session, self.graph, lambda: door, self.sender)
        await here.try_once(body)

    async def follow(self, kind: str, number: int) -> None:
        """Write as the script says."""
        code, day, option = "", None, 1 + list(SCRIPTS).index(kind) % 5
        name = fictional_name(number)
        for words, awaited in SCRIPTS[kind]:
            await self.say(words.format(name=name, day=day, option=option, code=code))
            if awaited:
                answer = await self.hears(awaited, seconds=PATIENCE_SECONDS)
                if "/choose_date" in str(answer):
                    day = dates_in(answer)[option - 1]
                if found := re.search(r"\*(\d{8})\*", words_of(answer)):
                    code = found[1]


@dataclass
class Chaos:
    """Two bots that share a data folder, and a hand that kills.

    Attributes:
        deaths: of what, how often.
    """

    house: House
    data: Path
    random: Random
    services: list[Service] = field(default_factory=list)
    deaths: Counter[str] = field(default_factory=Counter)

    async def begin(self) -> None:
        """Start both."""
        self.services = [await self._born(), await self._born()]

    def doors(self) -> Sequence[str]:
        """Of both, dead or alive."""
        return [service.url for service in self.services]

    async def rage(self) -> None:
        """Kill one thing after the other, and wait until it is back."""
        while True:
            await asyncio.sleep(SPARED_SECONDS)
            victim = self.random.choice(["bot 1", "bot 2", "bot 1", "bot 2", "database"])
            self.deaths[victim] += 1
            if victim == "database":
                self._kill_database()
            else:
                at = int(victim == "bot 2")
                await self.services[at].kill()
                self.services[at] = await self._born()

    def _kill_database(self) -> None:
        if listening := Folder(self.data).listening:
            with suppress(ProcessLookupError):  # dead already, with its owner
                os.kill(listening.process_id, signal.SIGKILL)

    async def _born(self) -> Service:
        while True:
            try:
                return await self.house.serve("--data", str(self.data))
            except RuntimeError as error:  # its database died meanwhile: a supervisor tries again
                sys.stderr.write(f"not started: {error}\n")


@pytest.fixture
async def kept(data: Path) -> AsyncIterator[Callable[[], Awaitable[Database]]]:
    """Opens the database once the bots have left it."""
    opened: list[tuple[EmbeddedMongo, Database]] = []

    async def opens() -> Database:
        mongo = EmbeddedMongo(data)
        await mongo.start()
        opened.append((mongo, open_database(mongo.uri, "antre")))
        return opened[-1][1]

    yield opens
    for mongo, database in opened:
        await database.close()
        await mongo.stop()


def plain(text: str) -> str:
    """Without what differs between two people who write the same."""
    return VARYING.sub("…", text)


def sent_to(person: Applicant) -> list[str]:
    """What somebody was sent, each thing once, in order."""
    return list(dict.fromkeys(plain(words_of(message)) for message in person.heard()))


def story(records: Sequence[Mapping[str, Any]]) -> list[object]:
    """A transcript as it reads for anybody."""
    return [
        (each["before"], each["after"], [plain(reply["text"]) for reply in each["replies"]])
        for each in records
    ]


async def settled(port: int) -> None:
    """Wait until no outbox has anything in it."""
    database = open_database(f"mongodb://127.0.0.1:{port}/", "antre")
    conversations, waiting = database.collection("conversations"), True
    async with asyncio.timeout(PATIENCE_SECONDS):
        while waiting:
            await asyncio.sleep(0.5)
            found = await conversations.find({}, only=["outbox", "leased_by"])
            waiting = any(each["outbox"] or each["leased_by"] for each in found)
    await database.close()


class Town:
    """The people, and what became of them.

    Attributes:
        people: of what kind and who, by number.
    """

    def __init__(self, chaos: Chaos, graph: GraphStandIn, session: ClientSession) -> None:
        self._chaos = chaos
        self._graph = graph
        self._session = session
        self.people: dict[str, tuple[str, Doubted]] = {}

    async def live(self, number: int) -> None:
        """Let one more person write all they want."""
        kinds, chaos = list(SCRIPTS), self._chaos
        kind = kinds[number % len(kinds)]
        person = Doubted(
            self._session,
            self._graph,
            lambda: chaos.random.choice(chaos.doors()),
            sender=f"62812000{number:05d}",
            insists=PATIENCE_SECONDS,
            doors=chaos.doors,
            random=chaos.random,
        )
        self.people[person.sender] = kind, person
        await person.follow(kind, number)

    async def check(self, database: Database, quiet: Mapping[str, Doubted]) -> int:
        """Compare everybody with those of a quiet day; how many messages came twice."""
        conversations = MongoConversations(database)
        seats = await seats_of_people(database)

        async def transcript(person: Applicant) -> list[object]:
            return story(await conversations.transcript(f"whatsapp:{OFFICE}:{person.sender}"))

        expected = {kind: await transcript(person) for kind, person in quiet.items()}
        doubled = 0
        for sender, (kind, person) in self.people.items():
            assert await transcript(person) == expected[kind], (sender, kind)
            assert sent_to(person) == sent_to(quiet[kind]), (sender, kind)
            doubled += len(person.heard()) - len(quiet[kind].heard())
            stored = await conversations.load(f"whatsapp:{OFFICE}:{sender}")
            assert stored
            written = range(1, len(SCRIPTS[kind]) + 1)
            assert stored.handled == tuple(f"wamid.{sender}.{n}" for n in written)
            check_seat(kind, person, seats.get(sender, []))
        return doubled


async def test_everybody_is_where_a_quiet_day_puts_them(
    house: House,
    graph: GraphStandIn,
    session: ClientSession,
    data: Path,
    kept: Callable[[], Awaitable[Database]],
) -> None:
    """Same states, same answers, a seat for who booked, each message one turn."""
    chaos = Chaos(house, data, Random(20261124))
    await chaos.begin()
    town, numbers = Town(chaos, graph, session), count()
    for _ in SCRIPTS:
        await town.live(next(numbers))
    quiet = dict(town.people.values())

    async def queue() -> None:
        while (number := next(numbers)) < PEOPLE:
            await town.live(number)

    graph.faults = OneInFive(chaos.random)
    async with asyncio.TaskGroup() as group:
        raging = group.create_task(chaos.rage())
        await asyncio.gather(*(queue() for _ in range(AT_ONCE)))
        raging.cancel()
    graph.faults = deque()
    for service in house.services:
        await service.kill()

    rest = await house.serve("--data", str(data))  # what the dead left is sent by who lives
    listening = Folder(data).listening
    assert listening
    await settled(listening.port)
    await rest.kill()

    doubled = await town.check(await kept(), quiet)
    total = sum(len(person.heard()) for _, person in town.people.values())
    sys.stdout.write(
        f"{len(town.people)} conversations, {total} messages sent, {doubled} of them twice,"
        f" deaths: {dict(chaos.deaths)}\n"
    )
    assert chaos.deaths.total() >= DEATHS


async def seats_of_people(database: Database) -> Mapping[str, Sequence[Seat]]:
    """The seats that somebody has, by their number."""
    found: dict[str, list[Seat]] = {}
    days = {
        date.fromisoformat(each["day"])
        for each in await database.collection("seats").find({}, only=["day"])
    }
    for day in days:
        for seat in await MongoSeats(database).of_day(OFFICE, day):
            if seat.claim and seat.state is not SeatState.FREE:
                found.setdefault(seat.claim.applicant.sender.partition(":")[2], []).append(seat)
    return found


def check_seat(kind: str, person: Applicant, seats: Sequence[Seat]) -> None:
    """Somebody has the one seat that they were told, or none."""
    assert [seat.state for seat in seats] == ([ENDS[kind]] if kind in ENDS else []), kind
    if ENDS.get(kind) is SeatState.BOOKED:
        cards = [message for message in person.heard() if "Kode booking: *" in words_of(message)]
        if kind != "english":
            told = {(card.number, card.code) for card in map(booking_in, cards)}
            assert told == {(seat.number, seat.booking_code) for seat in seats}
