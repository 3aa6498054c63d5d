"""The screen of the waiting room: numbers and counters, nobody's name; for whoever comes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from aiohttp import web

from bot.booking.calling import Calls
from bot.booking.hall import Hall
from bot.booking.office import Office
from bot.desk import streams
from bot.desk.house import Desk
from bot.desk.route import OpenRoute, Route
from bot.desk.visit import Visit

PATH: Final = "/display/{office}"
BEAT_SECONDS: Final = 5
"""So often it is said anew what is shown: a screen that hears nothing knows that it is cut off."""

MOST: Final = streams.MOST // 2
"""Of all streams: whoever comes, staff find room."""

LOOK_ANEW_SECONDS: Final = 15
"""So often the line is read though nobody said that it has changed: time voids bookings too."""


async def show(visit: Visit) -> web.Response:
    """The screen as it is now; without a script it loads itself again."""
    office = _office(visit)
    state = await looking(visit.desk, office)()
    return visit.page("display.html", office=office, state=state, zone=office.zone)


async def live(visit: Visit) -> web.StreamResponse:
    """What the screen shows, whenever it changes and with every beat."""
    office = _office(visit)
    if visit.desk.streams.open >= MOST:
        raise web.HTTPServiceUnavailable(headers={"Retry-After": "5"})
    return await visit.stream(f"display/{office.id}", looking(visit.desk, office))


def looking(desk: Desk, office: Office) -> Callable[[], Awaitable[Mapping[str, Any]]]:
    """A look at a hall that reads one document by id, and the line only when it has changed."""
    calls = Calls(desk.stores.seats, desk.stores.calls, desk.stores.notices)
    seen: dict[str, Any] = {"revision": None, "until": 0.0, "state": {}}

    async def look() -> Mapping[str, Any]:
        now = desk.clock()
        here = desk.offices().get(office.id) or office
        hall = Hall(desk.queue(), calls, desk.stores.calls, here)
        revision = (here.today(now), (await hall.board(now)).revision)
        if revision != seen["revision"] or now.timestamp() >= seen["until"]:
            showing = await hall.showing(now)
            seen["state"] = {
                "called": [
                    {"number": e.number, "counter": e.counter, "at": e.at.isoformat()}
                    for e in showing.called
                ],
                "next": list(showing.next),
            }
            seen["revision"], seen["until"] = revision, now.timestamp() + LOOK_ANEW_SECONDS
        beat = int(now.timestamp()) // BEAT_SECONDS * BEAT_SECONDS
        return {**seen["state"], "now": beat}

    return look


def _office(visit: Visit) -> Office:
    office = visit.desk.offices().get(visit.request.match_info["office"])
    if office is None:
        raise web.HTTPNotFound
    return office


ROUTES: tuple[Route, ...] = (
    OpenRoute("GET", PATH, show),
    OpenRoute("GET", f"{PATH}/live", live),
)
