from __future__ import annotations

import asyncio
import gzip
import hashlib
import hmac
import tracemalloc
from collections.abc import AsyncIterator, Sequence
from io import BytesIO
from typing import Any

import orjson
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.channels.inbound import Inbound
from bot.channels.whatsapp.notifications import Notification
from bot.channels.whatsapp.webhook import AT_ONCE, BODY_LIMIT_BYTES, PATH, Webhook
from bot.dialogue.deliveries import Report
from bot.errors import StorageUnavailable
from tests.support.webhooks import (
    APP_SECRET,
    APPLICANT,
    OFFICE_NUMBER,
    SENT_AT,
    VERIFY_TOKEN,
    change,
    message,
    sign,
    signed_headers,
    status,
    text,
    webhook_body,
)

OFFICES = {OFFICE_NUMBER: "jakarta_pusat"}

Client = TestClient[web.Request, web.Application]


class Ears:
    """Hears messages, in memory: each id once, as Turns does; may be told to fail."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.fails: dict[str, Exception] = {}
        self.gate: asyncio.Event | None = None
        self.begun: asyncio.Queue[str] = asyncio.Queue()
        self.ended: asyncio.Queue[str] = asyncio.Queue()
        self.reports: list[Sequence[Report]] = []
        self.reporting: Exception | None = None
        self.now_hearing = 0
        self.most_at_once = 0

    async def hear(self, inbound: Inbound) -> None:
        self.now_hearing += 1
        self.most_at_once = max(self.most_at_once, self.now_hearing)
        self.begun.put_nowait(inbound.message.id)
        try:
            if self.gate:
                await self.gate.wait()
            await asyncio.sleep(0)
            if error := self.fails.get(inbound.message.id):
                raise error
            if inbound.message.id not in self.heard:
                self.heard.append(inbound.message.id)
        finally:
            self.now_hearing -= 1
            self.ended.put_nowait(inbound.message.id)

    async def report(self, reports: Sequence[Report]) -> None:
        """Take reports in."""
        if self.reporting:
            raise self.reporting
        self.reports.append(reports)


def pseudonym(conversation: str) -> str:
    """A keyed hash, as the application hands in."""
    return hmac.new(b"log key", conversation.encode(), hashlib.sha256).hexdigest()[:12]


@pytest.fixture
def ears() -> Ears:
    """Where messages end up."""
    return Ears()


@pytest.fixture
async def meta(ears: Ears) -> AsyncIterator[Client]:
    """Meta's HTTP client, in front of a real server with aiohttp's own defaults."""
    webhook = Webhook(
        ears,
        OFFICES.get,
        app_secret=APP_SECRET,
        verify_token=VERIFY_TOKEN,
        now=lambda: SENT_AT,
        pseudonym=pseudonym,
        reported=ears.report,
    )
    app = web.Application()
    app.add_routes(webhook.routes())
    async with TestClient(TestServer(app)) as client:
        yield client


async def deliver(meta: Client, *changes: dict[str, Any]) -> int:
    """Sign and post; the status of the answer."""
    body = webhook_body(*changes)
    return await post(meta, body)


async def post(meta: Client, body: bytes) -> int:
    """Post signed bytes, a large body as the stream aiohttp wants it to be."""
    async with meta.post(PATH, data=BytesIO(body), headers=signed_headers(body)) as response:
        return response.status


async def test_verification(meta: Client) -> None:
    """With our token the challenge comes back as plain text."""
    query = {"hub.mode": "subscribe", "hub.verify_token": VERIFY_TOKEN, "hub.challenge": "<b>42"}
    async with meta.get(PATH, params=query) as response:
        assert (response.status, await response.text()) == (200, "<b>42")
        assert response.content_type == "text/plain"


@pytest.mark.parametrize(
    "change_of_query",
    [
        {"hub.verify_token": "wrong"},
        {"hub.verify_token": "é"},
        {"hub.verify_token": ""},
        {"hub.mode": "unsubscribe"},
        {"hub.challenge": ""},
    ],
)
async def test_verification_refused(meta: Client, change_of_query: dict[str, str]) -> None:
    """A wrong token, in any alphabet, or an incomplete question is refused."""
    query = {"hub.mode": "subscribe", "hub.verify_token": VERIFY_TOKEN, "hub.challenge": "42"}
    async with meta.get(PATH, params={**query, **change_of_query}) as response:
        assert response.status == 403
        assert "42" not in await response.text()
    async with meta.get(PATH) as response:
        assert response.status == 403


async def test_a_message_is_heard(meta: Client, ears: Ears) -> None:
    """A signed body is answered 200 with its message heard."""
    assert await deliver(meta, change(text("a", "Pagi"))) == 200
    assert ears.heard == ["a"]


@pytest.mark.parametrize("header", [None, "", "sha256=00", "sha256=é", sign(b"x"), "x" * 4000])
async def test_unsigned(meta: Client, ears: Ears, header: str | None) -> None:
    """Without a fitting signature nothing is even parsed."""
    headers = {} if header is None else {"X-Hub-Signature-256": header}
    body = webhook_body(change(text("a", "Pagi")))
    for data in (body, b"not json"):
        async with meta.post(PATH, data=data, headers=headers) as response:
            assert response.status == 401
    assert ears.heard == []


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200), st.binary(max_size=80), st.sampled_from(["", "gzip", "br", "x"]))
def test_any_bytes(body: bytes, header: bytes, encoding: str) -> None:
    """No bytes, signed or not, no header, no encoding make the server fail."""

    async def send() -> None:
        webhook = Webhook(
            Ears(),
            OFFICES.get,
            app_secret=APP_SECRET,
            verify_token=VERIFY_TOKEN,
            now=lambda: SENT_AT,
            pseudonym=pseudonym,
        )
        app = web.Application()
        app.add_routes(webhook.routes())
        line = bytes(b for b in header if b not in b"\r\n\0") or sign(body).encode()
        extra = f"Content-Encoding: {encoding}\r\n" if encoding else ""
        async with TestServer(app) as server:
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n{extra}"
            writer.write(
                head.encode() + b"X-Hub-Signature-256: " + line + b"\r\nConnection: close\r\n\r\n"
            )
            writer.write(body)
            answer = await reader.readline()
            writer.close()
            await writer.wait_closed()
        assert int(answer.split()[1]) in {200, 400, 401}

    asyncio.run(send())


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b"\xff\xfe"])
async def test_signed_but_unreadable(meta: Client, body: bytes) -> None:
    """What Meta signed and nobody can read would come for ever: 200, and an alarm."""
    with capture_logs() as logs:
        assert await post(meta, body) == 200
    assert [(entry["event"], entry["alarm"]) for entry in logs] == [
        ("whatsapp_body_unreadable", True)
    ]


async def test_three_megabytes(meta: Client, ears: Ears) -> None:
    """A full batch of Meta's is taken, past aiohttp's own limit."""
    batch = [text(f"m{n}", "x" * 3000, sender=f"62812{n:08d}") for n in range(950)]
    assert len(webhook_body(change(*batch))) > 2_900_000
    assert await deliver(meta, change(*batch)) == 200
    assert len(ears.heard) == 950
    assert ears.most_at_once == AT_ONCE


async def test_too_large(meta: Client) -> None:
    """A larger body is refused, announced or not, packed or not."""
    body = b" " * (BODY_LIMIT_BYTES + 1)
    assert await post(meta, body) == 413

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(5):
            yield b" " * (1024 * 1024)

    async with meta.post(PATH, data=chunks()) as response:
        assert response.status == 413
    packed = {**signed_headers(body), "Content-Encoding": "gzip"}
    async with meta.post(PATH, data=gzip.compress(body), headers=packed) as response:
        assert response.status == 413


async def test_order_within_a_conversation(meta: Client, ears: Ears) -> None:
    """One person's messages are heard strictly one after the other."""
    ids = [f"m{n}" for n in range(40)]
    assert await deliver(meta, *(change(text(id_, "x")) for id_ in ids)) == 200
    assert ears.heard == ids
    assert ears.most_at_once == 1


