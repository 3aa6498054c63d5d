import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.refusal import Refusal
from bot.channels.rest import BODY_LIMIT_BYTES, PATH, _decode, rest_routes
from tests.support.echo import NOW, EchoBot

OFFICES = ("jakarta_pusat", "tangerang")

Post = Callable[..., Awaitable[tuple[int, Any]]]


@pytest.fixture
def bot() -> EchoBot:
    """The bot behind the door."""
    return EchoBot()


@pytest.fixture
async def post(bot: EchoBot) -> AsyncIterator[Post]:
    """Post a JSON document or raw bytes to a server whose default office is Tangerang."""
    app = web.Application()
    app.add_routes(rest_routes(bot, bot, OFFICES, None, lambda: NOW, "tangerang"))
    async with TestClient(TestServer(app)) as client:

        async def send(document: Any = None, **options: Any) -> tuple[int, Any]:
            sent = {"data": document} if isinstance(document, bytes) else {"json": document}
            async with client.post(PATH, **sent, **options) as answer:
                return answer.status, await answer.json()

        yield send


async def test_answers_like_rasa(post: Post) -> None:
    """The answer to a message stands in the response, addressed to its sender."""
    status, answer = await post({"sender": "rina", "message": "halo"})
    assert (status, answer) == (200, [{"recipient_id": "rina", "text": "Anda: halo"}])


async def test_buttons_have_title_and_payload(post: Post) -> None:
    """Buttons come as Rasa's clients know them, without more."""
    _, [answer] = await post({"sender": "rina", "message": "buttons"})
    assert answer["buttons"] == [
        {"title": "Pertama", "payload": '/pick{"n":1}'},
        {"title": "Kedua", "payload": '/pick{"n":2}'},
    ]


async def test_a_barcode_is_an_absolute_address(post: Post) -> None:
    """The picture's address can be fetched from where the request came in; text is its caption."""
    _, [answer] = await post(
        {"sender": "rina", "message": "picture"}, headers={"Host": "antre.test:8080"}
    )
    assert answer["text"] == "Ini kodenya"
    assert answer["image"] == "http://antre.test:8080/media/barcode/JKP-7F4Q2-M8XCK.png"


async def test_a_picture_is_an_absolute_address(post: Post) -> None:
    """So is that of a picture."""
    headers = {"Host": "antre.test:8080"}
    _, [answer] = await post({"sender": "rina", "message": "sign"}, headers=headers)
    assert answer["image"] == f"http://antre.test:8080/media/picture/{'e' * 64}"
    assert answer["text"] == "Di sini"


async def test_what_else_a_reply_brings(post: Post) -> None:
    """A document is an attachment's address; what Rasa has no field for is custom."""
    headers = {"Host": "antre.test:8080"}
    _, [answer] = await post({"sender": "rina", "message": "all"}, headers=headers)
    assert answer == {
        "recipient_id": "rina",
        "text": "Semuanya",
        "attachment": f"http://antre.test:8080/media/document/{'f' * 64}.pdf",
        "custom": {
            "location": {
                "latitude": -6.2,
                "longitude": 106.8,
                "name": "Kantor Contoh",
                "address": "Jalan Contoh No. 1",
            },
            "contact": {"name": "Kantor; Contoh", "phones": ["+62 812 0000 0001"]},
            "reaction": {"to": "m1", "emoji": "✅"},
        },
    }


async def test_a_slash_makes_it_a_tap(post: Post, bot: EchoBot) -> None:
    """A message that begins with / is the payload of a button; all else is text."""
    await post({"sender": "rina", "message": '/pick{"n":1}'})
    await post({"sender": "rina", "message": "1/2"})
    assert [inbound.message.kind for inbound in bot.heard] == ["tap", "text"]


async def test_who_wrote_to_whom(post: Post, bot: EchoBot) -> None:
    """The contact is of the rest channel, of the office named, heard now."""
    await post({"sender": "rina", "message": "halo", "metadata": {"office": "jakarta_pusat"}})
    contact = bot.heard[0].contact
    assert contact.conversation_id == "rest:jakarta_pusat:rina"
    assert contact.heard_at == bot.heard[0].message.at == NOW


async def test_default_office(post: Post, bot: EchoBot) -> None:
    """A message that names no office goes to the default one."""
    await post({"sender": "rina", "message": "halo"})
    assert bot.heard[0].contact.office == "tangerang"


def test_an_only_office_needs_no_naming() -> None:
    """With one office and no default, that one is meant; with two, one must be named."""
    body = b'{"sender": "rina", "message": "halo"}'
    assert _decode(body, ["bogor"], "", NOW).contact.office == "bogor"
    with pytest.raises(Refusal) as refused:
        _decode(body, OFFICES, "", NOW)
    assert "name one of jakarta_pusat, tangerang" in str(refused.value.text)


