"""Several accounts: each office is heard and answered with its own secrets, and no other's."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr
from structlog.testing import capture_logs

from bot.accounts import check_accounts
from bot.booking.office import load_offices
from bot.booking.photos import Photos
from bot.channels.inbound import Inbound, Progress
from bot.channels.whatsapp.graph import GraphClient
from bot.channels.whatsapp.keyring import Keyring
from bot.channels.whatsapp.offices import OfficeSenders
from bot.channels.whatsapp.sender import WhatsAppSender
from bot.channels.whatsapp.signature import HEADER
from bot.channels.whatsapp.webhook import PATH, Webhook
from bot.dialogue.reply import Reply
from bot.dialogue.store import Contact
from bot.doors import keyring_of
from bot.errors import ConfigError, Stopped
from bot.graph_stub.server import GraphStandIn
from bot.secret_files import FileSecret
from bot.settings import Secrets
from storage.photos import MemoryPhotos
from tests.support.webhooks import SENT_AT, change, sign, status, text, webhook_body

OFFICES = load_offices(Path(__file__).parents[1] / "flows" / "offices.yml")
NUMBERS = {"6281299004406": "jakarta_pusat", "628118119000": "tangerang"}
BOTH = Keyring(("general", "older"), {"tangerang": ("own", "own before")})


class Ears:
    """Hears everything."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str]] = []

    async def hear(self, inbound: Inbound) -> None:
        """Remember who was written to."""
        self.heard.append((inbound.contact.office, inbound.message.id))


@pytest.fixture
def ears() -> Ears:
    """Where messages end up."""
    return Ears()


@pytest.fixture
async def meta(ears: Ears) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    """Meta's side of a door of two apps."""
    webhook = Webhook(
        ears,
        NUMBERS.get,
        app_secret=BOTH,
        verify_token="token",
        now=lambda: SENT_AT,
        pseudonym=lambda name: name[:3],
    )
    app = web.Application()
    app.add_routes(webhook.routes())
    async with TestClient(TestServer(app)) as client:
        yield client


CENTRAL = change(text("a", "x"))
OTHER = change(text("b", "x"), number="628118119000", account="20002")


@pytest.mark.parametrize(
    ("secret", "body", "answer", "heard"),
    [
        ("general", webhook_body(CENTRAL), 200, [("jakarta_pusat", "a")]),
        ("older", webhook_body(CENTRAL), 200, [("jakarta_pusat", "a")]),
        ("own", webhook_body(OTHER), 200, [("tangerang", "b")]),
        ("own before", webhook_body(OTHER), 200, [("tangerang", "b")]),
        ("own", webhook_body(CENTRAL), 401, []),
        ("general", webhook_body(OTHER), 401, []),
        ("own", webhook_body(OTHER, CENTRAL), 401, []),
        ("nobody's", webhook_body(CENTRAL), 401, []),
        ("", webhook_body(CENTRAL), 401, []),
        (
            "own",
            webhook_body(change(statuses=[status("wamid.1", "read")])),
            401,
            [],
        ),
    ],
)
async def test_who_may_speak(
    meta: TestClient[web.Request, web.Application],
    ears: Ears,
    secret: str,
    body: bytes,
    answer: int,
    heard: list[tuple[str, str]],
) -> None:
    """An app's secret opens its own offices; what it says of others comes again, unheard."""
    async with meta.post(PATH, data=body, headers={HEADER: sign(body, secret)}) as response:
        assert response.status == answer
    assert ears.heard == heard


async def test_learnt_accounts_stay_apart(
    meta: TestClient[web.Request, web.Application], ears: Ears
) -> None:
    """Nor can one app teach that another's account belongs to its number."""
    planted = webhook_body(change(text("b", "x"), number="628118119000", account="106540352242922"))
    nameless = webhook_body(change(text("c", "x"), number=""))
    known = webhook_body(CENTRAL)
    for body, secret in ((known, "general"), (planted, "own"), (nameless, "general")):
        async with meta.post(PATH, data=body, headers={HEADER: sign(body, secret)}) as response:
            assert response.status == 200
    assert ("jakarta_pusat", "c") in ears.heard
    assert ("tangerang", "c") not in ears.heard


async def test_another_app_is_told(
    meta: TestClient[web.Request, web.Application],
) -> None:
    """Somebody has to set the secrets right: an alarm names the office."""
    body = webhook_body(OTHER)
    with capture_logs() as logs:
        async with meta.post(PATH, data=body, headers={HEADER: sign(body, "general")}):
            pass
    (alarm,) = [line for line in logs if line.get("alarm")]
    assert (alarm["event"], alarm["offices"]) == ("whatsapp_signed_by_another_app", ["tangerang"])


