"""The classifier that asks Rasa, against a stand-in of it on the loopback."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence

import pytest
from aiohttp import web
from structlog.testing import capture_logs

from nlu.breaker import Breaker, BreakerState
from nlu.classifier import Guess
from nlu.rasa import (
    ANSWER_LIMIT,
    CALLS_AT_ONCE,
    PROBE,
    TEXT_LIMIT,
    RasaClassifier,
    RasaError,
    Trouble,
    ranking,
)
from tests.support.rasa import TOKEN, Misbehaves, RasaStandIn
from tests.support.service import free_port

INSTEAD = (Guess("thanks", 0.75), Guess("greet", 0.25))
SECRET = "saya Rina Wulandari"


class Instead:
    """Says the same of every text."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    async def rank(self, text: str) -> Sequence[Guess]:
        """See :class:`nlu.classifier.Classifier`."""
        self.heard.append(text)
        return INSTEAD


class Clock:
    """Stands still until moved."""

    now = 0.0

    def __call__(self) -> float:
        """Seconds."""
        return self.now


@pytest.fixture
async def rasa() -> AsyncIterator[RasaStandIn]:
    """Knows two texts."""
    meanings = {"mau daftar": "register", SECRET: "submit_identity"}
    async with RasaStandIn(meanings).serving() as stand_in:
        yield stand_in


@pytest.fixture
def clock() -> Clock:
    """Of the breaker."""
    return Clock()


@pytest.fixture
def avoided() -> Counter[Trouble]:
    """How often Rasa's word was not used, by why."""
    return Counter()


@pytest.fixture
def ask(clock: Clock, avoided: Counter[Trouble]) -> Callable[..., RasaClassifier]:
    """Makes classifiers that have little patience."""

    def make(url: str, token: str = TOKEN, *, timeout: float = 0.2) -> RasaClassifier:
        return RasaClassifier(
            url,
            token,
            Instead(),
            timeout=timeout,
            breaker=Breaker(clock, failures=3, first_pause=2, longest_pause=10),
            avoided=lambda trouble: avoided.update([trouble]),
        )

    return make


Ask = Callable[..., RasaClassifier]


def answering(body: bytes, status: int = 200) -> Misbehaves:
    """Answers anything with this."""

    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(body=body, status=status, content_type="application/json")

    return answer


async def hang(_: web.Request) -> web.StreamResponse:
    """Answers too late for anybody."""
    await asyncio.sleep(30)
    return web.Response()


async def drip(request: web.Request) -> web.StreamResponse:
    """Answers a byte now and then, for ever."""
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(b" ")
        await asyncio.sleep(0.02)


async def flood(request: web.Request) -> web.StreamResponse:
    """Answers without an end."""
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(b" " * 65536)


async def hang_up(request: web.Request) -> web.StreamResponse:
    """Hangs up in the middle of its answer."""
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b'{"intent_ranking": [')
    assert request.transport
    request.transport.abort()
    return response


async def send_elsewhere(_: web.Request) -> web.StreamResponse:
    """Sends the text on to somebody else."""
    raise web.HTTPTemporaryRedirect("http://127.0.0.1:1/model/parse")


def listing(*ranked: object) -> bytes:
    """An answer with this ranking."""
    return json.dumps({"text": "x", "intent_ranking": ranked}).encode()


def entry(name: object, confidence: object) -> dict[str, object]:
    """One of a ranking."""
    return {"name": name, "confidence": confidence}


