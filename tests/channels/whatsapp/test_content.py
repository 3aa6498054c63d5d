from __future__ import annotations

from typing import Any

import pytest

from bot.channels.whatsapp.content import TEXT_KEPT, Content, content_of
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


@pytest.mark.parametrize("media_id", ["", "../me", "1/2", "1?x=2", "1" * 121, 7])
def test_odd_file_ids(media_id: object) -> None:
    """An id becomes a part of a URL; what is none is no file."""
    assert of(type="image", image={"id": media_id}).media is None


@pytest.mark.parametrize(
    "kind",
    [
        "audio",
        "voice",
        "sticker",
        "location",
        "contacts",
        "order",
        "unsupported",
        "hologram",
    ],
)
def test_wordless_kinds(kind: str) -> None:
    """What has no words keeps its kind, so that the bot can answer it kindly."""
    assert of(type=kind, **{kind: {"id": "1"}}) == Content(kind)


def test_template_button() -> None:
    """A template's quick reply is a tap; without a payload it is as if typed."""
    assert of(type="button", button={"payload": "/ask_status", "text": "Lihat"}) == Content(
        "tap", "/ask_status", "Lihat"
    )
    assert of(type="button", button={"text": "Lihat"}) == Content("text", "Lihat")


def test_flow_and_unknown_interactive() -> None:
    """A WhatsApp Flow is a flow; an interactive form to come keeps the wire name."""
    assert of(type="interactive", interactive={"type": "nfm_reply", "nfm_reply": {}}).kind == "flow"
    assert of(type="interactive", interactive={"type": "dial_reply"}) == Content("interactive")


@pytest.mark.parametrize(
    "content",
    [
        {"type": "text"},
        {"type": "text", "text": "bare"},
        {"type": "text", "text": {"body": 7}},
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
