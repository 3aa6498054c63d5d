"""The composition root: the one place that knows every part and puts them together."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from random import Random, SystemRandom
from time import perf_counter
from typing import TypeAlias

import structlog

from bot.acting import Acting
from bot.attending import Attending
from bot.booking.calling import Calls
from bot.booking.conduct import Conduct
from bot.booking.erasure import Erasures, Retention
from bot.booking.finding import find_offices
from bot.booking.moved import MoveNews
from bot.booking.office import Offices
from bot.booking.photos import Photos, PhotoSource
from bot.booking.queue import Queue
from bot.booking.reminding import Reminders
from bot.booking.waited import Waited
from bot.booking.waiting import Waits
from bot.caretaker import Caretaker
from bot.channels.inbound import Inbound, Sender
from bot.checked import checked_definitions
from bot.clock import Clock
from bot.costs import Stopwatch
from bot.definitions import Definitions
from bot.dialogue.care import Patience
from bot.dialogue.engine import Engine
from bot.dialogue.events import Interpreter as Understands
from bot.dialogue.store import ConversationStore
from bot.dialogue.versions import VersionStore
from bot.herald import Herald
from bot.identities import Identities
from bot.library import Library
from bot.metrics import Metrics
from bot.outbox import Outbox
from bot.privacy.erasing import Eraser
from bot.privacy.keeper import Keeper
from bot.privacy.retiring import Retiring
from bot.recordings import RecordingStore
from bot.relay import Relay
from bot.replay.pictures import SamplePictures
from bot.reports.funnel import ends_of
from bot.reports.sums import sum_up
from bot.settings import Settings
from bot.stores import Stores
from bot.sweeper import Sweeper
from bot.traces import Traces
from bot.turn import Turns
from nlu.classifier import Classifier
from nlu.interpreter import Interpreter
from storage.driver import Database, open_database
from storage.embedded import EmbeddedMongo
from storage.memory import MemoryVersions
from storage.mongo import MongoConversations, MongoVersions
from storage.recordings import MongoRecordings
from storage.stores import stores_in, stores_in_memory

log = structlog.get_logger()

Hearing: TypeAlias = Callable[[Understands], Understands]
"""Lets somebody listen in on an interpreter."""


@dataclass(frozen=True, slots=True)
class Bot:
    """A bot without its doors.

    Args:
        metrics: counted by ``turns``' callers, the doors.
    """

    library: Library
    stores: Stores
    turns: Turns
    identities: Identities
    outbox: Outbox
    sweeper: Sweeper
    caretaker: Caretaker
    photos: Photos
    queue: Callable[[], Queue]
    attending: Attending

    @property
    def offices(self) -> Offices:
        """As they are now."""
        return self.library.current.offices


def assemble(
    definitions: Definitions,
    settings: Settings,
    *,
    stores: Stores,
    clock: Clock,
    random: Random,
    senders: Mapping[str, Sender] | None = None,
    noticed: Callable[[Inbound], None] = lambda _: None,
    versions: VersionStore | None = None,
    pictures: Mapping[str, PhotoSource] | None = None,
    classifier: Classifier | None = None,
    ended: Callable[[str, str], None] = lambda _, __: None,
    traces: Traces | None = None,
    hearing: Hearing = lambda interpreter: interpreter,
    stopwatch: Stopwatch | None = perf_counter,
) -> Bot:
    """Put a bot together; nothing runs yet.

    Args:
        definitions: what it runs on, for good when there are no ``versions``.
        random: of codes; ``SystemRandom`` unless a recording is replayed.
        senders: channels that push; the others collect.
        noticed: called with each new message before its turn.
        pictures: channels that give out the files people send.
        classifier: of what people say in words of their own; without, the grammar is alone.
        ended: called with each action and its outcome.
        traces: name turns in the log.
        hearing: who listens in on what messages are understood as.
        stopwatch: measures what turns cost, for the journal; ``None`` where it is played again.
    """
    reminders = Reminders(stores.notices)
    retention = retention_of(settings)
    calls = Calls(stores.seats, stores.calls, stores.notices)
    photos = Photos(stores.photos, pictures or {})
    waited = Waited()
    news = MoveNews(stores.notices)
    waits = Waits(stores.waitlist, stores.notices, waited, random)

    @lru_cache(maxsize=1)
    def queue_of(offices: Offices) -> Queue:
        """One for all versions: it sees to it that a day is laid out once."""
        return Queue(offices, stores.seats, waited, news)

    def acting(definitions: Definitions) -> Acting:
        return Acting(
            Engine(definitions.flows),
            definitions.code.actions,
            {
                Queue: queue_of(definitions.offices),
                Conduct: conduct,
                Reminders: reminders,
                Calls: calls,
                Photos: photos,
                Erasures: Erasures(stores.privacy, retention),
                Waits: waits,
            },
            random,
            settings.turn.max_actions,
            ended=ended,
        )

    def queue() -> Queue:
        return queue_of(library.current.offices)

    conduct = Conduct(stores.people)
    library = Library(
        definitions,
        versions or MemoryVersions(),
        acting,
        settings.flows if versions else None,
        stores.calendar,
        read=checked_definitions,
    )
    outbox = Outbox(
        store=stores.conversations,
        senders=senders or {},
        owner=secrets.token_hex(8),
        clock=clock,
        jitter=random.random,
        lease=timedelta(seconds=settings.outbox.lease_seconds),
        max_attempts=settings.outbox.max_attempts,
        traces=traces,
    )
    identities = Identities(stores.conversations, clock, conduct.carry)
    turns = Turns(
        shelf=library,
        interpreter=hearing(
            Interpreter(
                classifier,
                lambda text: [office.id for office in find_offices(library.current.offices, text)],
            )
        ),
        store=stores.conversations,
        outbox=outbox,
        clock=clock,
        identities=identities,
        noticed=noticed,
        retry_for=timedelta(seconds=settings.turn.storage_retry_seconds),
        traces=traces,
        patience=Patience(
            answer=timedelta(minutes=settings.handoff.answer_minutes),
            silence=timedelta(minutes=settings.handoff.silent_minutes),
        ),
        stopwatch=stopwatch,
    )
    sweeper = Sweeper(
        store=stores.conversations,
        turns=turns,
        outbox=outbox,
        herald=Herald(
            notices=stores.notices,
            turns=turns,
            clock=clock,
            place=Relay(stores.conversations, stores.proofs, clock).place,
        ),
        tend_waits=lambda: waits.tend(queue(), clock()),
        clock=clock,
        pause=timedelta(seconds=settings.outbox.sweep_seconds),
    )
    caretaker = Caretaker(
        offices=lambda: library.current.offices,
        queue=queue,
        conduct=conduct,
        clock=clock,
    )
    return Bot(
        library,
        stores,
        turns,
        identities,
        outbox,
        sweeper,
        caretaker,
        photos,
        queue,
        Attending(turns),
    )


def retention_of(settings: Settings) -> Retention:
    """The periods of the settings."""
    days = settings.retention
    return Retention(
        conversations=days.conversations_days,
        journal=days.journal_days,
        bookings=days.bookings_days,
        photos=days.photos_days,
        people=days.people_days,
        audit=days.audit_days,
    )


def eraser_of(bot: Bot) -> Eraser:
    """Erases over the bot's stores."""
    return Eraser(bot.stores, Queue(bot.offices, bot.stores.seats))


