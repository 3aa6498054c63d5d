"""What Meta says of messages of ours: how far they got."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.channels.whatsapp.wire import objects_at, text_at


@dataclass(frozen=True, slots=True)
class Status:
    """How far a message of ours got.

    Args:
        id: of our message, as Graph gave it when it was sent.
        status: ``sent``, ``delivered``, ``read``, ``played``, ``failed``, ``deleted`` …; they come
            in any order and some never come.
        code: Graph's error code when it failed.
    """

    id: str
    status: str
    code: int | None = None


def status_of(status: Mapping[str, Any]) -> Status:
    """Read one status object of a webhook."""
    codes = [code_of(error) for error in objects_at(status, "errors")]
    return Status(text_at(status, "id"), text_at(status, "status"), codes[0] if codes else None)


def code_of(error: Mapping[str, Any]) -> int | None:
    """Meta's error code, if there is one."""
    code = error.get("code")
    return code if isinstance(code, int) else None
