"""The first page after signing in: how today stands."""

from __future__ import annotations

from collections import Counter

from aiohttp import web

from bot.booking.life import SeatState
from bot.desk.places import HOME
from bot.desk.roles import EVERYBODY
from bot.desk.route import Route, StaffRoute
from bot.desk.visit import StaffVisit

SHOWN = (
    SeatState.BOOKED,
    SeatState.CHECKED_IN,
    SeatState.CALLED,
    SeatState.SERVED,
    SeatState.REJECTED,
    SeatState.VOID,
)


async def home(visit: StaffVisit) -> web.Response:
    """Today at the office, in numbers, and what one may do."""
    today = visit.office.today(visit.now)
    seats = await visit.desk.stores.seats.of_day(visit.office.id, today)
    count = Counter(seat.state for seat in seats)
    roles = sorted(visit.who.roles_at(visit.office.id))
    figures = [(state.value, count[state]) for state in SHOWN]
    return visit.page("home.html", today=today, figures=figures, roles=roles)


ROUTES: tuple[Route, ...] = (StaffRoute("GET", HOME, EVERYBODY, home, menu="home.menu"),)
