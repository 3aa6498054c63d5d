"""What the counter does with one person: call, attend, finish, turn away, void, undo."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final, TypeAlias
from urllib.parse import urlencode

from aiohttp import web

from bot.booking.calling import Busy, Calls
from bot.booking.hall import Hall
from bot.booking.life import Act
from bot.booking.seats import Seat
from bot.desk.roles import AT_THE_COUNTER
from bot.desk.route import Route, StaffRoute
from bot.desk.visit import StaffVisit

PATH: Final = "/desk/queue"
ONE: Final = PATH + "/{number}"
AT_COUNTER: Final = "at the counter"
"""Why a booking is void that staff voided without saying more."""

LONGEST_REASON: Final = 120
LONGEST_KEY: Final = 40

Deed: TypeAlias = Callable[[Hall, Seat, Act, StaffVisit], Awaitable[Seat | None]]


def hall_of(visit: StaffVisit) -> Hall:
    """The hall of the office they look at."""
    stores = visit.desk.stores
    calls = Calls(stores.seats, stores.calls, stores.notices)
    return Hall(visit.desk.queue(), calls, stores.calls, visit.office)


async def act_of(visit: StaffVisit, what: str, reason: str = "") -> Act:
    """One press of one button: the form carries a key made when it was shown, so a double click
    or a page sent again does nothing more.
    """
    key = (await visit.field("key"))[:LONGEST_KEY]
    return Act(f"desk|{visit.who.login}|{key}|{what}", visit.by, reason=reason)


def back(label: str = "", **more: str) -> web.Response:
    """To the queue, with who it was about and what is said of it."""
    query = urlencode({"n": label, **more} if label else more)
    return web.Response(status=303, headers={"Location": f"{PATH}?{query}" if query else PATH})


async def next_one(visit: StaffVisit) -> web.Response:
    """Call whoever is next to my counter."""
    counter = _counter(visit)
    if not counter:
        visit.done = False
        return back(no="no_counter")
    called = await hall_of(visit).next(counter, await act_of(visit, "next"), visit.now)
    if not isinstance(called, Seat):
        visit.done = False
        return back(no="busy" if isinstance(called, Busy) else "nobody_waits")
    tell(visit, called)
    return back(did="called")


async def serve_and_next(visit: StaffVisit) -> web.Response:
    """Who is at my counter is done; call whoever is next."""
    served = await _do(visit, "serve", _serve)
    if served is None:
        return back(visit.request.match_info["number"], no="not_now")
    counter, act = _counter(visit), await act_of(visit, "next")
    called = await hall_of(visit).next(counter, act, visit.now) if counter else None
    return back(did="called" if isinstance(called, Seat) else "served")


async def reject(visit: StaffVisit) -> web.Response:
    """Turn somebody away, for a reason chosen or typed."""
    label = visit.request.match_info["number"]
    reason = (await visit.field("typed")).strip() or (await visit.field("reason")).strip()
    if not reason:
        visit.done = False
        return back(label, no="no_reason")

    async def do(hall: Hall, seat: Seat, act: Act, visit: StaffVisit) -> Seat | None:
        return await hall.reject(seat, replace(act, reason=reason[:LONGEST_REASON]), visit.now)

    done = await _do(visit, "reject", do)
    return back(label, did="rejected") if done else back(label, no="not_now")


def _deed(name: str, do: Deed, did: str) -> StaffRoute:
    """A line of the table that does one thing with the person of the path's number."""

    async def handler(visit: StaffVisit) -> web.Response:
        label = visit.request.match_info["number"]
        return back(label, did=did) if await _do(visit, name, do) else back(label, no="not_now")

    return StaffRoute("POST", f"{ONE}/{name}", AT_THE_COUNTER, handler, action=did)


async def _do(visit: StaffVisit, name: str, do: Deed) -> Seat | None:
    """Do it with the person of the path's number; ``None`` when it cannot be done now."""
    hall = hall_of(visit)
    seat = await hall.find(visit.request.match_info["number"], visit.now)
    if seat is None:
        raise web.HTTPNotFound
    done = await do(hall, seat, await act_of(visit, name), visit)
    if done is None:
        visit.done = False
        return None
    tell(visit, done)
    return done


async def _serve(hall: Hall, seat: Seat, act: Act, visit: StaffVisit) -> Seat | None:
    return await hall.serve(seat, act, visit.now)


async def _call(hall: Hall, seat: Seat, act: Act, visit: StaffVisit) -> Seat | None:
    counter = _counter(visit)
    return await hall.call(seat, counter, act, visit.now) if counter else None


async def _attend(hall: Hall, seat: Seat, act: Act, visit: StaffVisit) -> Seat | None:
    return await hall.attend(seat, act, visit.now)


async def _absent(hall: Hall, seat: Seat, act: Act, visit: StaffVisit) -> Seat | None:
    return await hall.absent(seat, act, visit.now)


async def _void(hall: Hall, seat: Seat, act: Act, visit: StaffVisit) -> Seat | None:
    return await hall.void(seat, replace(act, reason=AT_COUNTER), visit.now)


async def _undo(hall: Hall, seat: Seat, act: Act, visit: StaffVisit) -> Seat | None:
    return await hall.undo(seat, act, visit.now)


def tell(visit: StaffVisit, seat: Seat) -> None:
    """Say in the audit who it was done to, and let the pages that are open learn of it at once."""
    visit.subject = f"seat:{seat.id.replace(':', '/')}"
    for page in ("queue", "display"):
        visit.desk.streams.nudge(f"{page}/{visit.office.id}")


def _counter(visit: StaffVisit) -> int:
    return visit.session.record.counter if visit.session.record else 0


ROUTES: tuple[Route, ...] = (
    StaffRoute("POST", f"{PATH}/next", AT_THE_COUNTER, next_one, action="called"),
    StaffRoute("POST", f"{ONE}/serve-and-next", AT_THE_COUNTER, serve_and_next, action="served"),
    StaffRoute("POST", f"{ONE}/reject", AT_THE_COUNTER, reject, action="rejected"),
    _deed("call", _call, "called"),
    _deed("attend", _attend, "attended"),
    _deed("serve", _serve, "served"),
    _deed("absent", _absent, "absent"),
    _deed("void", _void, "voided"),
    _deed("undo", _undo, "undone"),
)
