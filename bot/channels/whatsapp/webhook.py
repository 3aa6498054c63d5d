"""The webhook: Meta's messages come in here and are answered 200 once they are saved for good.

WhatsApp is the durable inbox: what is not answered 200 is delivered again for seven days, and what
was handled before is skipped by its id. So a failing database is answered 503, and everything that
another delivery would not mend (a body nobody can read, a mistake of ours) 200 with an alarm.

For the same reason a handler cut short does no harm, be it by a shutdown or by an application that
sets ``handler_cancellation`` (aiohttp's default leaves a handler running when the client hangs up):
each turn is saved whole or not at all, and without the 200 the body comes again.
"""

from __future__ import annotations

import asyncio
import traceback
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime

import structlog
from aiohttp import web

from bot.channels.inbound import Hears, IdentityChange, Inbound
from bot.channels.whatsapp import signature
from bot.channels.whatsapp.body import UnreadableBody
from bot.channels.whatsapp.keyring import Keyring, Opened
from bot.channels.whatsapp.notifications import Notification, Severity
from bot.channels.whatsapp.numbers import Accounts, OfficeOf
from bot.channels.whatsapp.statuses import Status, report_of
from bot.channels.whatsapp.updates import Updates, decode
from bot.dialogue.deliveries import Report
from bot.errors import StorageUnavailable

PATH = "/webhooks/whatsapp"

BODY_LIMIT_BYTES = 4 * 1024 * 1024
"""Meta sends up to 3 MB; aiohttp's own limit of 1 MiB does not apply here."""

AT_ONCE = 32
"""Conversations handled at the same time, over all bodies."""

log = structlog.get_logger(__name__)


async def _unheard(_: Sequence[Report]) -> None:
    """Nobody wants to know how far messages got."""


async def _follow_nobody(_: IdentityChange) -> None:
    """Nothing is kept of anybody."""


class Webhook:
    """Meta's side of the door: ``GET`` verifies it, ``POST`` brings messages.

    Args:
        office_of: finds the office of a WhatsApp number; a number of no office raises an alarm
            and is not answered.
        app_secret: signs every body; or several, of several apps.
        verify_token: typed by us into Meta's settings, shown back at verification.
        now: aware UTC.
        pseudonym: turns a conversation's id into something fit for a log: a keyed hash. (Message
            ids are not: WhatsApp's contain the phone number.)
        follow: follows somebody whose number or id changed, before their messages are heard.
        notified: told of each piece of news for operators.
        reported: told how far messages of ours got; raises ``StorageUnavailable`` when it must be
            told again.

    Raises:
        ValueError: an empty secret or token, which anybody could guess.
    """

    def __init__(
        self,
        hears: Hears,
        office_of: OfficeOf,
        *,
        app_secret: str | Keyring,
        verify_token: str,
        now: Callable[[], datetime],
        pseudonym: Callable[[str], str],
        follow: Callable[[IdentityChange], Awaitable[None]] = _follow_nobody,
        notified: Callable[[Notification], None] = lambda _: None,
        reported: Callable[[Sequence[Report]], Awaitable[None]] = _unheard,
    ) -> None:
        keys = Keyring((app_secret,)) if isinstance(app_secret, str) else app_secret
        if keys.is_empty or not verify_token:
            raise ValueError("set WHATSAPP_APP_SECRET and WHATSAPP_VERIFY_TOKEN")
        self._hears = hears
        self._office_of = office_of
        self._keys = keys
        self._verify_token = verify_token
        self._now = now
        self._pseudonym = pseudonym
        self._follow = follow
        self._notified = notified
        self._reported = reported
        self._accounts: defaultdict[Opened, Accounts] = defaultdict(Accounts)
        self._places = asyncio.Semaphore(AT_ONCE)

    def routes(self) -> list[web.RouteDef]:
        """For :meth:`aiohttp.web.Application.add_routes`."""
        return [
            web.get(PATH, self.verify, allow_head=False),
            web.post(PATH, self.receive),
        ]

    async def verify(self, request: web.Request) -> web.Response:
        """Meta asks whether we are who the settings say: give the challenge back, or 403."""
        challenge = request.query.get("hub.challenge", "")
        token = request.query.get("hub.verify_token", "")
        known = signature.same_text(token, self._verify_token)
        if not known or not challenge or request.query.get("hub.mode") != "subscribe":
            log.warning("whatsapp_verification_refused")
            return web.Response(status=403, text="wrong hub.mode or hub.verify_token")
        return web.Response(text=challenge, headers={"X-Content-Type-Options": "nosniff"})

    async def receive(self, request: web.Request) -> web.Response:
        """Take one body: 200 saved, 401 not Meta's, 413 too large, 503 bring it again."""
        body = await _read(request)
        opened = self._keys.open(body, request.headers.get(signature.HEADER))
        if opened is None:
            log.warning("whatsapp_signature_refused", bytes=len(body))
            return web.Response(status=401, text="the signature does not fit the body")
        try:
            updates = decode(body, self._office_of, self._now(), self._accounts[opened])
        except UnreadableBody as error:
            log.error("whatsapp_body_unreadable", alarm=True, bytes=len(body), error=str(error))
            return web.Response()
        if foreign := sorted(office for office in _offices_in(updates) if not opened.may(office)):
            # Not 200: it is delivered again until somebody has set the secrets right.
            log.error("whatsapp_signed_by_another_app", alarm=True, offices=foreign)
            return web.Response(status=401, text="this app may not speak for that number")
        _report(updates)
        for news in updates.notifications:
            self._notified(news)
        lost = await self._lost(updates.changes)
        work = [self._hear(inbounds, lost) for inbounds in _by_person(updates.messages)]
        if updates.statuses:
            work.append(self._report(updates.statuses))
        # Most bodies hold one message, which needs no task of its own.
        saved = [await work[0]] if len(work) == 1 else await asyncio.gather(*work)
        if lost or not all(saved):
            return web.Response(status=503, text="not everything is saved; deliver this again")
        return web.Response()

    async def _lost(self, changes: Iterable[IdentityChange]) -> frozenset[str]:
        """Follow people from address to address; the addresses of those who must come again."""
        lost: set[str] = set()
        for change in changes:
            try:
                await self._follow(change)
            except StorageUnavailable:
                log.error("whatsapp_change_not_saved", kind=change.kind)
                lost.update(change.before, change.after)
            except Exception as error:  # noqa: BLE001 - nor does poisoned news
                log.error(
                    "whatsapp_change_failed",
                    alarm=True,
                    error=type(error).__name__,
                    place=_place(error),
                )
        return frozenset(lost)

    async def _hear(self, inbounds: Sequence[Inbound], lost: frozenset[str]) -> bool:
        """Hand one person's messages on in order; ``False`` when they must come again."""
        if any(lost.intersection(each.contact.known_by) for each in inbounds):
            return False
        async with self._places:
            for inbound in inbounds:
                try:
                    await self._hears.hear(inbound)
                except StorageUnavailable:
                    # The later ones must not overtake it.
                    log.error("whatsapp_not_saved", **self._about(inbound))
                    return False
                except Exception as error:  # noqa: BLE001 - one poisoned message never blocks a number
                    log.error(
                        "whatsapp_message_failed",
                        alarm=True,
                        error=type(error).__name__,
                        place=_place(error),
                        **self._about(inbound),
                    )
        return True

    async def _report(self, statuses: Sequence[Status]) -> bool:
        """Hand on how far our messages got; ``False`` when that must come again."""
        told = [report for each in statuses if (report := report_of(each, self._now()))]
        if not told:
            return True
        try:
            await self._reported(told)
        except StorageUnavailable:
            log.error("whatsapp_statuses_not_saved", count=len(told))
            return False
        except Exception as error:  # noqa: BLE001 - nor does a poisoned status
            failed = type(error).__name__
            log.error("whatsapp_statuses_failed", alarm=True, error=failed, place=_place(error))
        return True

    def _about(self, inbound: Inbound) -> dict[str, str]:
        contact = inbound.contact
        return {
            "office": contact.office,
            "conversation": self._pseudonym(contact.conversation_id),
        }


