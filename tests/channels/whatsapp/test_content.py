from __future__ import annotations

from typing import Any

import orjson
import pytest

from bot.channels.whatsapp.content import TEXT_KEPT, Content, content_of, hash_of
from bot.dialogue.attachment import Context, Referral, Unreadable
from bot.dialogue.events import Media
from tests.support import webhooks

PHOTO = Media("1037543291543636", "image/jpeg")
PAYLOAD = '/choose_date{"service_date":"2026-11-24"}'


def of(**content: Any) -> Content:
    """What a message with this inside says."""
    return content_of(webhooks.message("wamid.1", **content))


@pytest.mark.parametrize(
    ("message", "content"),
    [
        (webhooks.text("1", "Pagi, Pak"), Content("text", "Pagi, Pak")),
        (
            webhooks.list_reply("1", PAYLOAD, "Selasa, 24 November"),
            Content("tap", PAYLOAD, "Selasa, 24 November"),
        ),
        (webhooks.button_reply("1", "/cancel", "Batal"), Content("tap", "/cancel", "Batal")),
        (webhooks.image("1", "#RINA#…"), Content("image", "#RINA#…", media=PHOTO)),
        (webhooks.image("1"), Content("image", media=PHOTO)),
    ],
)
def test_everyday_messages(message: dict[str, Any], content: Content) -> None:
    """Typed text, taps and captions come through whole."""
    assert content_of(message) == content


@pytest.mark.parametrize("kind", ["video", "document"])
def test_captions(kind: str) -> None:
    """Every captioned kind keeps its words."""
    assert of(type=kind, **{kind: {"id": "1", "caption": "ktp"}}) == Content(
        kind, "ktp", media=Media("1")
    )


def test_files() -> None:
    """A file's kind and digest come along; Meta writes the digest in base64."""
    told = {"id": "7", "mime_type": "Image/PNG; q=1", "sha256": "A" * 43 + "="}
    assert of(type="document", document=told).media == Media("7", "image/png", "00" * 32)


@pytest.mark.parametrize("media_id", ["", "../me", "1/2", "1?x=2", "1" * 121, True, None])
def test_odd_file_ids(media_id: object) -> None:
    """An id becomes a part of a URL; what is none is no file."""
    assert of(type="image", image={"id": media_id}).media is None


@pytest.mark.parametrize("kind", ["audio", "voice", "video", "sticker", "document"])
def test_files_without_words(kind: str) -> None:
    """Every kind of file keeps its reference."""
    assert of(type=kind, **{kind: {"id": "1"}}) == Content(kind, media=Media("1"))


def test_voice_notes() -> None:
    """What was recorded in the chat is a voice note, what was attached is sound."""
    assert of(type="audio", audio={"id": "1", "voice": True}).kind == "voice"
    assert of(type="audio", audio={"id": "1", "voice": False}).kind == "audio"


def test_what_a_file_is_called() -> None:
    """A document's name and a sticker's moving come along."""
    named = of(type="document", document={"id": "1", "filename": "ktp.pdf"}).media
    moving = of(type="sticker", sticker={"id": "1", "animated": True}).media
    assert named == Media("1", filename="ktp.pdf")
    assert moving == Media("1", animated=True)


@pytest.mark.parametrize("digest", ["A" * 43 + "=", "00" * 32, ("0A" * 32).upper()])
def test_digests(digest: str) -> None:
    """A digest is read as base64, as Meta writes it, and as hex, as some relays do."""
    assert len(hash_of(digest)) == 64
    assert hash_of(digest) == hash_of(digest).lower()


@pytest.mark.parametrize("digest", ["", "x", "AAAA", "zz" * 32, "é"])
def test_no_digest(digest: str) -> None:
    """What is no SHA-256 is none."""
    assert hash_of(digest) == ""


def test_template_button() -> None:
    """A template's quick reply is a tap; without a payload it is as if typed."""
    assert of(type="button", button={"payload": "/ask_status", "text": "Lihat"}) == Content(
        "tap", "/ask_status", "Lihat"
    )
    assert of(type="button", button={"text": "Lihat"}) == Content("text", "Lihat")


def test_a_tap_that_is_not_ours() -> None:
    """A payload of somebody else's making is as if its words were typed, or itself without any."""
    foreign = {"type": "button_reply", "button_reply": {"id": "btn-1", "title": "Lihat tanggal"}}
    assert of(type="interactive", interactive=foreign) == Content("text", "Lihat tanggal")
    assert of(type="button", button={"payload": "Ya", "text": "Ya"}) == Content("text", "Ya")
    assert of(type="button", button={"payload": "Ya"}) == Content("text", "Ya")