async def test_conversations_do_not_wait_for_each_other(meta: Client, ears: Ears) -> None:
    """Two people are heard at the same time."""
    ears.gate = asyncio.Event()
    people = [text("a", "1"), text("b", "2", sender="6281200000002")]
    delivery = asyncio.create_task(deliver(meta, change(*people)))
    assert [await ears.begun.get(), await ears.begun.get()] == ["a", "b"]
    assert not delivery.done()
    ears.gate.set()
    assert await delivery == 200


async def test_storage_down_for_one(meta: Client, ears: Ears) -> None:
    """Their later messages wait, everybody else is heard, and the body comes again."""
    ears.fails["a2"] = StorageUnavailable("down")
    body = [
        change(text("a1", "1"), text("b1", "1", sender="6281200000002"), text("a2", "2")),
        change(text("a3", "3"), text("b2", "2", sender="6281200000002")),
    ]
    assert await deliver(meta, *body) == 503
    assert sorted(ears.heard) == ["a1", "b1", "b2"]
    ears.fails.clear()
    assert await deliver(meta, *body) == 200
    assert [id_ for id_ in ears.heard if id_[0] == "a"] == ["a1", "a2", "a3"]


async def test_a_poisoned_message(meta: Client, ears: Ears) -> None:
    """A mistake of ours raises an alarm and blocks nobody, the sender included."""
    ears.fails["a1"] = KeyError(f"rahasia of {APPLICANT}")
    with capture_logs() as logs:
        assert await deliver(meta, change(text("a1", "1"), text("a2", "2"))) == 200
    assert ears.heard == ["a2"]
    assert [(entry["event"], entry["alarm"]) for entry in logs] == [
        ("whatsapp_message_failed", True)
    ]
    assert logs[0]["error"] == "KeyError"
    assert "test_webhook.py" in logs[0]["place"]


