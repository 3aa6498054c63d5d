"""What every page for applicants asks of its visit."""

from __future__ import annotations

from aiohttp import web

from bot.booking.office import Office
from bot.desk.applicants import Applicants
from bot.desk.visit import Visit


def door_of(visit: Visit) -> Applicants:
    """The door they came in by.

    Raises:
        HTTPNotFound: it is switched off.
    """
    if visit.desk.applicants is None:
        raise web.HTTPNotFound
    return visit.desk.applicants


def office_of(visit: Visit) -> Office:
    """The office that the path names.

    Raises:
        HTTPNotFound: there is none of that id.
    """
    office = visit.desk.offices().get(visit.request.match_info["office"])
    if office is None:
        raise web.HTTPNotFound
    return office
