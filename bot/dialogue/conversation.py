"""The state of one conversation: all that the next turn needs to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Frame:
    """A flow under way; sub-flows stack frames.

    Args:
        flow: name of the flow.
        state: its open state.
        entry: number of this state entry within the conversation; a timer belongs to one entry.
        counts: how often each limited event (``misunderstood``, a wrong code) came since entry.
        timer: when the state's next reminder or its ``timeout`` rings, aware UTC.
        since: when the state was entered, aware UTC, if it reminds.
        reminded: reminders said since.
        outer: the caller's values of this flow's own slots, set aside until it ends.
        into: slots of the caller that this flow's slots are copied into when it has ended.
    """

    flow: str
    state: str
    entry: int
    counts: Mapping[str, int] = field(default_factory=dict)
    timer: datetime | None = None
    since: datetime | None = None
    reminded: int = 0
    outer: Mapping[str, Any] = field(default_factory=dict)
    into: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Conversation:
    """One conversation's dialogue state; immutable, a turn makes a new one.

    Args:
        id: ``channel:office:sender``.
        root: the flow an episode begins with.
        version: content hash of the flow set this episode runs on.
        frames: the flow stack, root first; empty before the first message.
        entries: state entries so far.
        slots: what is known, JSON-like values.
        language: of the replies.
        variants: by reply that can be said in several ways: how often it was said.
    """

    id: str
    root: str
    version: str = ""
    frames: tuple[Frame, ...] = ()
    entries: int = 0
    slots: Mapping[str, Any] = field(default_factory=dict)
    language: str = "id"
    variants: Mapping[str, int] = field(default_factory=dict)

    @property
    def frame(self) -> Frame:
        """The frame on top: where the conversation is."""
        return self.frames[-1]

    @property
    def timer(self) -> Frame | None:
        """The frame whose timer rings first, if any rings."""
        timed = [(frame.timer, depth) for depth, frame in enumerate(self.frames) if frame.timer]
        return self.frames[min(timed)[1]] if timed else None
