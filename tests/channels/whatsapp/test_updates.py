from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.inbound import Inbound
from bot.channels.whatsapp.body import UnreadableBody
from bot.channels.whatsapp.updates import Status, Updates, decode
from bot.dialogue.events import Message
from bot.dialogue.store import Contact
from tests.support.webhooks import (
    ACCOUNT,
    APPLICANT,
    OFFICE_NUMBER,
    SENT_AT,
    change,
    list_reply,
    message,
    status,
    text,
    webhook_body,
)

NOW = SENT_AT + timedelta(seconds=2)
SECONDS = int(SENT_AT.timestamp())
OFFICES = {OFFICE_NUMBER: "jakarta_pusat", "628118119000": "tangerang"}

keys = st.sampled_from(
    [
        *("entry", "changes", "field", "value", "messages", "statuses", "contacts", "metadata"),
        *("from", "id", "type", "text", "body", "interactive", "button", "image", "caption"),
        *("timestamp", "errors", "code", "wa_id", "profile"),
    ]
)
scalars = (
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats() | st.text(max_size=20)
)
json_values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(keys | st.text(max_size=5), inner, max_size=5)
    ),
    max_leaves=25,
)


def read(body: bytes) -> Updates:
    """Decode with the offices and the clock of these tests."""
    return decode(body, OFFICES.get, NOW)


def read_one(one: dict[str, Any], contacts: Any = None) -> Updates:
    """Decode a body of one message."""
    whole = change(one)
    if contacts is not None:
        whole["value"]["contacts"] = contacts
    return read(webhook_body(whole))


def test_a_typed_message() -> None:
    """All that later parts need stands in the Inbound: office, account, name, time, words."""
    assert read(webhook_body(change(text("wamid.1", "Pagi, Pak")))) == Updates(
        (
            Inbound(
                Contact(
                    *("whatsapp", APPLICANT, "jakarta_pusat", ACCOUNT, "Rina", SENT_AT),
                    ids=(APPLICANT,),
                    since=SENT_AT,
                ),
                Message("wamid.1", "text", "Pagi, Pak", SENT_AT),
            ),
        ),
        (),
        frozenset(),
        {},
    )


def test_every_entry_change_and_message() -> None:
    """Messages spread over entries and offices all arrive, in order."""
    updates = read(
        webhook_body(
            change(text("a", "1"), text("b", "2")),
            change(list_reply("c", "/x", "X"), number="+62 811-8119-000", account="77"),
            change(statuses=[status("wamid.9", "read")]),
        )
    )
    assert [(m.contact.office, m.message.id) for m in updates.messages] == [
        ("jakarta_pusat", "a"),
        ("jakarta_pusat", "b"),
        ("tangerang", "c"),
    ]
    assert updates.statuses == (Status("wamid.9", "read", None, SENT_AT, "", "jakarta_pusat"),)


def test_same_id_twice() -> None:
    """A message that stands twice in a body is heard once."""
    updates = read(webhook_body(change(text("a", "1")), change(text("a", "1"), text("b", "2"))))
    assert [m.message.id for m in updates.messages] == ["a", "b"]
    assert updates.left_out == {"message twice": 1}


def test_failed_status() -> None:
    """A failed delivery tells Graph's code."""
    updates = read(webhook_body(change(statuses=[status("wamid.9", "failed", 131026)])))
    assert updates.statuses == (Status("wamid.9", "failed", 131026, SENT_AT, "", "jakarta_pusat"),)


