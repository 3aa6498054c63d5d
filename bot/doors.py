"""The doors of a service: the channels people come in by, in the demo and at an office."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Self

import aiohttp
from aiohttp import web
from aiohttp.typedefs import Middleware
from pydantic import SecretStr

from bot.booking.barcode import barcode_png
from bot.booking.photos import PhotoSource
from bot.channels.guard import loopback_guard
from bot.channels.inbound import Hears, Inbound, Sender
from bot.channels.rest import rest_routes
from bot.channels.web import Crowd, Visitors
from bot.channels.whatsapp.content import CALL
from bot.channels.whatsapp.graph import GraphClient
from bot.channels.whatsapp.keyring import Keyring
from bot.channels.whatsapp.marks import Marked, ReadMarks
from bot.channels.whatsapp.notifications import Notification
from bot.channels.whatsapp.offices import OfficeSenders
from bot.channels.whatsapp.sender import WhatsAppSender
from bot.channels.whatsapp.webhook import PATH as WEBHOOK
from bot.channels.whatsapp.webhook import Webhook
from bot.clock import Clock
from bot.counting import timed_webhook
from bot.deliveries import Deliveries
from bot.desk.applicants import Applicants
from bot.dialogue.deliveries import Report
from bot.letters import Letters
from bot.logs import pseudonyms
from bot.metrics import Metrics
from bot.picture import PictureOf
from bot.secret_files import FileSecret, token_variable
from bot.settings import Secrets, Settings
from bot.share import ServeShare
from bot.staff_door import demo_logins
from bot.web_door import FREELY, WebDoor, crowd_of, proving_of

if TYPE_CHECKING:
    from bot.app import Bot


class DemoDoors(AsyncExitStack):
    """Web chat and REST, for this machine alone."""

    def __init__(self) -> None:
        super().__init__()
        self._web = WebDoor(Crowd(FREELY, time.monotonic), secure=False)
        self.senders: Mapping[str, Sender] = {"web": self._web.sender}
        self.pictures: Mapping[str, PhotoSource] = {}

    async def leave(self, _: web.Application) -> None:
        """Send open pages away, or the server would wait for them to leave."""
        await self._web.leave()

    async def watch(self, bot: Bot) -> None:
        """Show open pages what other processes say, for ever."""
        await self._web.watch(bot)

    @property
    def guards(self) -> Sequence[Middleware]:
        """What stands before every request."""
        return (loopback_guard(), self._web.guard)

    def noticed(self, inbound: Inbound) -> None:
        """Nobody shows read marks here."""

    def visitors(self, bot: Bot, clock: Clock) -> Visitors:
        """Who the pages speak for."""
        return self._web.visitors(bot, OfficeNames(bot), clock)

    def applicants(self, bot: Bot, hears: Hears, clock: Clock) -> Applicants | None:
        """What the applicants' page works on."""
        return self._web.applicants(bot, hears, OfficeNames(bot), clock)

    def routes(self, bot: Bot, hears: Hears, clock: Clock) -> list[web.RouteDef]:
        """What the demo serves."""
        names = OfficeNames(bot)
        return [
            *self._web.routes(bot, hears, names, clock, demo_logins()),
            *rest_routes(hears, bot.outbox, names, None, clock, next(iter(names))),
        ]


