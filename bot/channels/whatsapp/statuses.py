"""What Meta says of messages of ours: how far they got."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bot.channels.whatsapp.faults import Kind, meaning
from bot.channels.whatsapp.wire import objects_at, text_at
from bot.dialogue.deliveries import FAILED, Report

_LABEL: Final = re.compile(
    r"(?P<conversation>whatsapp:(?P<office>[a-z0-9_]+):[^|\x00-\x20\x7f]{1,200})"
    r"\|(?P<item>[^\x00-\x1f]{1,400})\|(?P<part>[0-9]{1,3})"
)
"""What :func:`bot.dialogue.letters.label_of` writes, and the number of the part."""

_STATE: Final = re.compile(r"[a-z_]{1,30}")
_REFUSED: Final = 400
_WORTH_ANOTHER_TRY: Final = frozenset({Kind.RETRY, Kind.THROTTLE})

ID_KEPT: Final = 300


@dataclass(frozen=True, slots=True)
class Status:
    """How far a message of ours got.

    Args:
        id: of our message, as Graph gave it when it was sent.
        status: ``sent``, ``delivered``, ``read``, ``played``, ``failed``, ``deleted`` …; they come
            in any order and some never come.
        code: Graph's error code when it failed.
        at: when that was.
        label: what we called the message when we sent it, if we did.
        office: whose number it was sent from.
    """

    id: str
    status: str
    code: int | None = None
    at: datetime | None = None
    label: str = ""
    office: str | None = None


def status_of(
    status: Mapping[str, Any], at: datetime | None = None, office: str | None = None
) -> Status:
    """Read one status object of a webhook."""
    codes = [code_of(error) for error in objects_at(status, "errors")]
    code = codes[0] if codes else None
    label = text_at(status, "biz_opaque_callback_data")
    return Status(text_at(status, "id"), text_at(status, "status"), code, at, label, office)


def report_of(status: Status, now: datetime) -> Report | None:
    """What a status says of a message in one of our outboxes; ``None`` when it says nothing of one.

    The label came from us and the webhook is signed, but another office's app may have sent it: it
    counts only for the office whose number the status is about.
    """
    label = _LABEL.fullmatch(status.label)
    named = 0 < len(status.id) <= ID_KEPT and _STATE.fullmatch(status.status)
    if label is None or not named or label["office"] != status.office:
        return None
    told = label["conversation"], label["item"], int(label["part"])
    at = status.at or now
    if status.status != FAILED:
        return Report(status.id, status.status, at, *told)
    kind, words = Kind.NEVER, "Meta does not say why"
    if status.code is not None:
        kind, words = meaning(_REFUSED, status.code)
    again = kind in _WORTH_ANOTHER_TRY
    return Report(status.id, status.status, at, *told, status.code, words, again)


def code_of(error: Mapping[str, Any]) -> int | None:
    """Meta's error code, if there is one."""
    code = error.get("code")
    return code if isinstance(code, int) else None
