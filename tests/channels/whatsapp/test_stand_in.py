"""The stand-in itself: later tests rely on its strictness."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.channels.whatsapp.graph import GraphClient
from bot.channels.whatsapp.messages import Uploaded, compose
from bot.dialogue.reply import Button, Reply
from bot.errors import TryLater, Undeliverable
from bot.graph_stub.limits import violations
from bot.graph_stub.server import PICTURES, TOKEN, GraphStandIn
from tests.support.service import ANTRE
from tests.support.webhooks import ACCOUNT, APPLICANT

TEXT = compose(Reply("Pagi"), APPLICANT)[0]


def buttons(*buttons: dict[str, str], body: str = "Pilih") -> dict[str, Any]:
    """A message with reply buttons."""
    action = {"buttons": [{"type": "reply", "reply": button} for button in buttons]}
    return interactive("button", action, body)


def rows(*rows: dict[str, str], button: str = "Buka") -> dict[str, Any]:
    """A message with a list."""
    return interactive("list", {"button": button, "sections": [{"rows": list(rows)}]})


def interactive(form: str, action: dict[str, Any], body: str = "Pilih") -> dict[str, Any]:
    """An interactive message."""
    content = {"type": form, "body": {"text": body}, "action": action}
    envelope = {key: TEXT[key] for key in ("messaging_product", "recipient_type", "to")}
    return {**envelope, "type": "interactive", "interactive": content}


def choice(id_: str = "/a", title: str = "A", **more: str) -> dict[str, str]:
    """A button or a row."""
    return {"id": id_, "title": title, **more}


@pytest.mark.parametrize(
    ("payload", "problem"),
    [
        ([], "no JSON object"),
        ({**TEXT, "to": "+62812"}, "digits"),
        ({**TEXT, "recipient": "ID.1"}, "either to or recipient"),
        ({**TEXT, "messaging_product": "x"}, "must be whatsapp"),
        ({**TEXT, "extra": 1}, "unexpected"),
        ({**TEXT, "type": "video"}, "missing"),
        ({**TEXT, "text": {"body": " "}}, "empty"),
        ({**TEXT, "text": {"body": "x" * 4097}}, "limit is 4096"),
        (buttons(), "1 to 3"),
        (buttons(*(choice(f"/{n}", f"{n}") for n in range(4))), "1 to 3"),
        (buttons(choice(), body="x" * 1025), "limit is 1024"),
        (buttons(choice(title="x" * 21)), "limit is 20"),
        (buttons(choice("x" * 257)), "limit is 256"),
        (buttons(choice("/a "), choice("/b", "B")), "space"),
        (buttons(choice(), choice("/b")), "same title"),
        (buttons(choice(), choice(title="B")), "same id"),
        (rows(), "1 to 10"),
        (rows(*(choice(f"/{n}", f"{n}") for n in range(11))), "1 to 10"),
        (rows(choice(title="x" * 25)), "limit is 24"),
        (rows(choice("x" * 201)), "limit is 200"),
        (rows(choice(description="x" * 73)), "limit is 72"),
        (rows(choice(), button="x" * 21), "limit is 20"),
        (rows(choice(), choice("/b")), "same title"),
    ],
)
def test_refuses_what_meta_refuses(payload: Any, problem: str) -> None:
    """Each of Meta's limits is enforced."""
    found = violations(payload, ())
    assert any(problem in one for one in found), found


def test_images() -> None:
    """A picture must be uploaded before, and its caption fits."""
    image = {**{k: v for k, v in TEXT.items() if k not in {"text", "type"}}, "type": "image"}
    assert violations({**image, "image": {"id": "1", "caption": "x"}}, {"1"}) == []
    assert violations({**image, "image": {"id": "2"}}, {"1"})
    assert violations({**image, "image": {"id": "1", "caption": "x" * 1025}}, {"1"})


