"""What the applicants' page works on, beside the desk."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.channels.inbound import Hears
from bot.channels.web.crowd import Crowd
from bot.channels.web.visitor import Visitors
from bot.desk.next_free import NextFree


@dataclass(frozen=True, slots=True)
class Applicants:
    """The door that applicants without WhatsApp come in by.

    Args:
        hears: takes what they chose into their conversation, as the chat does.
        visitors: knows their browsers.
        crowd: what one network address may do.
    """

    hears: Hears
    visitors: Visitors
    crowd: Crowd
    next_free: NextFree = field(default_factory=NextFree)
