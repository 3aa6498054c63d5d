"""When the timers of a state ring: its reminders in their order, then its timeout."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.dialogue.conversation import Frame
from bot.dialogue.flow import State, Timeout


def timer_of(
    state: State, frame: Frame, slots: Mapping[str, Any], now: datetime
) -> datetime | None:
    """When the next reminder or the timeout is due.

    Args:
        now: when the state was entered, unless the frame knows.
    """
    due = [reminder_of(state, frame)]
    due += [_timeout(timeout, slots, frame.since or now) for timeout in state.timeout[:1]]
    return min((moment for moment in due if moment), default=None)


def reminder_of(state: State, frame: Frame) -> datetime | None:
    """When the next reminder is due; ``None`` when all are said."""
    if frame.since is None or frame.reminded >= len(state.remind):
        return None
    return frame.since + state.remind[frame.reminded].after


def reminds(state: State, frame: Frame) -> bool:
    """Whether it is a reminder that rings now, not the timeout."""
    due = reminder_of(state, frame)
    return due is not None and frame.timer is not None and due <= frame.timer


def _timeout(timeout: Timeout, slots: Mapping[str, Any], since: datetime) -> datetime | None:
    if timeout.until:
        until = slots.get(timeout.until)
        return datetime.fromisoformat(until) if isinstance(until, str) else None
    return since + (timeout.after or timedelta())
