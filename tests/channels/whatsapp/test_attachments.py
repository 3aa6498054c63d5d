from __future__ import annotations

from typing import Any

import pytest

from bot.channels.whatsapp.attachments import (
    ANSWERS_KEPT,
    CARDS_KEPT,
    ITEMS_KEPT,
    RAW_KEPT,
    cards_in,
    form_in,
    location_in,
    order_in,
    reaction_in,
    revoked_in,
    unreadable,
)
from bot.dialogue.attachment import (
    Attachment,
    Card,
    Cards,
    Form,
    Location,
    Order,
    OrderItem,
    Reaction,
    Revoked,
    Unreadable,
    attachment_document,
)

FAR = 10**30


def test_a_place() -> None:
    """A place has its point and, when it was picked from a list, a name."""
    place = {"latitude": -6.59, "longitude": "106.79", "name": "Alun-alun", "address": "Bogor"}
    assert location_in({"location": place}) == Location(-6.59, 106.79, "Alun-alun", "Bogor")
    assert location_in({"location": {"latitude": 0, "longitude": 0}}) == Location(0, 0)


@pytest.mark.parametrize(
    "place",
    [None, {}, {"latitude": 91, "longitude": 0}, {"latitude": 0, "longitude": -181},
     {"latitude": "x", "longitude": 1}, {"latitude": True, "longitude": 1},
     {"latitude": float("nan"), "longitude": 1}, {"latitude": FAR, "longitude": FAR}],
)  # fmt: skip
def test_no_place(place: Any) -> None:
    """What is no point on the globe is no place."""
    assert location_in({"location": place}) is None


def test_cards() -> None:
    """Contact cards give names and numbers, whatever else is on them."""
    told = [
        {"name": {"formatted_name": "Rina"}, "phones": [{"phone": "+62 812"}, {"wa_id": 62813}, 5]},
        {"name": {"first_name": "Budi"}, "emails": [{"email": "b@example.test"}]},
        {"phones": {"phone": "1"}},
        "x",
    ]
    assert cards_in({"contacts": told}) == Cards(
        (Card("Rina", ("+62 812", "62813")), Card("Budi"), Card("", ("1",)))
    )
    assert len(cards_in({"contacts": [{}] * 100}).cards) == CARDS_KEPT


def test_an_order() -> None:
    """An order gives its lines, with numbers also when they are written as text."""
    line = {"product_retailer_id": "P", "quantity": "2", "item_price": 30.5, "currency": "IDR"}
    order = order_in({"order": {"catalog_id": 7, "product_items": [line, {"quantity": "many"}]}})
    assert order == Order("7", (OrderItem("P", 2, 30.5, "IDR"), OrderItem("")))
    many = order_in({"order": {"product_items": [line] * 100}})
    assert len(many.items) == ITEMS_KEPT


def form(answers: Any) -> Form:
    """A filled-in form with these answers."""
    reply = {"name": "flow", "body": "Sent", "response_json": answers}
    return form_in({"interactive": {"type": "nfm_reply", "nfm_reply": reply}})


@pytest.mark.parametrize("answers", ['{"nama": "Rina"}', '["a"]', "7"])
def test_a_form(answers: str) -> None:
    """A form's answers stay the JSON they were."""
    assert form(answers) == Form("flow", answers)


def test_a_form_not_wrapped() -> None:
    """Answers that stand there as an object become JSON."""
    assert form({"nama": "Rina"}) == Form("flow", '{"nama":"Rina"}')


@pytest.mark.parametrize("answers", [None, 7, "{", '"' + "x" * ANSWERS_KEPT + '"'])
def test_a_form_that_cannot_be_kept(answers: Any) -> None:
    """What is no JSON or too much of it is left out, and the form is still one."""
    assert form(answers) == Form("flow")


def test_reactions() -> None:
    """A reaction says on what; one without an emoji was taken away."""
    assert reaction_in({"reaction": {"message_id": "m", "emoji": "👍🏽"}}) == Reaction("m", "👍🏽")
    assert reaction_in({"reaction": {"message_id": "m", "emoji": ""}}) == Reaction("m")
    assert reaction_in({"reaction": {"message_id": "m"}}) == Reaction("m")
    assert reaction_in({"reaction": []}) == Reaction("")


def test_revoked() -> None:
    """A deletion says of what."""
    assert revoked_in({"revoke": {"original_message_id": "m"}}) == Revoked("m")


def test_unreadable_messages() -> None:
    """What cannot be read says what it was, Meta's code, and itself without who and when."""
    message = {
        "from": "6281200000001",
        "id": "wamid.1",
        "timestamp": "1",
        "type": "unsupported",
        "unsupported": {"type": "poll_creation"},
        "errors": [{"code": 131051, "title": "Message type unknown"}],
    }
    told = unreadable(message)
    assert (told.kind, told.code) == ("poll_creation", 131051)
    assert "poll_creation" in told.raw
    assert not any(secret in told.raw for secret in ("6281200000001", "wamid.1"))


@pytest.mark.parametrize("code", [None, "x", -1, FAR, 1e300, {}])
def test_odd_codes(code: Any) -> None:
    """A code that cannot be Meta's is none."""
    assert unreadable({"type": "unsupported", "errors": [{"code": code}]}).code is None


def test_too_much_to_keep() -> None:
    """What is too long, or nested too deep to be written down, is not kept."""
    deep: list[Any] = []
    for _ in range(900):
        deep = [deep]
    assert unreadable({"type": "x", "x": "y" * RAW_KEPT}) == Unreadable("x")
    assert unreadable({"type": "x", "x": deep}) == Unreadable("x")


@pytest.mark.parametrize(
    ("attachment", "document"),
    [
        (Location(1, 2, "a"), {"latitude": 1, "longitude": 2, "name": "a", "address": ""}),
        (Cards((Card("a", ("1",)),)), {"cards": [{"name": "a", "phones": ["1"]}]}),
        (
            Order("c", (OrderItem("p"),)),
            {
                "catalog": "c",
                "items": [{"product": "p", "quantity": 0, "price": 0, "currency": ""}],
            },
        ),
        (Reaction("m"), {"to": "m", "emoji": ""}),
        (Revoked("m"), {"original": "m"}),
        (Form("f"), {"name": "f", "answers": ""}),
        (Unreadable("k", 1, "{}"), {"kind": "k", "code": 1, "raw": "{}"}),
    ],
)
def test_in_the_journal(attachment: Attachment, document: dict[str, Any]) -> None:
    """The journal keeps plain values, and says of what kind they are."""
    kind = type(attachment).__name__.lower()
    assert attachment_document(attachment) == {"is": kind, **document}
