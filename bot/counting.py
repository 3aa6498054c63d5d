"""What a served bot's parts are wrapped in, so that what they do is counted and logged."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.channels.inbound import Hears, Inbound, Progress, Sender
from bot.dialogue.reply import Reply
from bot.dialogue.store import Contact
from bot.errors import Absent, ChannelError, Stopped, StorageUnavailable, Throttled, TryLater
from bot.metrics import Metrics
from bot.traces import Traces, delivery
from nlu.classifier import Classifier, Guess

log = structlog.get_logger(__name__)

KINDS_AT_MOST: Final = 64
"""Of messages, as a label: a new kind is Meta's to invent, but not without end."""


FAILURES: Final[Mapping[type[ChannelError], str]] = {
    Throttled: "throttled",
    TryLater: "later",
    Stopped: "stopped",
    Absent: "absent",
    ChannelError: "never",
}
"""How sending can fail, the narrower first."""


class Measured:
    """Hears on, and measures."""

    def __init__(self, hears: Hears, metrics: Metrics, traces: Traces) -> None:
        self._hears = hears
        self._metrics = metrics
        self._traces = traces

    async def hear(self, inbound: Inbound) -> None:
        """See :class:`bot.channels.inbound.Hears`."""
        contact, message = inbound.contact, inbound.message
        with self._traces.turn(contact.conversation_id, message.id):
            began = time.perf_counter()
            try:
                await self._hears.hear(inbound)
            except StorageUnavailable:
                self._metrics.turns_failed.labels(contact.channel).inc()
                log.warning("message_not_saved", channel=contact.channel, office=contact.office)
                raise
            seconds = time.perf_counter() - began
            self._metrics.turn_seconds.labels(contact.channel).observe(seconds)
            log.info(
                "message_handled",
                channel=contact.channel,
                office=contact.office,
                milliseconds=round(1000 * seconds),
            )


class CountedSender:
    """Sends as another one does, and counts."""

    def __init__(self, sender: Sender, metrics: Metrics) -> None:
        self._sender = sender
        self._metrics = metrics

    async def send(self, contact: Contact, reply: Reply, progress: Progress) -> None:
        """See :class:`bot.channels.inbound.Sender`."""
        began = time.perf_counter()
        try:
            await self._sender.send(contact, reply, progress)
        except ChannelError as error:
            kind = next(name for each, name in FAILURES.items() if isinstance(error, each))
            self._metrics.messages_failed.labels(contact.channel, kind, f"{error.code or ''}").inc()
            raise
        self._metrics.messages_sent.labels(contact.channel).inc()
        log.info(
            "message_sent",
            channel=contact.channel,
            office=contact.office,
            parts=progress.parts,
            milliseconds=round(1000 * (time.perf_counter() - began)),
        )


def counted_kinds(metrics: Metrics) -> Callable[[Inbound], None]:
    """Counts each message that is taken up by its kind."""
    kinds: set[str] = set()

    def noticed(inbound: Inbound) -> None:
        kind = inbound.message.kind
        if len(kinds) < KINDS_AT_MOST and kind.isidentifier():
            kinds.add(kind)
        kind = kind if kind in kinds else "other"
        metrics.messages_heard.labels(inbound.contact.channel, kind).inc()

    return noticed


class TimedClassifier:
    """Ranks as another one does, and measures.

    Args:
        provider: its name in the settings.
    """

    def __init__(self, classifier: Classifier, metrics: Metrics, provider: str) -> None:
        self._classifier = classifier
        self._seconds = metrics.classifier_seconds.labels(provider)

    async def rank(self, text: str) -> Sequence[Guess]:
        """See :class:`nlu.classifier.Classifier`."""
        with self._seconds.time():
            return await self._classifier.rank(text)


def timed_webhook(path: str, metrics: Metrics) -> Middleware:
    """Measures how long Meta waits for each answer, and names each delivery in the log."""

    @web.middleware
    async def timed(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path != path or request.method != "POST":
            return await handler(request)
        began, status = time.perf_counter(), 500
        with delivery():
            try:
                answer = await handler(request)
                status = answer.status
            except web.HTTPException as refused:
                status = refused.status
                raise
            finally:
                seconds = time.perf_counter() - began
                metrics.webhook_seconds.labels(str(status)).observe(seconds)
        return answer

    return timed
