"""What was done at the office on a day, and by whom."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from aiohttp import web

from bot.desk.roles import EVERY_OFFICE, IN_CHARGE
from bot.desk.route import Route, StaffRoute
from bot.desk.visit import StaffVisit


async def show(visit: StaffVisit) -> web.Response:
    """One day's entries, the latest first; today's unless ``?day=2026-11-24`` asks for another."""
    today = visit.office.today(visit.now)
    day = _day(visit.request.query.get("day", ""), today)
    since = datetime.combine(day, time.min, visit.zone)
    until = datetime.combine(day + timedelta(days=1), time.min, visit.zone)
    audit = visit.desk.kept.audit
    here = await audit.between(visit.office.id, since, until)
    everywhere = await audit.between(EVERY_OFFICE, since, until)
    entries = sorted([*here, *everywhere], key=lambda entry: entry.at, reverse=True)
    return visit.page("trail.html", day=day, today=today, entries=entries)


def _day(text: str, today: date) -> date:
    try:
        return min(date.fromisoformat(text), today)
    except ValueError:
        return today


ROUTES: tuple[Route, ...] = (StaffRoute("GET", "/desk/trail", IN_CHARGE, show, menu="trail.menu"),)