class TestRanking:
    def test_sorted_and_summing_to_one(self) -> None:
        """Ranked by confidence; what Rasa left out of a short list is shared out."""
        guesses = ranking(listing(entry("a", 0.1), entry("b", 0.6), entry("c", 0.1)))
        assert [guess.intent for guess in guesses] == ["b", "a", "c"]
        assert [guess.confidence for guess in guesses] == pytest.approx([0.75, 0.125, 0.125])

    def test_without_the_fallback(self) -> None:
        """Rasa's own "I am not sure" is no meaning."""
        guesses = ranking(listing(entry("nlu_fallback", 0.4), entry("a", 0.3), entry("b", 0.1)))
        assert [(guess.intent, round(guess.confidence, 6)) for guess in guesses] == [
            ("a", 0.75),
            ("b", 0.25),
        ]

    def test_parts_of_a_retrieval_intent(self) -> None:
        """They are one intent."""
        guesses = ranking(listing(entry("faq/fees", 0.3), entry("a", 0.4), entry("faq/hours", 0.3)))
        assert [guess.intent for guess in guesses] == ["faq", "a"]

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"halo",
            b"[]",
            b"null",
            b"{}",
            b'{"intent_ranking": null}',
            b'{"intent_ranking": {}}',
            b'{"intent_ranking": []}',
            b'{"intent_ranking": [{"name": "a", "confidence": NaN}]}',
            b"[" * 100_000,
            listing(1),
            listing(entry("a", "0.5")),
            listing(entry("a", True)),  # noqa: FBT003 - JSON
            listing(entry("a", None)),
            listing(entry("a", -0.1)),
            listing(entry("a", 7)),
            listing(entry("a", 0)),
            listing(entry("", 0.5)),
            listing(entry(None, 0.5)),
            listing(entry(["a"], 0.5)),
            listing(entry("nlu_fallback", 0.4)),
            listing(entry("a", 0.5), {"name": "b"}),
        ],
    )
    def test_nonsense(self, body: bytes) -> None:
        """What is no ranking is refused, whatever it is."""
        with pytest.raises(RasaError) as refused:
            ranking(body)
        assert refused.value.trouble is Trouble.NONSENSE


class TestAsking:
    async def test_rasa_ranks(self, rasa: RasaStandIn, ask: Ask) -> None:
        """Its ranking is used and the other classifier left alone."""
        async with ask(rasa.url) as classifier:
            guesses = await classifier.rank("mau daftar")
        assert guesses[0] == Guess("register", pytest.approx(0.9), "rasa")
        assert sum(guess.confidence for guess in guesses) == pytest.approx(1)
        assert rasa.heard == ["mau daftar"]

    async def test_typed_slashes_are_no_taps(self, rasa: RasaStandIn, ask: Ask) -> None:
        """Rasa would take them for an intent that is certain."""
        async with ask(rasa.url) as classifier:
            await classifier.rank("/erase_data")
            await classifier.rank(" /erase_data")
        assert [text.lstrip().startswith("/") for text in rasa.heard] == [False, False]

    async def test_long_texts(self, rasa: RasaStandIn, ask: Ask) -> None:
        """Their beginning is enough, and keeps nobody else waiting."""
        async with ask(rasa.url) as classifier:
            await classifier.rank("mau daftar " * 400)
        assert rasa.heard == [("mau daftar " * 400)[:TEXT_LIMIT]]

    async def test_check(self, rasa: RasaStandIn, ask: Ask) -> None:
        """Tells what is wrong, before anybody asks."""
        async with ask(rasa.url) as classifier:
            assert await classifier.check() is None
        async with ask(rasa.url, "wrong") as classifier:
            error = await classifier.check()
        assert error
        assert str(error) == "refused: status 401"


@pytest.mark.parametrize(
    ("misbehaves", "trouble"),
    [
        (hang, Trouble.TIMEOUT),
        (drip, Trouble.TIMEOUT),
        (flood, Trouble.NONSENSE),
        (hang_up, Trouble.UNREACHABLE),
        (send_elsewhere, Trouble.REFUSED),
        (answering(b"boom", 500), Trouble.REFUSED),
        (answering(b"{}", 404), Trouble.REFUSED),
        (answering(b"<html>"), Trouble.NONSENSE),
        (answering(b'{"intent_ranking": [{"name": "' + b"a" * ANSWER_LIMIT), Trouble.NONSENSE),
    ],
)
async def test_trouble(
    rasa: RasaStandIn,
    ask: Ask,
    avoided: Counter[Trouble],
    misbehaves: Misbehaves,
    trouble: Trouble,
) -> None:
    """The other classifier ranks at once; why is counted and logged, without a word of the text."""
    rasa.misbehaves = misbehaves
    async with ask(rasa.url) as classifier:
        with capture_logs() as logged:
            async with asyncio.timeout(5):
                assert await classifier.rank(SECRET) == INSTEAD
    assert avoided == {trouble: 1}
    assert [line["event"] for line in logged] == ["rasa_failed"]
    assert "Rina" not in str(logged)
    assert TOKEN not in str(logged)


async def test_nobody_there(ask: Ask, avoided: Counter[Trouble]) -> None:
    """A server that is not started, or gone, is one that fails; the token is not logged."""
    async with ask(f"http://127.0.0.1:{free_port()}") as classifier:
        with capture_logs() as logged:
            assert await classifier.rank(SECRET) == INSTEAD
    assert avoided == {Trouble.UNREACHABLE: 1}
    assert TOKEN not in str(logged)


