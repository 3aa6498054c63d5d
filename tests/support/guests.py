"""Several people who walk through one office at the same time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.definitions import Definitions
from bot.settings import Settings
from tests.support.steps import Step
from tests.support.walking import Walk


class Guest(Walk):
    """One of several at an office: each may have a seat."""

    async def _stands(self) -> None:
        return


def guests_at(
    office: str, definitions: Definitions, settings: Settings, met: list[BaseException]
) -> list[Guest]:
    """Two people at one office, on the same stores.

    Args:
        met: takes the exceptions their bots meet.
    """
    first = Guest([definitions], settings, office, met, strict=False)
    second = Guest([definitions], settings, office, met, strict=False, seed=2, stores=first.stores)
    first.contact = replace(first.contact, sender="6281298765432", profile="Ratih P")
    second.contact = replace(second.contact, sender="6281344455566")
    return [first, second]


async def meet(guests: Sequence[Guest], steps: Sequence[tuple[int, Step]]) -> None:
    """Let them take steps, by whose turn it is."""
    for who, step in steps:
        guest = guests[who]
        now = max(each.now for each in guests)
        for each in guests:
            each.now = now
        await guest.take(step)
        for each in guests:  # what the sweep of one told the other is delivered
            await each.bot.outbox.collect(each.contact.conversation_id)
