"""Numbers for who answers for an office: the page, and all of it as JSON and CSV."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from aiohttp import web

from bot.desk.reporting.asking import (
    GROUPINGS,
    Asked,
    CannotAskError,
    asked,
    of_by,
)
from bot.desk.reporting.showing import names_of, reports_of, shown
from bot.desk.roles import IN_CHARGE
from bot.desk.route import Route, StaffRoute
from bot.desk.visit import StaffVisit
from bot.reports.columns import BYS
from bot.reports.ranges import NAMES, Range
from bot.reports.remembered import Known
from bot.reports.report import Report, added_up, compared
from bot.reports.writing import csv_of, excel_of, json_of

PATH: Final = "/desk/reports"
PATIENCE_SECONDS: Final = 0.04
"""So long the page waits for days being counted; then it says so, and looks again by itself."""


async def show(visit: StaffVisit) -> web.Response:
    """This month, or what the query asks for."""
    try:
        what = asked(visit.request.query, visit.office.today(visit.now))
    except CannotAskError as cannot:
        return visit.problem(400, cannot.key)
    common: dict[str, Any] = {"asked": what, "names": NAMES, "groupings": GROUPINGS, "bys": BYS}
    known = await _known(visit, what, PATIENCE_SECONDS)
    if known is None:
        return visit.page("reports_counting.html", **common)
    reports = await asyncio.to_thread(reports_of, visit.office, known.days, what)
    names = names_of(await visit.desk.kept.accounts.everybody(), visit.words)
    return visit.page(
        "reports.html", as_of=known.as_of, **common, **shown(reports, what, visit.words, names)
    )


async def csv(visit: StaffVisit) -> web.StreamResponse:
    """A table as CSV: ``?by=hour``, and the page's query; ``excel=yes`` as Excel opens it."""
    excel = visit.request.query.get("excel") == "yes"
    return await _written(visit, "excel" if excel else "csv")


async def json(visit: StaffVisit) -> web.StreamResponse:
    """The same as JSON."""
    return await _written(visit, "json")


async def _written(visit: StaffVisit, form: str) -> web.StreamResponse:
    by = of_by(visit.request.query, BYS)
    if by is None:
        raise web.HTTPNotFound
    try:
        what = asked(visit.request.query, visit.office.today(visit.now))
    except CannotAskError as cannot:
        return visit.problem(400, cannot.key)
    known = await _known(visit, what, None)
    assert known  # noqa: S101 - without patience it is waited for

    def made() -> Report:
        span, before = what.days, what.days.before()
        return compared(
            added_up(visit.office, known.days, span.first, span.last, by),
            added_up(visit.office, known.days, before.first, before.last, by),
        )

    report = await asyncio.to_thread(made)
    name = f"{report.office}-{by}-{report.first}-{report.last}"
    if form == "json":
        return _file(json_of(report), f"{name}.json", "application/json", "inline")
    text = excel_of(report) if form == "excel" else csv_of(report)
    return _file(text, f"{name}.csv", "text/csv", "attachment")


async def _known(visit: StaffVisit, what: Asked, patience: float | None) -> Known | None:
    """The days asked for, those they are compared with, and what lies between."""
    span = Range(what.days.before().first, what.days.last)
    return await visit.desk.reports.of_days(visit.office, span, visit.now, patience)


def _file(text: str, name: str, kind: str, shown: str) -> web.Response:
    headers = {"Content-Disposition": f'{shown}; filename="{name}"'}
    return web.Response(text=text, content_type=kind, charset="utf-8", headers=headers)


ROUTES: tuple[Route, ...] = (
    StaffRoute("GET", PATH, IN_CHARGE, show, menu="reports.menu"),
    StaffRoute("GET", f"{PATH}/csv", IN_CHARGE, csv),
    StaffRoute("GET", f"{PATH}/json", IN_CHARGE, json),
)
