"""What a status says of a message of ours, and when it says nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.whatsapp.statuses import Status, report_of, status_of
from bot.channels.whatsapp.updates import decode
from bot.dialogue.conversation import Conversation
from bot.dialogue.letters import label_of
from bot.dialogue.store import Contact, Outgoing, Stored
from tests.support.webhooks import APPLICANT, change, status, webhook_body

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
RINA = Contact("whatsapp", APPLICANT, "jakarta_pusat")
HERS = Stored(Conversation(RINA.conversation_id, "passport_guided"), RINA)
LABEL = f"{label_of(HERS, Outgoing('wamid.HBgM/0', {}))}|2"
READ = Status("wamid.1", "read", None, NOW, LABEL, "jakarta_pusat")


def test_ours() -> None:
    """Our label says which conversation, item and part it is."""
    report = report_of(READ, NOW)
    assert report
    assert (report.id, report.state, report.at) == ("wamid.1", "read", NOW)
    assert (report.conversation, report.item) == (RINA.conversation_id, "wamid.HBgM/0")
    assert report.part == 2


@pytest.mark.parametrize("item", ["timer/3.1/0", "move|JKP|1/0", "m1/0~1", "uid-é/0"])
def test_items(item: str) -> None:
    """Whatever a turn is called, its items come back as they were."""
    report = report_of(replace(READ, label=f"{label_of(HERS, Outgoing(item, {}))}|0"), NOW)
    assert report
    assert report.item == item


@pytest.mark.parametrize("sender", ["6281200000001~1700000000", "ID.1349~7", "ID.ENT.13_4-9"])
def test_people(sender: str) -> None:
    """However somebody is known, also as the next to have a number."""
    contact = replace(RINA, sender=sender)
    hers = Stored(Conversation(contact.conversation_id, "passport_guided"), contact)
    report = report_of(replace(READ, label=f"{label_of(hers, Outgoing('m1/0', {}))}|0"), NOW)
    assert report
    assert report.conversation == contact.conversation_id


@pytest.mark.parametrize(
    "change",
    [
        {"label": ""},
        {"label": "whatsapp:jakarta_pusat:1"},
        {"label": LABEL.replace("whatsapp:", "web:")},
        {"label": LABEL.replace("jakarta_pusat", "tangerang")},
        {"label": LABEL + "\n"},
        {"label": f"{LABEL}{'9' * 600}"},
        {"office": None},
        {"office": "tangerang"},
        {"id": ""},
        {"id": "w" * 301},
        {"status": ""},
        {"status": "READ; drop"},
    ],
)
def test_not_ours(change: dict[str, str | None]) -> None:
    """A label is believed only in our form, and for the office whose number it is about."""
    assert report_of(replace(READ, **change), NOW) is None  # type: ignore[arg-type]  # fields of Status


@pytest.mark.parametrize(
    ("code", "again"),
    [(131000, True), (131053, True), (130429, True), (131026, False), (131042, False), (7, False)],
)
def test_failed(code: int, *, again: bool) -> None:
    """Only what may pass is worth another try."""
    report = report_of(replace(READ, status="failed", code=code), NOW)
    assert report
    assert (report.code, report.again) == (code, again)
    assert report.reason


def test_failed_without_a_code() -> None:
    """What Meta does not explain is not tried again."""
    report = report_of(replace(READ, status="failed"), NOW)
    assert report
    assert (report.code, report.again) == (None, False)


def test_in_a_body() -> None:
    """The time of a status is Meta's, its office that of the number it was sent from."""
    news = status("wamid.1", "sent", label=LABEL)
    body = webhook_body(change(statuses=[news]), change(statuses=[news], number="6281100000000"))
    ours, strangers = decode(
        body, {"6281299004406": "jakarta_pusat"}.get, NOW.replace(year=2027)
    ).statuses
    assert (ours.label, ours.office) == (LABEL, "jakarta_pusat")
    assert strangers.office is None
    assert report_of(strangers, NOW) is None


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(
    st.dictionaries(
        st.sampled_from(["id", "status", "errors", "timestamp", "biz_opaque_callback_data"]), json
    )
)
def test_anything(found: dict[str, object]) -> None:
    """Whatever stands there is read without an error."""
    report_of(status_of(found, NOW, "jakarta_pusat"), NOW)