async def test_garbage_on_the_wire(ask: Ask, avoided: Counter[Trouble]) -> None:
    """What answers need not speak HTTP at all."""

    async def talk(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"\x00\xff 220 mail.invalid ESMTP\r\n" * 20)
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server, ask(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}") as classifier:
        assert await classifier.rank("mau daftar") == INSTEAD
    assert sum(avoided.values()) == 1


async def test_never_opened(ask: Ask) -> None:
    """Without its connections the other one ranks."""
    assert await ask("http://127.0.0.1:1").rank("mau daftar") == INSTEAD


class TestWithTheBreaker:
    async def test_open_and_closed_again(
        self, rasa: RasaStandIn, ask: Ask, clock: Clock, avoided: Counter[Trouble]
    ) -> None:
        """After three time-outs Rasa is left alone; a probe finds out when it is back."""
        rasa.misbehaves = hang
        async with ask(rasa.url, timeout=0.1) as classifier:
            for _ in range(3):
                await classifier.rank("mau daftar")
            assert classifier.state is BreakerState.OPEN
            asked = len(rasa.heard)
            ranked = await asyncio.gather(*(classifier.rank("mau daftar") for _ in range(50)))
            assert set(ranked) == {INSTEAD}
            assert len(rasa.heard) == asked

            clock.now += 2
            await asyncio.gather(*(classifier.rank("mau daftar") for _ in range(50)))
            await settled(classifier, BreakerState.OPEN)
            assert rasa.heard[asked:] == [PROBE]

            rasa.misbehaves = None
            clock.now += 4
            await classifier.rank("mau daftar")
            await settled(classifier, BreakerState.CLOSED)
            assert (await classifier.rank("mau daftar"))[0].intent == "register"
        assert avoided == {Trouble.TIMEOUT: 3, Trouble.PAUSED: 101}

    async def test_nobody_waits_for_a_probe(
        self, rasa: RasaStandIn, ask: Ask, clock: Clock
    ) -> None:
        """Whoever writes when it is due is answered while it is still under way."""
        rasa.misbehaves = answering(b"", 500)
        async with ask(rasa.url, timeout=30) as classifier:
            for _ in range(3):
                await classifier.rank("mau daftar")
            rasa.misbehaves = hang
            clock.now += 2
            async with asyncio.timeout(5):
                assert await classifier.rank("mau daftar") == INSTEAD
            assert classifier.state is BreakerState.HALF_OPEN
        assert classifier.state is BreakerState.OPEN  # closing gave the probe up

    async def test_a_rush(self, rasa: RasaStandIn, ask: Ask, avoided: Counter[Trouble]) -> None:
        """What Rasa cannot take at once the other one ranks, and this is no failure of Rasa's."""

        async def slowly(_: web.Request) -> web.StreamResponse:
            await asyncio.sleep(0.3)
            return web.Response(body=listing(entry("register", 1)))

        rasa.misbehaves = slowly
        async with ask(rasa.url, timeout=10) as classifier:
            ranked = await asyncio.gather(
                *(classifier.rank("mau daftar") for _ in range(CALLS_AT_ONCE + 9))
            )
        assert sum(guesses == INSTEAD for guesses in ranked) == 9
        assert avoided == {Trouble.BUSY: 9}
        assert classifier.state is BreakerState.CLOSED

    async def test_given_up_calls(self, rasa: RasaStandIn, ask: Ask) -> None:
        """A turn that is cancelled says nothing of Rasa, and leaves room for others."""
        rasa.misbehaves = hang
        async with ask(rasa.url, timeout=30) as classifier:
            calls = [
                asyncio.create_task(classifier.rank("mau daftar")) for _ in range(CALLS_AT_ONCE)
            ]
            await rasa.hears(CALLS_AT_ONCE)
            for call in calls:
                call.cancel()
            await asyncio.gather(*calls, return_exceptions=True)
            rasa.misbehaves = None
            assert (await classifier.rank("mau daftar"))[0].intent == "register"


async def settled(classifier: RasaClassifier, state: BreakerState) -> None:
    """Wait until the probe that is under way is over; then the breaker is in ``state``."""
    async with asyncio.timeout(5):
        assert classifier._probing
        await classifier._probing
    assert classifier.state is state