@asynccontextmanager
async def database_of(
    settings: Settings, metrics: Metrics | None = None, *, patience: timedelta | None = None
) -> AsyncIterator[Database]:
    """The database at ``MONGODB_URI``, or the embedded one.

    Args:
        metrics: count its calls.
        patience: how long one answer may take, where that is longer than a turn would wait.
    """
    async with AsyncExitStack() as stack:
        uri = settings.secrets.mongodb_uri.get_secret_value()
        if not uri:
            uri = (await stack.enter_async_context(EmbeddedMongo(settings.storage.data))).uri
        storage, observe = settings.storage, (metrics or Metrics()).stored
        database = open_database(uri, storage.database, storage.driver, observe, patience=patience)
        stack.push_async_callback(database.close)
        yield database


@asynccontextmanager
async def stored_bot(
    settings: Settings, clock: Clock, classifier: Classifier | None = None
) -> AsyncIterator[Bot]:
    """A bot on its database, for one person at this machine.

    Args:
        classifier: as :func:`assemble` takes it; needed by who talks to the bot.

    Raises:
        FlowError: what counts has mistakes.
    """
    async with database_of(settings) as database:
        stores = await stores_in(database)
        versions = await versions_of(database)
        bot = assemble(
            await what_counts(settings, versions),
            settings,
            stores=stores,
            clock=clock,
            random=SystemRandom(),
            versions=versions,
            classifier=classifier,
        )
        await bot.library.refresh()  # days staff changed count from the first message on
        yield bot


@asynccontextmanager
async def stored_stores(settings: Settings) -> AsyncIterator[Stores]:
    """The stores of a bot, without it."""
    async with database_of(settings) as database:
        yield await stores_in(database)


@asynccontextmanager
async def stored_recordings(settings: Settings) -> AsyncIterator[RecordingStore]:
    """The recordings in the database, without a bot."""
    async with database_of(settings) as database:
        yield MongoRecordings(database)


@asynccontextmanager
async def stored_versions(
    settings: Settings,
) -> AsyncIterator[tuple[VersionStore, ConversationStore]]:
    """What is published, and who stands on it, without a bot."""
    async with database_of(settings) as database:
        yield await versions_of(database), MongoConversations(database)


def rehearsal(
    definitions: Definitions,
    settings: Settings,
    clock: Clock,
    random: Random,
    classifier: Classifier | None = None,
    stores: Stores | None = None,
    hearing: Hearing = lambda interpreter: interpreter,
) -> Bot:
    """A bot that sends nothing: recordings are played on it.

    Args:
        stores: empty ones; in memory if not given.
        hearing: as :func:`assemble` takes it.
    """
    return assemble(
        definitions,
        settings,
        stores=stores or stores_in_memory(),
        clock=clock,
        random=random,
        pictures={"whatsapp": SamplePictures(), "web": SamplePictures()},
        classifier=classifier,
        hearing=hearing,
        stopwatch=None,
    )


async def what_counts(settings: Settings, versions: VersionStore) -> Definitions:
    """What a bot begins with: a folder in the middle of an edit does not keep it from starting,
    once something is published.
    """
    newest = await versions.newest()
    files = await versions.files(newest.version) if newest else None
    return checked_definitions(settings.flows, files)


async def versions_of(database: Database) -> MongoVersions:
    """The published versions in a database, index made."""
    versions = MongoVersions(database)
    await versions.prepare()
    return versions


def keeper_of(bot: Bot, settings: Settings, clock: Clock) -> Keeper:
    """Keeps to the retention periods of the settings."""
    retiring = Retiring(bot.stores, retention_of(settings))

    async def summed_up() -> int:
        ends, now = ends_of(bot.library.current.flows), clock()
        done = [await sum_up(office, bot.stores, ends=ends, now=now) for office in bot.offices]
        return sum(done)

    return Keeper(bot.stores, lambda: eraser_of(bot), retiring, summed_up, clock)
