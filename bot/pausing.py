"""Accounts that may send nothing for now: their messages wait, and one goes ahead to try.

An account (a WhatsApp number) that was throttled or stopped is left alone for a while, longer
after each failure. Then one message is its probe: if the channel takes it, all others follow. Each
process finds out by itself, so nothing has to be shared and nothing outlives the process.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.clock import Clock
from bot.errors import Stopped, Throttled

log = structlog.get_logger()

FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=5)
"""Of an account; so this long after it was mended, its messages flow again at the latest."""

PROBE_TAKES = timedelta(seconds=60)
"""After it a probe nobody has heard of again is over, and another may be tried."""

ALARM_AGAIN = timedelta(hours=1)

LOOK_AGAIN = timedelta(seconds=60)
"""When any process looks at a conversation that waits for its account, if none did before."""

EACH = timedelta(milliseconds=50)
"""That much later for each conversation that waits already, so that they never come all at once."""

WAKING_AT_ONCE = 8
"""Conversations sent at the same time of those that waited: nobody else must be held up."""


@dataclass(slots=True)
class Pause:
    """An account that waits.

    Args:
        cause: see :class:`bot.errors.Stopped`.
        failures: in a row; the pause doubles with each.
        until: when a probe may be tried.
        probe: the conversation whose message is the probe, while it is under way.
        waiting: conversations that wait, the first one first.
    """

    kind: str
    code: int | None
    reason: str
    cause: str
    since: datetime
    until: datetime
    failures: int = 1
    probe: str = ""
    waiting: dict[str, None] = field(default_factory=dict)


class Pauses:
    """Who waits, and until when.

    Args:
        jitter: from 0 to 1; pauses are up to a quarter longer, so that processes do not go in step.
    """

    def __init__(self, clock: Clock, jitter: Callable[[], float]) -> None:
        self._clock = clock
        self._jitter = jitter
        self._paused: dict[str, Pause] = {}
        self._alarmed: dict[str, datetime] = {}

    @property
    def paused(self) -> Mapping[str, Pause]:
        """By account."""
        return self._paused

    def clock_set_back(self, by: timedelta) -> None:
        """Every pause lasts as long as it would have."""
        for pause in self._paused.values():
            pause.since -= by
            pause.until -= by
        self._alarmed = {cause: at - by for cause, at in self._alarmed.items()}

    def holds(self, account: str, conversation: str) -> Pause | None:
        """The pause a conversation's message must wait for; ``None`` when it may be sent, be it as
        the probe.
        """
        pause = self._paused.get(account)
        if pause is None or pause.probe == conversation:
            return None
        if self._clock() < pause.until:
            return pause
        pause.probe, pause.until = conversation, self._clock() + PROBE_TAKES
        return None

    def park(self, account: str, conversation: str) -> datetime:
        """Remember who waits; when to look at them again, should nobody do so before."""
        pause = self._paused[account]
        pause.waiting.setdefault(conversation)
        wait = max(pause.until - self._clock(), LOOK_AGAIN, EACH * len(pause.waiting))
        return self._clock() + self._spread(wait)

    def to_probe(self) -> list[str]:
        """A conversation of each account whose pause is over; they are not waiting any more."""
        now = self._clock()
        over = [pause for pause in self._paused.values() if pause.waiting and now >= pause.until]
        return [_first(pause) for pause in over]

    def refused(self, account: str, conversation: str, error: Throttled | Stopped) -> None:
        """The channel takes nothing from this account."""
        now, pause = self._clock(), self._paused.get(account)
        kind: type[Throttled | Stopped] = Stopped if isinstance(error, Stopped) else Throttled
        cause = error.cause if isinstance(error, Stopped) else ""
        told = kind.__name__.lower(), error.code, str(error), cause
        if pause is None:
            pause = self._paused[account] = Pause(*told, since=now, until=now)
            self._tell(account, pause, error)
        elif pause.probe != conversation:
            return  # it was on its way already
        else:
            pause.kind, pause.code, pause.reason, pause.cause = told
            pause.failures += 1
        wish = error.after if isinstance(error, Throttled) else None
        grown = FIRST_PAUSE * 2 ** min(pause.failures - 1, 20)
        pause.until = now + self._spread(wish or min(grown, LONGEST_PAUSE))
        pause.probe = ""

    def undecided(self, account: str, conversation: str, wait: timedelta = timedelta(0)) -> None:
        """A message failed for a reason of its own: if it was the probe, another one is needed."""
        pause = self._paused.get(account)
        if pause is not None and pause.probe == conversation:
            pause.probe, pause.until = "", self._clock() + wait

    def worked(self, account: str, conversation: str) -> list[str]:
        """The channel took a message; if it was the probe, the conversations that waited for that,
        in their order.
        """
        pause = self._paused.get(account)
        if pause is None or pause.probe != conversation:
            return []
        del self._paused[account]
        waited = self._clock() - pause.since
        log.warning(
            "account_works_again",
            account=account,
            waited=str(waited),
            conversations=len(pause.waiting),
        )
        return list(pause.waiting)

    def _tell(self, account: str, pause: Pause, error: Throttled | Stopped) -> None:
        """One line an account; an alarm only if nobody had it lately for the same cause."""
        alarm = isinstance(error, Stopped) or error.alarm
        if alarm:
            cause, now = pause.cause or account, self._clock()
            alarm = now - self._alarmed.get(cause, now - ALARM_AGAIN) >= ALARM_AGAIN
            if alarm:
                self._alarmed[cause] = now
        log.error(
            "account_paused",
            account=account,
            kind=pause.kind,
            code=pause.code,
            reason=pause.reason,
            alarm=alarm,
        )

    def _spread(self, pause: timedelta) -> timedelta:
        return pause * (1 + self._jitter() / 4)


def _first(pause: Pause) -> str:
    conversation = next(iter(pause.waiting))
    del pause.waiting[conversation]
    return conversation


async def wake(
    waiting: Sequence[str], send: Callable[[str], Awaitable[None]], is_paused: Callable[[], bool]
) -> None:
    """Send what waited for an account that works again, a few conversations at a time, until it
    is paused anew.
    """
    left = deque(waiting)

    async def next_ones() -> None:
        while left and not is_paused():
            await send(left.popleft())

    async with asyncio.TaskGroup() as group:
        for _ in range(WAKING_AT_ONCE):
            group.create_task(next_ones())
