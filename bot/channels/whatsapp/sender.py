"""Delivers replies over WhatsApp."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog

from bot.channels.inbound import Progress
from bot.channels.whatsapp.faults import WINDOW_CLOSED
from bot.channels.whatsapp.graph import GraphClient
from bot.channels.whatsapp.messages import Payload, compose, compose_template
from bot.dialogue.reply import Reply
from bot.dialogue.store import OUTBOX_LEASE, Contact
from bot.errors import ChannelError, StorageUnavailable, TryLater, Undeliverable
from bot.picture import PictureOf, kind_of

SEND_LIMIT = OUTBOX_LEASE - timedelta(seconds=5)
"""For one reply in all: when the lease runs out another process would send it too."""

PICTURES_KEPT = 1024
PICTURE_KEPT_FOR = timedelta(days=1)
"""Well below the 30 days an uploaded picture lives at Meta."""

WINDOW = timedelta(hours=24)
"""After somebody's last message Meta takes nothing but templates for them."""

log = structlog.get_logger(__name__)


class WhatsAppSender:
    """A :class:`bot.channels.inbound.Sender`.

    Args:
        render_barcode: code → PNG; run in a thread, drawing takes milliseconds.
        picture_of: gives out the pictures replies show.
        monotonic: seconds of a clock that never goes back.
        clock: tells whether somebody's window is still open.
    """

    def __init__(
        self,
        graph: GraphClient,
        render_barcode: Callable[[str], bytes],
        picture_of: PictureOf,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        limit: timedelta = SEND_LIMIT,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._graph = graph
        self._render_barcode = render_barcode
        self._picture_of = picture_of
        self._monotonic = monotonic
        self._limit = limit
        self._clock = clock
        self._pictures: OrderedDict[tuple[str, str], tuple[str, float]] = OrderedDict()

    async def send(self, contact: Contact, reply: Reply, progress: Progress | None = None) -> None:
        """Deliver one reply, as one message or several; as its template when they wrote last more
        than 24 hours ago.

        When a later one of several fails, the retry goes on there.

        Raises:
            TryLater: not delivered, may be tried again.
            Throttled, Stopped: nor may anything else from this number.
            Undeliverable: will never be delivered; with ``alarm`` when the reply cannot be put
                in Meta's form, or needs a template and has none.
        """
        try:
            async with asyncio.timeout(self._limit.total_seconds()):
                await self._send(contact, reply, progress or Progress())
        except TimeoutError:
            raise TryLater("the reply took longer to send than its lease allows") from None
        except ValueError as error:
            raise Undeliverable(f"WhatsApp cannot show this reply: {error}", alarm=True) from error

    async def _send(self, contact: Contact, reply: Reply, progress: Progress) -> None:
        if self._clock() - contact.heard_at < WINDOW:
            picture = await self._picture(contact.account, reply)
            try:
                for payload in compose(reply, contact.sender, picture)[progress.parts :]:
                    await self._post(contact, payload, progress)
            except Undeliverable as error:
                if error.code != WINDOW_CLOSED:
                    raise
                # It closed on the way, or Meta's clock is ahead of ours.
            else:
                return
        await self._post(contact, _template(contact, reply), progress)

    async def _post(self, contact: Contact, payload: Payload, progress: Progress) -> None:
        """Send one message; its statuses will repeat what it is called."""
        if progress.label:
            payload["biz_opaque_callback_data"] = f"{progress.label}|{progress.parts}"
        progress.accepted(await self._graph.send(contact.account, payload))

    async def seen(self, contact: Contact, message_id: str) -> None:
        """Show that a message was read and an answer is being written.

        Decoration: a failure is logged and forgotten.
        """
        try:
            await self._graph.mark_read(contact.account, message_id)
        except ChannelError as error:
            log.info("read_mark_failed", account=contact.account, code=error.code)

    async def _picture(self, account: str, reply: Reply) -> str:
        """Media id of what a reply shows; a retry finds what was uploaded before."""
        shown = reply.barcode or (reply.picture.sha256 if reply.picture else "")
        if not shown:
            return ""
        key, now = (account, shown), self._monotonic()
        if key in self._pictures:
            media_id, uploaded = self._pictures[key]
            if now - uploaded < PICTURE_KEPT_FOR.total_seconds():
                self._pictures.move_to_end(key)
                return media_id
        picture = await self._content(reply)
        if picture is None:
            return ""
        media_id = await self._graph.upload(account, picture, kind_of(picture))
        self._pictures[key] = (media_id, now)
        self._pictures.move_to_end(key)
        while len(self._pictures) > PICTURES_KEPT:
            self._pictures.popitem(last=False)
        return media_id

    async def _content(self, reply: Reply) -> bytes | None:
        """What a reply shows; ``None`` when it is gone, and then its words alone are sent."""
        if reply.barcode or reply.picture is None:
            return await asyncio.to_thread(self._render_barcode, reply.barcode)
        try:
            content = await self._picture_of(reply.picture.sha256)
        except StorageUnavailable as down:
            raise TryLater(f"the picture cannot be had: {down}") from down
        if content is None:
            log.error("picture_gone", alarm=True, picture=reply.picture.name)
        return content


def _template(contact: Contact, reply: Reply) -> Payload:
    """What may be sent to somebody who wrote last more than 24 hours ago."""
    if reply.template is None:
        raise Undeliverable(
            "they wrote last more than 24 hours ago, and this reply has no template; give it one "
            "in flows/replies and register it with Meta",
            WINDOW_CLOSED,
            alarm=True,
        )
    return compose_template(reply, reply.template, contact.sender)
