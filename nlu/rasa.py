"""Rasa as a classifier, over HTTP, with another one beside it for when it does not answer.

Whatever becomes of Rasa, an applicant is answered: every failure is one of ``Trouble``, after
which the other classifier ranks. After some failures in a row nobody waits for Rasa any more
(:mod:`nlu.breaker`), and probes that applicants do not wait for find out when it is back.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from enum import StrEnum
from types import TracebackType
from typing import Any, Final, Self

import aiohttp
import orjson
import structlog

from nlu.breaker import Breaker, BreakerState
from nlu.classifier import Classifier, Guess

ANSWER_LIMIT: Final = 256 * 1024
"""Bytes of an answer that are read; one with 40 intents has 4,000."""

TEXT_LIMIT: Final = 1000
"""Characters that are sent: Rasa takes 0.4 s for 4,000, in which it hears nobody else."""

CALLS_AT_ONCE: Final = 32
"""Rasa parses one after the other, some 80 a second: more would only wait until the time-out."""

FALLBACK_INTENT: Final = "nlu_fallback"
"""What Rasa's ``FallbackClassifier`` puts first when it is unsure; it means nothing to us."""

PROBE: Final = "halo"
_ROUNDING: Final = 1e-6

log = structlog.get_logger(__name__)

NAME = "rasa"
"""Whose guesses they are."""


class Trouble(StrEnum):
    """Why Rasa's word is not used."""

    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"  # a status other than 200: a wrong token, no model, a mistake of its own
    NONSENSE = "nonsense"
    PAUSED = "paused"  # it failed before, and is not asked for a while
    BUSY = "busy"


class RasaError(Exception):
    """A call that came to nothing.

    Args:
        trouble: which kind it was.
        detail: what may be logged: never the text, nor anything of the answer's words.
    """

    def __init__(self, trouble: Trouble, detail: str) -> None:
        super().__init__(f"{trouble}: {detail}")
        self.trouble = trouble
        self.detail = detail