@pytest.mark.parametrize(
    ("fields", "contacts", "sender"),
    [
        ({"from": "+6281200000001"}, [], "6281200000001"),
        ({"from": "ID.1349120865"}, [], "ID.1349120865"),
        ({"from_user_id": "ID.1349120865"}, [], "ID.1349120865"),
        ({"from": "6281200000001", "from_user_id": "ID.1349120865"}, [], "6281200000001"),
        ({}, [{"user_id": "ID.1349120865"}], "ID.1349120865"),
        ({}, [{"wa_id": "6281200000001", "user_id": "ID.1"}], "6281200000001"),
        ({"from": None, "from_user_id": "ID.ENT.118157"}, [], "ID.ENT.118157"),
        ({"from": 6281200000001}, [], "6281200000001"),
        ({}, [{"wa_id": 6281200000001.0}], "6281200000001"),
    ],
)
def test_who_wrote(fields: dict[str, Any], contacts: list[Any], sender: str) -> None:
    """The phone number is the sender; who hides theirs is known by the business-scoped id."""
    one = {"id": "a", "timestamp": "1", "type": "text", "text": {"body": "hi"}, **fields}
    assert read_one(one, contacts).messages[0].contact.sender == sender


@pytest.mark.parametrize(
    ("fields", "contacts"),
    [
        ({}, []),
        ({}, [{"wa_id": "6281200000001"}, {"wa_id": "6281200000002"}]),
        ({"from": "two words"}, []),
        ({"from": "../messages"}, []),
    ],
)
def test_nobody_to_answer(fields: dict[str, Any], contacts: list[Any]) -> None:
    """Without a certain, well-formed sender a message is left out and counted."""
    updates = read_one({"id": "a", "timestamp": "1", "type": "text", **fields}, contacts)
    assert (updates.messages, updates.left_out) == ((), {"malformed message": 1})


def test_profile_belongs_to_its_sender() -> None:
    """With several people in a change, everyone keeps their own name."""
    two = change(text("a", "1"), text("b", "2", sender="6281200000002"))
    two["value"]["contacts"][1]["profile"]["name"] = "Budi"
    names = [m.contact.profile for m in read(webhook_body(two)).messages]
    assert names == ["Rina", "Budi"]


def test_profile_of_a_lone_contact() -> None:
    """A contact known by another id than the message's is the sender's if there is no other."""
    updates = read_one(text("a", "1"), [{"profile": {"name": "Rina"}, "user_id": "ID.1349120865"}])
    assert updates.messages[0].contact.profile == "Rina"


@pytest.mark.parametrize(
    ("timestamp", "at"),
    [
        (str(SECONDS), SENT_AT),
        (SECONDS, SENT_AT),
        (float(SECONDS), SENT_AT),
        (SECONDS * 1000, SENT_AT),
        (f"{SECONDS}000", SENT_AT),
        (SECONDS * 1_000_000, SENT_AT),
        ("2026-11-23T02:00:00Z", SENT_AT),
        ("2026-11-23T09:00:00+07:00", SENT_AT),
        ("2026-11-23 02:00:00", SENT_AT),
        ("1900000000", NOW),
        ("1763863200", NOW),
        ("0", NOW),
        (-1, NOW),
        (True, NOW),
        ("soon", NOW),
        ("²", NOW),
        ("0001-01-01T00:00:00+14:00", NOW),
        (None, NOW),
        ("9" * 5000, NOW),
        (1e300, NOW),
        ({}, NOW),
    ],
)
def test_time(timestamp: Any, at: datetime) -> None:
    """A message keeps its time, however it is written; one that lies ahead or further back than
    Meta delivers, or that is none, becomes ours.
    """
    one = {**text("a", "1"), "timestamp": timestamp}
    assert read_one(one).messages[0].message.at == at


def test_a_message_delivered_late() -> None:
    """What Meta delivers for days keeps its time: the 24 hours for an answer count from there."""
    late = SENT_AT - timedelta(days=6)
    assert read_one(text("a", "1", at=late)).messages[0].contact.heard_at == late


