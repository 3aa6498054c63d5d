"""Where a conversation takes place, and the flows its next turn runs on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from bot.acting import Acting
from bot.dialogue.care import Hours, UnknownHours
from bot.dialogue.conversation import Conversation
from bot.dialogue.decision import Saying
from bot.dialogue.reply import Reply
from bot.dialogue.store import Contact


@dataclass(frozen=True, slots=True)
class Venue:
    """Where a conversation takes place: an office; to the dialogue just words and a clock.

    Args:
        flow: the flow an episode begins with.
        zone: of the local time in which "besok" is counted.
        variables: what replies may say about it.
        hours: when its staff are there to answer.
    """

    flow: str
    zone: ZoneInfo
    variables: Mapping[str, Any] = field(repr=False)
    hours: Hours = field(default_factory=UnknownHours, repr=False)

    def local(self, now: datetime) -> datetime:
        """``now`` (aware) on the venue's clock."""
        return now.astimezone(self.zone)


@dataclass(frozen=True, slots=True)
class Placed:
    """A conversation on the flows that its next turn runs on.

    Args:
        lost: its place is not there any more, so it begins again; ``says`` tells the applicant.
    """

    acting: Acting
    conversation: Conversation
    lost: bool = False
    says: tuple[Saying, ...] = ()


class Shelf(Protocol):
    """Where a turn finds its flows; :class:`bot.library.Library`."""

    @property
    def acting(self) -> Acting:
        """On the flows that count now."""
        ...

    def venue_of(self, contact: Contact) -> Venue:
        """The venue of a contact."""
        ...

    async def place(self, conversation: Conversation, root: str) -> Placed:
        """The flows a conversation goes on with; an episode that begins now begins in ``root``."""
        ...


def rendered(
    says: Sequence[Saying], venue: Venue, contact: Contact, now: datetime
) -> Sequence[Reply]:
    """What was decided to be said, as the venue says it."""
    local = now.astimezone(venue.zone)
    phone = f"+{contact.phone}" if contact.phone else ""
    surroundings = {
        **venue.variables,
        "contact": {"phone": phone, "profile": contact.profile},
        "now": local,
        "hour": local.hour,
    }
    return [
        saying.replies.render(saying.reply, {**saying.variables, **surroundings}, saying.variant)
        for saying in says
    ]
