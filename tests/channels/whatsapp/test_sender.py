from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from aiohttp import ClientSession
from structlog.testing import capture_logs

from bot.channels.inbound import Progress
from bot.channels.whatsapp.graph import GraphClient
from bot.channels.whatsapp.sender import SEND_LIMIT, WhatsAppSender
from bot.dialogue.attachment import Reaction
from bot.dialogue.reply import Button, Pdf, Picture, Reply, Template
from bot.dialogue.store import OUTBOX_LEASE, Contact
from bot.errors import StorageUnavailable, TryLater, Undeliverable
from bot.graph_stub.faults import Fault
from bot.graph_stub.server import PICTURES, TOKEN, GraphStandIn
from tests.support.webhooks import ACCOUNT, APPLICANT

RINA = Contact("whatsapp", APPLICANT, "jakarta_pusat", ACCOUNT, "Rina", heard_at=datetime.now(UTC))
BOOKED = Reply("Kode booking: JKP-7F4Q2-M8XCK", barcode="JKP-7F4Q2-M8XCK")

SIGN = PICTURES["image/jpeg"] + b"a sign"
FORM = b"%PDF-1.7 a form"
BROUGHT = Pdf("form.pdf", sha256(FORM).hexdigest())
SHOWN = Picture("sign.jpg", sha256(SIGN).hexdigest())


def draw(code: str) -> bytes:
    """A picture, to a machine's eye."""
    return PICTURES["image/png"] + code.encode()


async def shown(sha256: str) -> bytes | None:
    """The one picture there is; the database does not answer to another."""
    if sha256 == "d" * 64:
        raise StorageUnavailable("gone fishing")
    return {SHOWN.sha256: SIGN, BROUGHT.sha256: FORM}.get(sha256)


@pytest.fixture
def sender(client: GraphClient) -> WhatsAppSender:
    """The sender on a real client."""
    return WhatsAppSender(client, draw, shown)


async def test_words(graph: GraphStandIn, sender: WhatsAppSender) -> None:
    """A reply goes out as one message."""
    await sender.send(RINA, Reply("Pagi"))
    assert [message["text"]["body"] for message in graph.messages] == ["Pagi"]


async def test_several_messages_in_order(graph: GraphStandIn, sender: WhatsAppSender) -> None:
    """A reply that needs several messages keeps their order."""
    await sender.send(RINA, Reply("a" * 1500 + "\n\nPilih", (Button("Ya", "/yes"),)))
    assert [message["type"] for message in graph.messages] == ["text", "interactive"]


async def test_goes_on_where_it_stopped(graph: GraphStandIn, sender: WhatsAppSender) -> None:
    """What Graph accepted of a reply is not sent again, and each part has a label of its own."""
    long = Reply("a" * 1500 + "\n\nPilih", (Button("Ya", "/yes"),))
    progress = Progress("whatsapp:jakarta_pusat:6281200000001|m1/0")
    graph.fail(Fault("none"))
    graph.fail(Fault(code=131000))
    with pytest.raises(TryLater):
        await sender.send(RINA, long, progress)
    assert progress.parts == 1
    await sender.send(RINA, long, progress)
    assert [message["type"] for message in graph.messages] == ["text", "interactive"]
    assert [message["biz_opaque_callback_data"] for message in graph.messages] == [
        "whatsapp:jakarta_pusat:6281200000001|m1/0|0",
        "whatsapp:jakarta_pusat:6281200000001|m1/0|1",
    ]
    assert progress.ids == ["wamid.STANDIN000001", "wamid.STANDIN000002"]


async def test_barcode(graph: GraphStandIn, sender: WhatsAppSender) -> None:
    """The picture is uploaded and sent with the words under it."""
    await sender.send(RINA, BOOKED)
    image = graph.messages[0]["image"]
    assert graph.media[image["id"]] == draw("JKP-7F4Q2-M8XCK")
    assert image["caption"] == BOOKED.text


async def test_a_retry_uploads_nothing_again(graph: GraphStandIn, sender: WhatsAppSender) -> None:
    """When the message fails after the upload, the retry uses the same picture."""
    graph.fail(Fault(code=131056, only="message"))
    with pytest.raises(TryLater):
        await sender.send(RINA, BOOKED)
    await sender.send(RINA, BOOKED)
    assert (len(graph.media), len(graph.messages)) == (1, 1)