async def _read(request: web.Request) -> bytes:
    """The raw body.

    Raises:
        HTTPRequestEntityTooLarge: it is longer than ``BODY_LIMIT_BYTES``, whatever it claims.
        HTTPBadRequest: its transfer is broken.
    """
    body = bytearray()
    try:
        async for chunk in request.content.iter_any():
            body += chunk
            if len(body) > BODY_LIMIT_BYTES:
                raise web.HTTPRequestEntityTooLarge(BODY_LIMIT_BYTES, len(body))
    except web.RequestPayloadError:
        raise web.HTTPBadRequest(text="the body cannot be read") from None
    return bytes(body)


def _by_person(messages: Iterable[Inbound]) -> list[list[Inbound]]:
    """What each person wrote to an office, in order, whichever of their addresses it came from."""
    groups: dict[tuple[str, str], dict[int, Inbound]] = {}
    for at, inbound in enumerate(messages):
        contact = inbound.contact
        keys = [(contact.office, each) for each in contact.known_by]
        first, *others = [groups[key] for key in keys if key in groups] or [{}]
        first[at] = inbound
        for other in others:  # only now do two addresses turn out to be one person's
            if other is not first:
                first.update(other)
                keys += [key for key, group in groups.items() if group is other]
        groups.update(dict.fromkeys(keys, first))
    distinct = {id(group): group for group in groups.values()}
    return [[group[at] for at in sorted(group)] for group in distinct.values()]


def _offices_in(updates: Updates) -> set[str]:
    """All offices that a body speaks of."""
    heard = {inbound.contact.office for inbound in updates.messages}
    changed = {change.office for change in updates.changes}
    return heard | changed | {each.office for each in updates.statuses if each.office}


def _report(updates: Updates) -> None:
    """Log what is not heard, without personal data."""
    for account in sorted(updates.homeless):
        log.error("unknown_office_number", alarm=True, account=account)
    for status in updates.statuses:
        if status.status == "failed":
            log.warning("whatsapp_delivery_failed", code=status.code)
    for news in updates.notifications:
        _tell(news)
    if updates.left_out:
        log.info("whatsapp_updates_left_out", counts=dict(updates.left_out))


def _tell(news: Notification) -> None:
    about = {"about": news.field, "said": news.summary}
    match news.severity:
        case Severity.ALARM:
            log.error("whatsapp_notification", alarm=True, **about)
        case Severity.WARNING:
            log.warning("whatsapp_notification", **about)
        case Severity.INFO:
            log.info("whatsapp_notification", **about)


def _place(error: BaseException) -> str:
    """``file:line`` where it was raised; its text may hold personal data."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{frame.filename}:{frame.lineno}"
