"""The first page: every office with its address and its next free date; and the language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from aiohttp import web

from bot.booking.office import Office
from bot.booking.reaching import chat_link
from bot.desk.pages.applicants.door import door_of
from bot.desk.pages.choosing import chosen_language
from bot.desk.places import within_page
from bot.desk.route import OpenRoute, Route
from bot.desk.visit import Visit


@dataclass(frozen=True, slots=True)
class Line:
    """An office in the list.

    Args:
        where: its address, or the quarter people know it by; empty where neither is known.
        next_free: the next day with a seat; ``None`` when all are full.
    """

    office: Office
    where: str
    next_free: date | None


async def show(visit: Visit) -> web.Response:
    """All offices."""
    door, queue = door_of(visit), visit.desk.queue()
    free = await door.vacancies.next_of_all(queue, visit.now)
    return visit.page("offices.html", lines=[_line(office, free) for office in queue.offices])


async def language(visit: Visit) -> web.Response:
    """Read on in another language."""
    return await chosen_language(visit, within_page(await visit.field("next")))


def where(office: Office) -> str:
    """What is known of where it is."""
    address = office.location.address if office.location else ""
    return address or office.area


def whatsapp_of(office: Office, text: str = "") -> str:
    """The link to its WhatsApp chat; empty when it has no number."""
    return chat_link(office.numbers[0], text) if office.numbers else ""


def _line(office: Office, free: Mapping[str, date | None]) -> Line:
    return Line(office, where(office), free.get(office.id))


ROUTES: tuple[Route, ...] = (
    OpenRoute("GET", "/", show),
    OpenRoute("POST", "/language", language),
)