class ServeDoors(AsyncExitStack):
    """WhatsApp, the applicants' page unless it is switched off, and REST behind its token."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        picture_of: PictureOf,
        share: ServeShare,
        metrics: Metrics,
    ) -> None:
        super().__init__()
        self._metrics = metrics
        self._share = share
        self._settings = settings
        self._picture_of = picture_of
        self._clock = clock
        on, crowd = settings.web.enabled, crowd_of(settings, share)
        self._web = WebDoor(crowd, settings.web.hosts, secure=True) if on else None
        self.senders: Mapping[str, Sender] = {}
        self.pictures: Mapping[str, PhotoSource] = {}

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        secret = self._settings.secrets
        session = await self.enter_async_context(aiohttp.ClientSession())
        own = {
            office: self._graph(session, token, token_variable(office))
            for office, token in secret.whatsapp_access_tokens.items()
        }
        general = secret.whatsapp_access_token
        graph = self._graph(session, general, "WHATSAPP_ACCESS_TOKEN") if general else None
        senders = {office: self._sender(each) for office, each in own.items()}
        self._whatsapp = OfficeSenders(senders, self._sender(graph) if graph else None)
        self._marks = ReadMarks(self._whatsapp.seen)
        self.senders = {"whatsapp": self._whatsapp}
        if self._web:
            self.senders = {**self.senders, "web": self._web.sender}
        self.pictures = {f"whatsapp:{office}": each for office, each in own.items()}
        if graph:
            self.pictures = {**self.pictures, "whatsapp": graph}
        return self

    def _graph(self, session: aiohttp.ClientSession, token: SecretStr, name: str) -> GraphClient:
        """A client with one token, which may be replaced in its file."""
        secret, text = self._settings.secrets, token.get_secret_value()
        return GraphClient(
            session,
            secret.whatsapp_graph_url,
            FileSecret(secret.files[name], text) if name in secret.files else text,
            token_name=name,
            processes=self._share.of,
            messages_a_second=self._settings.whatsapp.messages_a_second,
        )

    def _sender(self, graph: GraphClient) -> WhatsAppSender:
        # A message begins with half the lease left at least, and must end within it.
        limit = timedelta(seconds=0.45 * self._settings.outbox.lease_seconds)
        return WhatsAppSender(graph, barcode_png, self._picture_of, limit=limit, clock=self._clock)

    async def leave(self, _: web.Application) -> None:
        """Let read marks under way be sent, and send open pages away."""
        await self._marks.close()
        if self._web:
            await self._web.leave()

    async def watch(self, bot: Bot) -> None:
        """Show open pages what other processes say, for ever."""
        if self._web:
            await self._web.watch(bot)

    @property
    def guards(self) -> Sequence[Middleware]:
        """What stands before every request."""
        timed = timed_webhook(WEBHOOK, self._metrics)
        return (timed, self._web.guard) if self._web else (timed,)

    def noticed(self, inbound: Inbound) -> None:
        """Show on WhatsApp that the message was read, beside the turn."""
        message = inbound.message
        readable = message.wants_answer and message.kind != CALL  # nobody can have read a call
        wanted = self._settings.whatsapp.read_receipts and readable
        if wanted and inbound.contact.channel == "whatsapp":
            self._marks.taken_up(inbound)

    def routes(self, bot: Bot, hears: Hears, clock: Clock) -> list[web.RouteDef]:
        """What an office serves."""
        secret = self._settings.secrets
        webhook = Webhook(
            Marked(hears, self._marks),
            lambda number: office.id if (office := bot.offices.by_number(number)) else None,
            app_secret=keyring_of(secret),
            verify_token=secret.whatsapp_verify_token.get_secret_value(),
            now=clock,
            pseudonym=pseudonyms(),
            reported=self._reported_to(bot, clock),
            follow=bot.identities.follow,
            notified=self._count,
        )
        routes = webhook.routes()
        if self._web:
            routes += self._web.routes(bot, hears, OfficeNames(bot), clock)
        if self._settings.rest.enabled:
            token = secret.rest_token.get_secret_value()
            routes += rest_routes(hears, bot.outbox, OfficeNames(bot), token, clock)
        return routes

    def applicants(self, bot: Bot, hears: Hears, clock: Clock) -> Applicants | None:
        """What the applicants' page works on; ``None`` when it is switched off."""
        if self._web is None:
            return None
        template = self._settings.whatsapp.code_template
        proving = proving_of(bot, self._whatsapp, clock, template)
        return self._web.applicants(bot, hears, OfficeNames(bot), clock, proving)

    def _reported_to(self, bot: Bot, clock: Clock) -> Callable[[Sequence[Report]], Awaitable[None]]:
        """What is done with reports of how far messages got."""
        letters = Letters(bot.stores.conversations, bot.stores.letters, clock)
        deliveries = Deliveries(bot.stores.deliveries, letters.failed)
        return partial(deliveries.record, keep=self._settings.whatsapp.record_statuses)

    def _count(self, news: Notification) -> None:
        self._metrics.notifications.labels(news.field, news.severity).inc()


def keyring_of(secrets: Secrets) -> Keyring:
    """The app secrets, those that are being replaced too."""
    general = (secrets.whatsapp_app_secret, secrets.whatsapp_app_secret_previous)
    own = {
        office: tuple(
            secret.get_secret_value()
            for secret in (secret, secrets.whatsapp_app_secrets_previous.get(office))
            if secret
        )
        for office, secret in secrets.whatsapp_app_secrets.items()
    }
    return Keyring(tuple(secret.get_secret_value() for secret in general if secret), own)


class OfficeNames(Mapping[str, str]):
    """Short names of the offices by id, as they are now."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    def __getitem__(self, office_id: str) -> str:
        office = self._bot.offices.get(office_id)
        if office is None:
            raise KeyError(office_id)
        return office.short_name

    def __iter__(self) -> Iterator[str]:
        return (office.id for office in self._bot.offices)

    def __len__(self) -> int:
        return len(self._bot.offices)
