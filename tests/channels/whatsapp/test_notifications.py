from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.whatsapp.notifications import FIELDS, Severity, notification

ALARM, WARNING, INFO = Severity.ALARM, Severity.WARNING, Severity.INFO
TEMPLATE = {"message_template_name": "pengingat_v2", "message_template_language": "id"}


def severity(field: str, **value: Any) -> Severity:
    """How loud one piece of news is."""
    news = notification(field, value)
    assert news is not None
    return news.severity


@pytest.mark.parametrize(
    ("event", "more", "loud"),
    [
        ("DISABLED_UPDATE", {"ban_info": {"waba_ban_state": "SCHEDULE_FOR_DISABLE"}}, ALARM),
        ("DISABLED_UPDATE", {"ban_info": {"waba_ban_state": "REINSTATE"}}, INFO),
        ("DISABLED_UPDATE", {}, ALARM),
        ("ACCOUNT_RESTRICTION", {"restriction_info": [{"restriction_type": "R"}]}, ALARM),
        ("ACCOUNT_VIOLATION", {"violation_info": {"violation_type": "SPAM"}}, ALARM),
        ("ACCOUNT_DELETED", {}, ALARM),
        ("ACCOUNT_OFFBOARDED", {}, ALARM),
        ("PARTNER_REMOVED", {}, ALARM),
        ("ACCOUNT_RECONNECTED", {}, INFO),
        ("PARTNER_ADDED", {}, INFO),
        ("VOLUME_BASED_PRICING_TIER_UPDATE", {}, INFO),
    ],
)
def test_accounts(event: str, more: dict[str, Any], loud: Severity) -> None:
    """An account that may not send, or not any more, is an alarm; the rest is news."""
    assert severity("account_update", event=event, **more) is loud


@pytest.mark.parametrize(
    ("event", "loud"),
    [
        *((bad, ALARM) for bad in ("REJECTED", "PAUSED", "DISABLED", "FLAGGED", "LOCKED")),
        *((good, INFO) for good in ("APPROVED", "REINSTATED", "PENDING", "UNARCHIVED")),
    ],
)
def test_templates(event: str, loud: Severity) -> None:
    """A template that cannot be sent is an alarm, by its name and language."""
    news = notification("message_template_status_update", {"event": event, **TEMPLATE})
    assert news is not None
    assert news.severity is loud
    assert news.summary == f"the template pengingat_v2 (id): {event}"


@pytest.mark.parametrize(
    ("field", "value", "loud"),
    [
        ("phone_number_quality_update", {"event": "FLAGGED", "current_limit": "TIER_1K"}, ALARM),
        ("phone_number_quality_update", {"event": "DOWNGRADE"}, ALARM),
        ("phone_number_quality_update", {"event": "UPGRADE"}, INFO),
        ("phone_number_name_update", {"decision": "REJECTED"}, ALARM),
        ("phone_number_name_update", {"decision": "APPROVED"}, INFO),
        ("account_review_update", {"decision": "REJECTED"}, ALARM),
        ("account_alerts", {"alert_severity": "CRITICAL", "alert_type": "OBA"}, ALARM),
        ("account_alerts", {"alert_info": {"alert_severity": "WARNING"}}, WARNING),
        ("message_template_quality_update", {"new_quality_score": "RED"}, ALARM),
        ("message_template_quality_update", {"new_quality_score": "YELLOW"}, WARNING),
        ("message_template_quality_update", {"new_quality_score": "GREEN"}, INFO),
        ("template_category_update", {"new_category": "MARKETING"}, WARNING),
        ("message_template_components_update", TEMPLATE, WARNING),
        ("security", {"event": "PIN_RESET_REQUEST"}, ALARM),
        ("flows", {"event": "FLOW_STATUS_CHANGE"}, WARNING),
        ("messaging_handovers", {}, WARNING),
        ("business_capability_update", {"max_daily_conversation_per_phone": 1000}, INFO),
        ("user_preferences", {"user_preferences": [{"value": "stop"}]}, INFO),
        ("standby", {"messages": [{}]}, INFO),
        ("history", {"history": []}, INFO),
    ],
)
def test_how_loud(field: str, value: dict[str, Any], loud: Severity) -> None:
    """What somebody must act on now is an alarm."""
    assert severity(field, **value) is loud


def test_unknown_fields() -> None:
    """A field nobody knows is no news."""
    assert notification("user_holograms", {}) is None
    assert notification("", {}) is None


@given(
    st.sampled_from(sorted(FIELDS)),
    st.dictionaries(
        st.sampled_from(["event", "decision", "reason", "message_template_name", "ban_info"]),
        st.text() | st.integers() | st.none() | st.lists(st.text(), max_size=2),
    ),
)
def test_no_sentences(field: str, value: dict[str, Any]) -> None:
    """Whatever stands there, the summary has words of Meta's or ours, and none of anybody's."""
    news = notification(field, value)
    assert news is not None
    assert news.summary.isprintable()
    assert len(news.summary) < 300


def test_nothing_personal() -> None:
    """A sentence, which may speak of somebody, stays out."""
    told = {"event": "Rina from 6281200000001", "message_template_name": "a b"}
    news = notification("message_template_status_update", told)
    assert news is not None
    assert news.summary == "the template without a name: nothing said"
