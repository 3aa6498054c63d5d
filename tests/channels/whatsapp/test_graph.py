from __future__ import annotations

from datetime import timedelta

import pytest
from aiohttp import ClientSession

from bot.channels.whatsapp.graph import GraphClient, _is_metas
from bot.channels.whatsapp.messages import compose
from bot.dialogue.reply import Reply
from bot.errors import Stopped, TryLater, Undeliverable
from bot.graph_stub.faults import Fault
from bot.graph_stub.server import PICTURES, TOKEN, GraphStandIn
from tests.support.webhooks import ACCOUNT, APPLICANT

HELLO = compose(Reply("Pagi"), APPLICANT)[0]
PNG = PICTURES["image/png"] + b"picture"


async def test_send(graph: GraphStandIn, client: GraphClient) -> None:
    """A message arrives under the right number and Graph's id comes back."""
    assert await client.send(ACCOUNT, HELLO) == "wamid.STANDIN000001"
    assert (graph.calls[0].account, graph.messages) == (ACCOUNT, [HELLO])


async def test_upload(graph: GraphStandIn, client: GraphClient) -> None:
    """A picture arrives byte for byte."""
    assert graph.media[await client.upload(ACCOUNT, PNG)] == PNG


async def test_fetch(graph: GraphStandIn, client: GraphClient) -> None:
    """A file somebody sent arrives byte for byte, if it is not too large."""
    graph.media["77"] = PNG
    assert await client.fetch("77", len(PNG)) == PNG
    assert await client.fetch("77", len(PNG) - 1) is None


async def test_fetch_what_is_gone(graph: GraphStandIn, client: GraphClient) -> None:
    """A file Graph no longer has is a fault like any other, and so is a failing Graph."""
    with pytest.raises(Undeliverable):
        await client.fetch("78", 10)
    graph.media["77"] = PNG
    graph.fail(Fault(status=500, code=131000))
    with pytest.raises(TryLater):
        await client.fetch("77", len(PNG))


@pytest.mark.parametrize(
    ("url", "ours"),
    [
        ("https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1", True),
        ("https://graph.example/files/1", True),
        ("http://lookaside.fbsbx.com/x", False),
        ("https://evilfbsbx.com/x", False),
        ("https://graph.example.evil/x", False),
        ("file:///etc/passwd", False),
        ("", False),
    ],
)
def test_where_the_token_goes(url: str, *, ours: bool) -> None:
    """The access token is shown to Meta's hosts and to Graph itself, to nobody else."""
    assert _is_metas(url, "https://graph.example/v26.0") is ours


async def test_mark_read(graph: GraphStandIn, client: GraphClient) -> None:
    """Read receipt and typing are one call, and typing can be left out."""
    await client.mark_read(ACCOUNT, "wamid.1")
    await client.mark_read(ACCOUNT, "wamid.2", typing=False)
    first, second = (call.body for call in graph.calls if call.taken)
    assert first["typing_indicator"] == {"type": "text"}
    assert (second["message_id"], second["status"]) == ("wamid.2", "read")
    assert "typing_indicator" not in second


@pytest.mark.parametrize("code", [4, 80007, 130429, 131048, 131056, 133016, 131053])
async def test_later_by_code(graph: GraphStandIn, client: GraphClient, code: int) -> None:
    """Graph's code decides, over real HTTP, and its wish for a pause comes along."""
    graph.fail(Fault(code=code, retry_after="7"))
    with pytest.raises(TryLater) as caught:
        await client.send(ACCOUNT, HELLO)
    assert (caught.value.code, caught.value.after) == (code, timedelta(seconds=7))
    assert await client.send(ACCOUNT, HELLO)


@pytest.mark.parametrize("code", [131026, 131047, 132001, 100])
async def test_never_by_code(graph: GraphStandIn, client: GraphClient, code: int) -> None:
    """Undeliverable is said at once; only a mistake calls a person."""
    graph.fail(Fault(code=code, status=500))
    with pytest.raises(Undeliverable) as caught:
        await client.send(ACCOUNT, HELLO)
    assert (caught.value.code, caught.value.alarm) == (code, code in {100, 132001})


@pytest.mark.parametrize(
    "fault", [Fault("drop"), Fault("lost"), Fault(status=502), Fault(status=200), Fault(status=302)]
)
async def test_nobody_knows(graph: GraphStandIn, client: GraphClient, fault: Fault) -> None:
    """A cut connection, a proxy's error, even a proxy's friendly page: try again."""
    graph.fail(fault)
    with pytest.raises(TryLater) as caught:
        await client.send(ACCOUNT, HELLO)
    assert APPLICANT not in str(caught.value)


async def test_time_out(graph: GraphStandIn, session: ClientSession) -> None:
    """Silence ends after the time-out."""
    client = GraphClient(session, graph.url, TOKEN, timeout=timedelta(milliseconds=50))
    graph.fail(Fault("hang"))
    with pytest.raises(TryLater):
        await client.send(ACCOUNT, HELLO)


async def test_nobody_listens(session: ClientSession) -> None:
    """A refused connection is worth another try."""
    with pytest.raises(TryLater):
        await GraphClient(session, "http://127.0.0.1:9/v26.0", TOKEN).send(ACCOUNT, HELLO)


async def test_wrong_token(graph: GraphStandIn, session: ClientSession) -> None:
    """A wrong token calls a person, and is never quoted."""
    client = GraphClient(session, graph.url + "/", "wrong-token")
    with pytest.raises(Stopped, match="WHATSAPP_ACCESS_TOKEN") as caught:
        await client.send(ACCOUNT, HELLO)
    assert caught.value.cause == "WHATSAPP_ACCESS_TOKEN"
    assert "wrong-token" not in str(caught.value)


async def test_rates_are_kept(graph: GraphStandIn, session: ClientSession) -> None:
    """Past the burst a person's next message waits; too long a wait is left to the outbox."""
    now, slept = 0.0, []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    client = GraphClient(session, graph.url, TOKEN, monotonic=lambda: now, sleep=sleep)
    for _ in range(45):
        await client.send(ACCOUNT, HELLO)
        now += 0.02
    assert slept == []
    with pytest.raises(TryLater) as caught:
        await client.send(ACCOUNT, HELLO)
    assert caught.value.after == timedelta(seconds=6 - 45 * 0.02)
    assert len(graph.messages) == 45
    now += 4
    graph.fail(Fault(code=131026))
    with pytest.raises(Undeliverable):
        await client.send(ACCOUNT, HELLO)
    assert slept == [pytest.approx(6 - 45 * 0.02 - 4)]
    await client.send(ACCOUNT, compose(Reply("Pagi"), "6281200000002")[0])
    assert len(slept) == 1


async def test_rate_of_a_number(graph: GraphStandIn, session: ClientSession) -> None:
    """A number sends a few at once to many people, then as many as 80 a second allow."""
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    client = GraphClient(session, graph.url, TOKEN, monotonic=lambda: 0.0, sleep=sleep)
    for person in range(6):
        await client.send(ACCOUNT, compose(Reply("Pagi"), f"62812{person:08d}")[0])
    assert slept == [pytest.approx(1 / 77, abs=1e-5), pytest.approx(2 / 77, abs=1e-5)]
