"""News of numbers and ids as Meta writes it, and as whole signed bodies on a whole bot."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.channels.inbound import IdentityChange
from bot.channels.whatsapp.updates import Updates, decode
from bot.channels.whatsapp.webhook import PATH, Webhook
from bot.clock import Clock
from storage.driver import open_database
from storage.memory import MemoryConversations
from storage.mongo import MongoConversations
from tests.support.street import Street
from tests.support.webhooks import (
    APP_SECRET,
    APPLICANT,
    OFFICE_NUMBER,
    SENT_AT,
    VERIFY_TOKEN,
    change,
    message,
    signed_headers,
    text,
    webhook_body,
)

NEW = "6281200000002"
ID, NEW_ID = "ID.13490001", "ID.13490002"
LATER = SENT_AT + timedelta(seconds=30)
OFFICES = {OFFICE_NUMBER: "jakarta"}

Meta = TestClient[web.Request, web.Application]


def read(*changes: dict[str, Any]) -> Updates:
    """Decode a body."""
    return decode(webhook_body(*changes), OFFICES.get, LATER)


def system(type_: str, sender: str = APPLICANT, id_: str = "s", **fields: Any) -> dict[str, Any]:
    """A system message, which comes without contacts."""
    told = message(id_, sender, LATER, type="system", system={"type": type_, **fields})
    whole = change(told)
    del whole["value"]["contacts"]
    return whole


def update(**fields: Any) -> dict[str, Any]:
    """One entry of the field ``user_id_update``."""
    whole = change()
    whole["value"]["user_id_update"] = [{"timestamp": str(int(LATER.timestamp())), **fields}]
    return {**whole, "field": "user_id_update"}


def nowhere(news: dict[str, Any]) -> dict[str, Any]:
    """News to no number of ours."""
    del news["value"]["metadata"]
    return news


@pytest.mark.parametrize(
    ("news", "before", "after"),
    [
        (system("user_changed_number", wa_id=NEW), [APPLICANT], [NEW]),
        (system("customer_changed_number", new_wa_id=NEW), [APPLICANT], [NEW]),
        (
            system("user_changed_number", wa_id=NEW, user_id=NEW_ID, previous_user_id=ID),
            [ID, APPLICANT],
            [NEW, NEW_ID],
        ),
        (
            system("user_changed_number", sender="", customer=APPLICANT, wa_id=NEW),
            [APPLICANT],
            [NEW],
        ),
        (
            system("user_changed_user_id", sender="", user_id=NEW_ID, previous_user_id=ID),
            [ID],
            [NEW_ID],
        ),
        (
            system("user_changed_user_id", user_id=NEW_ID, previous_user_id=ID),
            [ID, APPLICANT],
            [APPLICANT, NEW_ID],
        ),
        (system("customer_identity_changed", identity="x"), [APPLICANT], []),
        (update(user_id={"previous": ID, "current": NEW_ID}), [ID], [NEW_ID]),
        (update(wa_id=NEW, user_id={"previous": ID, "current": NEW_ID}), [ID], [NEW, NEW_ID]),
        (
            update(parent_user_id={"previous": "ID.ENT.1", "current": "ID.ENT.2"}),
            ["ID.ENT.1"],
            ["ID.ENT.2"],
        ),
    ],
)
def test_news(news: dict[str, Any], before: list[str], after: list[str]) -> None:
    """Every form says who they were and who they are, and when."""
    updates = read(news)
    (found,) = updates.changes
    assert (list(found.before), list(found.after), found.at) == (before, after, LATER)
    assert (found.office, updates.messages, dict(updates.left_out)) == ("jakarta", (), {})


@pytest.mark.parametrize(
    "news",
    [
        system("user_changed_number"),
        system("user_changed_number", wa_id=APPLICANT),
        system("user_changed_number", sender="", wa_id=NEW),
        system("user_changed_number", wa_id={"a": 1}),
        nowhere(update(user_id={"previous": ID, "current": NEW_ID})),
        system("user_changed_user_id", user_id=["x"]),
        update(user_id={"previous": "", "current": NEW_ID}),
        update(user_id=NEW_ID),
    ],
)
def test_news_without_an_end(news: dict[str, Any]) -> None:
    """What does not say from where or to where is counted."""
    updates = read(news)
    assert updates.changes == ()
    assert sum(updates.left_out.values()) == 1


def test_all_ids_of_a_sender() -> None:
    """Number first, then the ids; those of another contact are nobody's here."""
    written = change({**text("a", "1"), "from_user_id": ID, "from_parent_user_id": "ID.ENT.1"})
    (found,) = read(written).messages
    assert found.contact.ids == (APPLICANT, ID, "ID.ENT.1")
    other = change(text("a", "1"))
    other["value"]["contacts"] = [{"wa_id": NEW, "user_id": NEW_ID, "profile": {"name": "Rina"}}]
    (found,) = read(other).messages
    assert found.contact.ids == (APPLICANT,)
    other["value"]["contacts"][0]["wa_id"] = APPLICANT
    (found,) = read(other).messages
    assert found.contact.ids == (APPLICANT, NEW_ID)


