"""The whole service over HTTP: a bot, its doors, staff's desk, and what runs beside them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import datetime, timedelta
from random import SystemRandom

import structlog
from aiohttp import web

from bot.accounts import check_accounts
from bot.app import Bot, assemble, database_of, keeper_of, versions_of, what_counts
from bot.booking.barcode import barcode_png
from bot.booking.calendar import holidays_of
from bot.channels.inbound import Inbound
from bot.channels.media import media_routes
from bot.channels.pace import Paced
from bot.channels.web.recording import recording_route
from bot.classifiers import chosen_classifier, nlu_check
from bot.clock import Clock
from bot.counting import CountedSender, Measured, TimedClassifier, counted_kinds
from bot.desk.routes import mount
from bot.doors import DemoDoors, ServeDoors
from bot.health import Health, health_routes, storage_check
from bot.lookout import Lookout
from bot.metrics import Metrics
from bot.rehearsing.taking import recorder_of
from bot.settings import Settings
from bot.share import ALONE, ServeShare
from bot.staff_door import day_worker_of, desk_of
from bot.traces import Traces
from storage.pseudonym import kept_key
from storage.stores import stores_in

log = structlog.get_logger()

OUTBOX_DRAINS = timedelta(seconds=5)
"""At a shutdown; what waits then is left to other processes, or for the next start."""
HEALTH = web.AppKey("health", Health)
"""Of a served application: told when it begins to answer, and when it is about to leave."""


@asynccontextmanager
async def served(
    settings: Settings,
    clock: Clock,
    *,
    demo: bool,
    metrics: Metrics,
    share: ServeShare = ALONE,
) -> AsyncIterator[web.Application]:
    """The whole service as an aiohttp application, its sweeper running.

    Args:
        demo: web chat and open REST for this machine alone, instead of WhatsApp.
        share: which of several processes that serve together this one is.

    Raises:
        FlowError: what counts has mistakes.
    """
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(database_of(settings, metrics))
        stores = await stores_in(database)
        versions = await versions_of(database)
        definitions = await what_counts(settings, versions)
        if not demo:
            check_accounts(settings.secrets, definitions.offices)
        for warning in definitions.flows.warnings:
            log.warning("flows_warning", finding=str(warning))
        await asyncio.to_thread(_warm_up, clock())
        doors = (
            DemoDoors() if demo else ServeDoors(settings, clock, versions.picture, share, metrics)
        )
        await stack.enter_async_context(doors)
        classifier = await stack.enter_async_context(
            chosen_classifier(settings, metrics, lambda line: log.info("classifier", said=line))
        )
        traces = Traces(await kept_key(database, "traces"))
        count_kind = counted_kinds(metrics)

        def noticed(inbound: Inbound) -> None:
            count_kind(inbound)
            doors.noticed(inbound)

        bot = assemble(
            definitions,
            settings,
            stores=stores,
            clock=clock,
            random=SystemRandom(),
            senders={
                channel: CountedSender(sender, metrics) for channel, sender in doors.senders.items()
            },
            noticed=noticed,
            versions=versions,
            pictures=doors.pictures,
            classifier=TimedClassifier(classifier, metrics, settings.nlu.provider),
            ended=lambda action, outcome: metrics.actions.labels(action, outcome).inc(),
            traces=traces,
        )
        await bot.library.refresh()
        stack.push_async_callback(bot.outbox.close, OUTBOX_DRAINS)
        app = web.Application(
            middlewares=doors.guards,
            client_max_size=settings.server.max_body_mib * 2**20,
        )
        lookout = lookout_of(bot, settings, metrics, clock)
        app[HEALTH] = health = Health(
            {
                "storage": storage_check(lambda: database.ask_server("ping")),
                "outbox": lookout.outbox_check,
                "nlu": nlu_check(classifier),
            }
        )
        token = settings.secrets.metrics_token.get_secret_value()
        app.add_routes(health_routes(health, metrics, token))
        app.add_routes(media_routes(barcode_png, versions.picture))
        paced = Paced(
            Measured(bot.turns, metrics, traces),
            settings.turn.messages_a_minute,
            time.monotonic,
            lambda inbound: metrics.messages_dropped.labels(inbound.contact.channel).inc(),
        )
        app.add_routes(doors.routes(bot, paced, clock))
        record = recorder_of(bot, settings, classifier)
        if isinstance(doors, DemoDoors):
            app.add_routes([recording_route(record, doors.visitors(bot, clock))])
        applicants = doors.applicants(bot, paced, clock)
        desk = await desk_of(bot, database, settings, clock, applicants, record, demo=demo)
        mount(app, desk)
        app.on_shutdown.append(doors.leave)
        pause = timedelta(seconds=settings.outbox.sweep_seconds)
        beside = [
            asyncio.create_task(bot.sweeper.run(), name="sweeper"),
            asyncio.create_task(bot.caretaker.run(), name="caretaker"),
            asyncio.create_task(doors.watch(bot), name="pages"),
            asyncio.create_task(bot.library.watch(pause), name="library"),
            asyncio.create_task(day_worker_of(bot, settings, clock).run(), name="days"),
            asyncio.create_task(keeper_of(bot, settings, clock).run(), name="keeper"),
        ]
        if share.is_first:
            beside.append(asyncio.create_task(lookout.run(), name="lookout"))
        try:
            yield app
        finally:
            for task in beside:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task


def lookout_of(bot: Bot, settings: Settings, metrics: Metrics, clock: Clock) -> Lookout:
    """Looks at what waits in the bot's stores."""
    return Lookout(
        conversations=bot.stores.conversations,
        notices=bot.stores.notices,
        letters=bot.stores.letters,
        inbox=bot.stores.inbox,
        offices=lambda: bot.offices,
        queue=bot.queue,
        metrics=metrics,
        clock=clock,
        late=timedelta(seconds=settings.outbox.late_seconds),
        paused=lambda: len(bot.outbox.paused),
    )


def _warm_up(now: datetime) -> None:
    """Load what is slow the first time: holidays take half a second, a picture a quarter."""
    for year in (now.year, now.year + 1):
        holidays_of(year)
    barcode_png("ANTRE")
