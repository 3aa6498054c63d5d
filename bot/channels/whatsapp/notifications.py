"""What Meta tells the operators: news of accounts, numbers and templates, copies of other chats.

None of it is somebody writing to us. What a person must act on is an alarm; the summary says what
happened in Meta's own words for events and holds nothing of anybody.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from bot.channels.whatsapp.wire import id_at, objects_at, text_at


class Severity(StrEnum):
    """Whether somebody must act: now, some time, or not at all."""

    ALARM = "alarm"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Notification:
    """News that came in a field other than ``messages``.

    Args:
        field: of the webhook, one of :data:`FIELDS`.
        summary: what happened, without personal data.
    """

    field: str
    severity: Severity
    summary: str


WORD_KEPT: Final = 60

_WORD = re.compile(r"[A-Za-z0-9_.:-]+")
"""What Meta's words for events and names of templates are made of; all else stays out of logs."""

_BAD_ACCOUNT: Final = frozenset({
    "ACCOUNT_DELETED",
    "ACCOUNT_OFFBOARDED",
    "ACCOUNT_RESTRICTION",
    "ACCOUNT_VIOLATION",
    "DISABLED_UPDATE",
    "PARTNER_APP_UNINSTALLED",
    "PARTNER_REMOVED",
})  # fmt: skip
_BAD_TEMPLATE: Final = frozenset({
    "DELETED",
    "DISABLED",
    "FLAGGED",
    "LOCKED",
    "PAUSED",
    "PENDING_DELETION",
    "REJECTED",
})  # fmt: skip
_BAD_NUMBER: Final = frozenset({"FLAGGED", "DOWNGRADE", "RED"})
_BY_WORD: Final = {
    "CRITICAL": Severity.ALARM,
    "RED": Severity.ALARM,
    "REJECTED": Severity.ALARM,
    "WARNING": Severity.WARNING,
    "YELLOW": Severity.WARNING,
}


def notification(field: str, value: Any) -> Notification | None:
    """The news in one change; ``None`` when the field is not known."""
    read = _READERS.get(field)
    if read is None:
        return None
    severity, summary = read(value)
    return Notification(field, severity, summary)


_Read = Callable[[Any], tuple[Severity, str]]


def _account(value: Any) -> tuple[Severity, str]:
    event = _word(value, "event")
    state = _word(value, "ban_info", "waba_ban_state")
    what = [_word(each, "restriction_type") for each in objects_at(value, "restriction_info")]
    what += [state, _word(value, "violation_info", "violation_type")]
    bad = event in _BAD_ACCOUNT and state != "REINSTATE"
    return _alarm_if(bad), _said("the business account", event, *what)


def _alert(value: Any) -> tuple[Severity, str]:
    weight = _word(value, "alert_severity") or _word(value, "alert_info", "alert_severity")
    kind = _word(value, "alert_type") or _word(value, "alert_info", "alert_type")
    return _by_word(weight), _said("Meta's alert", kind, weight)


def _review(value: Any) -> tuple[Severity, str]:
    decision = _word(value, "decision")
    return _by_word(decision), _said("the review of the business account", decision)


def _number_quality(value: Any) -> tuple[Severity, str]:
    event = _word(value, "event")
    limit = _word(value, "current_limit") or _word(value, "max_daily_conversations_per_business")
    return _alarm_if(event in _BAD_NUMBER), _said("the quality of an office's number", event, limit)


def _number_name(value: Any) -> tuple[Severity, str]:
    decision = _word(value, "decision")
    why = _word(value, "rejection_reason")
    return _by_word(decision), _said("the name shown for an office's number", decision, why)


def _template_status(value: Any) -> tuple[Severity, str]:
    event = _word(value, "event")
    return _alarm_if(event in _BAD_TEMPLATE), _said(_template(value), event, _word(value, "reason"))


def _template_quality(value: Any) -> tuple[Severity, str]:
    score = _word(value, "new_quality_score")
    return _by_word(score), _said(f"the quality of {_template(value)}", score)


def _template_components(value: Any) -> tuple[Severity, str]:
    summary = f"{_template(value)} has other words now; compare it with flows/replies"
    return Severity.WARNING, summary


def _template_category(value: Any) -> tuple[Severity, str]:
    new = _word(value, "new_category") or _word(value, "correct_category")
    return Severity.WARNING, _said(f"the category of {_template(value)}", new)


def _security(value: Any) -> tuple[Severity, str]:
    """Somebody changes the PIN of a number: the operators themselves, or nobody may."""
    return Severity.ALARM, _said("the two-step PIN of an office's number", _word(value, "event"))


def _flows(value: Any) -> tuple[Severity, str]:
    return Severity.WARNING, _said("a WhatsApp Flow", _word(value, "event"))


def _handover(_: Any) -> tuple[Severity, str]:
    return Severity.WARNING, "who answers a chat of this number has changed"


def _told(summary: str) -> _Read:
    """Reads a field of which nothing but its coming matters."""
    return lambda _: (Severity.INFO, summary)


_GROUP: Final = _told("news of a group chat; groups are not answered")
_ECHO: Final = _told("a message that somebody of the office sent another way; it is not heard")

_READERS: Final[Mapping[str, _Read]] = {
    "account_alerts": _alert,
    "account_review_update": _review,
    "account_settings_update": _told("the settings of a number changed"),
    "account_update": _account,
    "automatic_events": _told("a sale that Meta found in a chat; nothing is sold here"),
    "business_capability_update": _told("how much the business account may do has changed"),
    "business_status_update": _account,
    "calls": _told("news of a call"),
    "flows": _flows,
    "group_lifecycle_update": _GROUP,
    "group_participants_update": _GROUP,
    "group_settings_update": _GROUP,
    "group_status_update": _GROUP,
    "history": _told("old messages of the number's phone; they are not heard"),
    "message_echoes": _ECHO,
    "message_template_components_update": _template_components,
    "message_template_quality_update": _template_quality,
    "message_template_status_update": _template_status,
    "messaging_handovers": _handover,
    "partner_solutions": _told("a solution partner's state changed"),
    "payment_configuration_update": _told("how payments are set up has changed"),
    "phone_number_name_update": _number_name,
    "phone_number_quality_update": _number_quality,
    "security": _security,
    "smb_app_state_sync": _told("the address book of the number's phone; it is not kept"),
    "smb_message_echoes": _ECHO,
    "standby": _told("a chat that somebody else answers; it is not heard"),
    "template_category_update": _template_category,
    "template_correct_category_detection": _template_category,
    "tracking_events": _told("clicks that Meta counted"),
    "user_preferences": _told("somebody wants or no longer wants advertising; none is sent here"),
}

FIELDS: Final = frozenset(_READERS)
"""Fields that are known; fit for a metric's label."""


def _template(value: Any) -> str:
    name = _word(value, "message_template_name") or "without a name"
    language = _word(value, "message_template_language")
    return f"the template {name}" + (f" ({language})" if language else "")


def _by_word(word: str) -> Severity:
    return _BY_WORD.get(word, Severity.INFO)


def _alarm_if(bad: bool) -> Severity:  # noqa: FBT001 - reads well where it is called
    return Severity.ALARM if bad else Severity.INFO


def _said(what: str, *words: str) -> str:
    told = ", ".join(dict.fromkeys(filter(None, words)))
    return f"{what}: {told or 'nothing said'}"


def _word(value: Any, *path: str) -> str:
    """One of Meta's words; a sentence, which might speak of somebody, is none."""
    found = text_at(value, *path) or id_at(value, *path)
    return found[:WORD_KEPT] if _WORD.fullmatch(found) else ""
