"""When the timers of a state ring: its reminders in their order, then its timeout."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.dialogue.conversation import Frame
from bot.dialogue.flow import State, Timeout


def timer_of(
    state: State, slots: Mapping[str, Any], since: datetime, reminded: int = 0
) -> datetime | None:
    """When the next reminder or the timeout is due.

    Args:
        since: when the state was entered.
        reminded: reminders said since.
    """
    if not (state.timeout or state.remind):
        return None
    due = [since + remind.after for remind in state.remind[reminded : reminded + 1]]
    due += filter(None, [_timeout(timeout, slots, since) for timeout in state.timeout[:1]])
    return min(due, default=None)


def reminds(state: State, frame: Frame) -> bool:
    """Whether it is a reminder that rings now, not the timeout."""
    if frame.since is None or frame.timer is None:
        return False
    following = state.remind[frame.reminded : frame.reminded + 1]
    return any(frame.since + remind.after <= frame.timer for remind in following)


def _timeout(timeout: Timeout, slots: Mapping[str, Any], since: datetime) -> datetime | None:
    if timeout.until:
        until = slots.get(timeout.until)
        return datetime.fromisoformat(until) if isinstance(until, str) else None
    return since + (timeout.after or timedelta())
