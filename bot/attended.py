"""What a person's dealing with a conversation comes to, and what becomes of it when nobody does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeAlias

from bot.acting import Acted
from bot.dialogue.care import Care, CareNotice
from bot.dialogue.events import Noticed
from bot.dialogue.reply import Reply
from bot.dialogue.store import Stored
from bot.wording import LONG_SILENCE

if TYPE_CHECKING:
    from bot.venue import Placed, Venue


class Refused(StrEnum):
    """Why nothing comes of it."""

    GONE = "conversation_gone"
    TAKEN = "taken_by_other"
    NOT_YOURS = "not_yours"
    WINDOW = "window_closed"
    EMPTY = "nothing_written"
    LONG = "too_long"


@dataclass(frozen=True, slots=True)
class Attended:
    """What it comes to: saved as a turn of its own.

    Args:
        did: ``took``, ``replied``, ``handed_back`` …, for the journal.
        acted: what the flow made of it.
        care: who has the conversation or should from then on.
        by: login of who did it; empty when time did.
        wrote: what the person wrote, after what the flow says.
        heard: what those replies were told.
    """

    did: str
    acted: Acted
    care: Care
    by: str = ""
    wrote: tuple[Reply, ...] = ()
    heard: Mapping[str, Any] = field(default_factory=dict)

    @property
    def record(self) -> Mapping[str, Any]:
        """What the journal says of it beside what every record says."""
        return {"staff": {"did": self.did, "by": self.by}} | (
            {"heard": dict(self.heard)} if self.heard else {}
        )


Attends: TypeAlias = Callable[[Stored, "Placed", "Venue", datetime], Awaitable[Attended | Refused]]
"""Decides what it comes to, or why nothing does, on the document as it stands at that moment."""


async def lapsed(stored: Stored, placed: Placed, venue: Venue, now: datetime) -> Attended:
    """Nobody did anything in time."""
    care = stored.care.lapsed(now, venue.hours)
    if stored.care.waits:
        event = Noticed(CareNotice.CLOSED, when_back(venue, now), quiet=True)
        return await told("closed", event, stored, placed, venue, now, care)
    name = CareNotice.AWAY if care.waits else CareNotice.LEFT
    event = Noticed(name, when_back(venue, now), resumes=True)
    return await told("lapsed", event, stored, placed, venue, now, care)


async def told(
    did: str,
    event: Noticed,
    stored: Stored,
    placed: Placed,
    venue: Venue,
    now: datetime,
    care: Care,
    by: str = "",
) -> Attended:
    """It comes to what the flow makes of a notice. To who has been silent for a day only what has
    a template is said, for WhatsApp takes nothing else.
    """
    acted = await placed.acting.run(
        placed.conversation,
        event,
        contact=stored.contact,
        turn=f"{did}/{stored.revision}",
        now=venue.local(now),
        care=stored.care,
    )
    says = (*placed.says, *acted.says)
    if now - stored.contact.heard_at >= LONG_SILENCE:
        says = tuple(each for each in says if each.replies.is_template(each.reply))
    return Attended(did, replace(acted, says=says), care, by, heard=event.values)


def when_back(venue: Venue, now: datetime) -> Mapping[str, Any]:
    """When staff answer again, as replies are told: ``date``, ``hour``, and whether that is
    ``today``; empty while they are there.
    """
    opens = venue.hours.opens_at(now)
    if opens is None:
        return {"date": "", "hour": "", "today": False}
    here = opens.astimezone(venue.zone)
    today = here.date() == venue.local(now).date()
    return {"date": here.date().isoformat(), "hour": f"{here:%H.%M}", "today": today}
