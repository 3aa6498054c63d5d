"""How a stand-in misbehaves: shares of calls, changed while it runs."""

from __future__ import annotations

from random import Random
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from bot.graph_stub.faults import Fault

Share = Annotated[float, Field(ge=0, le=1)]

FAILURES: Final = (
    Fault(status=500, code=131000),
    Fault(status=503, code=131016),
    Fault(status=500, code=2),
    Fault(status=502),
)
"""What Meta answers now and then, and takes the same message a little later."""


class Behaviour(BaseModel):
    """Of every call from now on; all off is a Graph API on a good day.

    Args:
        fail: share of calls answered with one of :data:`FAILURES`.
        throttle: share answered as over the number's rate (130429), beside the rate itself.
        drop: share whose connection is cut unanswered, and not taken.
        lose: share that is taken, and its answer cut off.
        hang: share never answered.
        delay_seconds: before any answer.
        expired: the access token is not taken any more (190).
        statuses: whether it is reported what becomes of messages taken.
        odd_statuses: share of messages whose reports come doubled, out of order or not at all.
        undeliverable: share of messages taken and then reported as failed (131026).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    fail: Share = 0
    throttle: Share = 0
    drop: Share = 0
    lose: Share = 0
    hang: Share = 0
    delay_seconds: Annotated[float, Field(ge=0, le=120)] = 0
    expired: bool = False
    statuses: bool = True
    odd_statuses: Share = 0
    undeliverable: Share = 0

    def fault(self, random: Random) -> Fault | None:
        """What one more call meets; at most one of them."""
        drawn = random.random()
        for share, fault in (
            (self.fail, random.choice(FAILURES)),
            (self.throttle, Fault(status=429, code=130429)),
            (self.drop, Fault("drop")),
            (self.lose, Fault("lost")),
            (self.hang, Fault("hang")),
        ):
            if drawn < share:
                return fault
            drawn -= share
        return None