async def test_number_of_no_office(meta: Client, ears: Ears) -> None:
    """A number of no office: 200, an alarm with its account, no answer."""
    with capture_logs() as logs:
        lost = change(text("a", "x"), number="6281100000000", account="55")
        assert await deliver(meta, lost, change(text("b", "x"))) == 200
    assert ears.heard == ["b"]
    alarms = [entry for entry in logs if entry.get("alarm")]
    assert [(entry["event"], entry["account"]) for entry in alarms] == [
        ("unknown_office_number", "55")
    ]


async def test_statuses(meta: Client, ears: Ears) -> None:
    """Delivery news is not a message; a failure is logged by its code."""
    with capture_logs() as logs:
        news = [status("wamid.1", "delivered"), status("wamid.2", "failed", 131026)]
        assert await deliver(meta, change(statuses=news)) == 200
    assert ears.heard == []
    assert [(entry["event"], entry["code"]) for entry in logs] == [
        ("whatsapp_delivery_failed", 131026)
    ]


LABEL = f"whatsapp:jakarta_pusat:{APPLICANT}|m1/0|0"


async def test_reports(meta: Client, ears: Ears) -> None:
    """What our label says a status is about is handed on, all of a body at once."""
    news = [status(f"wamid.{n}", "read", label=LABEL) for n in range(1000)]
    assert await deliver(meta, change(statuses=news), change(text("a", "x"))) == 200
    (reports,) = ears.reports
    assert [report.id for report in reports] == [f"wamid.{n}" for n in range(1000)]
    assert (reports[0].conversation, reports[0].item, reports[0].at) == (
        f"whatsapp:jakarta_pusat:{APPLICANT}", "m1/0", SENT_AT,
    )  # fmt: skip
    assert ears.heard == ["a"]


async def test_reports_not_saved(meta: Client, ears: Ears) -> None:
    """While the database is down they must come again; the messages beside them are heard."""
    ears.reporting = StorageUnavailable("down")
    news = change(statuses=[status("wamid.1", "read", label=LABEL)])
    assert await deliver(meta, news, change(text("a", "x"))) == 503
    assert ears.heard == ["a"]
    ears.reporting = ValueError("a bug")
    with capture_logs() as logs:
        assert await deliver(meta, news) == 200
    assert [entry["event"] for entry in logs if entry.get("alarm")] == ["whatsapp_statuses_failed"]


