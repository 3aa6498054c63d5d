"""What an applicant reads after whatever they sent, through the webhook of a whole office."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.support.office_door import OfficeDoor, office_door
from tests.support.webhooks import (
    APPLICANT,
    OFFICE_NUMBER,
    SENT_AT,
    change,
    image,
    message,
    text,
    webhook_body,
)

FILE = {"id": "7", "mime_type": "application/octet-stream"}


@pytest.fixture
async def door() -> AsyncIterator[OfficeDoor]:
    """An office with a conversation under way: what is asked is asked again after an answer."""
    async with office_door() as opened:
        await opened.deliver(text("hello", "pagi"))
        await opened.answers()
        yield opened


KINDS: list[tuple[dict[str, Any], str]] = [
    ({"type": "audio", "audio": {**FILE, "voice": True}}, "pesan suara"),
    ({"type": "audio", "audio": FILE}, "pesan suara"),
    ({"type": "voice", "voice": FILE}, "pesan suara"),
    ({"type": "video", "video": FILE}, "videonya"),
    ({"type": "document", "document": {**FILE, "filename": "ktp.pdf"}}, "berkasnya"),
    ({"type": "sticker", "sticker": {**FILE, "animated": True}}, "stikernya"),
    ({"type": "image", "image": {**FILE, "mime_type": "image/jpeg"}}, "fotonya"),
    ({"type": "image", "image": {}}, "fotonya"),
    ({"type": "location", "location": {"latitude": -6.2, "longitude": 106.8}}, "nama kota"),
    ({"type": "location"}, "nama kota"),
    ({"type": "contacts", "contacts": [{"name": {"formatted_name": "Budi"}}]}, "kartu kontak"),
    ({"type": "order", "order": {"catalog_id": "1", "product_items": []}}, "katalog"),
    ({"type": "interactive", "interactive": {"type": "nfm_reply", "nfm_reply": {}}}, "formulir"),
    ({"type": "unsupported", "errors": [{"code": 131051}]}, "jenis pesan ini"),
    ({"type": "unknown", "errors": [{"code": 131051}]}, "jenis pesan ini"),
    ({"type": "ephemeral"}, "jenis pesan ini"),
    ({"type": "interactive"}, "jenis pesan ini"),
    ({"type": "interactive", "interactive": {"type": "dial_reply"}}, "jenis pesan ini"),
    ({"type": "hologram", "hologram": {"depth": 3}}, "jenis pesan ini"),
    ({"type": "edit", "edit": {}}, "jenis pesan ini"),
    ({"type": ["text"]}, "jenis pesan ini"),
    ({}, "jenis pesan ini"),
    ({"type": "text"}, "belum mengerti"),
    ({"type": "text", "text": {"body": ""}}, "belum mengerti"),
    ({"type": "request_welcome"}, "Layanan Antrean Paspor"),
    ({"type": "button", "button": {"text": "Terima kasih", "payload": "x"}}, "Sama-sama"),
    ({"type": "order", "order": {"text": "terima kasih ya"}}, "Sama-sama"),
]


@pytest.mark.parametrize(("content", "said"), KINDS)
async def test_every_kind_is_answered(door: OfficeDoor, content: dict[str, Any], said: str) -> None:
    """What a person wrote or sent gets a fitting sentence, and then the open question again."""
    with capture_logs() as logs:
        assert await door.deliver(message("m", **content)) == 200
    answers = await door.answers()
    assert said in answers[0]
    assert "Cara mendaftar" in answers[-1]
    assert [entry for entry in logs if entry["log_level"] in {"warning", "error"}] == []


@pytest.mark.parametrize(("content", "_"), KINDS)
async def test_every_kind_may_come_first(content: dict[str, Any], _: str) -> None:
    """Who begins with any kind of message is told how to register."""
    async with office_door() as door:
        assert await door.deliver(message("m", **content)) == 200
        assert "Cara mendaftar" in (await door.answers())[-1]


async def test_in_english(door: OfficeDoor) -> None:
    """It is said in the language of the conversation."""
    await door.deliver(text("e", "english"))
    await door.answers()
    await door.deliver(message("m", type="audio", audio=FILE))
    assert "voice messages" in (await door.answers())[0]


async def test_somebody_rings(door: OfficeDoor) -> None:
    """Who rings is told once to write, however often the call is told of."""
    call = {"id": "wacid.1", "from": APPLICANT, "event": "connect", "direction": "USER_INITIATED"}
    value = {**change()["value"], "calls": [call, {**call, "event": "terminate"}]}
    body = webhook_body({"field": "calls", "value": value})
    assert [await door.post(body), await door.post(body)] == [200, 200]
    answers = await door.answers()
    assert "telepon" in answers[0]
    assert [answer for answer in answers if "telepon" in answer] == answers[:1]


SILENT: list[dict[str, Any]] = [
    {"type": "reaction", "reaction": {"message_id": "wamid.0", "emoji": "👍"}},
    {"type": "reaction", "reaction": {"message_id": "wamid.0"}},
    {"type": "revoke", "revoke": {"original_message_id": "hello"}},
]


@pytest.mark.parametrize("content", SILENT)
async def test_noted_and_not_answered(door: OfficeDoor, content: dict[str, Any]) -> None:
    """Reactions and deleted messages stand in the journal, once, and change nothing else."""
    before = await door.bot.stores.conversations.load(f"whatsapp:jakarta_pusat:{APPLICANT}")
    for _ in range(2):
        assert await door.deliver(message("m", **content)) == 200
    after = await door.bot.stores.conversations.load(f"whatsapp:jakarta_pusat:{APPLICANT}")
    assert before
    assert after
    assert (after.conversation, after.contact) == (before.conversation, before.contact)
    assert await door.answers() == []
    records = await door.journal()
    assert len(records) == 2
    assert records[-1]["noted"]["kind"] == content["type"].replace("revoke", "revoked")
    assert "message" not in records[-1]


@pytest.mark.parametrize("content", SILENT)
async def test_nothing_to_note_it_in(content: dict[str, Any]) -> None:
    """A reaction of somebody who never wrote begins no conversation."""
    async with office_door() as door:
        assert await door.deliver(message("m", **content)) == 200
        assert await door.journal() == []


async def test_what_the_journal_keeps(door: OfficeDoor) -> None:
    """Values of a wordless message, its context and the advertisement stand in its record."""
    await door.deliver(
        message(
            "m",
            type="location",
            location={"latitude": -6.2, "longitude": 106.8, "name": "Monas"},
            context={"id": "wamid.0", "forwarded": True},
            referral={"source_type": "ad", "source_id": "12"},
        )
    )
    kept = (await door.journal())[-1]["message"]
    assert kept["attachment"]["is"] == "location"
    assert kept["attachment"]["name"] == "Monas"
    assert kept["context"]["replies_to"] == "wamid.0"
    assert kept["referral"]["source_id"] == "12"


async def test_an_edit_is_heard(door: OfficeDoor) -> None:
    """Who corrects a message is answered to what it says now, and once."""
    now = {"type": "text", "text": {"body": "syaratnya apa?"}}
    edit = message("m", type="edit", edit={"original_message_id": "hello", "message": now})
    assert [await door.deliver(edit), await door.deliver(edit)] == [200, 200]
    answers = await door.answers()
    assert sum("Yang perlu dibawa" in answer for answer in answers) == 1
    assert (await door.journal())[-1]["message"]["edits"] == "hello"


async def test_a_caption_is_heard(door: OfficeDoor) -> None:
    """Words under a photo count like any words."""
    await door.deliver(image("m", "syaratnya apa?"))
    assert "Yang perlu dibawa" in (await door.answers())[0]


BAD_NEIGHBOURS = [
    rb'"\ud800"',
    b'"\xed\xa0\x80\xff"',
    b"NaN",
    b"1e999",
    b"9" * 5_000,
    b"[" * 10_000 + b"]" * 10_000,
    b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    b'"a\nb\0"',
]


@pytest.mark.parametrize("bad", BAD_NEIGHBOURS)
@pytest.mark.parametrize("where", [b'"name":"Rina"', b'"body":"odd"', b'"wa_id":"62812odd"'])
async def test_one_bad_value(door: OfficeDoor, bad: bytes, where: bytes) -> None:
    """A value nobody can read costs neither its own message nor the others of the body."""
    odd = text("odd", "odd", sender="62812odd")
    body = webhook_body(change(odd, text("m", "syaratnya apa?")))
    assert where in body
    body = body.replace(where, where.partition(b":")[0] + b":" + bad)
    with capture_logs() as logs:
        assert await door.post(body) == 200
    assert "Yang perlu dibawa" in (await door.answers())[0]
    assert await door.answers("62812odd")
    assert [entry for entry in logs if entry.get("alarm")] == []


async def test_order_within_a_body(door: OfficeDoor) -> None:
    """What somebody sent in pieces is heard in the order it was sent."""
    pieces = [text(f"m{n}", words) for n, words in enumerate(["terima kasih", "syarat", "makasih"])]
    assert await door.post(webhook_body(*(change(piece) for piece in pieces))) == 200
    heard = [record["message"]["text"] for record in await door.journal()]
    assert heard == ["pagi", "terima kasih", "syarat", "makasih"]


async def test_what_is_not_ours_to_answer(door: OfficeDoor) -> None:
    """Echoes, old messages and chats that another answers are not heard as new."""
    for field in ("smb_message_echoes", "message_echoes", "history", "standby"):
        whole = {**change(text(f"m-{field}", "syarat")), "field": field}
        assert await door.post(webhook_body(whole)) == 200
    assert await door.answers() == []


async def test_old_times(door: OfficeDoor) -> None:
    """Who writes with a clock of years ago may be answered freely: they wrote just now."""
    old = {**text("m", "syarat", sender="6281200000009"), "timestamp": "1454119029"}
    assert await door.deliver(old) == 200
    stored = await door.bot.stores.conversations.load("whatsapp:jakarta_pusat:6281200000009")
    assert stored
    assert stored.contact.heard_at == SENT_AT


async def test_a_number_written_for_people(door: OfficeDoor) -> None:
    """The office is found however its number is written."""
    shown = f"+{OFFICE_NUMBER[:2]} {OFFICE_NUMBER[2:5]}-{OFFICE_NUMBER[5:9]}-{OFFICE_NUMBER[9:]}"
    assert await door.post(webhook_body(change(text("m", "syarat"), number=shown))) == 200
    assert "Yang perlu dibawa" in (await door.answers())[0]