def test_keyring_of_the_settings() -> None:
    """Secrets of the environment, those that are being replaced too; none of them is shown."""
    keys = keyring_of(
        Secrets(
            whatsapp_app_secret=SecretStr("a"),
            whatsapp_app_secrets={"bogor": SecretStr("b")},
            whatsapp_app_secrets_previous={"bogor": SecretStr("c")},
        )
    )
    assert keys == Keyring(("a",), {"bogor": ("b", "c")})
    assert repr(keys) == "Keyring()"
    assert Keyring(()).is_empty
    assert Keyring((), {"bogor": ("",)}).is_empty


ALL = Secrets(whatsapp_access_token=SecretStr("t"), whatsapp_app_secret=SecretStr("s"))


def test_all_have_what_they_need() -> None:
    """One token and one secret are enough for all."""
    check_accounts(ALL, OFFICES)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"whatsapp_access_token": SecretStr("")}, "set WHATSAPP_ACCESS_TOKEN_TANGERANG, or"),
        ({"whatsapp_app_secret": SecretStr("")}, "bogor: has no app secret; set WHATSAPP_APP"),
        (
            {"whatsapp_access_tokens": {"tangeran": SecretStr("x")}},
            "WHATSAPP_ACCESS_TOKEN_TANGERAN: no office 'tangeran'",
        ),
        (
            {"whatsapp_app_secrets_previous": {"bogor": SecretStr("x")}},
            "WHATSAPP_APP_SECRET_BOGOR_PREVIOUS: set WHATSAPP_APP_SECRET_BOGOR",
        ),
    ],
)
def test_what_is_missing(changed: dict[str, object], told: str) -> None:
    """A wrong name and a missing secret are named with their variable."""
    with pytest.raises(ConfigError) as caught:
        check_accounts(ALL.model_copy(update=changed), OFFICES)
    assert told in str(caught.value)


def contact(office: str) -> Contact:
    """Somebody who wrote to an office a moment ago."""
    return Contact("whatsapp", "6281200000001", office, "10001", heard_at=SENT_AT)


async def test_each_with_its_token() -> None:
    """An office's messages go out with its own token, all others with the one for all."""

    async def no_picture(_: str) -> bytes | None:
        return None

    async with (
        GraphStandIn("general").serving() as all_others,
        GraphStandIn("own").serving() as own,
        ClientSession() as session,
    ):
        senders = [
            WhatsAppSender(
                GraphClient(session, graph.url, graph.token),
                lambda _: b"",
                no_picture,
                clock=lambda: SENT_AT,
            )
            for graph in (own, all_others)
        ]
        sender = OfficeSenders({"tangerang": senders[0]}, senders[1])
        await sender.send(contact("tangerang"), Reply("Pagi"), Progress())
        await sender.send(contact("bogor"), Reply("Siang"), Progress())
        await sender.seen(contact("bogor"), "wamid.1", typing=True)
        assert [each["text"]["body"] for each in own.messages] == ["Pagi"]
        assert [each["text"]["body"] for each in all_others.messages] == ["Siang"]
        alone = OfficeSenders({"tangerang": senders[0]}, None)
        await alone.seen(contact("bogor"), "wamid.1", typing=True)
        with pytest.raises(Stopped, match="WHATSAPP_ACCESS_TOKEN_BOGOR"):
            await alone.send(contact("bogor"), Reply("Siang"), Progress())


async def test_token_is_replaced_in_its_file(tmp_path: Path) -> None:
    """A new token in the file counts from the next call on, without a restart."""
    file = tmp_path / "token"
    file.write_text("first\n")
    secret = FileSecret(file, "first")
    async with GraphStandIn("first").serving() as graph, ClientSession() as session:
        client = GraphClient(session, graph.url, secret)
        await client.mark_read("10001", "wamid.1")
        graph.token = "second"
        with pytest.raises(Stopped):
            await client.mark_read("10001", "wamid.2")
        new = tmp_path / "new"
        new.write_text("second\n")
        new.replace(file)
        await client.mark_read("10001", "wamid.3")
    file.unlink()
    assert secret() == "second"
    file.write_text("")
    assert secret() == "second"


class Source:
    """Gives out what it is called."""

    def __init__(self, name: bytes) -> None:
        self.name = name

    async def fetch(self, media_id: str, at_most: int) -> bytes | None:
        """The first bytes of a picture, and the name."""
        return (b"\xff\xd8\xff" + self.name + media_id.encode())[:at_most]


async def test_photos_with_its_token() -> None:
    """So are the files people send to an office."""
    store = MemoryPhotos()
    photos = Photos(store, {"whatsapp": Source(b"general"), "whatsapp:bogor": Source(b"own")})
    for office, name in (("bogor", b"own"), ("medan", b"general")):
        kept = await photos.keep("whatsapp", "1", SENT_AT, office=office)
        found = await store.get(str(kept))
        assert found
        assert name in found.content