@pytest.mark.parametrize("id_", ["", None, {}, "x" * 300, "a\nb"])
def test_a_message_without_an_id(id_: object) -> None:
    """It is known by its content: heard once however often it comes, and another is another."""
    first = read_one({**text("a", "1"), "id": id_}).messages[0].message.id
    again = read_one({**text("a", "1"), "id": id_}).messages[0].message.id
    other = read_one({**text("a", "2"), "id": id_}).messages[0].message.id
    assert first == again != other
    assert first.startswith("unnamed-")


def test_the_same_id_of_two_people() -> None:
    """Ids are told apart by who wrote."""
    two = change(text("a", "1"), text("a", "2", sender="6281200000002"))
    assert [m.message.text for m in read(webhook_body(two)).messages] == ["1", "2"]


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (
            {"type": "system", "system": {"type": "user_waved", "wa_id": "62812"}},
            "system user_waved",
        ),
        ({"type": "text", "group_id": "g", "text": {"body": "hi"}}, "group message"),
        ({"type": "text", "group_id": 7, "text": {"body": "hi"}}, "group message"),
    ],
)
def test_not_answered(content: dict[str, Any], named: str) -> None:
    """System news and group chats are counted and not heard."""
    updates = read_one(message("a", **content), contacts=[])
    assert (updates.messages, updates.left_out) == ((), {named: 1})


@pytest.mark.parametrize(
    "content",
    [
        {"type": "reaction", "reaction": {"message_id": "b", "emoji": "👍"}},
        {"type": "reaction", "reaction": {"message_id": "b"}},
        {"type": "revoke", "revoke": {"original_message_id": "b"}},
    ],
)
def test_noted(content: dict[str, Any]) -> None:
    """Reactions and deleted messages are handed on, and want no answer."""
    (inbound,) = read_one(message("a", **content)).messages
    assert not inbound.message.wants_answer


def test_somebody_rings() -> None:
    """A call is heard once, when it begins, and only if somebody called us."""
    ringing = {
        "id": "wacid.1", "from": APPLICANT, "to": OFFICE_NUMBER, "event": "connect",
        "timestamp": str(SECONDS), "direction": "USER_INITIATED",
    }  # fmt: skip
    ended = {**ringing, "event": "terminate"}
    ours = {**ringing, "id": "wacid.2", "direction": "BUSINESS_INITIATED"}
    value = {**change()["value"], "calls": [ringing, ended, ours]}
    updates = read(webhook_body({"field": "calls", "value": value}))
    assert [(m.message.id, m.message.kind) for m in updates.messages] == [("wacid.1", "call")]
    assert updates.left_out == {"news of a call": 2}


FIELDS_WITH_MESSAGES = ["smb_message_echoes", "message_echoes", "history", "standby"]


@pytest.mark.parametrize("field", [*FIELDS_WITH_MESSAGES, "account_update", "security"])
def test_other_fields(field: str) -> None:
    """News of other fields is for operators; messages in them are old, ours or another's."""
    updates = read(webhook_body({**change(text("a", "1")), "field": field}))
    assert updates.messages == ()
    assert [news.field for news in updates.notifications] == [field]


@pytest.mark.parametrize("field", ["user_holograms", "user_id_update", "x" * 100])
def test_unknown_fields(field: str) -> None:
    """What nobody knows is counted."""
    updates = read(webhook_body({**change(text("a", "1")), "field": field}))
    assert (updates.messages, updates.left_out) == ((), {f"field {field[:40]}": 1})


@pytest.mark.parametrize("field", [None, "", 5])
def test_a_change_without_a_field(field: object) -> None:
    """Messages are messages, also when nothing says so."""
    whole = {**change(text("a", "1")), "field": field}
    assert [m.message.id for m in read(webhook_body(whole)).messages] == ["a"]


@pytest.mark.parametrize("about", ["page", "instagram", "whatsapp"])
def test_other_products(about: str) -> None:
    """What Meta signed about something else is not heard."""
    body = orjson.loads(webhook_body(change(text("a", "1"))))
    updates = read(orjson.dumps({**body, "object": about}))
    assert (updates.messages, updates.left_out) == ((), {"object of another product": 1})