@pytest.fixture(params=["memory", "embedded"])
async def street(
    request: pytest.FixtureRequest, tmp_path: Path, database_name: str
) -> AsyncIterator[Street]:
    """A bot over a store in memory, and over the real database."""
    if request.param == "memory":
        yield Street(MemoryConversations(), tmp_path)
        return
    database = open_database(request.getfixturevalue("embedded_mongo"), database_name)
    store = MongoConversations(database)
    await store.prepare()
    yield Street(store, tmp_path)
    await database.close()


@pytest.fixture
async def meta(street: Street) -> AsyncIterator[Meta]:
    """Meta's side of the door."""
    turns, identities, _ = street.bots[0]
    now: Clock = lambda: LATER  # noqa: E731 - a clock in one line
    webhook = Webhook(
        turns, OFFICES.get, app_secret=APP_SECRET, verify_token=VERIFY_TOKEN, now=now,
        pseudonym=lambda _: "", follow=identities.follow,
    )  # fmt: skip
    app = web.Application()
    app.add_routes(webhook.routes())
    async with TestClient(TestServer(app)) as client:
        yield client


async def deliver(meta: Meta, street: Street, *changes: dict[str, Any]) -> list[tuple[str, str]]:
    """Sign and post; whom was sent what."""
    body, begun = webhook_body(*changes), len(street.mailman.letters)
    async with meta.post(PATH, data=BytesIO(body), headers=signed_headers(body)) as response:
        assert response.status == 200
    await street.bots[0][2].close()
    return street.mailman.letters[begun:]


def written(id_: str, words: str, sender: str, user: str, at: datetime = SENT_AT) -> dict[str, Any]:
    """A message that shows number and id."""
    return {**text(id_, words, sender, at), "from_user_id": user}


async def test_number_and_messages_in_one_body(meta: Meta, street: Street) -> None:
    """In whatever order, and delivered twice: one conversation, answered where they are now."""
    body = [
        change(written("c", "show", NEW, NEW_ID, LATER)),
        system("user_changed_number", wa_id=NEW, user_id=NEW_ID, previous_user_id=ID),
        change(written("b", "take", APPLICANT, ID)),
    ]
    assert await deliver(meta, street, change(written("a", "take", APPLICANT, ID))) == [
        (APPLICANT, f"a +{APPLICANT}")
    ]
    letters = await deliver(meta, street, *body)
    assert {to for to, _ in letters} == {NEW}
    assert max(told.partition(" ")[0] for _, told in letters) == "a+b"
    assert await deliver(meta, street, *body) == []
    assert await deliver(meta, street, change(written("d", "show", NEW, NEW_ID, LATER))) == [
        (NEW, f"a+b +{NEW}")
    ]


async def test_hidden_then_shown(meta: Meta, street: Street) -> None:
    """Ids alone, then with the number, then alone again, in one body: one person, in order."""
    hidden = [written(each, "take", APPLICANT, ID) for each in "abc"]
    for each in (hidden[0], hidden[2]):
        del each["from"]
    whole = [change(each) for each in hidden]
    for each in (whole[0], whole[2]):
        each["value"]["contacts"] = [{"user_id": ID, "profile": {"name": "Rina"}}]
    letters = await deliver(meta, street, *whole)
    assert [told.partition(" ")[0] for _, told in letters] == ["a", "a+b", "a+b+c"]
    assert [to for to, _ in letters] == [ID, APPLICANT, APPLICANT]


async def test_storage_down_for_news(meta: Meta, street: Street) -> None:
    """News that cannot be saved is asked for again, and what its person wrote waits for it."""
    await deliver(meta, street, change(written("a", "take", APPLICANT, ID)))
    street.store.fail.append("known_as")
    body = webhook_body(
        system("user_changed_number", wa_id=NEW), change(text("b", "show", NEW, LATER))
    )
    for status in (503, 200):
        async with meta.post(PATH, data=BytesIO(body), headers=signed_headers(body)) as response:
            assert response.status == status
    await street.bots[0][2].close()
    assert street.mailman.letters[1:] == [(NEW, f"a +{NEW}")]


def test_what_is_decoded_is_one_value() -> None:
    """The same news has the same id, so a body that has it twice tells it once."""
    news = update(user_id={"previous": ID, "current": NEW_ID})
    (found,) = read(news, news).changes
    assert isinstance(found, IdentityChange)
    assert found.id.startswith("user_id_update-")