async def test_no_personal_data_in_logs(meta: Client, ears: Ears) -> None:
    """Whatever goes wrong, no number, name or word of an applicant is logged."""
    ears.fails = {"a": StorageUnavailable("of 6281200000001"), "c": ValueError("rahasia")}
    with capture_logs() as logs:
        await deliver(
            meta,
            change(
                text("a", "rahasia"),
                text("c", "rahasia", sender="6281200000002"),
                message("d", type="reaction", reaction={"emoji": "rahasia"}),
                {"id": "e", "type": "text", "text": {"body": "rahasia"}},
            ),
            change(text("f", "rahasia"), number="6281100000000"),
            change(statuses=[status("wamid.2", "failed", 131026)]),
        )
    assert len(logs) == 5
    assert not any(secret in str(logs) for secret in (APPLICANT, "62812", "Rina", "rahasia"))


async def test_a_client_that_hangs_up(meta: Client, ears: Ears) -> None:
    """When Meta hangs up in the middle, what is being heard is heard to its end."""
    ears.gate = asyncio.Event()
    delivery = asyncio.create_task(deliver(meta, change(text("a", "1"))))
    await ears.begun.get()
    delivery.cancel()
    with pytest.raises(asyncio.CancelledError):
        await delivery
    ears.gate.set()
    await ears.ended.get()
    assert ears.heard == ["a"]


@pytest.mark.parametrize(("secret", "token"), [("", "token"), ("secret", "")])
def test_empty_secrets(secret: str, token: str) -> None:
    """Nobody can open the door with an empty secret: it is not built."""
    with pytest.raises(ValueError, match="WHATSAPP_APP_SECRET"):
        Webhook(
            Ears(),
            OFFICES.get,
            app_secret=secret,
            verify_token=token,
            now=lambda: SENT_AT,
            pseudonym=pseudonym,
        )


async def test_an_empty_notice(meta: Client) -> None:
    """A body without entries is fine."""
    assert await post(meta, orjson.dumps({"object": "whatsapp_business_account"})) == 200


async def test_news_for_operators(ears: Ears) -> None:
    """News is told on and logged as loud as it is, and nobody is heard by it."""
    told: list[Notification] = []
    webhook = Webhook(
        ears,
        OFFICES.get,
        app_secret=APP_SECRET,
        verify_token=VERIFY_TOKEN,
        now=lambda: SENT_AT,
        pseudonym=pseudonym,
        notified=told.append,
    )
    app = web.Application()
    app.add_routes(webhook.routes())
    news = [
        {"field": "account_update", "value": {"event": "ACCOUNT_RESTRICTION"}},
        {"field": "template_category_update", "value": {"new_category": "MARKETING"}},
        {"field": "history", "value": {"messages": [text("h", "lama")]}},
    ]
    async with TestClient(TestServer(app)) as meta:
        with capture_logs() as logs:
            assert await deliver(meta, *news, change(text("a", "Pagi"))) == 200
    assert ears.heard == ["a"]
    assert [each.field for each in told] == [each["field"] for each in news]
    assert [(line["log_level"], line.get("alarm")) for line in logs] == [
        ("error", True),
        ("warning", None),
        ("info", None),
    ]


async def test_a_list_of_bodies(meta: Client, ears: Ears) -> None:
    """Several bodies sent as one list are all heard."""
    bodies = [orjson.loads(webhook_body(change(text(id_, "x")))) for id_ in "ab"]
    assert await post(meta, orjson.dumps([*bodies, 7])) == 200
    assert ears.heard == ["a", "b"]


async def test_a_bomb(meta: Client, ears: Ears) -> None:
    """A body that unpacks to a thousand times its size is refused long before it is unpacked."""
    bomb = gzip.compress(b" " * 100_000_000)
    packed = {**signed_headers(b""), "Content-Encoding": "gzip"}
    tracemalloc.start()
    async with meta.post(PATH, data=bomb, headers=packed) as response:
        assert response.status == 413
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 40_000_000
    assert ears.heard == []


async def test_packed(meta: Client, ears: Ears) -> None:
    """What is signed is the body itself, however it was packed on its way."""
    body = webhook_body(change(text("a", "Pagi")))
    packed = {**signed_headers(body), "Content-Encoding": "gzip"}
    async with meta.post(PATH, data=gzip.compress(body), headers=packed) as response:
        assert response.status == 200
    assert ears.heard == ["a"]