@pytest.mark.parametrize("about", [None, 5, ""])
def test_without_an_object(about: object) -> None:
    """Who leaves out what it is about can only mean us."""
    body = orjson.loads(webhook_body(change(text("a", "1"))))
    assert len(read(orjson.dumps({**body, "object": about})).messages) == 1


def test_lone_objects_for_lists() -> None:
    """An object where a list of one is meant is read as such, on every level."""
    whole = change(text("a", "1"))
    for key in ("messages", "contacts"):
        (whole["value"][key],) = whole["value"][key]
    (inbound,) = read(orjson.dumps({"entry": {"changes": whole}})).messages
    assert (inbound.message.id, inbound.contact.profile) == ("a", "Rina")


def test_number_of_no_office() -> None:
    """A number no office has is reported by its account, and its messages are not heard."""
    updates = read(webhook_body(change(text("a", "1"), number="6281100000000", account="55")))
    assert (updates.messages, updates.homeless) == ((), frozenset({"55"}))


def test_account_fit_for_a_path() -> None:
    """A phone number id that could lead elsewhere in Graph's tree is not believed."""
    updates = read(webhook_body(change(text("a", "1"), account="1/../../me")))
    assert (updates.messages, updates.homeless) == ((), frozenset({""}))


def test_one_bad_part_does_not_cost_the_rest() -> None:
    """What is malformed is counted; the good messages around it are heard."""
    good = change(text("a", "1"), text("b", "2"))
    good["value"]["messages"].insert(1, "not an object")
    body = orjson.dumps(
        {"entry": [None, {"changes": 5}, {"changes": ["x", {"field": "messages"}, good]}]}
    )
    updates = read(body)
    assert [m.message.id for m in updates.messages] == ["a", "b"]
    assert updates.left_out == {
        "malformed entry": 1,
        "malformed changes": 2,
        "malformed messages": 1,
    }


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"[1]", b'"x"', b"null", b"\xff", b"{} {}", b"[" * 100_000]
)
def test_unreadable(body: bytes) -> None:
    """A body that is no JSON object says so."""
    with pytest.raises(UnreadableBody):
        read(body)


@given(st.dictionaries(st.sampled_from(["entry", "object"]), json_values, max_size=2))
def test_any_json(document: dict[str, Any]) -> None:
    """No JSON object makes the reader fail."""
    read(orjson.dumps(document))


@given(json_values)
def test_any_message(value: Any) -> None:
    """No message, whatever its inside, makes the reader fail or costs its neighbour."""
    odd = value if isinstance(value, dict) else {"type": value, "text": value}
    whole = change(text("good", "1"))
    whole["value"]["messages"].insert(0, {**odd, "id": "odd", "from": APPLICANT})
    ids = [m.message.id for m in read(webhook_body(whole)).messages]
    assert ids[-1] == "good"


def test_log_names_hold_no_personal_data() -> None:
    """What is counted is named without numbers, names or words."""
    whole = change(text("a", "rahasia"), message("b", type="reaction", sender="bad address"))
    counted = str(dict(read(webhook_body(whole)).left_out))
    assert not any(secret in counted for secret in (APPLICANT, "Rina", "rahasia", "bad address"))


def test_a_part_sent_alone() -> None:
    """An entry or a change that comes without what is usually around it is read as such."""
    whole = change(text("a", "1"))
    for body in ({"id": "1", "changes": [whole]}, whole):
        assert [m.message.id for m in read(orjson.dumps(body)).messages] == ["a"]


@pytest.mark.parametrize("body", [b"{}", b'{"entry": []}', b'{"entry": [{}]}', b'{"id": "1"}'])
def test_nothing_at_all(body: bytes) -> None:
    """An empty body, entry or object is nothing to complain of."""
    updates = read(body)
    assert (updates.messages, updates.left_out) == ((), {})
