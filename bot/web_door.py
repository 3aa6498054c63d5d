"""The door for browsers: the applicants' page and its chat, in the demo and at an office."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from random import SystemRandom
from typing import TYPE_CHECKING, Final

from aiohttp import web
from aiohttp.typedefs import Middleware

from bot.booking.conduct import Conduct
from bot.channels.guard import pages_guard
from bot.channels.inbound import Hears, Sender
from bot.channels.web import Allowed, Crowd, Visitors, WebSender, web_routes
from bot.channels.web.watch import PAUSE, PageWatch
from bot.clock import Clock
from bot.desk.applicants import Applicants
from bot.desk.headers import is_applicants
from bot.loop import for_ever
from bot.proving import Proving, proven_in
from bot.settings import Settings
from bot.share import ServeShare

if TYPE_CHECKING:
    from bot.app import Bot

FREELY: Final = Allowed(messages_a_minute=10_000, visitors_an_hour=10_000, pictures_an_hour=10_000)
"""The demo's: one person at this machine, or tests in a hurry."""


def crowd_of(settings: Settings, share: ServeShare) -> Crowd:
    """Counts what one network address does at an office."""
    told = settings.web
    allowed = Allowed(told.messages_a_minute, told.visitors_an_hour)
    return Crowd(allowed, time.monotonic, settings.server.proxies, share.of)


class WebDoor:
    """Web chat, and what the applicants' page needs of it.

    Args:
        crowd: counts by network address.
        hosts: names it is served under; any, if none is named.
        secure: browsers come by TLS; else from this machine alone.
    """

    def __init__(self, crowd: Crowd, hosts: Collection[str] = (), *, secure: bool) -> None:
        self._crowd = crowd
        self._secure = secure
        self.sender = WebSender()
        self.guard: Middleware = pages_guard(_is_page, hosts)

    async def leave(self) -> None:
        """Send open pages away, or the server would wait for them to leave."""
        await self.sender.close()

    def routes(
        self,
        bot: Bot,
        hears: Hears,
        names: Mapping[str, str],
        clock: Clock,
        logins: Sequence[Mapping[str, str]] = (),
    ) -> list[web.RouteDef]:
        """The chat.

        Args:
            logins: of staff, to be shown; the demo's alone.
        """
        return web_routes(
            hears,
            bot.outbox,
            bot.stores.conversations.transcript,
            self.sender,
            names,
            self.visitors(bot, names, clock),
            self._crowd,
            clock,
            photos=bot.photos,
            logins=logins,
        )

    async def watch(self, bot: Bot) -> None:
        """Show the pages open here what other processes say, for ever."""
        watch = PageWatch(self.sender, bot.stores.conversations.said_lately, bot.outbox)
        await for_ever(watch.look, PAUSE, "pages_not_looked_after")

    def applicants(
        self,
        bot: Bot,
        hears: Hears,
        names: Mapping[str, str],
        clock: Clock,
        proving: Proving | None = None,
    ) -> Applicants:
        """What the applicants' page works on.

        Args:
            proving: of telephone numbers; ``None`` where nothing is sent by WhatsApp.
        """
        return Applicants(hears, self.visitors(bot, names, clock), self._crowd, proving)

    def visitors(self, bot: Bot, names: Mapping[str, str], clock: Clock) -> Visitors:
        """Who the pages speak for."""
        proven = proven_in(bot.stores.proofs, clock)
        return Visitors(names, secure=self._secure, proven=proven)


def _is_page(path: str) -> bool:
    return is_applicants(path) or path == "/chat" or path.startswith("/chat/")


def proving_of(bot: Bot, whatsapp: Sender, clock: Clock, template: str) -> Proving:
    """Proves telephone numbers by codes that ``whatsapp`` delivers.

    Args:
        template: name of the authentication template; empty when there is none.
    """
    stores = bot.stores
    return Proving(
        stores.proofs,
        stores.conversations,
        bot.identities,
        Conduct(stores.people).carry,
        whatsapp,
        clock,
        SystemRandom(),
        template,
    )