def test_documents() -> None:
    """A document may be named, and a picture may not."""
    bare = {k: v for k, v in TEXT.items() if k not in {"text", "type"}}
    file = {"id": "1", "caption": "x", "filename": "form.pdf"}
    assert violations({**bare, "type": "document", "document": file}, {"1"}) == []
    assert violations({**bare, "type": "document", "document": file}, {"2"})
    assert violations({**bare, "type": "image", "image": file}, {"1"})


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [
        ("location", {"latitude": -6.2, "longitude": 106.8}, {"latitude": 91}),
        ("location", {"latitude": 0, "longitude": 0, "name": "x"}, {"longitude": "106.8"}),
        ("location", {"latitude": 0, "longitude": 0, "address": "x"}, {"address": " "}),
        ("reaction", {"message_id": "wamid.1", "emoji": "✅"}, {"emoji": "ok"}),
        ("reaction", {"message_id": "wamid.1", "emoji": "👍🏽"}, {"message_id": ""}),
    ],
)
def test_places_and_reactions(kind: str, right: dict[str, Any], wrong: dict[str, Any]) -> None:
    """Degrees are numbers on earth, a reaction is an emoji on a message."""
    bare = {k: v for k, v in TEXT.items() if k not in {"text", "type"}}
    assert violations({**bare, "type": kind, kind: right}, ()) == []
    assert violations({**bare, "type": kind, kind: {**right, **wrong}}, ())
    assert violations({**bare, "type": kind, kind: [right]}, ())


def test_contacts() -> None:
    """A contact has a name, twice, and numbers."""
    bare = {k: v for k, v in TEXT.items() if k not in {"text", "type"}}
    names = {"formatted_name": "Kantor", "first_name": "Kantor"}
    phone = {"phone": "+62 812 0000 0001", "wa_id": "6281200000001"}
    right: dict[str, Any] = {"name": names, "phones": [phone]}

    def found(*contacts: dict[str, Any]) -> list[str]:
        return violations({**bare, "type": "contacts", "contacts": list(contacts)}, ())

    assert found(right) == []
    assert found()
    assert found({**right, "phones": []})
    assert found({**right, "name": {"formatted_name": "Kantor"}})
    assert found({**right, "phones": [{**phone, "wa_id": "+62"}]})
    assert violations({**bare, "type": "contacts", "contacts": right}, ())


async def test_refusals_over_http(graph: GraphStandIn, client: GraphClient) -> None:
    """A refused message answers code 100 and is not taken."""
    with pytest.raises(Undeliverable) as caught:
        await client.send(ACCOUNT, {**TEXT, "extra": 1})
    assert caught.value.code == 100
    assert (len(graph.calls), graph.messages) == (1, [])


async def test_not_a_picture(client: GraphClient) -> None:
    """An upload that is not what it claims is refused."""
    with pytest.raises(Undeliverable):
        await client.upload(ACCOUNT, b"GIF89a")


async def test_pair_rate(session: ClientSession) -> None:
    """A client without manners meets 131056 after 45 messages to one person."""
    async with GraphStandIn(monotonic=lambda: 0.0).serving() as graph:
        polite = GraphClient(session, graph.url, TOKEN)
        for _ in range(45):
            await polite.send(ACCOUNT, TEXT)
        with pytest.raises(TryLater) as caught:
            await GraphClient(session, graph.url, TOKEN).send(ACCOUNT, TEXT)
        assert caught.value.code == 131056


async def test_as_a_process(session: ClientSession) -> None:
    """It says when it is ready, takes faults, shows what came, and ends when asked to."""
    process = await asyncio.create_subprocess_exec(
        ANTRE,
        "graph-stub",
        "--port",
        "0",
        "--token",
        "secret",
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout
    try:
        ready, url = (await process.stdout.readline()).decode().split()
        assert ready == "READY"
        control = url.rpartition("/")[0] + "/_control"
        client = GraphClient(session, url, "secret")
        async with session.post(f"{control}/faults", json={"code": 130429, "times": 2}):
            pass
        for _ in range(2):
            with pytest.raises(TryLater):
                await client.send(ACCOUNT, TEXT)
        picture = PICTURES["image/png"]
        id_ = await client.upload(ACCOUNT, picture)
        reply = Reply("Pilih", (Button("Ya", "/yes"),), barcode="X")
        for payload in compose(reply, APPLICANT, Uploaded(id_)):
            await client.send(ACCOUNT, payload)
        async with session.get(f"{control}/messages") as response:
            assert [message["type"] for message in await response.json()] == [
                "image",
                "interactive",
            ]
        async with session.get(f"{control}/media/{id_}") as response:
            assert await response.read() == picture
        async with session.delete(control):
            pass
        async with session.get(f"{control}/calls") as response:
            assert await response.json() == []
    finally:
        process.terminate()
        assert await process.wait() == 0
