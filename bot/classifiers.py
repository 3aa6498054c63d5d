"""Which classifier a bot understands with, by its settings."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog

from bot.health import Check
from bot.metrics import Metrics
from bot.settings import Settings
from nlu.breaker import BreakerState
from nlu.classifier import Classifier
from nlu.local import LocalClassifier, ready
from nlu.rasa import RasaClassifier, Trouble

log = structlog.get_logger(__name__)


@asynccontextmanager
async def chosen_classifier(
    settings: Settings, metrics: Metrics, tell: Callable[[str], None]
) -> AsyncIterator[Classifier]:
    """The embedded classifier, or Rasa with the embedded one behind it.

    What the embedded one needs is learnt now, if it was not before. A Rasa that is not there keeps
    no bot from starting; it is said, and asked again later.

    Args:
        metrics: show whether Rasa is asked, and how often it was not.
        tell: called with a line for people when there is something to say.
    """
    embedded = await ready(settings.flows.training, settings.nlu.models, tell)
    if settings.nlu.provider == "local":
        yield embedded
        return

    def avoided(trouble: Trouble) -> None:
        metrics.rasa_avoided.labels(trouble).inc()

    async with RasaClassifier(
        settings.nlu.rasa_url,
        settings.secrets.rasa_token.get_secret_value(),
        embedded,
        timeout=settings.nlu.rasa_timeout_seconds,
        avoided=avoided,
    ) as rasa:
        metrics.show_breaker(BreakerState, lambda: rasa.state)
        if error := await rasa.check():
            log.warning(
                "rasa_not_ready",
                url=settings.nlu.rasa_url,
                reason=error.trouble,
                detail=error.detail,
                meanwhile="the embedded classifier understands alone; Rasa is tried again",
            )
        yield rasa


def nlu_check(classifier: Classifier) -> Callable[[], Awaitable[Check]]:
    """Whether people are understood in words of their own; exact forms always are."""

    async def check() -> Check:
        if isinstance(classifier, RasaClassifier) and classifier.state is not BreakerState.CLOSED:
            reason = "Rasa does not answer; the embedded classifier ranks in its place"
            return Check("degraded", {"provider": "rasa", "reason": reason})
        if isinstance(classifier, LocalClassifier) and not classifier.knows:
            reason = "nothing is learnt; exact forms and plain words are understood"
            return Check("degraded", {"provider": "local", "reason": reason})
        return Check()

    return check