def test_an_edit_says_what_it_says_now() -> None:
    """The corrected words are heard, and the journal knows which message they correct."""
    now = {"type": "text", "text": {"body": "eh 25-11"}, "context": {"id": "M0"}}
    edited = of(type="edit", edit={"original_message_id": "wamid.0", "message": now})
    assert (edited.kind, edited.text, edited.edits) == ("text", "eh 25-11", "wamid.0")
    caption = {"type": "image", "image": {"id": "7", "caption": "ktp"}}
    photo = of(type="edit", edit={"original_message_id": "wamid.0", "message": caption})
    assert (photo.kind, photo.text, photo.media) == ("image", "ktp", Media("7"))


@pytest.mark.parametrize("edit", [None, {}, {"message": 3}, {"message": {"type": "edit"}}])
def test_an_edit_of_nothing(edit: object) -> None:
    """An edit that does not say what is new is one more message that cannot be read."""
    assert of(type="edit", edit=edit).kind == "unsupported"


def test_opening_the_chat() -> None:
    """Who opens the chat for the first time has not written, and is greeted."""
    assert of(type="request_welcome") == Content("welcome")


def test_words_in_a_type_to_come() -> None:
    """A type nobody knows yet keeps its JSON, and the words that stand where others have theirs."""
    poll = of(type="poll", poll={"body": "Jam berapa?", "options": ["9", "10"]})
    assert (poll.kind, poll.text) == ("unsupported", "Jam berapa?")
    assert isinstance(poll.attachment, Unreadable)
    assert orjson.loads(poll.attachment.raw)["poll"]["options"] == ["9", "10"]


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ({"text": {"body": "Pagi"}}, "text"),
        ({"type": None, "text": "Pagi"}, "text"),
        ({"image": {"id": "1"}}, "image"),
        ({"location": {"latitude": 1, "longitude": 2}}, "location"),
        ({"button": {"text": "Ya"}}, "text"),
        ({}, "unsupported"),
    ],
)
def test_without_a_type(message: dict[str, Any], kind: str) -> None:
    """A message that does not say its type has the type whose object it has."""
    assert of(**message).kind == kind


@pytest.mark.parametrize("text", ["7", 7, 7.0])
def test_words_that_are_a_number(text: object) -> None:
    """Who picks number 7 is heard, whatever made a number of it."""
    assert of(type="text", text={"body": text}).text == "7"
    assert of(type="text", text=text).text == "7"


def test_what_it_has_to_do_with_others() -> None:
    """A quote, a forward and a product that is asked about are known."""
    quote = {"from": "62812", "id": "wamid.0", "referred_product": {"product_retailer_id": "P1"}}
    assert of(type="text", context=quote).context == Context("wamid.0", product="P1")
    assert of(type="text", context={"forwarded": True}).context == Context(forwarded=True)
    often = of(type="text", context={"frequently_forwarded": True}).context
    assert often == Context(forwarded=True, often_forwarded=True)
    assert of(type="text", context={"from": "62812"}).context is None


def test_an_advertisement() -> None:
    """Who came by an advertisement brings it along."""
    shown = {
        "source_type": "ad", "source_id": 12, "source_url": "https://example.test/ad",
        "headline": "Antre", "body": "Tanpa antre lama", "ctwa_clid": "c1", "media_type": "image",
    }  # fmt: skip
    assert of(type="text", text={"body": "Halo"}, referral=shown).referral == Referral(
        "ad", "12", "https://example.test/ad", "Antre", "Tanpa antre lama", "c1"
    )


@pytest.mark.parametrize(
    "content",
    [
        {"type": "text"},
        {"type": "text", "text": {"body": True}},
        {"type": "text", "text": {"body": ["a"]}},
        {"type": "interactive", "interactive": []},
        {"type": "interactive", "interactive": {"type": "list_reply", "list_reply": None}},
        {"type": "button", "button": 3},
        {"type": ["text"]},
        {},
    ],
)
def test_odd_shapes(content: dict[str, Any]) -> None:
    """A known type with a strange inside reads as empty."""
    assert of(**content).text == ""


def test_long_text_is_cut() -> None:
    """No more than ``TEXT_KEPT`` characters go on to the dialogue."""
    assert len(of(type="text", text={"body": "a" * (TEXT_KEPT + 1)}).text) == TEXT_KEPT
