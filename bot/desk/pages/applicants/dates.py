"""An office's calendar, one of its days, and the step from there into the chat."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from aiohttp import web

from bot.booking.calendar import WorkingCalendar
from bot.booking.neighbours import free_nearby
from bot.booking.office import Office
from bot.booking.plan import opens_next
from bot.booking.vacancies import DayProblem, left_on
from bot.channels.inbound import Inbound
from bot.desk.csrf import new_token
from bot.desk.pages.applicants.door import door_of, office_of
from bot.desk.pages.applicants.offices import whatsapp_of, where
from bot.desk.route import OpenRoute, Route
from bot.desk.visit import Visit
from bot.dialogue.events import Message
from bot.dialogue.reply import payload

KEY: Final = re.compile(r"[A-Za-z0-9_-]{32,64}")
"""What a form carries so that what it does is done once: :func:`~bot.desk.csrf.new_token`."""

WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class Cell:
    """A day in a month's table.

    Args:
        state: ``free`` (may be chosen), ``full``, ``closed`` or ``off`` (not to be booked now).
        why: why it is closed.
    """

    day: date
    state: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Month:
    """A month as weeks from Monday on, ``None`` for days of its neighbours."""

    first: date
    weeks: Sequence[Sequence[Cell | None]]


async def calendar(visit: Visit) -> web.Response:
    """The days that may be booked; two finds a month of them, at most every ten seconds."""
    door = door_of(visit)
    office, queue = office_of(visit), visit.desk.queue()
    free = await door.vacancies.days_of(queue, office, visit.now)
    nearby = () if any(free.values()) else await free_nearby(queue, office, visit.now)
    return visit.page(
        "dates.html",
        at=office,
        where=where(office),
        months=_months(office, free, office.today(visit.now)),
        any_free=any(free.values()),
        opens=opens_next(office, visit.now),
        nearby=nearby,
        whatsapp=whatsapp_of(office),
        walk_in=office.walk_in_seats,
    )


async def day(visit: Visit) -> web.Response:
    """What is left of a day, by session."""
    door_of(visit)
    office, queue = office_of(visit), visit.desk.queue()
    chosen = _day(visit.request.match_info["day"])
    found = await left_on(queue, office, chosen, visit.now)
    if isinstance(found, DayProblem):
        return visit.problem(409, f"no_day.{found.kind.value}", day=visit.words.day(chosen))
    nearby = () if found.seats else await free_nearby(queue, office, visit.now)
    return visit.page(
        "date.html",
        at=office,
        where=where(office),
        day=chosen,
        found=found,
        sessions=office.sessions_on(chosen),
        nearby=nearby,
        key=new_token(),
    )


async def choose(visit: Visit) -> web.Response:
    """Go on in the chat: the date is said there as a tap on it would say it, once a form."""
    door, office = door_of(visit), office_of(visit)
    chosen, key = _day(await visit.field("day")), await visit.field("key")
    if not KEY.fullmatch(key):
        return visit.problem(400, "frame.old_form")
    answer = visit.go(f"/chat#{office.id}")
    held = door.visitors.greet(visit.request, answer)
    contact = await door.visitors.heard_from(held, office.id)
    known = await visit.desk.stores.conversations.load(contact.conversation_id)
    allowed = door.crowd.may_write(visit.request)
    if not allowed or not (known or door.crowd.may_begin(visit.request)):
        return visit.problem(429, "dates.crowded")
    tap = payload("choose_date", {"service_date": chosen.isoformat()})
    message = Message(f"page/{key}", "tap", tap, visit.now, visit.words.day(chosen))
    language = door.visitors.language(visit.request)
    await door.hears.hear(Inbound(replace(contact, heard_at=visit.now), message, language))
    return answer


def _months(office: Office, free: Mapping[date, bool], today: date) -> list[Month]:
    """From this month to that of the last day that may be booked."""
    last = max(free, default=today)
    firsts, first = [], today.replace(day=1)
    while first <= last:
        firsts.append(first)
        first = (first + timedelta(days=31)).replace(day=1)
    working = WorkingCalendar(office)
    return [Month(each, _weeks(each, working, free, today)) for each in firsts]


def _weeks(
    first: date, working: WorkingCalendar, free: Mapping[date, bool], today: date
) -> list[list[Cell | None]]:
    following = (first + timedelta(days=31)).replace(day=1)
    cells: list[Cell | None] = [None] * first.weekday()
    days = (first + timedelta(days=ahead) for ahead in range((following - first).days))
    cells += [_cell(day, working, free, today) for day in days]
    cells += [None] * (-len(cells) % WEEK)
    weeks = [cells[at : at + WEEK] for at in range(0, len(cells), WEEK)]
    return [week for week in weeks if any(cell and cell.day >= today for cell in week)]


def _cell(day: date, working: WorkingCalendar, free: Mapping[date, bool], today: date) -> Cell:
    if day in free:
        return Cell(day, "free" if free[day] else "full")
    closed = working.why_closed(day) if day >= today else None
    return Cell(day, "closed", closed.reason) if closed else Cell(day, "off")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise web.HTTPNotFound from None


ROUTES: tuple[Route, ...] = (
    OpenRoute("GET", "/offices/{office}", calendar),
    OpenRoute("GET", "/offices/{office}/{day}", day),
    OpenRoute("POST", "/offices/{office}/choose", choose),
)