async def test_an_old_picture_is_uploaded_again(graph: GraphStandIn, client: GraphClient) -> None:
    """A media id is not trusted for as long as Meta might keep it."""
    now = 0.0
    sender = WhatsAppSender(client, draw, shown, monotonic=lambda: now)
    await sender.send(RINA, BOOKED)
    now = timedelta(days=1).total_seconds()
    await sender.send(RINA, BOOKED)
    assert len(graph.media) == 2


async def test_pictures_are_bounded(client: GraphClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the pictures used last are remembered."""
    monkeypatch.setattr("bot.channels.whatsapp.uploads.KEPT", 2)
    sender = WhatsAppSender(client, draw, shown)
    for code in "ABAC":
        await sender.send(RINA, Reply("Kode", barcode=code))
    assert [code for _, code in sender._uploads._ids] == ["A", "C"]


async def test_picture(graph: GraphStandIn, sender: WhatsAppSender) -> None:
    """A picture is uploaded once as what it is, and sent with the words under it each time."""
    for words in ("Di sini", "Here"):
        await sender.send(RINA, Reply(words, picture=SHOWN))
    first, second = (message["image"] for message in graph.messages)
    assert first["id"] == second["id"]
    assert [first["caption"], second["caption"]] == ["Di sini", "Here"]
    assert graph.media == {first["id"]: SIGN}


async def test_a_picture_above_buttons(graph: GraphStandIn, sender: WhatsAppSender) -> None:
    """Where something is to be tapped, or is too long, the picture goes ahead of the words."""
    await sender.send(RINA, Reply("Datang?", (Button("Ya", "/yes"),), picture=SHOWN))
    await sender.send(RINA, Reply("kata " * 300, picture=SHOWN))
    kinds = [message["type"] for message in graph.messages]
    assert kinds == ["image", "interactive", "image", "text"]
    assert "caption" not in graph.messages[0]["image"]


async def test_a_picture_that_is_gone(graph: GraphStandIn, sender: WhatsAppSender) -> None:
    """The words come all the same, and somebody is told."""
    with capture_logs() as logs:
        await sender.send(RINA, Reply("Di sini", picture=Picture("sign.png", "e" * 64)))
    assert [message["text"]["body"] for message in graph.messages] == ["Di sini"]
    assert [(log["event"], log["alarm"]) for log in logs] == [("picture_gone", True)]


async def test_document(graph: GraphStandIn, sender: WhatsAppSender) -> None:
    """A document is uploaded once as the PDF it is, and sent under its name each time."""
    for words in ("Isi ini", "Fill this in"):
        await sender.send(RINA, Reply(words, document=BROUGHT))
    first, second = (message["document"] for message in graph.messages)
    assert first == {"id": second["id"], "filename": "form.pdf", "caption": "Isi ini"}
    assert graph.media == {first["id"]: FORM}
    assert [call.body["type"] for call in graph.calls if call.kind == "media"] == [
        "application/pdf"
    ]


async def test_a_document_that_is_gone(graph: GraphStandIn, sender: WhatsAppSender) -> None:
    """The words come all the same, and somebody is told."""
    with capture_logs() as logs:
        await sender.send(RINA, Reply("Isi ini", document=Pdf("form.pdf", "e" * 64)))
    assert [message["text"]["body"] for message in graph.messages] == ["Isi ini"]
    assert [(log["event"], log["alarm"]) for log in logs] == [("document_gone", True)]


class TestReaction:
    """An emoji on the message that is answered: seen if all goes well, missed by nobody."""

    APPROVED = Reply("Disetujui", reaction=Reaction("wamid.7", "✅"))

    async def test_after_the_words(self, graph: GraphStandIn, sender: WhatsAppSender) -> None:
        """It is put on the message once that is answered."""
        await sender.send(RINA, self.APPROVED)
        assert [message["type"] for message in graph.messages] == ["text", "reaction"]
        assert graph.messages[1]["reaction"] == {"message_id": "wamid.7", "emoji": "✅"}

    async def test_nothing_answered(self, graph: GraphStandIn, sender: WhatsAppSender) -> None:
        """Where no message is answered there is none."""
        await sender.send(RINA, Reply("Pengingat", reaction=Reaction("", "✅")))
        assert [message["type"] for message in graph.messages] == ["text"]

    @pytest.mark.parametrize("code", [131009, 130429, 190])
    async def test_refused(self, graph: GraphStandIn, sender: WhatsAppSender, code: int) -> None:
        """Whatever Graph says of it, the reply is delivered and nothing is sent again."""
        graph.fail(Fault("none", only="message"))
        graph.fail(Fault(code=code, only="message"))
        with capture_logs() as logs:
            await sender.send(RINA, self.APPROVED)
        assert [message["type"] for message in graph.messages] == ["text"]
        assert [(log["event"], log["code"]) for log in logs] == [("reaction_failed", code)]

    async def test_hanging(
        self, graph: GraphStandIn, sender: WhatsAppSender, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Nobody waits for it for long."""
        monkeypatch.setattr(
            "bot.channels.whatsapp.sender.REACTION_LIMIT", timedelta(milliseconds=50)
        )
        graph.fail(Fault("none", only="message"))
        graph.fail(Fault("hang", only="message"))
        with capture_logs() as logs:
            await sender.send(RINA, self.APPROVED)
        assert [log["event"] for log in logs] == ["reaction_failed"]

    async def test_not_for_words_that_failed(
        self, graph: GraphStandIn, sender: WhatsAppSender
    ) -> None:
        """What nobody was told nobody is shown."""
        graph.fail(Fault(code=131056, only="message"))
        with pytest.raises(TryLater):
            await sender.send(RINA, self.APPROVED)
        assert graph.messages == []

    async def test_outside_the_window(self, graph: GraphStandIn, client: GraphClient) -> None:
        """A day later the template goes alone."""
        later = RINA.heard_at + timedelta(hours=24)
        sender = WhatsAppSender(client, draw, shown, clock=lambda: later)
        template = Template("hello", "id")
        await sender.send(RINA, replace(self.APPROVED, template=template))
        assert [message["type"] for message in graph.messages] == ["template"]


async def test_a_picture_later(graph: GraphStandIn, sender: WhatsAppSender) -> None:
    """While the database does not answer, the reply waits for its picture."""
    with pytest.raises(TryLater):
        await sender.send(RINA, Reply("Di sini", picture=Picture("sign.png", "d" * 64)))
    assert graph.messages == []


async def test_a_reply_meta_cannot_show(graph: GraphStandIn, sender: WhatsAppSender) -> None:
    """A mistake in a flow is never retried and calls a person."""
    with pytest.raises(Undeliverable, match="title") as caught:
        await sender.send(RINA, Reply("Pilih", (Button("", "/yes"),)))
    assert caught.value.alarm
    assert graph.calls == []


async def test_ends_within_the_lease(graph: GraphStandIn, client: GraphClient) -> None:
    """A reply that takes too long is given up before another process may send it."""
    assert SEND_LIMIT < OUTBOX_LEASE
    graph.fail(Fault("hang"))
    sender = WhatsAppSender(client, draw, shown, limit=timedelta(milliseconds=50))
    with pytest.raises(TryLater, match="lease"):
        await sender.send(RINA, Reply("Pagi"))


async def test_seen(graph: GraphStandIn, sender: WhatsAppSender) -> None:
    """The message is marked as read while the answer is being written."""
    await sender.seen(RINA, "wamid.7", typing=True)
    await sender.seen(RINA, "wamid.8", typing=False)
    first, second = (call.body for call in graph.calls if call.taken)
    assert (first["message_id"], second["message_id"]) == ("wamid.7", "wamid.8")
    assert ("typing_indicator" in first, "typing_indicator" in second) == (True, False)


async def test_seen_may_fail(graph: GraphStandIn, sender: WhatsAppSender) -> None:
    """A failed read receipt is logged, without personal data, and nothing more."""
    graph.fail(Fault(code=131026, only="read"))
    with capture_logs() as logs:
        await sender.seen(RINA, "wamid.7", typing=True)
    assert [(entry["event"], entry["code"]) for entry in logs] == [("read_mark_failed", 131026)]
    assert APPLICANT not in str(logs)


async def test_seen_can_be_cancelled(graph: GraphStandIn, session: ClientSession) -> None:
    """Cancellation is not taken for a failed receipt."""
    sender = WhatsAppSender(GraphClient(session, graph.url, TOKEN), draw, shown)
    graph.fail(Fault("hang"))
    task = asyncio.create_task(sender.seen(RINA, "wamid.7", typing=True))
    await graph.hanging.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


REMINDER = Reply(
    "Besok masih bisa datang?",
    (Button("Ya", '/confirm_coming{"booking_code":"JKP-7F4Q2-M8XCK"}'), Button("Batal", "/cancel")),
    template=Template("booking_reminder", "id", ("Selasa, 24\n November", "08.00\tWIB     ya")),
)


class TestWindow:
    """Meta takes free words for 24 hours after the person's last message, then templates only."""

    @pytest.fixture
    def late(self, client: GraphClient, graph: GraphStandIn) -> WhatsAppSender:
        """A sender one day after Rina wrote; Meta knows that too."""
        graph.heard[APPLICANT] = RINA.heard_at
        graph._clock = lambda: RINA.heard_at + timedelta(hours=24)
        return WhatsAppSender(
            client, draw, shown, clock=lambda: RINA.heard_at + timedelta(hours=24)
        )

    async def test_open(self, graph: GraphStandIn, sender: WhatsAppSender) -> None:
        """While it is open the reply itself goes out."""
        await sender.send(RINA, REMINDER)
        assert [message["type"] for message in graph.messages] == ["interactive"]

    async def test_closed(self, graph: GraphStandIn, late: WhatsAppSender) -> None:
        """After that its template does: language, parameters on one line, buttons."""
        graph.templates = {("booking_reminder", "id"): (2, 2)}
        await late.send(RINA, REMINDER)
        (message,) = graph.messages
        assert message["template"] == {
            "name": "booking_reminder",
            "language": {"code": "id"},
            "components": [
                {
                    "type": "body",
                    "parameters": [
                        {"type": "text", "text": "Selasa, 24 November"},
                        {"type": "text", "text": "08.00 WIB ya"},
                    ],
                },
                *(
                    {
                        "type": "button",
                        "sub_type": "quick_reply",
                        "index": str(at),
                        "parameters": [{"type": "payload", "payload": button.payload}],
                    }
                    for at, button in enumerate(REMINDER.buttons)
                ),
            ],
        }

    async def test_no_template(self, graph: GraphStandIn, late: WhatsAppSender) -> None:
        """What has none is not even tried, and wants a person."""
        with pytest.raises(Undeliverable, match="no template") as raised:
            await late.send(RINA, BOOKED)
        assert (raised.value.code, raised.value.alarm) == (131047, True)
        assert graph.calls == []

    async def test_closed_on_the_way(self, graph: GraphStandIn, client: GraphClient) -> None:
        """Where Meta says so first, the template goes out all the same."""
        graph.heard[APPLICANT] = RINA.heard_at - timedelta(days=1)
        sender = WhatsAppSender(client, draw, shown)
        await sender.send(RINA, REMINDER)
        assert [message["type"] for message in graph.messages] == ["template"]
        with pytest.raises(Undeliverable, match="no template"):
            await sender.send(RINA, Reply("Pagi"))

    async def test_not_registered(self, graph: GraphStandIn, late: WhatsAppSender) -> None:
        """A template Meta does not know, or knows otherwise, wants a person."""
        for registered, code in (({}, 132001), ({("booking_reminder", "id"): (3, 2)}, 132000)):
            graph.templates = registered
            with pytest.raises(Undeliverable) as raised:
                await late.send(RINA, REMINDER)
            assert (raised.value.code, raised.value.alarm) == (code, True)

    @pytest.mark.parametrize(
        "reply",
        [
            Reply("t", template=Template("t", "id", ("",))),
            Reply("t", (Button("Ya", "/" + "a" * 128),), template=Template("t", "id")),
        ],
    )
    async def test_not_in_metas_form(self, late: WhatsAppSender, reply: Reply) -> None:
        """An empty parameter or a payload too long is a mistake of ours."""
        with pytest.raises(Undeliverable, match="cannot show") as raised:
            await late.send(RINA, reply)
        assert raised.value.alarm

    async def test_plain(self, graph: GraphStandIn, late: WhatsAppSender) -> None:
        """A template without anything to fill in has no components; languages go Meta's way."""
        await late.send(RINA, Reply("t", template=Template("hello", "pt-BR")))
        assert graph.messages[0]["template"] == {"name": "hello", "language": {"code": "pt_BR"}}
