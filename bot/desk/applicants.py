"""What the applicants' page works on, beside the desk."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.channels.inbound import Hears
from bot.channels.web.crowd import Crowd
from bot.channels.web.visitor import Visitors
from bot.desk.vacancies import Vacancies
from bot.proving import Proving


@dataclass(frozen=True, slots=True)
class Applicants:
    """The door that applicants without WhatsApp come in by.

    Args:
        hears: takes what they chose into their conversation, as the chat does.
        visitors: knows their browsers.
        crowd: what one network address may do.
        proving: of telephone numbers; ``None`` where nothing is sent by WhatsApp.
    """

    hears: Hears
    visitors: Visitors
    crowd: Crowd
    proving: Proving | None = None
    vacancies: Vacancies = field(default_factory=Vacancies)