class RasaClassifier:
    """Ranks by a Rasa server's ``/model/parse``; ``async with`` opens and closes its connections.

    Args:
        url: of the server, https unless it is on this machine.
        token: as its ``--auth-token``; empty if it wants none.
        instead: ranks when Rasa does not.
        timeout: seconds an answer may take.
        avoided: told why each time Rasa's word is not used.
    """

    def __init__(
        self,
        url: str,
        token: str,
        instead: Classifier,
        *,
        timeout: float = 1.0,
        breaker: Breaker | None = None,
        avoided: Callable[[Trouble], None] = lambda _: None,
    ) -> None:
        self._address = f"{url.rstrip('/')}/model/parse"
        self._query = {"token": token} if token else {}
        self._instead = instead
        self._timeout = aiohttp.ClientTimeout(total=timeout)
        self._breaker = breaker or Breaker(time.monotonic)
        self._avoided = avoided
        self._session: aiohttp.ClientSession | None = None
        self._under_way = 0
        self._probing: asyncio.Task[RasaError | None] | None = None

    @property
    def state(self) -> BreakerState:
        """Whether it is asked."""
        return self._breaker.state

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(timeout=self._timeout, auto_decompress=False)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._probing:
            self._probing.cancel()
            await asyncio.gather(self._probing, return_exceptions=True)
        if self._session:
            await self._session.close()
            self._session = None

    async def check(self) -> RasaError | None:
        """Ask it something now; what is wrong with it, if anything is."""
        try:
            await self._ask(PROBE)
        except RasaError as error:
            return error
        return None

    async def rank(self, text: str) -> Sequence[Guess]:
        """See :class:`nlu.classifier.Classifier`; Rasa ranks, or whoever stands in for it."""
        self._probe_if_due()
        call = self._breaker.call()
        if call is None:
            return await self._rank_instead(text, Trouble.PAUSED)
        if self._under_way >= CALLS_AT_ONCE:
            return await self._rank_instead(text, Trouble.BUSY)
        try:
            guesses = await self._ask(text)
        except RasaError as error:
            self._failed(call, error)
            return await self._rank_instead(text, error.trouble)
        self._breaker.succeeded(call)
        return guesses

    async def _rank_instead(self, text: str, trouble: Trouble) -> Sequence[Guess]:
        self._avoided(trouble)
        return await self._instead.rank(text)

    def _failed(self, call: int, error: RasaError) -> None:
        self._breaker.failed(call)
        log.warning(
            "rasa_failed", reason=error.trouble, detail=error.detail, breaker=self._breaker.state
        )

    def _probe_if_due(self) -> None:
        """Begin a probe beside the message that is being ranked, which does not wait for it."""
        if self._session and (call := self._breaker.probe()) is not None:
            self._probing = asyncio.create_task(self.check(), name="rasa probe")
            self._probing.add_done_callback(lambda probing: self._probed(call, probing))

    def _probed(self, call: int, probing: asyncio.Task[RasaError | None]) -> None:
        if probing.cancelled():
            self._breaker.given_up(call)
        elif error := probing.result():
            self._failed(call, error)
        else:
            self._breaker.succeeded(call)
            log.info("rasa_answers_again")

    async def _ask(self, text: str) -> Sequence[Guess]:
        """Rasa's own ranking.

        Raises:
            RasaError: it gave none.
        """
        self._under_way += 1
        try:
            return ranking(await self._fetch(text))
        except TimeoutError:
            raise RasaError(Trouble.TIMEOUT, f"no answer in {self._timeout.total} s") from None
        except (aiohttp.ClientError, OSError) as error:
            raise RasaError(Trouble.UNREACHABLE, type(error).__name__) from None
        finally:
            self._under_way -= 1

    async def _fetch(self, text: str) -> bytes:
        if self._session is None:
            raise RasaError(Trouble.UNREACHABLE, "not opened")
        async with self._session.post(
            self._address,
            params=self._query,
            json={"text": _typed(text)},
            headers={"Accept-Encoding": "identity"},
            allow_redirects=False,
        ) as answer:
            if answer.status != 200:  # noqa: PLR2004 - OK
                raise RasaError(Trouble.REFUSED, f"status {answer.status}")
            body = bytearray()
            async for chunk in answer.content.iter_any():
                body += chunk
                if len(body) > ANSWER_LIMIT:
                    raise RasaError(Trouble.NONSENSE, f"more than {ANSWER_LIMIT} bytes")
            return bytes(body)


def _typed(text: str) -> str:
    """What Rasa is sent: ``/intent`` it would take for a tap, and taps are ours."""
    return (f". {text}" if text.lstrip().startswith("/") else text)[:TEXT_LIMIT]


def ranking(answer: bytes) -> Sequence[Guess]:
    """The guesses in an answer of ``/model/parse``, likeliest first, summing to 1.

    Of a retrieval intent (``faq/fees``) only the part before the slash counts.

    Raises:
        RasaError: it is not such an answer.
    """
    try:
        document = orjson.loads(answer)
    except orjson.JSONDecodeError:
        raise RasaError(Trouble.NONSENSE, "not JSON") from None
    listed = document.get("intent_ranking") if isinstance(document, dict) else None
    if not isinstance(listed, list):
        raise RasaError(Trouble.NONSENSE, "no intent_ranking")
    weights: defaultdict[str, float] = defaultdict(float)
    for guess in listed:
        intent, confidence = _guess_in(guess)
        if intent != FALLBACK_INTENT:
            weights[intent.partition("/")[0]] += confidence
    whole = sum(weights.values())
    if whole <= 0:
        raise RasaError(Trouble.NONSENSE, "nothing ranked")
    guesses = (Guess(intent, weight / whole, NAME) for intent, weight in weights.items())
    return tuple(sorted(guesses, key=lambda guess: (-guess.confidence, guess.intent)))


def _guess_in(listed: Any) -> tuple[str, float]:
    match listed:
        # true is an int to Python; an integral 0 or 1 may come without its point.
        case {"name": str(intent), "confidence": float() | 0 | 1 as share} if intent:
            if share is not True and share is not False and 0 <= share <= 1 + _ROUNDING:
                return intent, float(share)
    raise RasaError(Trouble.NONSENSE, "an entry of intent_ranking is none")