@pytest.mark.parametrize("where", ["top", "metadata"])
async def test_the_same_id_is_the_same_message(post: Post, bot: EchoBot, where: str) -> None:
    """Sent again under its id, a message changes and says nothing."""
    document: dict[str, Any] = {"sender": "rina", "message": "halo"}
    (document if where == "top" else document.setdefault("metadata", {}))["message_id"] = "m1"
    _, first = await post(document)
    _, second = await post(document)
    assert (len(first), second, len(bot.heard)) == (1, [], 1)


async def test_without_an_id_each_message_is_new(post: Post, bot: EchoBot) -> None:
    """Two equal messages without ids are two messages."""
    for _ in range(2):
        await post({"sender": "rina", "message": "halo"})
    assert len({inbound.message.id for inbound in bot.heard}) == 2


async def test_one_sender_twice_at_once(post: Post, bot: EchoBot) -> None:
    """Concurrent messages of one sender are all heard and all answered."""
    answers = await asyncio.gather(
        *(post({"sender": "rina", "message": f"halo {n}"}) for n in range(10))
    )
    assert len(bot.heard) == sum(len(replies) for _, replies in answers) == 10


@pytest.mark.parametrize(
    ("document", "says"),
    [
        (b"{", "not JSON"),
        (b'{"sender": "rina", "message": "\\ud800"}', "not JSON"),
        ([], "send an object"),
        ({"message": "halo"}, "sender: missing"),
        ({"sender": 7, "message": "halo"}, "sender: must be a string"),
        ({"sender": "a\nb", "message": "halo"}, "sender: must be a string"),
        ({"sender": "a" * 129, "message": "halo"}, "sender: must be a string"),
        ({"sender": "rina"}, "message: missing"),
        ({"sender": "rina", "message": " "}, "message: missing"),
        ({"sender": "rina", "message": "a" * 4097}, "at most 4096 characters, not 4097"),
        ({"sender": "rina", "message": "halo", "metadata": "bogor"}, "metadata: must be an object"),
        ({"sender": "rina", "message": "halo", "message_id": 5}, "message_id: must be a string"),
        (
            {"sender": "rina", "message": "halo", "metadata": {"office": "bogor"}},
            'there is no "bogor"; name one of jakarta_pusat, tangerang',
        ),
    ],
)
async def test_what_is_wrong_is_said(post: Post, bot: EchoBot, document: Any, says: str) -> None:
    """A request that cannot be used gets 400 and a sentence that names the part."""
    status, answer = await post(document)
    assert status == 400
    assert says in answer["error"]
    assert not bot.heard


FIELDS = st.none() | st.integers() | st.text() | st.lists(st.text(), max_size=2)
DOCUMENTS = st.dictionaries(
    st.sampled_from(["sender", "message", "message_id", "office", "metadata"]),
    FIELDS | st.dictionaries(st.sampled_from(["office", "message_id"]), FIELDS),
)


@given(st.binary(max_size=50) | DOCUMENTS.map(lambda found: json.dumps(found).encode()))
def test_any_body_is_understood_or_refused(body: bytes) -> None:
    """Whatever bytes come, the decoder ends in a message or a refusal."""
    with suppress(Refusal):
        assert _decode(body, OFFICES, "tangerang", NOW).message.text


async def test_content_type_does_not_matter(post: Post) -> None:
    """JSON is read as JSON whatever its label."""
    body = b'{"sender": "rina", "message": "halo"}'
    status, _ = await post(body, headers={"Content-Type": "text/plain"})
    assert status == 200


async def test_a_big_body_is_refused(post: Post, bot: EchoBot) -> None:
    """A body over the limit gets 413 in the same shape as any refusal."""
    status, answer = await post(b" " * (BODY_LIMIT_BYTES + 1))
    assert status == 413
    assert "64 KiB" in answer["error"]
    assert not bot.heard


async def test_storage_down(post: Post, bot: EchoBot) -> None:
    """With storage down the client is told to come back; then the same message is taken."""
    message = {"sender": "rina", "message": "halo", "message_id": "m1"}
    bot.down = True
    status, answer = await post(message)
    assert status == 503
    assert "again" in answer["error"]
    bot.down = False
    assert await post(message) == (200, [{"recipient_id": "rina", "text": "Anda: halo"}])


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ({}, 401),
        ({"Authorization": "Bearer wrong"}, 401),
        ({"Authorization": "geheim"}, 401),
        ({"Authorization": "Bearer géheim"}, 401),
        ({"Authorization": "Bearer geheim"}, 200),
    ],
)
async def test_token(bot: EchoBot, header: dict[str, str], status: int) -> None:
    """Where a token is set, only requests that carry it are heard."""
    app = web.Application()
    app.add_routes(rest_routes(bot, bot, OFFICES, "geheim", lambda: NOW, "tangerang"))
    async with (
        TestClient(TestServer(app)) as client,
        client.post(PATH, json={"sender": "rina", "message": "halo"}, headers=header) as answer,
    ):
        assert answer.status == status
        assert len(bot.heard) == (status == 200)
        assert ("WWW-Authenticate" in answer.headers) == (status == 401)
