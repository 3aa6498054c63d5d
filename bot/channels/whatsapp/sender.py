"""Delivers replies over WhatsApp."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog

from bot.channels.inbound import Progress
from bot.channels.whatsapp.faults import WINDOW_CLOSED
from bot.channels.whatsapp.graph import GraphClient
from bot.channels.whatsapp.messages import Payload, compose, compose_reaction, compose_template
from bot.channels.whatsapp.uploads import Uploads
from bot.dialogue.attachment import Reaction
from bot.dialogue.reply import Reply
from bot.dialogue.store import OUTBOX_LEASE, Contact
from bot.errors import ChannelError, TryLater, Undeliverable
from bot.picture import PictureOf

SEND_LIMIT = OUTBOX_LEASE - timedelta(seconds=5)
"""For one reply in all: when the lease runs out another process would send it too."""

REACTION_LIMIT = timedelta(seconds=2)
"""For a reaction, after the reply: a twentieth of the lease, which has as much left then."""

WINDOW = timedelta(hours=24)
"""After somebody's last message Meta takes nothing but templates for them."""

log = structlog.get_logger(__name__)


class WhatsAppSender:
    """A :class:`bot.channels.inbound.Sender`.

    Args:
        render_barcode, picture_of, monotonic: as for :class:`~.uploads.Uploads`.
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
        self._uploads = Uploads(graph, render_barcode, picture_of, monotonic)
        self._limit = limit
        self._clock = clock

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
        if reply.reaction and reply.reaction.to and self._window_is_open(contact):
            await self._react(contact, reply.reaction)

    async def _send(self, contact: Contact, reply: Reply, progress: Progress) -> None:
        if not contact.reached_at:
            raise Undeliverable("their number is somebody else's by now, and no other is known")
        if self._window_is_open(contact):
            uploaded = await self._uploads.of(contact.account, reply)
            try:
                for payload in compose(reply, contact.reached_at, uploaded)[progress.parts :]:
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

    def _window_is_open(self, contact: Contact) -> bool:
        return self._clock() - contact.heard_at < WINDOW

    async def seen(self, contact: Contact, message_id: str, *, typing: bool) -> None:
        """Show that a message was read, and if ``typing`` that an answer is being written.

        Decoration: a failure is logged and forgotten.
        """
        try:
            await self._graph.mark_read(contact.account, message_id, typing=typing)
        except ChannelError as error:
            log.info("read_mark_failed", account=contact.account, code=error.code)

    async def _react(self, contact: Contact, reaction: Reaction) -> None:
        """Put an emoji on the message that is answered.

        Decoration: a failure is logged and forgotten, and no time is lost over it.
        """
        payload = compose_reaction(reaction, contact.reached_at)
        try:
            async with asyncio.timeout(REACTION_LIMIT.total_seconds()):
                await self._graph.send(contact.account, payload)
        except TimeoutError:
            log.info("reaction_failed", account=contact.account, code=None)
        except ChannelError as error:
            log.info("reaction_failed", account=contact.account, code=error.code)


def _template(contact: Contact, reply: Reply) -> Payload:
    """What may be sent to somebody who wrote last more than 24 hours ago."""
    if reply.template is None:
        raise Undeliverable(
            "they wrote last more than 24 hours ago, and this reply has no template; give it one "
            "in flows/replies and register it with Meta",
            WINDOW_CLOSED,
            alarm=True,
        )
    return compose_template(reply, reply.template, contact.reached_at)
